"""Imports of events, as the kit carries them out."""

import json
from functools import lru_cache
from pathlib import Path

from crm.events.v1 import domain_events_pb2 as events
from crm.events.v1 import imports_pb2 as pb
from sqlalchemy import select

from chassis.errors import Unavailable
from chassis.kit import people
from chassis.kit.importing import kind
from chassis.kit.importing.meanings import proposed
from chassis.kit.importing.model import State
from chassis.standard import Standard
from services.events.importing import undoing
from services.events.importing.batch import Batch
from services.events.importing.cells import Reader
from services.events.importing.model import EventImport, EventImportCorrection, EventImportMeaning, EventImportRow
from services.events.importing.persons import Persons
from services.events.model import EventField, Principal


@lru_cache
def words():
    """Returns which headers name which field."""
    found = json.loads(Path(__file__).with_name("headers.json").read_text("utf-8"))
    return {header: field for field, headers in found.items() for header in headers}


class EventImports(kind.Kind):
    """Files of events."""

    standard = Standard(EventImport, pb.EventImport, events)
    rows = EventImportRow
    corrections = EventImportCorrection
    meanings = EventImportMeaning
    principal = Principal
    own_fields = EventField
    row_class = pb.EventImportRow
    preview_class = pb.PreviewEventImportResponse

    def begun(self, request, actor):
        """Everybody may see what is added."""
        return {"time_zone": request.time_zone, "access": {}}

    def proposed(self, headers, own):
        """By their words."""
        return proposed(headers, own, EventImport, lambda header: words().get(header, ""))

    def reader(self, tx, row):
        """Reads rows as events."""
        custom = {each.name: each for each in tx.session.scalars(select(EventField))}
        return Reader(row.columns, custom, row.bad_cells == "DROP_CELL", row.zone)

    def look_up(self, tx, row, drafts):
        """Says who of those that rows name cannot take part."""
        good = [draft for draft in drafts if not draft.problems and draft.persons]
        try:
            persons = Persons(tx.service, good)
        except Unavailable:
            # All else that is wrong can be mended meanwhile; the trial asks again.
            return
        persons.find(tx, hold=False)
        for draft in good:
            persons.of(draft, row.bad_cells == "DROP_CELL")

    def batch(self, service, row, reader, rows):
        """Adds events."""
        return Batch(service, row, reader, rows)

    def undo_some(self, service, row):
        """Deletes them."""
        return undoing.undo_some(service, row, self)

    def settle(self, tx, row, changed):
        """Those who are to see what is added work here."""
        if "access" in changed or not changed:
            people.require_known(tx, Principal, {*row.listed} - {tx.actor.user}, "access.readers")

    def step(self, message):
        """It has come so far."""
        return events.EventImportStepMade(event_import=message)

    def finished(self, message, recipients):
        """It is over."""
        return events.EventImportFinished(event_import=message, recipients=recipients)


IMPORTS = EventImports()


def replace_in_imports(tx, name, other):
    """Puts `other` where imports will open what they add to a user."""
    still = EventImport.state.in_((State.DRAFT, State.QUEUED, State.RUNNING)) | EventImport.dry_run
    named = select(EventImport).where(EventImport.access["readers"].contains([name]), still)
    for row in tx.session.scalars(named.order_by(EventImport.id).with_for_update()).all():
        before = tx.message(row, pb.EventImport)
        readers = dict.fromkeys(other if each == name else each for each in row.access["readers"])
        row.access, row.update_time = {**row.access, "readers": [*readers]}, tx.now
        tx.flush()
        IMPORTS.standard.announce("Updated", row, tx, ["access"], before)
