"""One row of a file as a contact: what its cells say, and what is wrong with them."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm.contacts.v1 import contacts_pb2 as pb
from google.protobuf.struct_pb2 import Value

from chassis.errors import InvalidArgument, Violation
from chassis.validation import validate
from services.contacts.importing.meanings import CUSTOM

SEVERAL = re.compile(r"\s*(?:[,;\n]|:::)\s*")
# What an export puts an apostrophe before, lest a spreadsheet takes it for a formula.
DEFUSED = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠])")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f￾￿]|[\ud800-\udfff]")
PATRONYMIC = re.compile(r"(вич|вна|ична|инична|оглы|кызы)$", re.IGNORECASE)
DAYS = ("%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d", "%d.%m.%y", "%d-%m-%Y", "%Y/%m/%d")
YES = frozenset({"true", "yes", "1", "x", "+", "да", "истина", "✓"})
NO = frozenset({"", "false", "no", "0", "-", "нет", "ложь"})
NETWORK = {"other": "OTHER_NETWORK"}
LANGUAGES = {"english": "en", "английский": "en", "eng": "en", "russian": "ru", "русский": "ru", "rus": "ru"}
# How what a cell says is kept, where that is not as it stands there; `en-GB` is English.
SPELT = {"currency": str.upper, "language": lambda text: LANGUAGES.get(text.lower(), text.lower()[:2])}
WHOLE_ROW = -1


@dataclass
class Problem:
    """What is wrong with a cell, or, for column -1, with the row."""

    column: int
    violation: Violation


@dataclass
class Draft:
    """What a row says: the fields of a contact, and what has yet to be found or made for it."""

    kind: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    company: str = ""
    type: str = ""
    temperature: str = ""
    tags: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def emails(self):
        """Its e-mail addresses."""
        return [entry["value"] for entry in self.values.get("emails", ())]


class Reader:
    """Reads rows of cells as contacts: knows which column holds what."""

    def __init__(self, columns, custom, drops):
        self.columns = [(column["index"], column["field"]) for column in columns if column.get("field")]
        self.width = len(columns)
        # Custom fields by their names.
        self.custom = custom
        # Whether what cannot be is left out, instead of the row.
        self.drops = drops

    def draft(self, row):
        """Returns the Draft of a row; with problems unless it can be imported."""
        if row.problem:
            return Draft(problems=[Problem(WHOLE_ROW, violation(row.problem))])
        if any(cell.strip() for cell in row.cells[self.width :]):
            return Draft(problems=[Problem(WHOLE_ROW, violation("TOO_MANY_CELLS"))])
        cells = {index: row.cells[index] for index, _ in self.columns if index < len(row.cells)}
        draft = self._read(cells)
        while draft.problems and self.drops and cells:
            wrong = {problem.column for problem in draft.problems} & set(cells)
            if not wrong:
                break
            cells = {index: cell for index, cell in cells.items() if index not in wrong}
            draft = self._read(cells)
        return draft

    def _read(self, cells):
        draft, places = Draft(), _Places()
        for index, name in self.columns:
            text = clean(cells.get(index, ""))
            if not text:
                # A name that is missing is asked for where it belongs.
                places.columns.setdefault(name, index)
                continue
            if "�" in text:
                draft.problems.append(Problem(index, violation("NOT_READABLE")))
            try:
                self._take(draft, places, index, name, text)
            except InvalidArgument as error:
                draft.problems += [Problem(index, violation) for violation in error.violations]
        _settle_kind(draft, places)
        _check(draft, places)
        return draft

    def _take(self, draft, places, index, name, text):
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
            known = self.custom.get(name.removeprefix(CUSTOM))
            if known is not None:
                draft.values.setdefault("custom", {})[known.name] = known.value(_custom(known.kind, text))
        elif name in ("type", "temperature"):
            setattr(draft, name, text)
            places.columns[name] = index
        else:
            draft.values[name] = SPELT.get(name, str)(text)
            places.columns[name] = index


class _Places:
    """Which column each part of a contact came from."""

    def __init__(self):
        self.columns: dict[str, int] = {}

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

    def of(self, path):
        """Returns the column of what a path names."""
        known = (path, path.rpartition(".")[0], path.partition("[")[0])
        return next((self.columns[each] for each in known if each in self.columns), WHOLE_ROW)


def clean(cell):
    """Returns the text of a cell: as it was before an export defused it, without what nobody can see."""
    return DEFUSED.sub("", UNPRINTABLE.sub("", cell).strip(), count=1).strip()


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


def _custom(kind, text):
    """Returns a cell as a field of this kind takes it."""
    if kind == "CHECKBOX":
        return text.casefold() in YES or (None if text.casefold() in NO else text)
    return _day(text) if kind == "DATE" else text


def _day(text):
    for form in DAYS:
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
    return text


def _value(kept):
    return Value(bool_value=kept) if isinstance(kept, bool) else Value(string_value=kept)


MESSAGES = {
    "NAME_REQUIRED": "fill it in",
    "TOO_MANY_CELLS": "the row has more cells than there are columns",
    "QUOTE_NOT_CLOSED": "a quote is opened and never closed",
    "ROW_TOO_LONG": "the line is too long to be a row",
    "NOT_READABLE": "some characters cannot be read in this encoding",
    "TOO_LONG": "it is too long",
    "SEVERAL_MATCHES": "it fits several contacts",
    "CONTACT_DELETING": "the contact is being deleted",
    "RECORD_TOO_LARGE": "it is too large",
}


def violation(reason, name=""):
    """Returns what is wrong, as a refusal has it."""
    return Violation(name, reason, MESSAGES[reason])
