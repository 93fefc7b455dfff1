"""Imports as a job carries them out: some hundred rows in one transaction, with the position they end at.

Whoever is killed in between loses nothing and does nothing twice: the next leader goes on from the position.
"""

import time
from collections import Counter
from itertools import islice

import structlog
from crm.contacts.v1 import domain_events_pb2 as events
from crm.contacts.v1 import imports_pb2 as pb
from sqlalchemy import select

from chassis.errors import Error
from chassis.kit import askers
from chassis.tx import Cause
from chassis.wiring import every
from services.contacts.exporting.model import Export
from services.contacts.importing import looking
from services.contacts.importing.batch import Batch
from services.contacts.importing.model import BUSY, ContactImport, State
from services.contacts.importing.rows import rows
from services.contacts.importing.undoing import undo_some
from services.contacts.mailing.model import MailingAttachment
from services.contacts.model import Principal

log = structlog.get_logger()
BATCH = 500
# How long one import goes on before other jobs have their turn.
SLICE = 2.0
# How long those who are asked about contacts that are to go get before it is looked for their answers.
VOTES = 0.1
# So often in a row the same rows may fail before the import does.
PATIENCE = 3
NAMING_BLOBS = (ContactImport.blob, Export.blob, MailingAttachment.blob)


class Reading:
    """A file that is being read."""

    def __init__(self, tx, row):
        self.position = row.position
        self.rows = rows(tx.service.blobs.get(row.blob), row.writing, row.position)
        self.mended = looking.corrections(tx, row.id, row.position)

    def next(self):
        """Returns the next rows; none at the end."""
        return [looking.apply(each, self.mended) for each in islice(self.rows, BATCH)]


class Runs:
    """The imports that this process has begun to read."""

    def __init__(self):
        self.readings: dict[str, Reading] = {}
        # How often in a row the next step of each has failed.
        self.failures: Counter[int] = Counter()

    def go_on(self, begin):
        """Works for a while on the oldest import that waits."""
        until = time.monotonic() + SLICE
        number = None
        while time.monotonic() < until:
            with begin() as tx:
                found = tx.session.scalars(
                    select(ContactImport).where(ContactImport.state.in_(BUSY)).order_by(ContactImport.id).limit(1)
                ).first()
                service = tx.service
            if found is None:
                break
            number = found.id
            self._step(service, found)
        if number is not None:
            _tell(begin, number)

    def _step(self, service, row):
        """Imports the next rows, or takes some back; after some failures that ends, lest others wait for ever."""
        try:
            if row.state != State.UNDOING:
                self._import(service, row)
            elif not undo_some(service, row):
                time.sleep(VOTES)
        except Exception as error:
            log.exception("import_failed", name=row.name, position=row.position)
            self.readings.pop(row.blob, None)
            self.failures[row.id] += 1
            if isinstance(error, Error | FileNotFoundError) or self.failures[row.id] >= PATIENCE:
                del self.failures[row.id]
                _fail(service, row.id, error)
        else:
            del self.failures[row.id]

    def _reading(self, tx, row):
        """Returns the reading of an import at its position; another process may have gone on with it meanwhile."""
        reading = self.readings.get(row.blob)
        if reading is None or reading.position != row.position:
            # Of one at a time; the others begin anew.
            self.readings = {row.blob: Reading(tx, row)}
        return self.readings[row.blob]

    def _import(self, service, row):
        with service.begin(service.actor) as tx:
            askers.require_here(tx, Principal, row.importer)
            reading, reader = self._reading(tx, row), looking.reader(tx, row)
        batch = Batch(service, row, reader, reading.next())
        cause = Cause(actor=row.importer.name, session=row.importer.session, bulk=row.name)
        if not row.dry_run:
            with service.begin(row.importer, Cause(actor=cause.actor, session=cause.session)) as tx:
                batch.make_choices(tx)
        with service.begin(row.importer, cause) as tx:
            locked = tx.session.get(ContactImport, row.id, with_for_update=True, populate_existing=True)
            if locked is None or locked.state not in (State.QUEUED, State.RUNNING) or locked.position != row.position:
                self.readings.pop(row.blob, None)
                return
            batch.carry_out(tx, locked)
            if not batch.rows:
                _end(tx, locked, State.SUCCEEDED)
                self.readings.pop(row.blob, None)
        reading.position += len(batch.rows)


RUNS = Runs()


@every(1, own_transactions=True)
def carry_out_imports(begin):
    """Carries imports out, and takes them back, one after the other."""
    RUNS.go_on(begin)


@every(3600, own_transactions=True)
def sweep_blobs(begin):
    """Deletes the files that nothing names: what a crash left behind."""
    with begin() as tx:
        known = {name for column in NAMING_BLOBS for name in tx.session.scalars(select(column))}
        blobs = tx.service.blobs
    blobs.sweep(known)


def _end(tx, row, state, error=""):
    """Ends an import, and tells whoever is to be told."""
    row.state, row.error, row.update_time = state, error, tx.now
    if state == State.SUCCEEDED:
        row.row_count = row.position
    tx.flush()
    people = {row.importer.user}
    if row.notify and not row.dry_run and state == State.SUCCEEDED:
        people |= {*row.managers}
    tx.announce(
        events.ContactImportFinished(contact_import=tx.message(row, pb.ContactImport), recipients=sorted(people)),
        row.name,
        row.etag,
        row.readers(),
        row.label(),
    )


def _fail(service, number, error):
    """Ends an import with what went wrong."""
    with service.begin(service.actor) as tx:
        row = tx.session.get(ContactImport, number, with_for_update=True)
        if row is not None and row.state in BUSY:
            _end(tx, row, State.FAILED, askers.told(error).sentence(row.importer.language))


def _tell(begin, number):
    """Announces how far an import is, for pages that show it."""
    with begin() as tx:
        row = tx.session.get(ContactImport, number)
        if row is not None:
            event = events.ContactImportStepMade(contact_import=tx.message(row, pb.ContactImport))
            tx.announce(event, row.name, row.etag, row.readers(), row.label())
