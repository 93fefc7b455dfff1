"""What may be asked of the invoicing service, beyond the standard methods."""

from crm.contacts.v1 import contacts_pb2
from crm.invoicing.v1 import domain_events_pb2 as events
from crm.invoicing.v1 import invoicing_pb2 as pb

from chassis.download import Download
from chassis.errors import FailedPrecondition, InvalidArgument, NotFound
from chassis.kit import deletion
from chassis.sheets import sheet, table
from chassis.standard import Standard
from services.invoicing.model import Account, ContactRef, Hold, Invoice, next_number

invoices = Standard(Invoice, pb.Invoice, events)


def create_invoice(request, tx):
    """Makes a draft under the next number."""

    def complete(invoice):
        name_client(invoice, tx)
        invoice.issue_date = invoice.issue_date or tx.today
        invoice.number = next_number(tx)

    return invoices.create(request, tx, complete)


def update_invoice(request, tx):
    """Changes a draft."""

    def complete(invoice, changed):
        invoice.issue_date = invoice.issue_date or tx.today
        if "client" in changed:
            name_client(invoice, tx)
        else:
            remember_readers(invoice, tx)

    return invoices.update(request, tx, complete)


def delete_invoice(request, tx):
    """Deletes an invoice."""
    return invoices.delete(request, tx, lambda invoice: remember_readers(invoice, tx))


def export_invoices(request, tx):
    """Gives all invoices as CSV."""
    parts = sheet(table(pb.Invoice.DESCRIPTOR, invoices.every(tx)), request.language)
    return Download("invoices.csv", "text/csv; charset=utf-8", parts)


def name_client(invoice, tx):
    """Makes a contact the client. Nobody deletes it from here to the end of the transaction."""
    try:
        contact = tx.ask(contacts_pb2.GetContactRequest(name=invoice.client))
    except NotFound as error:
        raise InvalidArgument(
            "there is no {client}", "CLIENT_NOT_FOUND", field="client", client=invoice.client
        ) from error
    if contact.state == contacts_pb2.Contact.DELETING:
        raise FailedPrecondition("{name} is being deleted", "CONTACT_DELETING", name=invoice.client)
    deletion.lock_account(tx, Account, invoice.client)
    deletion.require_no_hold(tx, Hold, invoice.client)
    invoice.bill_to(contact)
    remember_readers(invoice, tx)


def remember_readers(invoice, tx):
    """Notes who may see the client, for they may see the invoice and its announcements too."""
    ref = tx.session.get(ContactRef, invoice.client)
    invoice.client_readers = ref.readers if ref else []
