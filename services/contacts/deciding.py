"""How contacts decides a deletion: it asks, counts votes, and ends every attempt one way or the other.

Lock order is contact, then attempt, everywhere.
"""

from threading import BoundedSemaphore

from crm.contacts.v1 import contacts_pb2 as pb
from crm.contacts.v1 import domain_events_pb2 as events
from crm.type.v1 import deletion_pb2
from sqlalchemy import bindparam, delete, select, update

from chassis.db import number
from chassis.errors import PermissionDenied
from chassis.kit import deletion, pictures
from services.contacts.model import Contact, ContactMerge, ContactPhoto, Deletion, Kind, MergeState, State

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


def open_deletions(tx, going):
    """Does so for many contacts that may be changed, with one announcement; returns their names and numbers."""
    attempts = [
        Deletion(subject=contact.name, waiting=list(VOTERS), expire_time=tx.now + deletion.EXPIRY) for contact in going
    ]
    if not attempts:
        return {}
    tx.session.add_all(attempts)
    tx.flush()
    pairs = list(zip(going, attempts, strict=True))
    tx.session.connection().execute(ASK, [{"key": contact.id, "attempt": attempt.name} for contact, attempt in pairs])
    event = events.ContactDeletionsRequested(deletions=[proto(attempt) for attempt in attempts])
    tx.announce(event, tx.cause.bulk or going[0].name)
    return {attempt.subject: attempt.id for attempt in attempts}


# Asking is no change of the contact: its version stays.
ASK = update(Contact).where(Contact.id == bindparam("key")).values(state=State.DELETING, deletion=bindparam("attempt"))


def count_votes(tx, voter, votes):
    """Counts votes and carries out what they decide."""
    counted = [deletion.number_of(vote.deletion) for vote in votes]
    contacts, attempts = _locked(tx, counted)
    decided = []
    for number_of_attempt, vote in zip(counted, votes, strict=True):
        attempt = attempts.get(number_of_attempt)
        if attempt is not None and attempt.count(voter, vote):
            decided.append((contacts.get(attempt.subject), attempt))
    _conclude(tx, decided)


def cancel(tx, attempt_number):
    """Gives an attempt up, unless a vote has decided it in the meantime; returns it as it is now."""
    contacts, attempts = _locked(tx, [attempt_number])
    attempt = attempts[attempt_number]
    if attempt.state == deletion.PENDING:
        attempt.state = deletion.CANCELLED
        _conclude(tx, [(contacts.get(attempt.subject), attempt)])
    return attempt


def _locked(tx, attempt_numbers):
    """Returns the contacts by their names, without those that are gone, and the attempts by their numbers, locked in
    that order.
    """
    subjects = tx.session.scalars(select(Deletion.subject).where(Deletion.id.in_(attempt_numbers)))
    numbers = [number(subject, Contact.collection) for subject in subjects]
    contacts = select(Contact).where(Contact.id.in_(numbers)).order_by(Contact.id).with_for_update()
    found = {contact.name: contact for contact in tx.session.scalars(contacts)}
    attempts = select(Deletion).where(Deletion.id.in_(attempt_numbers)).order_by(Deletion.id).with_for_update()
    fresh = attempts.execution_options(populate_existing=True)
    return found, {attempt.id: attempt for attempt in tx.session.scalars(fresh)}


def _conclude(tx, decided):
    """Keeps contacts, or lets them go, as the attempts were decided."""
    going = [contact for contact, attempt in decided if attempt.state == deletion.DONE]
    for contact in going:
        if contact.kind == Kind.COMPANY:
            _leave_company(tx, contact)
        if contact.photo:
            pictures.drop(tx, ContactPhoto, contact.name)
    names = [contact.name for contact in going]
    for name in tx.session.scalars(select(ContactMerge.target).where(ContactMerge.target.in_(names)).distinct()).all():
        forget_merges(tx, name)
    for contact in going:
        tx.publish(events.ContactDeleted(contact=pb.Contact(name=contact.name)), contact)
    # They are locked: nobody has changed them since they were read.
    gone = delete(Contact).where(Contact.id.in_([contact.id for contact in going]))
    tx.session.execute(gone, execution_options={"synchronize_session": False})
    for contact, attempt in decided:
        if attempt.state != deletion.DONE:
            _set(tx, contact, State.ACTIVE, None)
            event = events.ContactDeletionCancelled(deletion=proto(attempt), contact=tx.message(contact, pb.Contact))
            tx.announce(event, contact.name, contact.etag, label=contact.label())


def forget_merges(tx, name):
    """Erases, with a contact that goes, those that were taken into it, and those that were taken into them."""
    kept = (ContactMerge.id, ContactMerge.source, ContactMerge.source_title, ContactMerge.state)
    gone = delete(ContactMerge).where(ContactMerge.target == name).returning(*kept)
    for merge, source, title, state in tx.session.execute(gone).all():
        pictures.drop(tx, ContactPhoto, f"{ContactMerge.collection}/{merge}")
        if state == MergeState.MERGED:
            # Whoever kept something of it, for it might have come back, need not any more.
            pictures.drop(tx, ContactPhoto, source)
            tx.announce(events.ContactDeleted(contact=pb.Contact(name=source)), source, label=title)
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
