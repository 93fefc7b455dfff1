"""Imports of events, as the kit carries them out."""

import json
from functools import lru_cache
from pathlib import Path

from crm.events.v1 import domain_events_pb2 as events
from crm.events.v1 import imports_pb2 as pb
from sqlalchemy import select

from chassis.kit import people
from chassis.kit.importing import kind
from chassis.kit.importing.meanings import proposed
from chassis.standard import Standard
from services.events.importing import undoing
from services.events.importing.batch import Batch
from services.events.importing.cells import Reader
from services.events.importing.model import EventImport, EventImportCorrection, EventImportMeaning, EventImportRow
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
