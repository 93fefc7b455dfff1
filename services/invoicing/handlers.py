"""What invoicing does when others speak."""

from crm.contacts.v1 import contacts_pb2
from crm.contacts.v1 import domain_events_pb2 as contacts
from crm.invoicing.v1 import domain_events_pb2 as events
from crm.invoicing.v1 import invoicing_pb2
from sqlalchemy import func, select

from chassis.identity import EVERYONE
from chassis.kit import deletion, refs
from chassis.wiring import on
from services.invoicing.model import Account, ContactRef, Hold, Invoice, Merge


@on(contacts.ContactCreated, contacts.ContactUpdated, together=True)
def follow_contacts(heard, tx):
    """Keeps what invoicing knows of contacts: their names, and who may see them."""
    refs.keep(tx, ContactRef, [_known(event.contact) for event, _ in heard])


def _known(contact):
    """Returns what invoicing keeps of a contact."""
    private = contact.sharing == contacts_pb2.Contact.PRIVATE
    readers = tuple(contact.managers) if private else (EVERYONE,)
    return refs.Known(contact.name, contact.display_name, readers, contact.etag)


@on(contacts.ContactDeletionRequested, together=True, one_cause=True)
def vote_on_deletions(requests, tx):
    """Objects with the invoices that name the contacts, or promises to make none."""
    for vote in _votes(tx, [event.deletion for event, _ in requests]):
        tx.announce(events.ContactDeletionVoted(vote=vote), vote.subject)


@on(contacts.ContactDeletionsRequested)
def vote_on_many_deletions(event, tx):
    """Does so for many at once."""
    votes = _votes(tx, event.deletions)
    if votes:
        tx.announce(events.ContactDeletionsVoted(votes=votes), votes[0].subject)


def _votes(tx, deletions):
    """Returns the votes on deletions, those left out that are known; whoever gets a clear one has a promise."""
    subjects = [each.subject for each in deletions]
    deletion.lock_account(tx, Account, *subjects)
    known = deletion.known_attempts(tx, Hold, deletions)
    named = select(Invoice.client, func.count()).where(Invoice.client.in_(subjects)).group_by(Invoice.client)
    counts = {client: count for client, count in tx.session.execute(named)}  # noqa: C416 rows are no pairs to mypy
    votes = []
    for each in deletions:
        if each.name not in known:
            count = counts.get(each.subject, 0)
            votes.append(deletion.cast(tx, Hold, each, _objections(tx, each.subject) if count else [], count))
    return votes


def _objections(tx, subject):
    """Returns some of the invoices that name a contact."""
    named = select(Invoice.id, Invoice.number).where(Invoice.client == subject).order_by(Invoice.id)
    found = tx.session.execute(named.limit(deletion.SHOWN)).all()
    return [("Invoice", f"{Invoice.collection}/{number}", title) for number, title in found]


@on(contacts.ContactDeletionCancelled)
def end_hold(event, tx):
    """Makes invoices for the contact possible again."""
    deletion.lift(tx, Hold, event.deletion.name, event.deletion.subject)
    refs.keep(tx, ContactRef, [_known(event.contact)])


@on(contacts.ContactDeleted, together=True)
def forget_contacts(gone, tx):
    """Keeps the promise for ever: no invoice names a contact that is gone."""
    names = [event.contact.name for event, _ in gone]
    deletion.keep_for_ever(tx, Hold, names)
    refs.bury(tx, ContactRef, names)


@on(contacts.ContactMerged)
def follow_merge(event, tx):
    """Points the invoices of a contact that was taken into another one to the survivor, and remembers which."""
    merge = event.merge
    deletion.lock_account(tx, Account, merge.source, merge.target)
    if _heard_of(tx, merge) is None:
        row = Merge(name=merge.name, source=merge.source, target=merge.target, over=False)
        row.invoices = _repoint(tx, Invoice.client == merge.source, merge.target)
        tx.session.add(row)


@on(contacts.ContactUnmerged)
def undo_merge(event, tx):
    """Points the invoices back that were re-pointed because of a merge, unless somebody has re-pointed them since."""
    merge = event.merge
    deletion.lock_account(tx, Account, merge.source, merge.target)
    row = _heard_of(tx, merge)
    if row is None:
        # Heard of before the merge itself, which then has no effect any more.
        row = Merge(name=merge.name, source=merge.source, target=merge.target, over=True, invoices=[])
        tx.session.add(row)
    if not row.over:
        row.over = True
        refs.keep(tx, ContactRef, [_known(event.source)])
        _repoint(tx, Invoice.id.in_(row.invoices) & (Invoice.client == merge.target), merge.source)


def _heard_of(tx, merge):
    return tx.session.get(Merge, merge.name, with_for_update=True)


def _repoint(tx, which, client):
    """Makes another contact the client of invoices, each announced; what was written on them stays."""
    rows = tx.session.scalars(select(Invoice).where(which).order_by(Invoice.id).with_for_update()).all()
    ref = tx.session.get(ContactRef, client)
    for invoice in rows:
        before = invoice.client
        invoice.client, invoice.update_time = client, tx.now
        invoice.client_readers = ref.readers if ref else []
        tx.flush()
        event = events.InvoiceUpdated(invoice=tx.message(invoice, invoicing_pb2.Invoice))
        event.changed.paths.append("client")
        tx.publish(event, invoice, [("client", before, client)])
    return [invoice.id for invoice in rows]
