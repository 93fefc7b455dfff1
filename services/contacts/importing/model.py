"""Imports: what was brought along, what is to be done with it, and what became of each row."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Text, text, true
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import BLOB, UtcDateTime
from chassis.errors import FailedPrecondition, InvalidArgument
from chassis.kit import askers
from chassis.kit.access import Sharing
from chassis.resource import Resource
from services.contacts.importing.meanings import CUSTOM, FIELDS, NAMES, repeated
from services.contacts.importing.rows import Writing
from services.contacts.importing.writing import ENCODINGS
from services.contacts.schema import Base


class State(StrEnum):
    """Where an import is in its life."""

    DRAFT = "DRAFT"
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    UNDOING = "UNDOING"
    UNDONE = "UNDONE"


class Outcome(StrEnum):
    """What became of a row, or of a company that it named."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    SKIPPED = "SKIPPED"
    REJECTED = "REJECTED"


class Undo(StrEnum):
    """What became of the undoing of one contact."""

    WAITING = "WAITING"
    DONE = "DONE"
    KEPT = "KEPT"


BUSY = (State.QUEUED, State.RUNNING, State.UNDOING)
OVER = (State.SUCCEEDED, State.FAILED, State.CANCELLED)
COUNTS = ("created", "updated", "skipped", "rejected", "conflict")
HOW_WRITTEN = ("encoding", "delimiter", "quote", "has_header")


class ContactImport(Resource, Base):
    """A file of contacts on its way in."""

    __tablename__ = "contact_import"

    collection = "contactImports"
    writable = (
        *HOW_WRITTEN,
        "columns",
        "duplicates",
        "match_by",
        "bad_cells",
        "managers",
        "sharing",
        "tags",
        "notify",
    )
    filterable = ("state", "file_name", "format")
    detail = ("columns",)
    supporting = ("position", "start_time", "update_time")

    file_name: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(Text)
    # The name of its blob, which is CSV whatever the format was.
    blob: Mapped[str] = mapped_column(Text, info=BLOB)
    state: Mapped[str] = mapped_column(Text, default=State.DRAFT)
    encoding: Mapped[str] = mapped_column(Text)
    delimiter: Mapped[str] = mapped_column(Text)
    quote: Mapped[str] = mapped_column(Text)
    has_header: Mapped[bool]
    row_count: Mapped[int]
    columns: Mapped[list] = mapped_column(JSONB)
    duplicates: Mapped[str] = mapped_column(Text, default="SKIP")
    match_by: Mapped[str] = mapped_column(Text, default="EMAIL_THEN_PHONE")
    bad_cells: Mapped[str] = mapped_column(Text, default="REJECT_ROW")
    managers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    sharing: Mapped[str] = mapped_column(Text, default=Sharing.PRIVATE)
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    notify: Mapped[bool] = mapped_column(default=False)
    dry_run: Mapped[bool] = mapped_column(default=False)
    created_count: Mapped[int] = mapped_column(default=0)
    updated_count: Mapped[int] = mapped_column(default=0)
    skipped_count: Mapped[int] = mapped_column(default=0)
    rejected_count: Mapped[int] = mapped_column(default=0)
    conflict_count: Mapped[int] = mapped_column(default=0)
    undone_count: Mapped[int] = mapped_column(default=0)
    kept_count: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    # How many rows have been looked at: written in the transaction of what became of them.
    position: Mapped[int] = mapped_column(default=0)
    start_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Whose rights it runs with: who started it, as he was then.
    started_by: Mapped[dict | None] = mapped_column(JSONB)

    __table_args__ = (
        Index("ix_contact_import_creator", "creator"),
        Index("ix_contact_import_busy", "id", postgresql_where=text("state IN ('QUEUED', 'RUNNING', 'UNDOING')")),
    )

    @classmethod
    def visible(cls, actor):
        """Whoever made it, and administrators."""
        return true() if actor.sees_all else cls.creator == actor.user

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
        """How far it is, and how long the rest will take."""
        position, start = fields.pop("position"), fields.pop("start_time")
        state, rows = fields["state"], fields["row_count"]
        done = fields["undone_count"] + fields["kept_count"] if state == State.UNDOING else position
        every = fields["created_count"] + fields["updated_count"] if state == State.UNDOING else rows
        fields["progress_percent"] = 100 if state in (*OVER, State.UNDONE) else min(99, 100 * done // max(1, every))
        if state == State.RUNNING and start and done:
            seconds = (_seconds(fields["update_time"]) - _seconds(start)) * (every - done) / done
            fields["remaining"] = {"seconds": int(seconds) + 1}
        fields["columns"] = [{**column} for column in fields.get("columns", ())]

    @property
    def writing(self):
        """How its file is written."""
        return Writing(self.encoding, self.delimiter, self.quote, self.has_header)

    @property
    def importer(self):
        """Whose rights it runs with."""
        return askers.restored(self.started_by or {})

    def check(self):
        """Its file is written in a way there is, and its columns mean fields there are, single ones once."""
        self.delimiter = self.delimiter or ","
        if self.encoding not in ENCODINGS:
            raise InvalidArgument("there is no such encoding", "UNKNOWN_ENCODING", field="encoding")
        if self.sharing in (None, "SHARING_UNSPECIFIED"):
            self.sharing = Sharing.PRIVATE
        defaults = {"duplicates": "SKIP", "match_by": "EMAIL_THEN_PHONE", "bad_cells": "REJECT_ROW"}
        for name, default in defaults.items():
            if getattr(self, name).endswith("_UNSPECIFIED"):
                setattr(self, name, default)
        seen: set = set()
        for column in self.columns:
            name = column.get("field", "")
            where = f"columns[{column['index']}].field"
            if name not in FIELDS and not name.startswith(CUSTOM):
                raise InvalidArgument("there is no field {name}", "UNKNOWN_IMPORT_FIELD", field=where, name=name)
            if name in seen and not repeated(name):
                raise InvalidArgument("two columns hold {name}", "FIELD_TWICE", field=where, name=name)
            seen |= {name} - {""}

    def require_changeable(self):
        """What runs, or has run, stays as it was; a dry run has changed nothing."""
        if self.state != State.DRAFT and not (self.dry_run and self.state in OVER):
            raise FailedPrecondition("{name} has been started", "IMPORT_STARTED", name=self.name)

    def start(self, actor, dry_run, now):
        """Queues it, to run with the rights of `actor`."""
        self.require_changeable()
        if not {column.get("field") for column in self.columns} & {*NAMES}:
            raise FailedPrecondition("no column holds a name", "NAME_COLUMN_MISSING", name=self.name)
        self._begin(actor, State.QUEUED, now)
        self.dry_run = dry_run
        self.position = 0
        for count in COUNTS:
            setattr(self, f"{count}_count", 0)

    def undo(self, actor, now):
        """Begins to take it back."""
        again = self.state == State.UNDONE and self.kept_count
        if (self.state not in OVER and not again) or self.dry_run:
            raise FailedPrecondition("{name} brought nothing that can be undone", "NOTHING_TO_UNDO", name=self.name)
        self._begin(actor, State.UNDOING, now)

    def _begin(self, actor, state, now):
        self.state, self.error, self.start_time, self.update_time = state, "", now, now
        self.started_by = askers.kept(actor)

    def cancel(self):
        """Stops it."""
        if self.state not in (State.QUEUED, State.RUNNING):
            raise FailedPrecondition("{name} does not run", "IMPORT_NOT_RUNNING", name=self.name)
        self.state = State.CANCELLED

    def require_idle(self):
        """Refuses while it runs."""
        if self.state in BUSY:
            raise FailedPrecondition("{name} runs; cancel it first", "IMPORT_RUNNING", name=self.name)


def _seconds(stamp):
    return stamp["seconds"] if isinstance(stamp, dict) else stamp.timestamp()


class ImportRow(Base):
    """What became of one row, or of a company that it named: enough to take it back."""

    __tablename__ = "contact_import_row"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("contact_import.id", ondelete="CASCADE"))
    # 0 of a company that a row named.
    row: Mapped[int]
    outcome: Mapped[str] = mapped_column(Text)
    contact: Mapped[int | None] = mapped_column(BigInteger)
    # Why it was rejected: (column, reason, name, facts) each.
    problems: Mapped[list] = mapped_column(JSONB, default=list)
    # Of an update: the fields as they were before; and the version that the row made.
    before: Mapped[dict | None] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(default=0)
    undo: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index("ix_contact_import_row_import_id_row", "import_id", "row"),
        Index("ix_contact_import_row_contact", "import_id", "contact"),
    )


class Correction(Base):
    """A cell that somebody mended."""

    __tablename__ = "contact_import_correction"

    import_id: Mapped[int] = mapped_column(ForeignKey("contact_import.id", ondelete="CASCADE"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    column: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[str] = mapped_column(Text)


class Meaning(Base):
    """What columns of these headers meant to somebody the last time."""

    __tablename__ = "contact_import_meaning"

    person: Mapped[str] = mapped_column(Text, primary_key=True)
    headers: Mapped[str] = mapped_column(Text, primary_key=True)
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
