"""What notifications does when others speak."""

from datetime import UTC, timedelta

from crm.contacts.v1 import domain_events_pb2 as contacts
from crm.contacts.v1 import exports_pb2, imports_pb2, mailings_pb2
from crm.events.v1 import domain_events_pb2 as gatherings
from crm.events.v1 import exports_pb2 as event_exports_pb2
from crm.events.v1 import imports_pb2 as event_imports_pb2
from crm.identity.v1 import domain_events_pb2 as identity
from crm.identity.v1 import identity_pb2

from chassis.kit import rich_text
from chassis.kit.people import LAST, keep_newer
from chassis.wiring import on
from gateway.notifications.model import Kind, Person
from gateway.notifications.telling import Told, tell

# What happened longer ago is no news: the log may be read again from its beginning.
NEWS = timedelta(days=7)
# So much of a note stands in the mail about it.
LONGEST_NOTE = 2000


@on(contacts.ContactAssigned)
def tell_of_contact(event, tx):
    """Tells people that they are responsible for a contact now."""
    contact = event.contact
    if tx.now - contact.update_time.ToDatetime(UTC) < NEWS:
        tell(tx, Told(Kind.RECORD_ASSIGNED, {}, contact.name, contact.display_name), event.recipients)


@on(contacts.ContactImportFinished)
def tell_of_import(event, tx):
    """Tells whoever started an import, and whom it gave contacts to, that it is over."""
    job = event.contact_import
    if job.dry_run:
        # Nothing was imported; whoever tries looks on.
        return
    counts = {name: str(getattr(job, f"{name}_count")) for name in ("created", "updated", "rejected", "undone", "kept")}
    values = {"event": imports_pb2.ContactImport.State.Name(job.state), **counts}
    _tell_of_job(tx, Told(Kind.IMPORT_FINISHED, values, job.name, job.file_name), event.recipients)


@on(contacts.ExportFinished)
def tell_of_export(event, tx):
    """Tells whoever wants records that they are ready."""
    job = event.export
    values = {"event": exports_pb2.Export.State.Name(job.state)}
    _tell_of_job(tx, Told(Kind.EXPORT_FINISHED, values, job.name, job.file_name), event.recipients)


@on(gatherings.EventImportFinished)
def tell_of_event_import(event, tx):
    """Tells whoever started an import of events that it is over."""
    job = event.event_import
    if job.dry_run:
        return
    counts = {name: str(getattr(job, f"{name}_count")) for name in ("created", "rejected", "undone", "kept")}
    values = {"event": event_imports_pb2.EventImport.State.Name(job.state), "updated": "0", **counts}
    _tell_of_job(tx, Told(Kind.IMPORT_FINISHED, values, job.name, job.file_name), event.recipients)


@on(gatherings.EventExportFinished)
def tell_of_event_export(event, tx):
    """Tells whoever wants events that they are ready."""
    job = event.event_export
    values = {"event": event_exports_pb2.EventExport.State.Name(job.state)}
    _tell_of_job(tx, Told(Kind.EXPORT_FINISHED, values, job.name, job.file_name), event.recipients)


@on(contacts.MailingFinished)
def tell_of_mailing(event, tx):
    """Tells whoever started a mailing that it is over."""
    job = event.mailing
    counts = {name: str(getattr(job, f"{name}_count")) for name in ("sent", "failed", "skipped", "uncertain")}
    values = {"event": mailings_pb2.Mailing.State.Name(job.state), **counts}
    _tell_of_job(tx, Told(Kind.MAILING_FINISHED, values, job.name, job.subject), event.recipients)


def _tell_of_job(tx, told, recipients):
    if tx.now - tx.cause.time < NEWS:
        tell(tx, told, recipients, doer_too=True)


@on(contacts.ContactReceived)
def tell_of_visitor(event, tx):
    """Tells people that somebody wrote to us by a form on a website."""
    contact = event.contact
    if tx.now - contact.update_time.ToDatetime(UTC) < NEWS:
        told = Told(Kind.CONTACT_RECEIVED, {"form": event.form_title}, contact.name, contact.display_name)
        tell(tx, told, event.recipients)


@on(gatherings.EventShared)
def tell_of_event(event, tx):
    """Tells people that a restricted event is open to them."""
    if tx.now - tx.cause.time < NEWS:
        tell(tx, Told(Kind.RECORD_SHARED, {}, event.event.name, event.event.title), event.recipients)


@on(gatherings.EventReminded)
def tell_of_reminder(event, tx):
    """Tells people that an event which they see to begins soon."""
    if tx.now - tx.cause.time < NEWS:
        told = Told(Kind.EVENT_REMINDER, {}, event.event.name, event.event.title)
        tell(tx, told, event.recipients, doer_too=True)


@on(gatherings.HistoryEntryAnnounced)
def tell_of_entry(event, tx):
    """Tells people what somebody wrote into the history of a record. Whoever is named here may see the record."""
    entry = event.history_entry
    if tx.now - tx.cause.time < NEWS:
        text = rich_text.plain(entry.text)
        text = text if len(text) <= LONGEST_NOTE else text[:LONGEST_NOTE] + "…"
        told = Told(Kind.HISTORY_ENTRY_WRITTEN, {}, entry.subject, entry.subject_title, text)
        tell(tx, told, event.recipients)


@on(identity.UserHandedOver)
def tell_of_hand_over(event, tx):
    """Tells somebody that he has now what another was responsible for."""
    if tx.now - tx.cause.time >= NEWS:
        return
    previous = tx.session.get(Person, getattr(event, "from"))
    values = {"previous": previous.display_name if previous else getattr(event, "from")}
    tell(tx, Told(Kind.RECORDS_HANDED_OVER, values), [event.to])


@on(identity.UserCreated, identity.UserUpdated)
def follow_person(event, tx):
    """Keeps what notifications knows of a person: where he is reached, in which language, and what he may do."""
    user = event.user
    values = {name: getattr(user, name) for name in ("display_name", "email", "language", "time_zone")}
    role, state = identity_pb2.User.Role.Name(user.role), identity_pb2.User.State.Name(user.state)
    keep_newer(tx, "person", user, **values, role=role, state=state)


@on(identity.GroupCreated, identity.GroupUpdated)
def follow_group(event, tx):
    """Keeps who is in a group."""
    keep_newer(tx, "group", event.group, members=list(event.group.members))


@on(identity.GroupDeleted)
def forget_group(event, tx):
    """Tells nobody by way of a group that is gone, whatever is heard of it later."""
    keep_newer(tx, "group", event.group, LAST, members=[])


@on(identity.PortalSettingsUpdated)
def follow_portal(event, tx):
    """Keeps what the portal is called, and who may use the CRM: nobody else is told of its records."""
    settings = event.portal_settings
    everyone = settings.crm_access != identity_pb2.PortalSettings.LISTED
    members = list(settings.crm_members)
    rights = {"enabled": settings.crm_enabled, "everyone": everyone, "members": members}
    keep_newer(tx, "portal", settings, title=settings.title, **rights)
