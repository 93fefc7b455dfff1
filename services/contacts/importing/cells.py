"""One row of a file as a contact: what its cells say, and what is wrong with them."""

import re
from dataclasses import dataclass, field

from crm.contacts.v1 import contacts_pb2 as pb
from google.protobuf.struct_pb2 import Value

from chassis.errors import InvalidArgument
from chassis.kit import importing
from chassis.kit.importing.cells import CUSTOM, SEVERAL, WHOLE_ROW, Places, Problem, violation
from chassis.validation import validate

PATRONYMIC = re.compile(r"(вич|вна|ична|инична|оглы|кызы)$", re.IGNORECASE)
NETWORK = {"other": "OTHER_NETWORK"}
LANGUAGES = {"english": "en", "английский": "en", "eng": "en", "russian": "ru", "русский": "ru", "rus": "ru"}
# How what a cell says is kept, where that is not as it stands there; `en-GB` is English.
SPELT = {"currency": str.upper, "language": lambda text: LANGUAGES.get(text.lower(), text.lower()[:2])}


@dataclass
class Draft(importing.cells.Draft):
    """What a row says: the fields of a contact, and what has yet to be found or made for it."""

    kind: str = ""
    company: str = ""
    type: str = ""
    temperature: str = ""
    tags: list[str] = field(default_factory=list)

    @property
    def emails(self):
        """Its e-mail addresses."""
        return [entry["value"] for entry in self.values.get("emails", ())]


class Reader(importing.cells.Reader):
    """Reads rows of cells as contacts: knows which column holds what."""

    draft_class = Draft

    def places(self):
        """Of entries and addresses too."""
        return _Places()

    def take(self, draft, places, index, name, text):
        """Puts what a cell says where it belongs."""
        base, _, rest = name.partition(".")
        if base == "addresses":
            category, _, part = rest.partition(".")
            places.address(draft, category.upper(), part, text, index)
        elif base in ("emails", "phones", "websites", "socials"):
            which = {"network": NETWORK.get(rest, rest.upper())} if base == "socials" else {"category": rest.upper()}
            for value in filter(None, SEVERAL.split(text)):
                places.entry(draft, base, {"value": value, **which}, index)
        elif name == "tags":
            draft.tags += filter(None, SEVERAL.split(text))
            places.columns["tags"] = index
        elif name.startswith(CUSTOM):
            self.take_custom(draft, name, text)
        elif name in ("type", "temperature"):
            setattr(draft, name, text)
            places.columns[name] = index
        else:
            draft.values[name] = SPELT.get(name, str)(text)
            places.columns[name] = index

    def settle(self, draft, places):
        """It is a person or a company, and what CreateContact would take."""
        _settle_kind(draft, places)
        _check(draft, places)


class _Places(Places):
    """Which column each part of a contact came from."""

    def entry(self, draft, base, entry, index):
        entries = draft.values.setdefault(base, [])
        if all(entry["value"] != known["value"] for known in entries):
            self.columns[f"{base}[{len(entries)}]"] = index
            entries.append(entry)

    def address(self, draft, category, part, text, index):
        entries = draft.values.setdefault("addresses", [])
        place = next((i for i, known in enumerate(entries) if known["category"] == category), len(entries))
        if place == len(entries):
            entries.append({"category": category})
        entries[place][part] = text
        self.columns[f"addresses[{place}].{part}"] = index


def _settle_kind(draft, places):
    """A row with a first or last name is a person, who may have a company; any other is a company."""
    values = draft.values
    whole = values.pop("full_name", "")
    if whole and not (values.get("first_name") or values.get("last_name")):
        values["first_name"], values["last_name"] = divided(whole)
        places.columns |= dict.fromkeys(("first_name", "last_name"), places.columns["full_name"])
    if values.get("first_name") or values.get("last_name"):
        draft.kind = "PERSON"
        draft.company = values.pop("company_name", "")
        missing = [name for name in ("first_name", "last_name") if not values.get(name)]
        draft.problems += [Problem(places.of(name), violation("NAME_REQUIRED", name)) for name in missing]
    elif values.get("company_name"):
        draft.kind = "COMPANY"
        values.pop("job_title", None)
    else:
        draft.problems.append(Problem(WHOLE_ROW, violation("NAME_REQUIRED")))


def _check(draft, places):
    """Finds what the contract refuses, as CreateContact would."""
    values = {**draft.values, "custom": {k: _value(v) for k, v in draft.values.get("custom", {}).items()}}
    try:
        validate(pb.Contact(kind=draft.kind or "COMPANY", tags=draft.tags, **values))
    except InvalidArgument as error:
        draft.problems += [Problem(places.of(violation.field), violation) for violation in error.violations]
    for name in ("company", "type", "temperature"):
        if len(getattr(draft, name)) > 255:
            column = places.of("company_name" if name == "company" else name)
            draft.problems.append(Problem(column, violation("TOO_LONG", name)))


def divided(whole):
    """Returns first and last name out of a full one: `Ada Lovelace`, `Lovelace, Ada`, `Иванов Иван Иванович`."""
    last, comma, first = (part.strip() for part in whole.partition(","))
    if comma and first:
        return first, last
    first, *rest = whole.split()
    if len(rest) == 2 and PATRONYMIC.search(rest[1]):
        return " ".join(rest), first
    if len(rest) == 2 and PATRONYMIC.search(rest[0]):
        return f"{first} {rest[0]}", rest[1]
    return first, " ".join(rest)


def _value(kept):
    return Value(bool_value=kept) if isinstance(kept, bool) else Value(string_value=kept)
