"""How contacts decides a deletion: it asks, counts votes, and ends every attempt one way or the other.

Lock order is contact, then attempt, everywhere.
"""

from threading import BoundedSemaphore

from crm.contacts.v1 import contacts_pb2 as pb
from crm.contacts.v1 import domain_events_pb2 as events
from crm.type.v1 import deletion_pb2
from sqlalchemy import delete, select, update

from chassis.db import number
from chassis.errors import PermissionDenied
from chassis.kit import deletion, pictures
from services.contacts.model import Contact, ContactMerge, ContactPhoto, Deletion, State

# The services that may hold a contact. Each votes on every attempt.
VOTERS = ("invoicing",)
# Callers who may wait for votes at a time: half of the threads stay free for everything else.
WAITING = BoundedSemaphore(4)


def request_deletion(tx, name, etag):
    """Opens an attempt and announces it; returns its number."""
    contact = tx.get(Contact, name, lock=True)
    contact.require_etag(etag)
    return open_deletion(tx, contact)


def may_not_change(name):
    """Returns the refusal of who sees a contact but may not change it."""
    return PermissionDenied("you may see {name} but not change it", "PERMISSION_DENIED", name=name)


def open_deletion(tx, contact):
    """Opens an attempt on a contact that is locked, and announces it; returns its number."""
    contact.require_changeable()
    attempt = deletion.open_attempt(tx, Deletion, contact, VOTERS)
    _set(tx, contact, State.DELETING, attempt.name)
    event = events.ContactDeletionRequested(deletion=proto(attempt), contact=tx.message(contact, pb.Contact))
    tx.announce(event, contact.name, contact.etag, label=contact.label())
    return attempt.id


def count_vote(tx, voter, vote):
    """Counts a vote and carries out what it decides."""
    contact, attempt = _locked(tx, deletion.number_of(vote.deletion))
    if attempt.count(voter, vote):
        _conclude(tx, contact, attempt)


def cancel(tx, attempt_number):
    """Gives an attempt up, unless a vote has decided it in the meantime; returns it as it is now."""
    contact, attempt = _locked(tx, attempt_number)
    if attempt.state == deletion.PENDING:
        attempt.state = deletion.CANCELLED
        _conclude(tx, contact, attempt)
    return attempt


def _locked(tx, attempt_number):
    """Returns the contact (None if it is gone) and the attempt, locked in that order."""
    subject = tx.session.execute(select(Deletion.subject).where(Deletion.id == attempt_number)).scalar_one()
    statement = select(Contact).where(Contact.id == number(subject, Contact.collection))
    contact = tx.session.scalars(statement.with_for_update()).one_or_none()
    attempt = tx.session.get(Deletion, attempt_number, with_for_update=True, populate_existing=True)
    return contact, attempt


def _conclude(tx, contact, attempt):
    """Keeps the contact, or lets it go, as the attempt was decided."""
    if attempt.state == deletion.DONE:
        _leave_company(tx, contact)
        pictures.drop(tx, ContactPhoto, contact.name)
        forget_merges(tx, contact.name)
        tx.publish(events.ContactDeleted(contact=pb.Contact(name=contact.name)), contact)
        tx.session.delete(contact)
        return
    _set(tx, contact, State.ACTIVE, None)
    event = events.ContactDeletionCancelled(deletion=proto(attempt), contact=tx.message(contact, pb.Contact))
    tx.announce(event, contact.name, contact.etag, label=contact.label())


def forget_merges(tx, name):
    """Erases, with a contact that goes, those that were taken into it, and those that were taken into them."""
    gone = delete(ContactMerge).where(ContactMerge.target == name).returning(ContactMerge.source, ContactMerge.id)
    for source, merge in tx.session.execute(gone).all():
        pictures.drop(tx, ContactPhoto, source)
        pictures.drop(tx, ContactPhoto, f"{ContactMerge.collection}/{merge}")
        forget_merges(tx, source)


def _set(tx, contact, state, attempt_name):
    """Notes where the decision stands. It is no change of the contact: its version stays, and no page is told."""
    values = {"state": state, "deletion": attempt_name}
    tx.session.execute(update(Contact).where(Contact.id == contact.id).values(values))


def _leave_company(tx, company):
    """Lets the persons of a company go before it does."""
    persons = select(Contact).where(Contact.company == company.name).order_by(Contact.id).with_for_update()
    for person in tx.session.scalars(persons):
        person.company, person.update_time = None, tx.now
        tx.flush()
        event = events.ContactUpdated(contact=tx.message(person, pb.Contact))
        event.changed.paths.append("company")
        tx.publish(event, person)


def proto(attempt):
    """Returns the attempt as the contract has it."""
    return deletion_pb2.Deletion(name=attempt.name, subject=attempt.subject, expire_time=attempt.expire_time)
