"""What is true of the history."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Name, UtcDateTime
from chassis.errors import FailedPrecondition, InvalidArgument
from chassis.kit import dictionary, rich_text
from chassis.standard import fold, occurs
from services.events.schema import Base
from services.events.subjects import About


class Kind(StrEnum):
    """What an entry is: what a person wrote down, or what a service announced."""

    NOTE = "NOTE"
    CONTACT_MERGED = "CONTACT_MERGED"
    INVOICE_CREATED = "INVOICE_CREATED"
    MAILED = "MAILED"
    FILE_ADDED = "FILE_ADDED"
    PARTICIPANT_ADDED = "PARTICIPANT_ADDED"
    EVENT_CLOSED = "EVENT_CLOSED"
    EVENT_REOPENED = "EVENT_REOPENED"
    PARTICIPANTS_INVITED = "PARTICIPANTS_INVITED"
    INVITATION_ACCEPTED = "INVITATION_ACCEPTED"
    INVITATION_DECLINED = "INVITATION_DECLINED"
    ATTENDED = "ATTENDED"
    RECORD_CREATED = "RECORD_CREATED"
    EVENT_RESCHEDULED = "EVENT_RESCHEDULED"
    EVENT_RELOCATED = "EVENT_RELOCATED"
    PARTICIPANTS_TOLD = "PARTICIPANTS_TOLD"
    EVENT_CANCELLED = "EVENT_CANCELLED"


class HistoryCategory(dictionary.Titled, Base):
    """What a note is about."""

    __tablename__ = "history_category"

    collection = "historyCategories"
    writable = ("title", "icon")
    count_field = "entry_count"

    icon: Mapped[str] = mapped_column(Text, default="NOTE")

    @classmethod
    def holders(cls):
        """Entries of this category."""
        return HistoryEntry, HistoryEntry.category == cls.id

    def check(self):
        """It has a title, and an icon."""
        super().check()
        self.icon = "NOTE" if self.icon in (None, "ICON_UNSPECIFIED") else self.icon


class HistoryEntry(About, Base):
    """Something that happened with a contact or an event."""

    __tablename__ = "history_entry"

    collection = "historyEntries"
    writable = ("category", "time", "text", "files")
    immutable = ("subject", "notify")
    filterable = ("category", "time", "kind", "creator", "pinned")
    supporting = ("contact", "event")
    default_order = "pinned desc, time desc"

    category: Mapped[str | None] = mapped_column(Name("historyCategories"), ForeignKey("history_category.id"))
    time: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(Text, default=Kind.NOTE)
    values: Mapped[dict] = mapped_column(JSONB, default=dict)
    related: Mapped[str] = mapped_column(Text, default="")
    files: Mapped[list[str]] = mapped_column(ARRAY(Name("files")), default=list)
    notify: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    pinned: Mapped[bool] = mapped_column(default=False)
    # What `q` searches.
    search_text: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index("ix_history_entry_contact", "contact", "pinned", "time", "id", postgresql_where=sql("contact > 0")),
        Index("ix_history_entry_event", "event", "pinned", "time", "id", postgresql_where=sql("event > 0")),
        Index("ix_history_entry_pinned_time_id", "pinned", "time", "id"),
        Index("ix_history_entry_category", "category"),
        Index("ix_history_entry_files", "files", postgresql_using="gin", postgresql_where=sql("files <> '{}'")),
        Index("ix_history_entry_creator", "creator", "time", "id"),
        Index(
            "ix_history_entry_search_text",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )

    @classmethod
    def matches(cls, word):
        """A word is found anywhere in the text, and in what a sentence is made of."""
        return occurs(cls.search_text, word)

    @classmethod
    def visible(cls, actor):
        """Whoever may see the subject, and the contact or the event that it names."""
        return super().visible(actor) & cls.names_only_seen(actor, cls.related)

    @classmethod
    def editable(cls, actor):
        """Whoever wrote it, and administrators."""
        return cls.visible(actor) if actor.sees_all else cls.creator == actor.user

    @classmethod
    def computed(cls, actor):
        """What the subject is called."""
        return {"subject_title": cls.subject_titled()}

    def has_computed(self):
        """What the subject is called may be known already."""
        return not hasattr(self, "known_title")

    def label(self):
        """How it begins."""
        return rich_text.plain(self.text)[:80] or self.kind

    def require_changeable(self):
        """What services announced stays as it is."""
        if self.kind != Kind.NOTE:
            raise FailedPrecondition("{name} was written by the system", "ENTRY_OF_SYSTEM", name=self.name)

    def check(self):
        """A note says something; its text holds nothing that a page could run."""
        self.kind = self.kind or Kind.NOTE
        self.text = rich_text.clean(self.text or "")
        said = rich_text.plain(self.text)
        if self.kind == Kind.NOTE and not said and not self.files:
            raise InvalidArgument("fill it in", "TEXT_REQUIRED", field="text")
        self.search_text = fold(" ".join([said, *(self.values or {}).values()]))
