"""One row of a file as an event: what its cells say, and what is wrong with them."""

import re
from dataclasses import dataclass, field

from crm.events.v1 import events_pb2 as pb
from google.protobuf.struct_pb2 import Value

from chassis.errors import InvalidArgument
from chassis.kit.importing import cells
from chassis.kit.importing.cells import CUSTOM, SEVERAL, Problem, moment
from chassis.standard import fold
from chassis.validation import validate
from services.events.event import Event

NUMBER = re.compile(r"[0-9]{1,9}")
# A comma stands in the names of companies too.
PERSONS = re.compile(r"\s*[;\n]\s*")
STATES = {
    "OPEN": ("open", "planned", "tentative", "confirmed", "открыто", "открыт", "запланировано"),
    "CLOSED": ("closed", "done", "completed", "закрыто", "закрыт", "завершено", "прошло", "состоялось"),
    "CANCELLED": ("cancelled", "canceled", "called off", "отменено", "отменён", "отмена", "не состоялось"),
}
KNOWN = {word: state for state, words in STATES.items() for word in words}


@dataclass
class Draft(cells.Draft):
    """What a row says: the fields of an event, and what has yet to be found or made for it."""

    state: str = "OPEN"
    tags: list[str] = field(default_factory=list)
    # (e-mail or name, column) of each who takes part.
    persons: list[tuple[str, int]] = field(default_factory=list)


class Reader(cells.Reader):
    """Reads rows of cells as events: knows which column holds what."""

    draft_class = Draft

    def __init__(self, columns, custom, drops, zone):
        super().__init__(columns, custom, drops)
        self.zone = zone

    def take(self, draft, places, index, name, text):
        """Puts what a cell says where it belongs."""
        places.columns[name] = index
        if name == "tags":
            draft.tags += filter(None, SEVERAL.split(text))
        elif name == "participants":
            draft.persons += [(person, index) for person in PERSONS.split(text) if person]
        elif name.startswith(CUSTOM):
            self.take_custom(draft, name, text)
        elif name == "state":
            draft.state = state_of(text)
        elif name in ("start_time", "end_time"):
            draft.values[name] = moment(text, self.zone)
        elif name == "capacity":
            [draft.values[name]] = _numbers([text], name)
        elif name == "reminders":
            draft.values[name] = _numbers(filter(None, SEVERAL.split(text)), name)
        else:
            draft.values[name] = text

    def settle(self, draft, places):
        """It is what CreateEvent would take."""
        own = {name: _value(kept) for name, kept in draft.values.get("custom", {}).items() if kept is not None}
        values = {**draft.values, "custom": own}
        try:
            event(draft, draft.tags).check()
            validate(pb.Event(tags=dict.fromkeys(draft.tags), **values))
        except InvalidArgument as error:
            draft.problems += [Problem(places.of(violation.field), violation) for violation in error.violations]


def event(draft, tags):
    """Returns the event that a draft describes, with tags as they are written."""
    own = {name: kept for name, kept in draft.values.get("custom", {}).items() if kept is not None}
    values = {"title": "", "description": "", "place": "", **draft.values}
    return Event(**{**values, "custom": own}, tags=list(tags), participants=[], is_private=False, listed=[])


def state_of(text):
    """Returns the state that a cell names. Refuses with UNKNOWN_STATE."""
    found = KNOWN.get(fold(text))
    if not found:
        raise InvalidArgument("it is open, closed or cancelled", "UNKNOWN_STATE", field="state")
    return found


def _numbers(texts, name):
    """Returns whole numbers. Refuses with NO_NUMBER what is none, or larger than any that is meant."""
    found = [*dict.fromkeys(texts)]
    if not all(NUMBER.fullmatch(text) for text in found):
        raise InvalidArgument("no whole number", "NO_NUMBER", field=name)
    return [int(text) for text in found]


def _value(kept):
    return Value(bool_value=kept) if isinstance(kept, bool) else Value(string_value=kept)
