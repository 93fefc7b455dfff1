"""Lists as files that people take along: made in a thread of its own, row by row into a blob, kept for a day.

A file is begun anew if the process dies. A service mounts it with its records and their columns: docs/export.md.
"""

import threading
from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, ClassVar

import structlog
from google.protobuf.empty_pb2 import Empty
from sqlalchemy import BigInteger, Index, Text, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from chassis.db import BLOB, UtcDateTime
from chassis.download import Download
from chassis.errors import FailedPrecondition
from chassis.kit import askers
from chassis.resource import Resource
from chassis.standard import Standard
from chassis.tx import Cause

log = structlog.get_logger()
KEPT = timedelta(hours=24)
# How often it is noted how far an export is, and looked whether somebody has stopped it.
STEP = 2000
TYPES = {"zip": "application/zip", "csv": "text/csv; charset=utf-8"}


class State(StrEnum):
    """Where an export is in its life."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


BUSY = (State.QUEUED, State.RUNNING)


class Export(Resource):
    """Records on their way into a file."""

    immutable: ClassVar[tuple[str, ...]] = ("filter", "q", "order_by")
    filterable: ClassVar[tuple[str, ...]] = ("state",)
    supporting = ("expected",)

    filter: Mapped[str] = mapped_column(Text, default="")
    q: Mapped[str] = mapped_column(Text, default="")
    order_by: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text, default=State.QUEUED)
    # How many records there are in it, and how many there will be, as far as it is known.
    row_count: Mapped[int] = mapped_column(default=0)
    expected: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    file_name: Mapped[str] = mapped_column(Text, default="")
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    expire_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The name of the file's blob, once it is whole.
    blob: Mapped[str] = mapped_column(Text, default="", info=BLOB)
    # With whose rights it is made, and in which language.
    asker: Mapped[dict] = mapped_column(JSONB)
    language: Mapped[str] = mapped_column(Text)

    @declared_attr.directive
    def __table_args__(cls):  # noqa: N805 - declared_attr hands in the class
        mounted: Any = cls
        table, busy = mounted.__tablename__, text("state IN ('QUEUED', 'RUNNING')")
        return Index(f"ix_{table}_creator", "creator"), Index(f"ix_{table}_busy", "id", postgresql_where=busy)

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

    def ask(self, actor, language, file_name):
        """Notes who wants it, and what the file will be called."""
        self.asker, self.language, self.file_name = askers.kept(actor), language, file_name

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


def cancel(request, tx, standard):
    """Stops an export."""
    row = tx.get(standard.model, request.name, lock=True)
    before = tx.message(row, standard.message_class)
    row.cancel()
    tx.flush()
    return standard.announce("Updated", row, tx, ["state"], before)


def delete(request, begin, standard):
    """Deletes an export; its file goes once nothing names it any more."""
    with begin() as tx:
        row = tx.get(standard.model, request.name, lock=True)
        standard.delete(request, tx, lambda row: row.require_idle())
        blobs, blob = tx.service.blobs, row.blob
    if blob:
        blobs.delete(blob)
    return Empty()


def download(request, tx, standard):
    """Gives the file."""
    row = tx.get(standard.model, request.name)
    row.require_file(tx.now)
    kind = TYPES[row.file_name.rpartition(".")[2]]
    return Download(row.file_name, kind, tx.service.blobs.get(row.blob), row.size)


class CancelledError(Exception):
    """Somebody has stopped it."""


class Making(ABC):
    """One export on its way. Who mounts it says what is in the file and how it is announced."""

    # The standard methods of exports, and the model of the people that the service knows of.
    standard: Standard
    principal: Any

    def __init__(self, service, row):
        self.service = service
        self.row = row
        self.cause = Cause(actor=row.actor.name, session=row.actor.session, language=row.language)
        self.size = self.rows = 0

    @classmethod
    @abstractmethod
    def expected(cls, tx, row):
        """Returns how many records there will be."""

    @abstractmethod
    def parts(self):
        """Gives the file, part by part."""

    @abstractmethod
    def step(self, message):
        """Returns the announcement that it has come so far."""

    @abstractmethod
    def finished(self, message, recipients):
        """Returns the announcement that it is over."""

    def run(self):
        """Makes the file; tells whoever wants it how it ended."""
        try:
            with self.service.begin(self.row.actor, self.cause) as tx:
                askers.require_here(tx, self.principal, self.row.actor)
            blob = self.service.blobs.put(self._counted())
        except CancelledError:
            return
        except Exception as error:
            log.exception("export_failed", name=self.row.name)
            self._end(State.FAILED, askers.told(error).sentence(self.row.language))
            return
        if not self._end(State.SUCCEEDED, blob=blob):
            self.service.blobs.delete(blob)

    def _counted(self):
        for part in self.parts():
            self.size += len(part)
            yield part

    def every(self, standard, *which):
        """Gives the messages of a list that whoever wants the export may see; notes how far it is."""
        with self.service.looking(self.row.actor, self.cause) as tx:
            for message in standard.every(tx, *which):
                self.rows += 1
                if not self.rows % STEP:
                    self._note()
                yield message

    def _note(self):
        """Notes how far it is; ends it if somebody has stopped it, or whoever wants it is gone."""
        model = self.standard.model
        with self.service.begin(self.service.actor) as tx:
            askers.require_here(tx, self.principal, self.row.actor)
            going = update(model).where(model.id == self.row.id, model.state == State.RUNNING)
            if not tx.session.execute(going.values(row_count=self.rows)).rowcount:
                raise CancelledError
            row = tx.session.get(model, self.row.id)
            event = self.step(tx.message(row, self.standard.message_class))
            tx.announce(event, row.name, row.etag, row.readers(), row.label())

    def _end(self, state, error="", blob=""):
        """Ends it, unless somebody has stopped it or another process was faster; returns whether it did."""
        with self.service.begin(self.service.actor, self.cause) as tx:
            row = tx.session.get(self.standard.model, self.row.id, with_for_update=True)
            if row is None or row.state != State.RUNNING:
                return False
            row.state, row.error, row.blob, row.size, row.row_count = state, error, blob, self.size, self.rows
            row.update_time, row.expire_time = tx.now, tx.now + KEPT
            tx.flush()
            event = self.finished(tx.message(row, self.standard.message_class), [row.creator])
            tx.announce(event, row.name, row.etag, row.readers(), row.label())
            return True


class Maker:
    """The one export that this process makes at a time."""

    def __init__(self, making):
        self.making = making
        self.model = making.standard.model
        self.thread: threading.Thread | None = None

    def go_on(self, begin):
        """Begins the oldest export that waits, unless one is being made; one whose maker died begins anew."""
        if self.thread and self.thread.is_alive():
            return
        with begin() as tx:
            waiting = select(self.model).where(self.model.state.in_(BUSY)).order_by(self.model.id).limit(1)
            row = tx.session.scalars(waiting.with_for_update()).first()
            if row is None:
                return
            with tx.service.looking(row.actor) as theirs:
                expected = self.making.expected(theirs, row)
            values = {"state": State.RUNNING, "row_count": 0, "expected": expected}
            tx.session.execute(update(self.model).where(self.model.id == row.id).values(values))
            service = tx.service
        self.thread = threading.Thread(target=partial(self.making(service, row).run), name="export", daemon=True)
        self.thread.start()

    def delete_expired(self, begin):
        """Deletes the files of exports that have been kept for a day."""
        with begin() as tx:
            old = select(self.model).where(self.model.expire_time < tx.now, self.model.blob != "").with_for_update()
            names = []
            for row in tx.session.scalars(old):
                names.append(row.blob)
                row.blob = ""
            blobs = tx.service.blobs
        for name in names:
            blobs.delete(name)
