"""What is true of documents."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import BLOB, UtcDateTime
from chassis.errors import FailedPrecondition, InvalidArgument
from chassis.standard import fold, occurs, visible
from services.events.schema import Base
from services.events.subjects import About

# So long a deleted file can be restored.
KEPT = timedelta(days=30)


class FileState(StrEnum):
    """Whether a file is there."""

    ACTIVE = "ACTIVE"
    DELETED = "DELETED"


class File(About, Base):
    """A document that belongs to a record."""

    __tablename__ = "file"

    collection = "files"
    writable = ("title",)
    filterable = ("title", "size", "content_type", "state", "creator", "delete_time")
    supporting = ("contact", "event")
    sort_columns = {"title": "sort_key"}

    title: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    content_type: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default=FileState.ACTIVE)
    delete_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The number of its latest version.
    latest: Mapped[int] = mapped_column(default=1)
    # What lists are sorted by and what `q` searches.
    sort_key: Mapped[str] = mapped_column(Text(collation="C"))

    __table_args__ = (
        Index("ix_file_contact", "contact", "create_time", "id", postgresql_where=text("contact > 0")),
        Index("ix_file_event", "event", "create_time", "id", postgresql_where=text("event > 0")),
        Index("ix_file_create_time_id", "create_time", "id"),
        Index("ix_file_delete_time", "delete_time", postgresql_where=text("delete_time IS NOT NULL")),
    )

    @classmethod
    def matches(cls, word):
        """A word is found anywhere in the title."""
        return occurs(cls.sort_key, word)

    @classmethod
    def editable(cls, actor):
        """Whoever uploaded it, and who may change its subject."""
        return (cls.creator == actor.user) | cls.subject_editable(actor)

    def label(self):
        """Its title."""
        return self.title

    def check(self):
        """It has a title that is a name and no path."""
        self.title = " ".join(visible(self.title or "").split())
        if not self.title or self.title in (".", ".."):
            raise InvalidArgument("fill it in", "TITLE_REQUIRED", field="title")
        self.sort_key = fold(self.title)
        self.state = self.state or FileState.ACTIVE

    def require_changeable(self):
        """What is deleted is restored first."""
        if self.state == FileState.DELETED:
            raise FailedPrecondition("{name} is deleted; restore it first", "FILE_DELETED", name=self.name)


class FileVersion(Base):
    """What a file held from some moment on."""

    __tablename__ = "file_version"

    file: Mapped[int] = mapped_column(BigInteger, ForeignKey("file.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    blob: Mapped[str] = mapped_column(Text, unique=True, info=BLOB)
    size: Mapped[int] = mapped_column(BigInteger)
    content_type: Mapped[str] = mapped_column(Text)
    creator: Mapped[str] = mapped_column(Text)
    create_time: Mapped[datetime] = mapped_column(UtcDateTime)


class DeadBlob(Base):
    """A blob that nothing names any more; a job deletes it."""

    __tablename__ = "dead_blob"

    blob: Mapped[str] = mapped_column(Text, primary_key=True, info=BLOB)
