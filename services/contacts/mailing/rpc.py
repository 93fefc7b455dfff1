"""What administrators may ask of mailings."""

import uuid
from itertools import chain

from crm.contacts.v1 import domain_events_pb2 as events
from crm.contacts.v1 import mailings_pb2 as pb
from crm.notifications.v1 import notifications_pb2
from google.protobuf.empty_pb2 import Empty
from sqlalchemy import func, select

from chassis.errors import FailedPrecondition, InvalidArgument
from chassis.mail import one_line
from chassis.standard import Standard
from chassis.wiring import in_parts, own_transactions
from services.contacts.mailing import recipients
from services.contacts.mailing.letters import Letters, content_type, require_tags
from services.contacts.mailing.model import Mailing, MailingAttachment, unsubscribed
from services.contacts.model import Contact

mailings = Standard(Mailing, pb.Mailing, events)
# Of all attachments together, and how many.
LARGEST, FILES = 10 * 1024 * 1024, 20
# The gateway waits ten seconds for an answer.
TEST_SECONDS = 9.0


def get_mailing(request, tx):
    """Returns a mailing."""
    tx.actor.require_admin()
    return mailings.get(request, tx)


def list_mailings(request, tx):
    """Lists the mailings."""
    tx.actor.require_admin()
    return mailings.list(request, tx, pb.ListMailingsResponse)


def create_mailing(request, tx):
    """Begins a draft, in the language of whoever writes it."""
    tx.actor.require_admin()

    def prepare(row):
        row.language = row.language or tx.actor.language
        require_tags(tx, row)

    return mailings.create(request, tx, prepare)


def update_mailing(request, tx):
    """Changes a draft."""
    tx.actor.require_admin()

    def prepare(row, changed):
        # Nothing selected is not everything; and who are named now are not selected any more.
        if {"selection", "contacts"} & {*changed} and not request.mailing.HasField("selection"):
            row.selection = None
        row.language = row.language or tx.actor.language
        require_tags(tx, row)

    return mailings.update(request, tx, prepare)


@own_transactions
def delete_mailing(request, begin):
    """Forgets a mailing; its files go once nothing names them any more."""
    with begin() as tx:
        tx.actor.require_admin()
        row = tx.get(Mailing, request.name, lock=True)
        files = tx.session.scalars(select(MailingAttachment.blob).where(MailingAttachment.mailing == row.id)).all()
        mailings.delete(request, tx, lambda row: row.require_idle())
        blobs = tx.service.blobs
    for name in files:
        blobs.delete(name)
    return Empty()


@in_parts
def upload_mailing_attachment(upload, begin):
    """Attaches a file to a draft."""
    name = upload.request.name
    with begin() as tx:
        tx.actor.require_admin()
        room = _room(tx, _draft(tx, name))
        blobs = tx.service.blobs
    sizes: list[int] = []
    blob = blobs.put(_bounded(upload.parts, room, sizes))
    with blobs.until_named(blob), begin() as tx:
        row = _draft(tx, name)
        if sum(sizes) > _room(tx, row):
            raise _too_large()
        title = one_line(upload.request.file_name)
        file = MailingAttachment(mailing=row.id, file_name=title, content_type=content_type(title))
        file.blob, file.size = blob, sum(sizes)
        tx.session.add(file)
        return _changed_files(tx, row, (None, title))


@own_transactions
def remove_mailing_attachment(request, begin):
    """Takes a file off a draft; one that is off already is off."""
    with begin() as tx:
        tx.actor.require_admin()
        row = _draft(tx, request.name)
        mine = select(MailingAttachment).where(MailingAttachment.mailing == row.id)
        file = tx.session.scalar(mine.where(MailingAttachment.id == int(request.attachment)))
        if file is None:
            return tx.message(row, pb.Mailing)
        blobs, blob = tx.service.blobs, file.blob
        tx.session.delete(file)
        answer = _changed_files(tx, row, (file.file_name, None))
    blobs.delete(blob)
    return answer


def _draft(tx, name):
    row = tx.get(Mailing, name, lock=True)
    row.require_changeable()
    return row


def _room(tx, row):
    """Returns how many bytes may be added. Refuses if there are too many files."""
    mine = MailingAttachment.mailing == row.id
    count, size = tx.session.execute(select(func.count(), func.sum(MailingAttachment.size)).where(mine)).one()
    if count >= FILES:
        raise FailedPrecondition("no more than {most} files", "TOO_MANY_ATTACHMENTS", name=row.name, most=FILES)
    return LARGEST - (size or 0)


def _bounded(parts, room, sizes):
    """Gives the parts of a file, and notes their sizes. Refuses one that is empty or too large."""
    parts = iter(parts)
    first = next((part for part in parts if part), b"")
    if not first:
        raise InvalidArgument("the file is empty", "FILE_EMPTY", field="file")
    for part in chain([first], parts):
        sizes.append(len(part))
        if sum(sizes) > room:
            raise _too_large()
        yield part


def _too_large():
    return InvalidArgument("larger than {limit}", "FILE_TOO_LARGE", field="file", limit="10 MB")


def _changed_files(tx, row, change):
    row.update_time = tx.now
    tx.flush()
    message = tx.message(row, pb.Mailing)
    event = events.MailingUpdated(mailing=message)
    event.changed.paths.append("attachments")
    tx.publish(event, row, [("attachments", *change)])
    return message


def preview_mailing(request, tx):
    """Shows the letter as one contact would get it."""
    tx.actor.require_admin()
    mailing, contact = tx.get(Mailing, request.name), tx.get(Contact, request.contact)
    address, gone = _reached(tx, contact)
    letter, _ = Letters(tx, mailing).of(tx, contact, address, trial=True)
    warnings = [*(["NO_ADDRESS"] if not address else []), *(["UNSUBSCRIBED"] if gone else [])]
    return pb.PreviewMailingResponse(
        address=address,
        subject=letter.subject,
        html=letter.html,
        text=letter.text,
        warnings=[*warnings, *(f"EMPTY_TAG {tag}" for tag in letter.empty)],
    )


def _reached(tx, contact):
    """Returns where a contact is written to, "" if nowhere, and whether it wants none of it."""
    entries = [entry["value"] for entry in contact.emails if entry.get("primary")]
    gone = tx.session.scalar(select(unsubscribed(Contact)).where(Contact.id == contact.id))
    return (entries or [""])[0], gone


@own_transactions
def test_mailing(request, begin):
    """Sends the letter to whoever asks, in no transaction: the server may be slow."""
    with begin() as tx:
        tx.actor.require_admin()
        mailing, contact = tx.get(Mailing, request.name), tx.get(Contact, request.contact)
        letters = Letters(tx, mailing)
        letters.read_files(tx)
        letter, link = letters.of(tx, contact, _reached(tx, contact)[0], trial=True)
        tx.announce(events.MailingTested(mailing=brief(tx, mailing)), mailing.name, mailing.etag)
    sending = letters.request(letter, link, uuid.uuid4(), user=tx.actor.user)
    service = tx.service
    answer = service.peers.ask(sending, tx.cause, service.actor, TEST_SECONDS)
    result = notifications_pb2.SendMailResponse.Result.Name(answer.result)
    if result not in ("SENT", "KEPT"):
        raise FailedPrecondition("the mail server did not take it: {words}", "MAIL_REFUSED", words=answer.words)
    return pb.TestMailingResponse(state=result)


def brief(tx, mailing):
    """Returns the message of a mailing without its long parts."""
    message = tx.message(mailing, pb.Mailing)
    for field in ("body", "contacts"):
        message.ClearField(field)
    return message


def start_mailing(request, tx):
    """Settles who the recipients are, and begins to send; or only counts them."""
    tx.actor.require_admin()
    row = tx.get(Mailing, request.name, lock=True)
    row.require_etag(request.etag)
    before = tx.message(row, pb.Mailing)
    row.require_complete()
    require_tags(tx, row)
    if not tx.service.settings.public_url:
        raise FailedPrecondition("there is no address at which people could unsubscribe", "PUBLIC_URL_MISSING")
    if request.validate_only:
        with tx.session.no_autoflush:
            recipients.count(tx, row)
        before.recipient_count, before.skipped_count = row.recipient_count, row.skipped_count
        tx.session.expunge(row)
        return before
    recipients.settle(tx, row)
    row.start(tx.actor, tx.now)
    tx.flush()
    return mailings.announce("Updated", row, tx, ["state", "recipient_count"], before)


def cancel_mailing(request, tx):
    """Stops a mailing."""
    tx.actor.require_admin()
    row = tx.get(Mailing, request.name, lock=True)
    before = tx.message(row, pb.Mailing)
    row.cancel(tx.now)
    tx.flush()
    return mailings.announce("Updated", row, tx, ["state"], before)
