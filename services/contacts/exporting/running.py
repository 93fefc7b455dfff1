"""Exports as they are made: in a thread of their own, row by row into a blob, begun anew if the process dies."""

import io
import threading
import zipfile
from functools import partial
from typing import Any

import structlog
from crm.contacts.v1 import domain_events_pb2 as events
from crm.contacts.v1 import exports_pb2 as pb
from crm.contacts.v1 import settings_pb2
from crm.invoicing.v1 import invoicing_pb2
from sqlalchemy import func, select, update

from chassis.kit import askers
from chassis.sheets import sheet, table
from chassis.standard import Standard
from chassis.tx import Cause, Tx
from chassis.wiring import every
from services.contacts.exporting.columns import Columns
from services.contacts.exporting.model import BUSY, KEPT, Export, State
from services.contacts.model import ContactField, ContactPhoto, ContactType, Principal, TemperatureLevel
from services.contacts.standard import contact_fields, contact_tags, contact_types, contacts, temperature_levels

log = structlog.get_logger()
# How often it is noted how far an export is, and looked whether somebody has stopped it.
STEP = 2000


class CancelledError(Exception):
    """Somebody has stopped it."""


class Making:
    """One export on its way."""

    def __init__(self, service, row):
        self.service = service
        self.row = row
        self.cause = Cause(actor=row.actor.name, session=row.actor.session, language=row.language)
        self.size = self.rows = 0

    def run(self):
        """Makes the file; tells whoever wants it how it ended."""
        try:
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
        for part in self._zipped() if self.row.kind == "EVERYTHING" else self._contacts():
            self.size += len(part)
            yield part

    def _contacts(self):
        """Gives the contacts of the list as CSV."""
        with self.service.begin(self.row.actor, self.cause) as tx:
            askers.require_here(tx, Principal, self.row.actor)
            custom = {field.name: field.label for field in tx.session.scalars(select(ContactField))}
            titles = {
                each.name: each.title
                for kind in (ContactType, TemperatureLevel)
                for each in tx.session.scalars(select(kind))
            }
            people = select(Principal.name, Principal.display_name).where(Principal.display_name != "")
            titles |= {row.name: row.display_name for row in tx.session.execute(people)}
        columns = Columns(self.row.language, titles, custom)
        found = self._every(contacts, self.row.filter, self.row.q, self.row.order_by)
        return sheet(self._with_headers(columns, found), self.row.language)

    @staticmethod
    def _with_headers(columns, found):
        yield columns.headers()
        for contact in found:
            yield columns.cells(contact)

    def _every(self, standard: Standard, *which):
        """Gives the messages of a list that whoever wants the export may see; notes how far it is."""
        for message in standard.every(Tx(self.service, self.row.actor, self.cause), *which):
            self.rows += 1
            if not self.rows % STEP:
                self._note()
            yield message

    def _zipped(self):
        """Gives everything as a zip."""
        made = Pieces()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, parts in self._files():
                with archive.open(name, "w", force_zip64=True) as entry:
                    for part in parts:
                        entry.write(part)
                        yield made.take()
        yield made.take()

    def _files(self):
        yield "contacts.csv", self._contacts()
        yield "users.csv", sheet(self._users(), self.row.language)
        others: dict[str, Any] = {
            "contact-types.csv": (contact_types, settings_pb2.ContactType),
            "temperature-levels.csv": (temperature_levels, settings_pb2.TemperatureLevel),
            "tags.csv": (contact_tags, settings_pb2.ContactTag),
            "fields.csv": (contact_fields, settings_pb2.ContactField),
        }
        for name, (standard, message_class) in others.items():
            yield name, sheet(table(message_class.DESCRIPTOR, self._every(standard)), self.row.language)
        request = invoicing_pb2.ExportInvoicesRequest(language=self.row.language)
        yield "invoices.csv", self.service.peers.download(request, self.service.actor)
        if self.row.with_files:
            yield from self._photos()

    def _users(self):
        """Gives who works here, as contacts has heard of them."""
        columns = (Principal.name, Principal.display_name, Principal.email, Principal.state)
        yield [column.key for column in columns]
        with self.service.begin(self.service.actor) as tx:
            found = select(*columns).where(Principal.name.startswith("users/"))
            people = tx.session.execute(found.order_by(func.length(Principal.name), Principal.name)).all()
        yield from people

    def _photos(self):
        """Gives the photos, some at a time."""
        last = ""
        while True:
            with self.service.begin(self.service.actor) as tx:
                some = select(ContactPhoto).where(ContactPhoto.subject > last).order_by(ContactPhoto.subject).limit(50)
                found = tx.session.scalars(some).all()
            for photo in found:
                yield f"photos/{photo.subject.replace('/', '-')}.webp", [photo.content]
                last = photo.subject
            if not found:
                return

    def _note(self):
        """Notes how far it is; ends it if somebody has stopped it, or whoever wants it is gone."""
        with self.service.begin(self.service.actor) as tx:
            askers.require_here(tx, Principal, self.row.actor)
            going = update(Export).where(Export.id == self.row.id, Export.state == State.RUNNING)
            if not tx.session.execute(going.values(row_count=self.rows)).rowcount:
                raise CancelledError
            row = tx.session.get(Export, self.row.id)
            event = events.ExportStepMade(export=tx.message(row, pb.Export))
            tx.announce(event, row.name, row.etag, row.readers(), row.label())

    def _end(self, state, error="", blob=""):
        """Ends it, unless somebody has stopped it or another process was faster; returns whether it did."""
        with self.service.begin(self.service.actor, self.cause) as tx:
            row = tx.session.get(Export, self.row.id, with_for_update=True)
            if row is None or row.state != State.RUNNING:
                return False
            row.state, row.error, row.blob, row.size, row.row_count = state, error, blob, self.size, self.rows
            row.update_time, row.expire_time = tx.now, tx.now + KEPT
            tx.flush()
            event = events.ExportFinished(export=tx.message(row, pb.Export), recipients=[row.creator])
            tx.announce(event, row.name, row.etag, row.readers(), row.label())
            return True


class Pieces(io.RawIOBase):
    """What a zip is written to: a file that cannot be gone back in, taken away while it grows."""

    def __init__(self):
        self.waiting = bytearray()

    def writable(self):
        """It can be written to."""
        return True

    def write(self, data):
        """Takes bytes."""
        self.waiting += data
        return len(data)

    def take(self):
        """Gives what has come since the last time."""
        taken = bytes(self.waiting)
        self.waiting.clear()
        return taken


class Maker:
    """The one export that this process makes at a time."""

    def __init__(self):
        self.thread: threading.Thread | None = None

    def go_on(self, begin):
        """Begins the oldest export that waits, unless one is being made; one whose maker died begins anew."""
        if self.thread and self.thread.is_alive():
            return
        with begin() as tx:
            waiting = select(Export).where(Export.state.in_(BUSY)).order_by(Export.id).limit(1)
            row = tx.session.scalars(waiting.with_for_update()).first()
            if row is None:
                return
            expected = contacts.count(Tx(tx.service, row.actor), row.filter, row.q)
            values = {"state": State.RUNNING, "row_count": 0, "expected": expected}
            tx.session.execute(update(Export).where(Export.id == row.id).values(values))
            service = tx.service
        self.thread = threading.Thread(target=partial(Making(service, row).run), name="export", daemon=True)
        self.thread.start()


MAKER = Maker()


@every(1, own_transactions=True)
def make_exports(begin):
    """Makes exports, one after the other, beside all other jobs."""
    MAKER.go_on(begin)


@every(600, own_transactions=True)
def delete_expired_files(begin):
    """Deletes the files of exports that have been kept for a day."""
    with begin() as tx:
        old = select(Export).where(Export.expire_time < tx.now, Export.blob != "").with_for_update()
        names = []
        for row in tx.session.scalars(old):
            names.append(row.blob)
            row.blob = ""
        blobs = tx.service.blobs
    for name in names:
        blobs.delete(name)
