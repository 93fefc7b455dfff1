"""Imports as a job carries them out: some hundred rows in one transaction, with the position they end at.

Whoever is killed in between loses nothing and does nothing twice: the next leader goes on from the position.
"""

import time
from collections import Counter
from itertools import islice

import structlog
from sqlalchemy import func, select, update

from chassis.errors import Error
from chassis.kit import askers
from chassis.kit.importing import looking
from chassis.kit.importing.model import BUSY, State, Undo
from chassis.kit.importing.rows import rows
from chassis.tx import Cause

log = structlog.get_logger()
BATCH = 1000
# How long one import goes on before other jobs have their turn.
SLICE = 2.0
# How long those who are asked about records that are to go get before it is looked for their answers.
VOTES = 0.1
# So often in a row the same rows may fail before the import does.
PATIENCE = 3


class Reading:
    """A file that is being read."""

    def __init__(self, kind, tx, row):
        self.position = row.position
        self.rows = rows(tx.service.blobs.get(row.blob), row.writing, row.position)
        self.mended = looking.corrections(kind, tx, row.id, row.position)

    def next(self):
        """Returns the next rows; none at the end."""
        return [looking.apply(each, self.mended) for each in islice(self.rows, BATCH)]


class Runs:
    """The imports of a kind that this process has begun to read."""

    def __init__(self, kind):
        self.kind = kind
        self.model = kind.standard.model
        self.readings: dict[str, Reading] = {}
        # How often in a row the next step of each has failed.
        self.failures: Counter[int] = Counter()

    def go_on(self, begin):
        """Works for a while on the oldest import that waits."""
        until = time.monotonic() + SLICE
        number = None
        while time.monotonic() < until:
            with begin() as tx:
                waiting = select(self.model).where(self.model.state.in_(BUSY)).order_by(self.model.id).limit(1)
                found = tx.session.scalars(waiting).first()
                service = tx.service
            if found is None:
                break
            number = found.id
            self._step(service, found)
        if number is not None:
            self._tell(begin, number)

    def _step(self, service, row):
        """Imports the next rows, or takes some back; after some failures that ends, lest others wait for ever."""
        try:
            if row.state != State.UNDOING:
                self._import(service, row)
            elif not self.kind.undo_some(service, row):
                time.sleep(VOTES)
        except Exception as error:
            log.exception("import_failed", name=row.name, position=row.position)
            self.readings.pop(row.blob, None)
            self.failures[row.id] += 1
            if isinstance(error, Error | FileNotFoundError) or self.failures[row.id] >= PATIENCE:
                del self.failures[row.id]
                self._fail(service, row.id, error)
        else:
            del self.failures[row.id]

    def _reading(self, tx, row):
        """Returns the reading of an import at its position; another process may have gone on with it meanwhile."""
        reading = self.readings.get(row.blob)
        if reading is None or reading.position != row.position:
            # Of one at a time; the others begin anew.
            self.readings = {row.blob: Reading(self.kind, tx, row)}
        return self.readings[row.blob]

    def _import(self, service, row):
        with service.begin(service.actor) as tx:
            askers.require_here(tx, self.kind.principal, row.importer)
            reading, reader = self._reading(tx, row), self.kind.reader(tx, row)
        batch = self.kind.batch(service, row, reader, reading.next())
        cause = Cause(actor=row.importer.name, session=row.importer.session, bulk=row.name)
        if not row.dry_run:
            with service.begin(row.importer, Cause(actor=cause.actor, session=cause.session)) as tx:
                batch.make_choices(tx)
        with service.begin(row.importer, cause) as tx:
            locked = tx.session.get(self.model, row.id, with_for_update=True, populate_existing=True)
            if locked is None or locked.state not in (State.QUEUED, State.RUNNING) or locked.position != row.position:
                self.readings.pop(row.blob, None)
                return
            batch.carry_out(tx, locked)
            if not batch.rows:
                self._end(tx, locked, State.SUCCEEDED)
                self.readings.pop(row.blob, None)
        reading.position += len(batch.rows)

    def _end(self, tx, row, state, error=""):
        """Ends an import, and tells whoever is to be told."""
        row.state, row.error, row.update_time = state, error, tx.now
        if state == State.SUCCEEDED:
            row.row_count = row.position
        interested = self.kind.interested(row) if state == State.SUCCEEDED and not row.dry_run else set()
        announce_finished(self.kind, tx, row, {row.importer.user, *interested})

    def _fail(self, service, number, error):
        """Ends an import with what went wrong."""
        with service.begin(service.actor) as tx:
            row = tx.session.get(self.model, number, with_for_update=True)
            if row is not None and row.state in BUSY:
                self._end(tx, row, State.FAILED, askers.told(error).sentence(row.importer.language))

    def _tell(self, begin, number):
        """Announces how far an import is, for pages that show it."""
        with begin() as tx:
            row = tx.session.get(self.model, number)
            if row is not None:
                event = self.kind.step(tx.message(row, self.kind.standard.message_class))
                tx.announce(event, row.name, row.etag, row.readers(), row.label())


def note_progress(tx, job, counts, looked_at):
    """Adds to the counts of an import, and to its position, in the transaction of what became of its rows."""
    model = type(job)
    values = {f"{name}_count": getattr(job, f"{name}_count") + more for name, more in counts.items()}
    values |= {"position": job.position + looked_at, "state": State.RUNNING, "update_time": tx.now}
    # Progress is no change of the import: its version stays.
    tx.session.execute(update(model).where(model.id == job.id).values(values))
    tx.session.refresh(job)


def note_undone(kind, tx, job):
    """Counts what has been taken back and what has been kept."""
    tx.flush()
    model, rows_ = type(job), kind.rows
    counted = select(rows_.undo, func.count()).where(rows_.import_id == job.id).group_by(rows_.undo)
    counts = {undo: count for undo, count in tx.session.execute(counted)}  # noqa: C416 rows are no pairs to mypy
    values = {"undone_count": counts.get(Undo.DONE, 0), "kept_count": counts.get(Undo.KEPT, 0)}
    tx.session.execute(update(model).where(model.id == job.id).values(values))
    tx.session.refresh(job)


def end_undoing(kind, tx, row):
    """It is undone, as far as it could be."""
    row.state, row.update_time = State.UNDONE, tx.now
    announce_finished(kind, tx, row, {row.importer.user})


def announce_finished(kind, tx, row, recipients):
    """Announces that an import is over."""
    tx.flush()
    event = kind.finished(tx.message(row, kind.standard.message_class), sorted(recipients))
    tx.announce(event, row.name, row.etag, row.readers(), row.label())
