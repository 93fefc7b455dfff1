"""What becomes of two contacts that are one, and of one that is two again: rules on plain values, field by field."""

from chassis.standard import fold

NAMES = ("first_name", "last_name", "company_name")
SCALARS = (*NAMES, "job_title", "company", "type", "temperature", "currency", "language", "description", "photo")
LISTS = ("emails", "phones", "websites", "socials", "addresses")
ACCESS = ("managers", "sharing")
FIELDS = (*SCALARS, *LISTS, "tags", *ACCESS)
CUSTOM = "custom."
# How an address is the same as another one.
PARTS = ("street", "city", "state", "postal_code", "country")


def values(contact):
    """Returns the fields of a contact that a merge is about, each custom one by itself."""
    plain = {field: _plain(getattr(contact, field)) for field in FIELDS}
    return plain | {CUSTOM + name: value for name, value in (contact.custom or {}).items()}


def _plain(value):
    return str(value) if isinstance(value, str) else [*value] if isinstance(value, list) else value or ""


def merged(target, source, take):
    """Returns the values of the survivor: what it lacks is the source's, of what both have several all is kept."""
    result = dict(target)
    for field in {**target, **source}:
        mine, theirs = target.get(field), source.get(field)
        if field in take:
            result[field] = theirs
        elif field in LISTS:
            result[field] = both(mine, theirs)
        elif field == "tags":
            result[field] = list({fold(title): title for title in (*reversed(theirs), *reversed(mine))}.values())[::-1]
        elif field not in ACCESS:
            result[field] = mine or theirs
    return result


def both(mine, theirs):
    """Returns the entries of two contacts, each once; whose primary counts is the survivor."""
    known = {_same(entry) for entry in mine}
    more = [{**entry, "primary": entry["primary"] and not mine} for entry in theirs if _same(entry) not in known]
    return [*mine, *more]


def _same(entry):
    """Returns by what an entry is the same as another one."""
    if "value" in entry:
        return fold(entry["value"].strip()), entry.get("network", "")
    return tuple(fold(entry.get(part, "").strip()) for part in PARTS)


def conflicts(target, source):
    """Returns the fields in which both have something else, of which only one can stay."""
    return [
        field
        for field in target
        if (field in SCALARS or field.startswith(CUSTOM))
        and target[field]
        and source.get(field)
        and target[field] != source[field]
    ]


def restored(before, after, now, take, keep):
    """Returns the values of the survivor without the merge, and the fields about which somebody must decide.

    What the merge left alone stays as it is now; what it changed goes back, unless somebody has changed it since.
    """
    result, open_fields = dict(now), []
    for field in {**now, **after}:
        was, became, present = (each.get(field) for each in (before, after, now))
        if was == became or (present != became and field in keep):
            continue
        if present != became and field not in take:
            open_fields.append(field)
        result[field] = was
    return result, open_fields


def shown(value):
    """Returns a value as text."""
    if isinstance(value, list):
        return ", ".join(entry if isinstance(entry, str) else " ".join(_words(entry)) for entry in value)
    return "" if value is None else str(value)


def _words(entry):
    return [entry["value"]] if "value" in entry else [entry[part] for part in PARTS if entry.get(part)]
