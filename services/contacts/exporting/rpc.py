"""What may be asked of exports."""

from crm.contacts.v1 import domain_events_pb2 as events
from crm.contacts.v1 import exports_pb2 as pb

from chassis.kit import exporting
from chassis.standard import Standard
from chassis.wiring import own_transactions
from services.contacts.exporting.model import Export
from services.contacts.standard import contacts

exports = Standard(Export, pb.Export, events)


def create_export(request, tx):
    """Begins an export; a list that cannot be is refused at once."""

    def complete(row):
        if row.everything:
            tx.actor.require_admin()
        contacts.check_list(row.filter or "", row.order_by or "")
        row.ask(tx.actor, tx.cause.language, row.file_title(tx.today))

    return exports.create(request, tx, complete)


def cancel_export(request, tx):
    """Stops an export."""
    return exporting.cancel(request, tx, exports)


@own_transactions
def delete_export(request, begin):
    """Deletes an export."""
    return exporting.delete(request, begin, exports)


def download_export(request, tx):
    """Gives the file."""
    return exporting.download(request, tx, exports)
