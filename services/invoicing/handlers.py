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


@on(contacts.ContactDeletionRequested, together=True, one_cause=True)
def vote_on_deletions(requests, tx):
    """Objects with the invoices that name the contacts, or promises to make none."""
    deletions = [event.deletion for event, _ in requests]
    subjects = [each.subject for each in deletions]
    deletion.lock_account(tx, Account, *subjects)
    known = deletion.known_attempts(tx, Hold, deletions)
    named = select(Invoice.client, func.count()).where(Invoice.client.in_(subjects)).group_by(Invoice.client)
    counts = {client: count for client, count in tx.session.execute(named)}  # noqa: C416 rows are no pairs to mypy
    for each in deletions:
        if each.name not in known:
            count = counts.get(each.subject, 0)
            vote = deletion.cast(tx, Hold, each, _objections(tx, each.subject) if count else [], count)
            tx.announce(events.ContactDeletionVoted(vote=vote), each.subject)


def _objections(tx, subject):
    """Returns some of the invoices that name a contact."""
    named = select(Invoice.id, Invoice.number).where(Invoice.client == subject).order_by(Invoice.id)
    found = tx.session.execute(named.limit(deletion.SHOWN)).all()
    return [("Invoice", f"{Invoice.collection}/{number}", title) for number, title in found]


@on(contacts.ContactDeletionCancelled)
def end_hold(event, tx):
    """Makes invoices for the contact possible again."""
    deletion.lift(tx, Hold, event.deletion.name, event.deletion.subject)
    follow_contact(event, tx)


@on(contacts.ContactDeleted, together=True)
def forget_contacts(gone, tx):
    """Keeps the promise for ever: no invoice names a contact that is gone."""
    names = [event.contact.name for event, _ in gone]
    deletion.keep_for_ever(tx, Hold, names)
    refs.bury(tx, ContactRef, names)
