"""What may be asked of exports."""

from crm.events.v1 import domain_events_pb2 as events
from crm.events.v1 import exports_pb2 as pb

from chassis.download import Download
from chassis.kit import exporting
from chassis.sheets import sheet, table
from chassis.standard import Standard
from chassis.wiring import own_transactions
from services.events.exporting.model import EventExport
from services.events.standard import categories, entries, event_fields, event_tags, files, gatherings

exports = Standard(EventExport, pb.EventExport, events)
RECORDS = {
    pb.ExportRecordsRequest.EVENTS: gatherings,
    pb.ExportRecordsRequest.HISTORY_ENTRIES: entries,
    pb.ExportRecordsRequest.FILES: files,
    pb.ExportRecordsRequest.EVENT_TAGS: event_tags,
    pb.ExportRecordsRequest.EVENT_FIELDS: event_fields,
    pb.ExportRecordsRequest.HISTORY_CATEGORIES: categories,
}


def create_event_export(request, tx):
    """Begins an export; a list that cannot be is refused at once."""

    def complete(row):
        gatherings.check_list(row.filter or "", row.order_by or "")
        row.ask(tx.actor, tx.cause.language, f"events-{tx.today}.csv")

    return exports.create(request, tx, complete)


def cancel_event_export(request, tx):
    """Stops an export."""
    return exporting.cancel(request, tx, exports)


@own_transactions
def delete_event_export(request, begin):
    """Deletes an export."""
    return exporting.delete(request, begin, exports)


def download_event_export(request, tx):
    """Gives the file."""
    return exporting.download(request, tx, exports)


def export_records(request, tx):
    """Gives all records of a kind as CSV."""
    standard = RECORDS[request.kind]
    parts = sheet(table(standard.message_class.DESCRIPTOR, standard.every(tx)), request.language)
    return Download(f"{standard.model.collection}.csv", "text/csv; charset=utf-8", parts)
