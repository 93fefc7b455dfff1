"""Exports: what is wanted, how far it is, and where the file lies."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import BLOB, UtcDateTime
from chassis.errors import FailedPrecondition
from chassis.kit import askers
from chassis.resource import Resource
from services.contacts.schema import Base

KEPT = timedelta(hours=24)


class State(StrEnum):
    """Where an export is in its life."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


BUSY = (State.QUEUED, State.RUNNING)


class Export(Resource, Base):
    """Records on their way into a file."""

    __tablename__ = "export"

    collection = "exports"
    immutable = ("kind", "filter", "q", "order_by", "with_files")
    filterable = ("kind", "state")
    supporting = ("expected",)

    kind: Mapped[str] = mapped_column(Text)
    filter: Mapped[str] = mapped_column(Text, default="")
    q: Mapped[str] = mapped_column(Text, default="")
    order_by: Mapped[str] = mapped_column(Text, default="")
    with_files: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(Text, default=State.QUEUED)
    # How many records there are in it, and how many there will be, as far as it is known.
    row_count: Mapped[int] = mapped_column(default=0)
    expected: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    file_name: Mapped[str] = mapped_column(Text, default="")
    size: Mapped[int] = mapped_column(default=0)
    expire_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The name of the file's blob, once it is whole.
    blob: Mapped[str] = mapped_column(Text, default="", info=BLOB)
    # With whose rights it is made, and in which language.
    asker: Mapped[dict] = mapped_column(JSONB)
    language: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("ix_export_creator", "creator"),
        Index("ix_export_busy", "id", postgresql_where=text("state IN ('QUEUED', 'RUNNING')")),
    )

    @classmethod
    def visible(cls, actor):
        """Whoever made it: another may not see all that is in it."""
        return cls.creator == actor.user

    @classmethod
    def editable(cls, actor):
        """Whoever sees it."""
        return cls.visible(actor)

    def readers(self):
        """Whoever made it."""
        return [self.creator]

    def label(self):
        """Its file."""
        return self.file_name

    @classmethod
    def present(cls, fields):
        """How far it is."""
        expected, done = fields.pop("expected"), fields["state"] == State.SUCCEEDED
        fields["progress_percent"] = 100 if done else min(99, 100 * fields["row_count"] // max(1, expected))

    def ask(self, actor, language, now):
        """Notes who wants it, and what the file will be called."""
        self.asker, self.language = askers.kept(actor), language
        everything = self.kind == "EVERYTHING"
        self.file_name = f"{'rapport' if everything else 'contacts'}-{now.date()}.{'zip' if everything else 'csv'}"

    @property
    def actor(self):
        """With whose rights it is made."""
        return askers.restored(self.asker)

    def cancel(self):
        """Stops it."""
        if self.state not in BUSY:
            raise FailedPrecondition("{name} does not run", "EXPORT_NOT_RUNNING", name=self.name)
        self.state = State.CANCELLED

    def require_idle(self):
        """Refuses while it is made."""
        if self.state in BUSY:
            raise FailedPrecondition("{name} is being made; cancel it first", "EXPORT_RUNNING", name=self.name)

    def require_file(self, now):
        """Refuses unless its file is there."""
        if self.state == State.SUCCEEDED and (not self.blob or self.expire_time < now):
            raise FailedPrecondition("{name} was kept for a day", "EXPORT_EXPIRED", name=self.name)
        if self.state != State.SUCCEEDED:
            raise FailedPrecondition("{name} is not ready", "EXPORT_NOT_READY", name=self.name)
