"""Imports: what was brought along, what is to be done with it, and what became of each row."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Text, text, true
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from chassis.db import BLOB, UtcDateTime
from chassis.errors import FailedPrecondition, InvalidArgument
from chassis.kit import askers
from chassis.kit.importing.cells import CUSTOM
from chassis.kit.importing.rows import Writing
from chassis.kit.importing.writing import ENCODINGS
from chassis.resource import Resource


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
    """What became of a row, or of a record that it named."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    SKIPPED = "SKIPPED"
    REJECTED = "REJECTED"


class Undo(StrEnum):
    """What became of the undoing of one record."""

    WAITING = "WAITING"
    DONE = "DONE"
    KEPT = "KEPT"


BUSY = (State.QUEUED, State.RUNNING, State.UNDOING)
OVER = (State.SUCCEEDED, State.FAILED, State.CANCELLED)
HOW_WRITTEN = ("encoding", "delimiter", "quote", "has_header")


class Import(Resource):
    """A file of records on its way in. Who mounts it has a count for each of `counts`, and says which `fields` a
    column may hold, which of them several may (`repeated`), and what there must be (`require_columns`).
    """

    writable: ClassVar[tuple[str, ...]] = (*HOW_WRITTEN, "columns", "bad_cells")
    filterable: ClassVar[tuple[str, ...]] = ("state", "file_name", "format")
    detail: ClassVar[tuple[str, ...]] = ("columns",)
    supporting: ClassVar[tuple[str, ...]] = ("position", "start_time", "update_time")
    counts: ClassVar[tuple[str, ...]] = ("created", "rejected")
    fields: ClassVar[frozenset]

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
    bad_cells: Mapped[str] = mapped_column(Text, default="REJECT_ROW")
    dry_run: Mapped[bool] = mapped_column(default=False)
    created_count: Mapped[int] = mapped_column(default=0)
    rejected_count: Mapped[int] = mapped_column(default=0)
    undone_count: Mapped[int] = mapped_column(default=0)
    kept_count: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    # How many rows have been looked at: written in the transaction of what became of them.
    position: Mapped[int] = mapped_column(default=0)
    start_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Whose rights it runs with: who started it, as he was then.
    started_by: Mapped[dict | None] = mapped_column(JSONB)

    @declared_attr.directive
    def __table_args__(cls):  # noqa: N805 - declared_attr hands in the class
        mounted: Any = cls
        table, busy = mounted.__tablename__, text("state IN ('QUEUED', 'RUNNING', 'UNDOING')")
        return Index(f"ix_{table}_creator", "creator"), Index(f"ix_{table}_busy", "id", postgresql_where=busy)

    @classmethod
    def visible(cls, actor):
        """Whoever made it, and administrators."""
        return true() if actor.sees_all else cls.creator == actor.user

    @classmethod
    def editable(cls, actor):
        """Whoever sees it."""
        return cls.visible(actor)

    @classmethod
    def repeated(cls, field):
        """Returns whether several columns may hold a field."""
        return False

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
        brought = fields["created_count"] + fields.get("updated_count", 0)
        every = brought if state == State.UNDOING else rows
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

    @property
    def meant(self):
        """The fields that its columns hold."""
        return {column.get("field") for column in self.columns} - {""}

    def check(self):
        """Its columns mean fields there are, single ones once."""
        self.settle_writing()
        if self.bad_cells in (None, "BAD_CELLS_UNSPECIFIED"):
            self.bad_cells = "REJECT_ROW"
        seen: set = set()
        for column in self.columns:
            name = column.get("field", "")
            where = f"columns[{column['index']}].field"
            if name not in self.fields and not name.startswith(CUSTOM):
                raise InvalidArgument("there is no field {name}", "UNKNOWN_IMPORT_FIELD", field=where, name=name)
            if name in seen and not self.repeated(name):
                raise InvalidArgument("two columns hold {name}", "FIELD_TWICE", field=where, name=name)
            seen |= {name} - {""}

    def settle_writing(self):
        """Its file is written in a way there is."""
        self.delimiter = self.delimiter or ","
        if self.encoding not in ENCODINGS:
            raise InvalidArgument("there is no such encoding", "UNKNOWN_ENCODING", field="encoding")

    def require_columns(self):
        """Refuses if a column is missing without which there are no records."""

    def require_changeable(self):
        """What runs, or has run, stays as it was; a dry run has changed nothing."""
        if self.state != State.DRAFT and not (self.dry_run and self.state in OVER):
            raise FailedPrecondition("{name} has been started", "IMPORT_STARTED", name=self.name)

    def start(self, actor, dry_run, now):
        """Queues it, to run with the rights of `actor`."""
        self.require_changeable()
        self.require_columns()
        self._begin(actor, State.QUEUED, now)
        self.dry_run = dry_run
        self.position = 0
        for count in self.counts:
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


class ImportRow:
    """What became of one row, or of a record that it named: enough to take it back.

    Who mounts it names in `imports` the table of the imports.
    """

    imports: ClassVar[str]

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    # 0 of a record that a row named.
    row: Mapped[int]
    outcome: Mapped[str] = mapped_column(Text)
    # Why it was rejected: (column, reason, name, facts) each.
    problems: Mapped[list] = mapped_column(JSONB, default=list)
    # The version of the record that the row made.
    version: Mapped[int] = mapped_column(default=0)
    undo: Mapped[str] = mapped_column(Text, default="")

    @declared_attr
    def import_id(cls) -> Mapped[int]:  # noqa: N805 - declared_attr hands in the class
        """Of which import it is."""
        return mapped_column(ForeignKey(f"{cls.imports}.id", ondelete="CASCADE"))


class Correction:
    """A cell that somebody mended."""

    imports: ClassVar[str]

    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    column: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[str] = mapped_column(Text)

    @declared_attr
    def import_id(cls) -> Mapped[int]:  # noqa: N805 - declared_attr hands in the class
        """Of which import it is."""
        return mapped_column(ForeignKey(f"{cls.imports}.id", ondelete="CASCADE"), primary_key=True)


class Meaning:
    """What columns of these headers meant to somebody the last time."""

    person: Mapped[str] = mapped_column(Text, primary_key=True)
    headers: Mapped[str] = mapped_column(Text, primary_key=True)
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
