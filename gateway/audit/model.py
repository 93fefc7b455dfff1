"""The audit: what is true of its entries."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Text, and_, false, or_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.db import UtcDateTime
from chassis.resource import Resource
from chassis.standard import fold, occurs
from chassis.tables import service_metadata

# Who is here, who may do what, and how mail leaves: what of it concerns the portal only its administrators may read.
PORTAL = ("identity", "notifications")


class Base(DeclarativeBase):
    """The tables of this service."""

    metadata = service_metadata()


class Action(StrEnum):
    """What was done to a record."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    DELETED = "DELETED"
    OTHER = "OTHER"

    @classmethod
    def of(cls, event):
        """Returns the action that an event's name tells: ContactUpdated."""
        return next((action for action in cls if event.endswith(action.title())), cls.OTHER)


# What entries are looked for by: each is found in the order of the chain, however many others there are.
SELECTIVE = ("actor", "session", "address", "service", "event", "action", "resource")


class AuditEntry(Resource, Base):
    """One change of one record."""

    __tablename__ = "audit_entry"

    collection = "auditEntries"
    filterable = ("number", "time", *SELECTIVE)
    default_order = "number desc"

    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    # What tells an announcement from every other; not shown, but part of what is hashed.
    event_id: Mapped[str] = mapped_column(Text, unique=True)
    time: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(Text)
    session: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    service: Mapped[str] = mapped_column(Text)
    event: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    resource: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    # {field, from, to} each, the values as JSON texts.
    changes: Mapped[list] = mapped_column(JSONB)
    previous_hash: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        *(Index(f"ix_audit_entry_{name}_number", name, "number") for name in SELECTIVE),
        Index("ix_audit_entry_time", "time"),
        Index(
            "ix_audit_entry_search_text",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )

    @classmethod
    def visible(cls, actor):
        """Administrators see all, but what is the portal's only if they administer it; others see nothing."""
        others = and_(*(cls.service != service for service in PORTAL))
        return or_(actor.is_portal_admin, others) if actor.sees_all else false()

    @classmethod
    def matches(cls, word):
        """A word is found anywhere in the record's name or title."""
        return occurs(cls.search_text, word)

    @staticmethod
    def searched(resource, title):
        """Returns what an entry is found by."""
        return fold(f"{resource} {title}")
