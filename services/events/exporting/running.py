"""What is in the files that are taken along: the events of a list."""

from itertools import islice

from crm.events.v1 import domain_events_pb2 as events
from sqlalchemy import select

from chassis.kit import exporting
from chassis.sheets import sheet
from chassis.wiring import every
from services.events.exporting.columns import Columns
from services.events.exporting.rpc import exports
from services.events.model import ContactRef, EventField, Principal
from services.events.standard import gatherings

# Of how many events the names of those who take part are looked up at once.
SOME = 500


class Making(exporting.Making):
    """One export on its way."""

    standard = exports
    principal = Principal

    @classmethod
    def expected(cls, tx, row):
        """The events of the list."""
        return gatherings.count(tx, row.filter, row.q)

    def step(self, message):
        """It has come so far."""
        return events.EventExportStepMade(event_export=message)

    def finished(self, message, recipients):
        """It is over."""
        return events.EventExportFinished(event_export=message, recipients=recipients)

    def parts(self):
        """The list as CSV."""
        with self.service.begin(self.row.actor, self.cause) as tx:
            custom = {field.name: field.label for field in tx.session.scalars(select(EventField))}
            people = select(Principal.name, Principal.display_name).where(Principal.display_name != "")
            known = {row.name: row.display_name for row in tx.session.execute(people)}
        return sheet(self._rows(Columns(self.row.language, self.row.zone, known, custom)), self.row.language)

    def _rows(self, columns):
        found = self.every(gatherings, self.row.filter, self.row.q, self.row.order_by)
        yield columns.headers()
        while some := list(islice(found, SOME)):
            columns.contacts = self._titles({name for event in some for name in event.participants})
            for event in some:
                yield columns.cells(event)

    def _titles(self, names):
        """Returns what contacts are called, those left out that whoever wants the export may not see."""
        with self.service.begin(self.row.actor, self.cause) as tx:
            seen = ContactRef.name.in_(names), ContactRef.seen_by(tx.actor)
            found = tx.session.execute(select(ContactRef.name, ContactRef.title).where(*seen)) if names else ()
            return {name: title for name, title in found}  # noqa: C416 rows are no pairs to the type checker


MAKER = exporting.Maker(Making)


@every(1, own_transactions=True)
def make_event_exports(begin):
    """Makes exports, one after the other, beside all other jobs."""
    MAKER.go_on(begin)


@every(600, own_transactions=True)
def delete_expired_files(begin):
    """Deletes the files of exports that have been kept for a day."""
    MAKER.delete_expired(begin)
