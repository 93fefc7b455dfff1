"""What the events service keeps: gatherings, what happened, documents, and what it must know of others."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.kit import clearing, people
from services.events.event import Event, EventField, EventTag, State
from services.events.files.model import DeadBlob, File, FileState, FileVersion
from services.events.guests.model import Attendance, Delivery, EventGuest, GuestMail, Occasion, Response
from services.events.history.model import HistoryCategory, HistoryEntry, Kind
from services.events.schema import Base
from services.events.subjects import ContactRef, Merge

__all__ = [
    "Attendance",
    "Base",
    "ContactRef",
    "DeadBlob",
    "Delivery",
    "Event",
    "EventField",
    "EventGuest",
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
