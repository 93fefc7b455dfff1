"""Batches: the same done to many contacts, a hundred at a time, so that it can be watched, stopped and gone on with."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Text, func, true
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import UtcDateTime
from chassis.resource import Resource
from services.contacts.schema import Base

# Refusals that a batch keeps; it counts the others.
SHOWN = 1000


class Action(StrEnum):
    """What is done to the contacts."""

    UPDATE = "UPDATE"
    DELETE = "DELETE"


class BatchState(StrEnum):
    """How far a batch is."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


OPEN = (BatchState.QUEUED, BatchState.RUNNING)


class ContactBatch(Resource, Base):
    """Many contacts on their way to being changed or deleted."""

    __tablename__ = "contact_batch"

    collection = "contactBatches"
    filterable = ("state", "action")
    detail = ("refusals",)

    action: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default=BatchState.QUEUED)
    progress_percent: Mapped[int] = mapped_column(default=0)
    matched_count: Mapped[int]
    changed_count: Mapped[int] = mapped_column(default=0)
    refused_count: Mapped[int] = mapped_column(default=0)
    refusals: Mapped[list] = mapped_column(JSONB, default=list)
    error: Mapped[str] = mapped_column(Text, default="")
    # Which contacts, and how many of them are done. There may be hundreds of thousands: they are read in slices.
    targets: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), deferred=True)
    done: Mapped[int] = mapped_column(default=0)
    # The BatchChange as JSON.
    change: Mapped[dict] = mapped_column(JSONB, default=dict)
    notify: Mapped[bool] = mapped_column(default=False)
    # Who asked, as the Actor is made, and in which language and from where.
    asker: Mapped[dict] = mapped_column(JSONB)
    language: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    # The attempts to delete some of them that are being decided, by contact, and until when votes are waited for.
    attempts: Mapped[dict] = mapped_column(JSONB, default=dict)
    patience: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_contact_batch_open", "id", postgresql_where=state.in_([str(each) for each in OPEN])),
        Index("ix_contact_batch_create_time_id", "create_time", "id"),
    )

    @classmethod
    def visible(cls, actor):
        """Everybody sees his own."""
        return true() if actor.sees_all else cls.creator == actor.user

    @classmethod
    def slice(cls, start, count):
        """Returns the SQL for some of the targets: their numbers, from the one at `start` on."""
        return func.unnest(cls.targets[start + 1 : start + count])

    @property
    def is_open(self):
        """Whether there is something to do."""
        return self.state in OPEN

    def readers(self):
        """Whoever asked for it."""
        return [self.creator]

    def refuse(self, contact, title, error, language, obstacles=()):
        """Notes that it could not be done to a contact, and why."""
        self.refused_count += 1
        if len(self.refusals) < SHOWN:
            refusal = {"contact": contact, "title": title, "reason": error.reason, "message": error.sentence(language)}
            named = [{"type": kind, "name": name, "title": about} for kind, name, about in obstacles]
            self.refusals = [*self.refusals, {**refusal, "obstacles": named}]

    def advance(self, count):
        """Notes that so many more are done."""
        self.done = min(self.matched_count, self.done + count)
        over = self.done >= self.matched_count
        self.state = BatchState.SUCCEEDED if over else BatchState.RUNNING
        self.progress_percent = 100 if over else self.done * 100 // self.matched_count
