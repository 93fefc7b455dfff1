"""What invoicing does when others speak."""

from crm.contacts.v1 import contacts_pb2
from crm.contacts.v1 import domain_events_pb2 as contacts
from crm.invoicing.v1 import domain_events_pb2 as events
from sqlalchemy import func, select

from chassis.identity import EVERYONE
from chassis.kit import deletion, refs
from chassis.wiring import on
from services.invoicing.model import Account, ContactRef, Hold, Invoice


@on(contacts.ContactCreated, contacts.ContactUpdated)
def follow_contact(event, tx):
    """Keeps what invoicing knows of a contact: its name, and who may see it."""
    contact = event.contact
    private = contact.sharing == contacts_pb2.Contact.PRIVATE
    readers = contact.managers if private else [EVERYONE]
    refs.keep(tx, ContactRef, contact.name, contact.display_name, readers, contact.etag)


@on(contacts.ContactDeletionRequested)
def vote_on_deletion(event, tx):
    """Objects with the invoices that name the contact, or promises to make none."""
    subject = event.deletion.subject
    deletion.lock_account(tx, Account, subject)
    named = select(Invoice.id, Invoice.number).where(Invoice.client == subject)
    count = tx.session.scalar(select(func.count()).select_from(named.subquery()))
    shown = tx.session.execute(named.order_by(Invoice.id).limit(deletion.SHOWN)).all()
    objections = [("Invoice", f"{Invoice.collection}/{number}", title) for number, title in shown]
    vote = deletion.cast(tx, Hold, event.deletion, objections, count)
    if vote is not None:
        tx.announce(events.ContactDeletionVoted(vote=vote), subject)


@on(contacts.ContactDeletionCancelled)
def end_hold(event, tx):
    """Makes invoices for the contact possible again."""
    deletion.lift(tx, Hold, event.deletion.name, event.deletion.subject)
    follow_contact(event, tx)


@on(contacts.ContactDeleted)
def forget_contact(event, tx):
    """Keeps the promise for ever: no invoice names a contact that is gone."""
    deletion.keep_for_ever(tx, Hold, event.contact.name)
    refs.bury(tx, ContactRef, event.contact.name)
