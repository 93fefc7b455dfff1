"""What may be asked of the invoicing service, beyond the standard methods."""

from crm.contacts.v1 import contacts_pb2
from crm.invoicing.v1 import domain_events_pb2 as events
from crm.invoicing.v1 import invoicing_pb2 as pb
from crm.type.v1.impact_pb2 import Impact, ImpactExample
from sqlalchemy import func, select

from chassis.download import Download
from chassis.errors import FailedPrecondition, InvalidArgument, NotFound
from chassis.kit import deletion
from chassis.sheets import sheet, table
from chassis.standard import Standard
from services.invoicing.model import Account, ContactRef, Hold, Invoice, Merge, next_number

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


def get_contact_impact(request, tx):
    """Returns the invoices that keep a contact from being deleted."""
    mine = Invoice.client == request.contact
    count = tx.session.scalar(select(func.count()).select_from(Invoice).where(mine))
    first = select(Invoice.id, Invoice.number).where(mine).order_by(Invoice.id).limit(deletion.SHOWN)
    examples = [
        ImpactExample(name=f"{Invoice.collection}/{row.id}", title=row.number) for row in tx.session.execute(first)
    ]
    found = Impact(
        service="invoicing", type="Invoice", count=count, blocking=True, effect=Impact.BLOCKS, examples=examples
    )
    return pb.GetContactImpactResponse(impacts=[found] if count else [])


def export_invoices(request, tx):
    """Gives all invoices as CSV."""
    parts = sheet(table(pb.Invoice.DESCRIPTOR, invoices.every(tx)), request.language)
    return Download("invoices.csv", "text/csv; charset=utf-8", parts)


def name_client(invoice, tx):
    """Makes a contact the client, or whoever it was merged into. Nobody deletes it until the transaction ends."""
    contact = client_of(invoice, tx)
    while True:
        invoice.client = contact.name
        deletion.lock_account(tx, Account, contact.name)
        invoice.client_readers, merged = what_is_known(tx, contact.name)
        if not merged:
            break
        # It was merged after contacts was asked, or parted since; contacts knows.
        contact = client_of(invoice, tx)
        if contact.name == invoice.client:
            break
    if contact.state == contacts_pb2.Contact.DELETING:
        raise FailedPrecondition("{name} is being deleted", "CONTACT_DELETING", name=contact.name)
    deletion.require_no_hold(tx, Hold, invoice.client)
    invoice.bill_to(contact)


def client_of(invoice, tx):
    """Returns the contact that an invoice is for, as contacts has it now."""
    try:
        return tx.ask(contacts_pb2.GetContactRequest(name=invoice.client))
    except NotFound as error:
        raise InvalidArgument(
            "there is no {client}", "CLIENT_NOT_FOUND", field="client", client=invoice.client
        ) from error


def what_is_known(tx, contact):
    """Returns who may see a contact, and whether it was merged into another. Call it with the account locked."""
    readers = select(ContactRef.readers).where(ContactRef.name == contact).scalar_subquery()
    merge = select(Merge.name).where(Merge.source == contact, Merge.over.is_(False)).exists()
    found, merged = tx.session.execute(select(readers, merge)).one()
    return found or [], merged


def remember_readers(invoice, tx):
    """Notes who may see the client, for they may see the invoice and its announcements too."""
    ref = tx.session.get(ContactRef, invoice.client)
    invoice.client_readers = ref.readers if ref else []
