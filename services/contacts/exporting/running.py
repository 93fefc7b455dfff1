"""What is in the files that are taken along: the contacts of a list, or everything that all services have."""

import io
import zipfile
from typing import Any

from crm.contacts.v1 import domain_events_pb2 as events
from crm.contacts.v1 import settings_pb2
from crm.events.v1 import exports_pb2 as of_events
from crm.events.v1 import files_pb2
from crm.invoicing.v1 import invoicing_pb2
from sqlalchemy import func, select

from chassis.errors import NotFound
from chassis.kit import exporting
from chassis.sheets import sheet, table
from chassis.standard import visible
from chassis.tx import Cause
from chassis.wiring import every
from services.contacts.exporting.columns import Columns
from services.contacts.exporting.rpc import exports
from services.contacts.model import ContactField, ContactPhoto, ContactType, Principal, TemperatureLevel
from services.contacts.standard import contact_fields, contact_tags, contact_types, contacts, temperature_levels

# What the events service has, and the files that hold it.
OF_EVENTS = {
    "EVENTS": "events.csv",
    "HISTORY_ENTRIES": "history.csv",
    "FILES": "files.csv",
    "EVENT_TAGS": "event-tags.csv",
    "EVENT_FIELDS": "event-fields.csv",
    "HISTORY_CATEGORIES": "history-categories.csv",
}
SECONDS = 30


class Making(exporting.Making):
    """One export on its way."""

    standard = exports
    principal = Principal

    @classmethod
    def expected(cls, tx, row):
        """The contacts of the list."""
        return contacts.count(tx, row.filter, row.q)

    def step(self, message):
        """It has come so far."""
        return events.ExportStepMade(export=message)

    def finished(self, message, recipients):
        """It is over."""
        return events.ExportFinished(export=message, recipients=recipients)

    def parts(self):
        """The list, or everything."""
        return self._zipped() if self.row.everything else self._contacts()

    def _contacts(self):
        """Gives the contacts of the list as CSV."""
        with self.service.begin(self.row.actor, self.cause) as tx:
            custom = {field.name: field.label for field in tx.session.scalars(select(ContactField))}
            titles = {
                each.name: each.title
                for kind in (ContactType, TemperatureLevel)
                for each in tx.session.scalars(select(kind))
            }
            people = select(Principal.name, Principal.display_name).where(Principal.display_name != "")
            titles |= {row.name: row.display_name for row in tx.session.execute(people)}
        columns = Columns(self.row.language, titles, custom)
        found = self.every(contacts, self.row.filter, self.row.q, self.row.order_by)
        return sheet(self._with_headers(columns, found), self.row.language)

    @staticmethod
    def _with_headers(columns, found):
        yield columns.headers()
        for contact in found:
            yield columns.cells(contact)

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
            yield name, sheet(table(message_class.DESCRIPTOR, self.every(standard)), self.row.language)
        yield "invoices.csv", self._of(invoicing_pb2.ExportInvoicesRequest(language=self.row.language))
        for kind, name in OF_EVENTS.items():
            yield name, self._of(of_events.ExportRecordsRequest(kind=kind, language=self.row.language))
        if self.row.with_files:
            yield from self._photos()
            yield from self._documents()

    def _of(self, request):
        """Gives what another service has."""
        return self.service.peers.download(request, self.service.actor)

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

    def _documents(self):
        """Gives the documents, each as it is now, under its number and title."""
        token = ""
        while True:
            some = files_pb2.ListFilesRequest(page_size=200, page_token=token, order_by="create_time")
            page = self.service.peers.ask(some, Cause(), self.service.actor, SECONDS)
            for file in page.files:
                title = visible(file.title).replace("/", "-").replace("\\", "-")
                yield f"files/{file.name.rpartition('/')[2]}-{title}", self._held(file.name)
            token = page.next_page_token
            if not token:
                return

    def _held(self, name):
        """Gives what a document holds; nothing if it was deleted meanwhile."""
        try:
            yield from self._of(files_pb2.DownloadFileRequest(name=name))
        except NotFound:
            return


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


MAKER = exporting.Maker(Making)


@every(1, own_transactions=True)
def make_exports(begin):
    """Makes exports, one after the other, beside all other jobs."""
    MAKER.go_on(begin)


@every(600, own_transactions=True)
def delete_expired_files(begin):
    """Deletes the files of exports that have been kept for a day."""
    MAKER.delete_expired(begin)
