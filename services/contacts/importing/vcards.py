"""vCards of all versions (2.1, 3.0, 4.0): each as field → text, as the cells of a row are."""

import quopri
import re

LONGEST = 1_000_000
# Where each thing is: its property, and under which words of TYPE.
CATEGORIES = {
    "TEL": {"cell": "mobile", "iphone": "mobile", "fax": "fax", "work": "work", "home": "home", "direct": "direct"},
    "EMAIL": {"work": "work", "home": "home"},
    "URL": {"work": "work", "home": "home"},
    "ADR": {"work": "work", "home": "home", "postal": "postal", "dom": "postal"},
}
FIELDS = {"TEL": "phones", "EMAIL": "emails", "URL": "websites", "ADR": "addresses"}
# As ADR orders them, after the box and the extension.
PARTS = {2: "street", 3: "city", 4: "state", 5: "postal_code", 6: "country"}
PLAIN = {"TITLE": "job_title", "NOTE": "description", "FN": "full_name"}
NETWORKS = ("skype", "telegram", "whatsapp", "facebook", "linkedin", "instagram", "youtube", "github", "vk")
# What may stand in a card and is never read.
PASSED = ("PHOTO", "LOGO", "SOUND", "KEY")


def rows(file):
    """Gives the cards as rows under the names of our fields: the fields that occur, first."""
    used: dict = {}
    for card in cards(file):
        used.update(dict.fromkeys(card))
    yield list(used)
    file.seek(0)
    for card in cards(file):
        yield [card.get(name, "") for name in used]


def cards(file):
    """Gives each card of a file, which is read line by line."""
    card: dict | None = None
    for name, params, value in _properties(file):
        if (name, value.strip().upper()) == ("BEGIN", "VCARD"):
            card = {}
        elif name == "END" and card is not None:
            # With the parts of the name, the whole of it is no longer needed.
            if "first_name" in card or "last_name" in card or "company_name" in card:
                card.pop("full_name", None)
            yield card
            card = None
        elif card is not None:
            _add(card, name, params, value)


def _add(card, name, params, value):
    """Adds what a property says to a card."""
    if name == "N":
        last, first, middle = ([*_parts(value), "", "", ""])[:3]
        _put(card, "first_name", " ".join(filter(None, (first, middle))))
        _put(card, "last_name", last)
    elif name == "ORG":
        _put(card, "company_name", _parts(value)[0])
    elif name == "CATEGORIES":
        _put(card, "tags", _plain(value))
    elif name in PLAIN:
        _put(card, PLAIN[name], _plain(value))
    elif name == "ADR":
        _address(card, f"addresses.{_category(name, params)}", _parts(value))
    elif name in FIELDS:
        text = _plain(value).removeprefix("tel:").removeprefix("mailto:").replace(",", " ")
        _append(card, f"{FIELDS[name]}.{_category(name, params)}", text, "pref" in params)
    else:
        _social(card, name, params, _plain(value))


def _social(card, name, params, value):
    """Adds an account in a network, in whichever of the ways that programs write one."""
    scheme, _, rest = value.partition(":")
    told = f"{name} {scheme} {' '.join(params)}".lower()
    network = next((network for network in NETWORKS if network in told), None)
    if network and name in ("IMPP", "X-SOCIALPROFILE", *(f"X-{each.upper()}" for each in NETWORKS)):
        handle = rest if scheme.lower() in (network, "x-apple") else value
        _append(card, f"socials.{network}", handle.replace(",", " "), False)


def _address(card, field, parts):
    if not any(f"{field}.{part}" in card for part in PARTS.values()):
        for index, part in PARTS.items():
            _put(card, f"{field}.{part}", parts[index] if index < len(parts) else "")


def _category(name, params):
    return next((kind for word, kind in CATEGORIES[name].items() if word in params), "other" if params else "work")


def _put(card, field, text):
    if text.strip() and field not in card:
        card[field] = text.strip()


def _append(card, field, text, first):
    """Adds one of several; the preferred one first."""
    if text.strip():
        known = [card[field]] if field in card else []
        card[field] = ", ".join([text.strip(), *known] if first else [*known, text.strip()])


def _plain(value):
    """The text of a value."""
    marks = {"n": "\n", "N": "\n"}
    return re.sub(r"\\(.)", lambda found: marks.get(found[1], found[1]), value, flags=re.DOTALL)


def _parts(value):
    """The parts of a structured value."""
    return [_plain(part).strip() for part in re.split(r"(?<!\\);", value)]


def _properties(file):
    """Gives (name, words of its parameters, value) of each property."""
    for line in _unfolded(file):
        head, colon, raw = line.partition(b":")
        # A colon may stand in a quoted parameter.
        while head.count(b'"') % 2 and b":" in raw:
            more, colon, raw = raw.partition(b":")
            head += b":" + more
        if not colon:
            continue
        name, *given = head.decode("ascii", "replace").split(";")
        params = [word.lower().strip('"') for each in given for word in re.split(r"[=,]", each)]
        yield name.rpartition(".")[2].upper(), params, _decoded(raw, params)


def _decoded(raw, params):
    if "quoted-printable" in params:
        raw = quopri.decodestring(raw)
    charset = params[params.index("charset") + 1] if "charset" in params[:-1] else "utf-8"
    for encoding in (charset, "utf-8"):
        try:
            return raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("cp1251", "replace")


def _unfolded(file):
    """Gives the logical lines: continued by a space before the next, or in quoted-printable by `=` at the end."""
    line, quoted = b"", False
    for raw in _lines(file):
        if quoted and line.endswith(b"="):
            line = line[:-1] + raw
        elif raw[:1] in (b" ", b"\t") and not quoted:
            line += raw[1:]
        else:
            if line:
                yield line
            line, quoted = raw, b"QUOTED-PRINTABLE" in raw.partition(b":")[0].upper()
        # A picture is passed over while it is read.
        if len(line) > LONGEST or line.upper().startswith(tuple(name.encode() for name in PASSED)):
            line = b"X-PASSED:"
    if line:
        yield line


def _lines(file):
    """Gives the physical lines, whatever the encoding of the file; a long one in pieces."""
    mark = file.read(2)
    file.seek(0)
    if mark in (b"\xff\xfe", b"\xfe\xff"):
        for text in file.read().decode("utf-16", "replace").splitlines():
            yield text.encode()
        return
    while raw := file.readline(LONGEST):
        yield raw.rstrip(b"\r\n").removeprefix(b"\xef\xbb\xbf")
