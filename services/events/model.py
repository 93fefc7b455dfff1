"""What the events service keeps: gatherings, what happened, documents, and what it must know of others."""

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import HOLDS_NAMES
from chassis.kit import clearing, people
from services.events.event import Event, EventField, EventTag, State
from services.events.exporting.model import EventExport
from services.events.files.model import DeadBlob, File, FileState, FileVersion
from services.events.guests.model import Attendance, Delivery, EventGuest, GuestMail, Occasion, Response
from services.events.history.model import HistoryCategory, HistoryEntry, Kind
from services.events.importing.model import EventImport
from services.events.schema import Base
from services.events.subjects import ContactRef, Merge

__all__ = [
    "Attendance",
    "Base",
    "ContactRef",
    "DeadBlob",
    "Delivery",
    "Event",
    "EventExport",
    "EventField",
    "EventGuest",
    "EventImport",
    "EventTag",
    "File",
    "FileState",
    "FileVersion",
    "GuestMail",
    "HistoryCategory",
    "HistoryEntry",
    "Kind",
    "Merge",
    "Occasion",
    "Response",
    "State",
]


class Clearing(clearing.Clearing, Base):
    """A tag or field on its way out of all events."""


class Principal(people.Principal, Base):
    """A user or group that events can be restricted to."""

    # Guests are told the times of an event in that of whoever made it.
    time_zone: Mapped[str] = mapped_column(Text, default="", server_default="")
    # Of a group: its users, who see what it may see.
    members: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}", info=HOLDS_NAMES)
