"""What the events service keeps: gatherings, what happened, documents, and what it must know of others."""

from chassis.kit import clearing, people
from services.events.event import Event, EventField, EventTag, State
from services.events.exporting.model import EventExport
from services.events.files.model import DeadBlob, File, FileState, FileVersion
from services.events.history.model import HistoryCategory, HistoryEntry, Kind
from services.events.importing.model import EventImport
from services.events.schema import Base
from services.events.subjects import ContactRef, Merge

__all__ = [
    "Base",
    "ContactRef",
    "DeadBlob",
    "Event",
    "EventExport",
    "EventField",
    "EventImport",
    "EventTag",
    "File",
    "FileState",
    "FileVersion",
    "HistoryCategory",
    "HistoryEntry",
    "Kind",
    "Merge",
    "State",
]


class Clearing(clearing.Clearing, Base):
    """A tag or field on its way out of all events."""


class Principal(people.Principal, Base):
    """A user or group that events can be restricted to."""
