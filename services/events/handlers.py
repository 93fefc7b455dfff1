"""What events does when others speak."""

from crm.contacts.v1 import domain_events_pb2 as contacts
from crm.identity.v1 import domain_events_pb2 as identity
from crm.invoicing.v1 import domain_events_pb2 as invoicing
from crm.notifications.v1 import domain_events_pb2 as notifications
from crm.notifications.v1 import notifications_pb2
from sqlalchemy import select, update

from chassis.errors import NotFound
from chassis.kit import clearing, people, refs
from chassis.wiring import on
from services.events import about, moving
from services.events.choices import begin_choices
from services.events.guests.mailing import note_deliveries
from services.events.history.writing import note_creation, write
from services.events.importing.kind import replace_in_imports
from services.events.model import Clearing, ContactRef, Kind, Principal
from services.events.taking_away import take_away


@on(identity.UserCreated, identity.UserUpdated)
def meet_user(event, tx):
    """Keeps what is known of a user. The first is the owner: categories begin in the portal's language."""
    people.follow_user(event, tx)
    _keep_too(tx, event.user, time_zone=event.user.time_zone)
    begin_choices(tx, event.user.language)


@on(identity.GroupCreated, identity.GroupUpdated)
def meet_group(event, tx):
    """Keeps that a group is there, and who is in it."""
    people.follow_group(event, tx)
    _keep_too(tx, event.group, members=list(event.group.members))


@on(identity.UserHandedOver)
def hand_over_imports(event, tx):
    """Opens what imports will add to whoever took over, if he works here, in place of whoever gave it to him."""
    giver = getattr(event, "from")
    active = (Principal.name == event.to) & (Principal.standing == people.Standing.ACTIVE)
    if giver != event.to and tx.session.scalar(select(Principal.name).where(active)):
        replace_in_imports(tx, giver, event.to)


def _keep_too(tx, resource, **values):
    """Keeps more of a user or group, unless a newer version is known."""
    more = update(Principal).where(Principal.name == resource.name).values(**values)
    tx.session.execute(more.where(Principal.version <= int(resource.etag.strip('"') or 0)))


@on(identity.GroupDeleted)
def let_group_go(event, tx):
    """Lists a group that is gone no more; a job goes through the events."""
    people.forget_group(event, tx)
    clearing.begin_clearing(tx, Clearing, "listed", event.group.name)


@on(contacts.ContactCreated, contacts.ContactUpdated, together=True, one_cause=True)
def follow_contacts(heard, tx):
    """Keeps what is known of contacts: their names, who may see and change them, whom they work for."""
    refs.keep(tx, ContactRef, [about.known(event.contact) for event, _ in heard])
    # Of what an import adds the import tells: its rows would only say the same of thousands at once.
    created = [
        event.contact
        for event, said in heard
        if isinstance(event, contacts.ContactCreated) and not said.headers.get("Crm-Bulk")
    ]
    if created:
        note_creation(tx, created)


@on(contacts.ContactDeletionCancelled)
def keep_contact(event, tx):
    """Keeps what is known of a contact that stays."""
    refs.keep(tx, ContactRef, [about.known(event.contact)])


@on(contacts.ContactDeleted, together=True)
def forget_contacts(gone, tx):
    """Takes away what belonged to contacts that are gone, and takes them from events."""
    names = [event.contact.name for event, _ in gone]
    refs.bury(tx, ContactRef, names)
    take_away(tx, *names)
    moving.leave_events(tx, names)


@on(contacts.ContactMerged)
def follow_merge(event, tx):
    """Points what belonged to a contact to the one it was taken into, and remembers what that was."""
    moving.merge(tx, event.merge)
    _note(tx, event.merge.target, Kind.CONTACT_MERGED, event.merge.name, title=event.source.display_name)


@on(contacts.ContactUnmerged)
def undo_merge(event, tx):
    """Points back what was moved because of a merge."""
    refs.keep(tx, ContactRef, [about.known(event.source)])
    moving.unmerge(tx, event.merge)


@on(contacts.ContactMailed)
def note_mailing(event, tx):
    """Writes into the history of a contact that a mailing reached it."""
    _note(tx, event.contact, Kind.MAILED, event.mailing, title=event.subject)


@on(notifications.MailFinished, together=True)
def note_mail(finished, tx):
    """Notes what became of mail to guests."""
    said = [
        (event.request_id, notifications_pb2.Mail.State.Name(event.mail.state), event.mail.last_error)
        for event, _ in finished
    ]
    note_deliveries(tx, said)


@on(invoicing.InvoiceCreated)
def note_invoice(event, tx):
    """Writes into the history of a contact that an invoice was made for it."""
    _note(tx, event.invoice.client, Kind.INVOICE_CREATED, event.invoice.name, number=event.invoice.number)


def _note(tx, contact, kind, related, **values):
    """Writes about a contact, or the one it was merged into, unless it is gone."""
    try:
        found = about.contacts(tx, [contact])[contact]
    except NotFound:
        return
    write(tx, kind, found, related=related, time=tx.cause.time, **values)
