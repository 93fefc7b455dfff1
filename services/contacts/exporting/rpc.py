"""What may be asked of exports."""

from crm.contacts.v1 import domain_events_pb2 as events
from crm.contacts.v1 import exports_pb2 as pb
from google.protobuf.empty_pb2 import Empty

from chassis.download import Download
from chassis.standard import Standard
from chassis.wiring import own_transactions
from services.contacts.exporting.model import Export
from services.contacts.standard import contacts

exports = Standard(Export, pb.Export, events)
TYPES = {"zip": "application/zip", "csv": "text/csv; charset=utf-8"}


def create_export(request, tx):
    """Begins an export; a list that cannot be is refused at once."""

    def complete(row):
        if row.kind == "EVERYTHING":
            tx.actor.require_admin()
        contacts.check_list(row.filter or "", row.order_by or "")
        row.ask(tx.actor, tx.cause.language, tx.now)

    return exports.create(request, tx, complete)


def cancel_export(request, tx):
    """Stops an export."""
    row = tx.get(Export, request.name, lock=True)
    before = tx.message(row, pb.Export)
    row.cancel()
    tx.flush()
    return exports.announce("Updated", row, tx, ["state"], before)


@own_transactions
def delete_export(request, begin):
    """Deletes an export; its file goes once nothing names it any more."""
    with begin() as tx:
        row = tx.get(Export, request.name, lock=True)
        exports.delete(request, tx, lambda row: row.require_idle())
        blobs, blob = tx.service.blobs, row.blob
    if blob:
        blobs.delete(blob)
    return Empty()


def download_export(request, tx):
    """Gives the file."""
    row = tx.get(Export, request.name)
    row.require_file(tx.now)
    kind = TYPES[row.file_name.rpartition(".")[2]]
    return Download(row.file_name, kind, tx.service.blobs.get(row.blob), row.size)
