"""The subjects of entries and files: found, and kept from going away until the transaction ends."""

from contextlib import suppress

from crm.contacts.v1 import contacts_pb2
from crm.contacts.v1.contacts_pb2 import Contact
from sqlalchemy import select

from chassis.db import number
from chassis.errors import InvalidArgument, NotFound, PermissionDenied, no_such
from chassis.identity import EVERYONE
from chassis.kit import refs
from services.events.model import ContactRef, Event, Merge

# So many contacts that we have not heard of are asked for at once; of more nobody hears within the same second.
NEW = 50


def known(contact):
    """Returns what events keeps of a contact."""
    private, open_ = contact.sharing == Contact.PRIVATE, contact.sharing == Contact.READ_WRITE
    more = {
        "company": number(contact.company, "contacts"),
        "editors": [EVERYONE] if open_ else list(contact.managers),
    }
    readers = tuple(contact.managers) if private else (EVERYONE,)
    return refs.Known(contact.name, contact.display_name, readers, contact.etag, more)


def settle(tx, row):
    """Settles the subject of a new row: it is there, the actor may see it, and it stays until the end. Returns it,
    an Event or a ContactRef. Refuses with SUBJECT_NOT_FOUND.
    """
    name = row.subject or ""
    try:
        found = tx.get(Event, name, lock=True) if row.event else contacts(tx, [name])[name]
    except NotFound:
        raise InvalidArgument("there is no {subject}", "SUBJECT_NOT_FOUND", field="subject", subject=name) from None
    row.belong_to(found)
    return found


def require_editable(tx, subject):
    """Refuses what only those may do who may change the subject; an event is changed by whoever sees it."""
    editors = getattr(subject, "editors", [EVERYONE])
    if not tx.actor.sees_all and not {*editors} & {*tx.actor.principals}:
        raise PermissionDenied("you may see {name} but not change it", "PERMISSION_DENIED", name=subject.name)


def contacts(tx, names):
    """Returns what is known of contacts that the actor may see, or of those they were merged into, by their names.

    Refuses with NOT_FOUND. Their deletion, or another merge, waits until the transaction ends.
    """
    found = seen(tx, names)
    for name in names:
        if name not in found:
            raise no_such(name)
    return found


def seen(tx, names):
    """Returns what is known of those of the contacts that the actor may see; else as `contacts` does."""
    now = survivors(tx, names)
    found = _refs(tx, now.values())
    # Some are so new that their announcements are still on their way.
    missing = sorted({*now.values()} - {*found})
    if missing:
        refs.keep(tx, ContactRef, _ask(tx, missing[:NEW]))
        found |= _refs(tx, missing)
    return {name: found[now[name]] for name in names if now[name] in found and _may_see(tx.actor, found[now[name]])}


def look(tx, name):
    """Returns what is known of a contact, as `contacts` does, for whoever only reads: it may go meanwhile."""
    now = survivors(tx, [name])[name]
    ref = tx.session.scalar(select(ContactRef).where(ContactRef.name == now))
    if ref is None or not _may_see(tx.actor, ref):
        raise no_such(name)
    return ref


def keep(tx, contacts):
    """Takes over what contacts says of some."""
    refs.keep(tx, ContactRef, [known(contact) for contact in contacts])


def _ask(tx, names):
    """Returns what contacts says of some."""
    told = []
    for name in names:
        with suppress(NotFound):
            told.append(known(tx.ask(contacts_pb2.GetContactRequest(name=name))))
    return told


def _may_see(actor, ref):
    return not ref.deleted and bool(actor.sees_all or {*ref.readers} & {*actor.principals})


def survivors(tx, names):
    """Returns the names under which contacts are found now, by the names they had."""
    now = {name: name for name in names}
    while now:
        merged = select(Merge.source, Merge.target).where(Merge.source.in_({*now.values()}), Merge.over.is_(False))
        taken = {row.source: row.target for row in tx.session.execute(merged)}
        if not taken:
            break
        now = {name: taken.get(present, present) for name, present in now.items()}
    return now


def _refs(tx, names):
    locked = select(ContactRef).where(ContactRef.name.in_({*names})).order_by(ContactRef.name)
    rows = tx.session.scalars(locked.with_for_update(read=True).execution_options(populate_existing=True))
    return {row.name: row for row in rows}


def remember_readers(tx, row):
    """Notes who may see the subject of a row, which is about to be announced. Returns the subject."""
    if row.event:
        subject = tx.session.get(Event, number(row.event, Event.collection))
    else:
        subject = tx.session.get(ContactRef, row.contact)
    row.remember_readers(subject)
    return subject
