"""What cells say, whatever records they are of: texts, days, moments, boxes; and what is wrong with them."""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chassis.errors import InvalidArgument, Violation

SEVERAL = re.compile(r"\s*(?:[,;\n]|:::)\s*")
# What an export puts an apostrophe before, lest a spreadsheet takes it for a formula.
DEFUSED = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠])")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f￾￿]|[\ud800-\udfff]")
DAYS = ("%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d", "%d.%m.%y", "%d-%m-%Y", "%Y/%m/%d")
TIMES = ("%H:%M", "%H:%M:%S")
YES = frozenset({"true", "yes", "1", "x", "+", "да", "истина", "✓"})
NO = frozenset({"", "false", "no", "0", "-", "нет", "ложь"})
CUSTOM = "custom."
WHOLE_ROW = -1


@dataclass
class Problem:
    """What is wrong with a cell, or, for column -1, with the row."""

    column: int
    violation: Violation

    def kept(self):
        """Returns it as it is written down."""
        known = self.violation
        return [self.column, known.reason, known.message, list(map(list, known.facts))]


@dataclass
class Draft:
    """What a row says: values of a record's fields, and what is wrong with them."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class Reader(ABC):
    """Reads rows of cells as records: knows which column holds what. Who mounts it says what a cell of a field is."""

    draft_class: type = Draft

    def __init__(self, columns, custom, drops):
        self.columns = [(column["index"], column["field"]) for column in columns if column.get("field")]
        self.width = len(columns)
        # Custom fields by their names.
        self.custom = custom
        # Whether what cannot be is left out, instead of the row.
        self.drops = drops

    def places(self):
        """Returns what notes which column each part of a record came from: `columns`, and `of(path)`."""
        return Places()

    @abstractmethod
    def take(self, draft, places, index, name, text):
        """Puts what a cell of a field says where it belongs, or refuses."""

    @abstractmethod
    def settle(self, draft, places):
        """Finds what follows from the cells together, and what is wrong with them."""

    def draft(self, row):
        """Returns the Draft of a row; with problems unless it can be imported."""
        if row.problem:
            return self.draft_class(problems=[Problem(WHOLE_ROW, violation(row.problem))])
        if any(cell.strip() for cell in row.cells[self.width :]):
            return self.draft_class(problems=[Problem(WHOLE_ROW, violation("TOO_MANY_CELLS"))])
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
        draft, places = self.draft_class(), self.places()
        for index, name in self.columns:
            text = clean(cells.get(index, ""))
            if not text:
                # What is missing is asked for where it belongs.
                places.columns.setdefault(name, index)
                continue
            if "�" in text:
                draft.problems.append(Problem(index, violation("NOT_READABLE")))
            try:
                self.take(draft, places, index, name, text)
            except InvalidArgument as error:
                draft.problems += [Problem(index, violation) for violation in error.violations]
        self.settle(draft, places)
        return draft

    def take_custom(self, draft, name, text):
        """Puts a cell of a custom field where it belongs."""
        known = self.custom.get(name.removeprefix(CUSTOM))
        if known is not None:
            draft.values.setdefault("custom", {})[known.name] = known.value(_custom(known.kind, text))


class Places:
    """Which column each part of a record came from."""

    def __init__(self):
        self.columns: dict[str, int] = {}

    def of(self, path):
        """Returns the column of what a path names."""
        known = (path, path.rpartition(".")[0], path.partition("[")[0])
        return next((self.columns[each] for each in known if each in self.columns), WHOLE_ROW)


def clean(cell):
    """Returns the text of a cell: as it was before an export defused it, without what nobody can see."""
    return DEFUSED.sub("", UNPRINTABLE.sub("", cell).strip(), count=1).strip()


def _custom(kind, text):
    """Returns a cell as a field of this kind takes it."""
    if kind == "CHECKBOX":
        return text.casefold() in YES or (None if text.casefold() in NO else text)
    return day(text) if kind == "DATE" else text


def day(text):
    """Returns a day as it is kept, `2026-11-23`; what is none as it stands."""
    found = _parsed(text, DAYS)
    return found.date().isoformat() if found else text


def moment(text, zone):
    """Returns the moment that a cell names, in a time zone unless it says its own. Refuses with NO_MOMENT."""
    found = _parsed(text, [f"{form} {time}" for form in DAYS for time in TIMES] + [*DAYS])
    try:
        found = found or datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidArgument("no day and time", "NO_MOMENT", field="") from None


def _parsed(text, forms):
    for form in forms:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 in which zone it is, others know
        except ValueError:
            continue
    return None


MESSAGES = {
    "NAME_REQUIRED": "fill it in",
    "TITLE_REQUIRED": "fill it in",
    "TOO_MANY_CELLS": "the row has more cells than there are columns",
    "QUOTE_NOT_CLOSED": "a quote is opened and never closed",
    "ROW_TOO_LONG": "the line is too long to be a row",
    "NOT_READABLE": "some characters cannot be read in this encoding",
    "TOO_LONG": "it is too long",
    "SEVERAL_MATCHES": "it fits several contacts",
    "CONTACT_DELETING": "the contact is being deleted",
    "RECORD_TOO_LARGE": "it is too large",
}


def violation(reason, name="", **facts):
    """Returns what is wrong, as a refusal has it."""
    return Violation(name, reason, MESSAGES[reason].format(**facts), tuple(facts.items()))
