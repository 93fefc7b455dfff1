"""Gatherings of customers, with their tags and fields of one's own."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index, Integer, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Name, UtcDateTime
from chassis.errors import InvalidArgument
from chassis.kit import custom, tags
from chassis.kit.access import Listed
from chassis.standard import fold, occurs
from services.events.schema import Base

# Events of which nobody knows when they are come after all others.
SOMETIME = datetime(9999, 1, 1, tzinfo=UTC)


class State(StrEnum):
    """Whether an event is still to come, or going on."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


class Event(tags.Tagged, custom.CustomFields, Listed, Base):
    """A gathering with a group of customers."""

    __tablename__ = "event"

    collection = "events"
    writable = (
        "title",
        "description",
        "start_time",
        "end_time",
        "place",
        "participants",
        "tags",
        "custom",
        "access",
        "capacity",
        "reminders",
    )
    filterable = ("title", "start_time", "end_time", "participants", "state", "close_time")
    detail = ("description", "participants")
    supporting = ("is_private", "listed")
    told_when_read = ("guest_counts",)
    sort_columns = {"title": "sort_key", "start_time": "sort_time"}
    default_order = "title"

    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    start_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(Text, default="")
    participants: Mapped[list[str]] = mapped_column(ARRAY(Name("contacts")), default=list)
    participant_count: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(Text, default=State.OPEN)
    close_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # How many guests have a place; 0 for any number.
    capacity: Mapped[int] = mapped_column(default=0, server_default="0")
    # How many minutes before the beginning guests are reminded, and for which of them they were.
    reminders: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list, server_default="{}")
    reminded: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list, server_default="{}")
    # How many guests have come how far; nothing while there was never one. Guests change while the event is locked, and
    # its version stays.
    guest_counts: Mapped[dict] = mapped_column(JSONB, default=dict, server_default="{}")
    # What lists are sorted by and what `q` searches, and when reminders are due next: it follows from the fields above.
    next_reminder_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sort_key: Mapped[str] = mapped_column(Text(collation="C"))
    sort_time: Mapped[datetime] = mapped_column(UtcDateTime)
    search_text: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("ix_event_sort_key_id", "sort_key", "id"),
        Index("ix_event_create_time_id", "create_time", "id"),
        Index("ix_event_sort_time_id", "sort_time", "id"),
        Index("ix_event_tag_keys", "tag_keys", postgresql_using="gin"),
        Index("ix_event_custom", "custom", postgresql_using="gin"),
        Index("ix_event_participants", "participants", postgresql_using="gin"),
        Index(
            "ix_event_next_reminder_time", "next_reminder_time", postgresql_where=sql("next_reminder_time IS NOT NULL")
        ),
        Index(
            "ix_event_search_text",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )

    @classmethod
    def matches(cls, word):
        """A word is found anywhere in title, description and place."""
        return occurs(cls.search_text, word)

    def label(self):
        """Its title."""
        return self.title

    def check(self):
        """It has a title, and ends after it begins; then settles what follows."""
        self.title = (self.title or "").strip()
        if not self.title:
            raise InvalidArgument("fill it in", "TITLE_REQUIRED", field="title")
        if self.end_time and not self.start_time:
            raise InvalidArgument("say when it begins", "START_REQUIRED", field="start_time")
        if self.start_time and self.end_time and self.end_time < self.start_time:
            raise InvalidArgument("it is before the beginning", "END_BEFORE_START", field="end_time")
        self.settle_tags()
        self.state = self.state or State.OPEN
        self.participants = list(dict.fromkeys(self.participants or []))
        self.participant_count = len(self.participants)
        self.capacity, self.reminders = self.capacity or 0, list(self.reminders or [])
        self.next_reminder_time = self.reminder_after(self.reminded or [])
        self.sort_key = fold(self.title)
        self.sort_time = self.start_time or SOMETIME
        self.search_text = fold(f"{self.title} {self.description or ''} {self.place or ''}")

    def reminder_after(self, reminded):
        """Returns when guests are to be reminded next, once they were for `reminded`; None if not any more."""
        left = [minutes for minutes in self.reminders if minutes not in reminded]
        if not left or not self.start_time or self.state != State.OPEN:
            return None
        return self.start_time - timedelta(minutes=max(left))

    def over(self, now):
        """Whether nothing can be changed about who comes: it has ended, was closed or called off."""
        return self.state != State.OPEN or self.ended(now)

    def ended(self, now):
        """Whether its time is over."""
        end = self.end_time or self.start_time
        return end is not None and end <= now

    def move_to(self, state, now):
        """Closes it, calls it off or opens it; returns whether that changes anything. What was called off did not take
        place.
        """
        if self.state == state or (self.state, state) == (State.CANCELLED, State.CLOSED):
            return False
        self.state, self.close_time = state, None if state == State.OPEN else now
        return True


class EventTag(tags.Tag, Base):
    """A word that groups events."""

    __tablename__ = "event_tag"

    collection = "eventTags"
    count_field = "event_count"

    @classmethod
    def tagged(cls):
        """Events."""
        return Event


class EventField(custom.Field, Base):
    """A field of one's own that events have."""

    __tablename__ = "event_field"

    collection = "eventFields"
    count_field = "event_count"

    @classmethod
    def holder(cls):
        """Events."""
        return Event
