"""What may be asked of the history."""

from crm.events.v1 import domain_events_pb2 as events
from crm.events.v1 import history_pb2 as pb
from google.protobuf.empty_pb2 import Empty
from sqlalchemy import func, select

from chassis.errors import InvalidArgument, PermissionDenied
from chassis.identity import EVERYONE
from chassis.kit import dictionary, people
from services.events import about
from services.events.model import File, HistoryCategory, HistoryEntry, Principal
from services.events.standard import entries


def create_history_entry(request, tx):
    """Writes down what happened; those to be told are told."""
    subject: list = []

    def complete(entry):
        subject.append(about.settle(tx, entry))
        entry.time = entry.time or tx.now
        _settle(tx, entry)
        told = {*(entry.notify or ())} - {tx.actor.user}
        people.require_known(tx, Principal, told, "notify")
        _require_readers(tx, entry, told)

    message = entries.create(request, tx, complete)
    message.subject_title = subject[0].title
    told = [name for name in message.notify if name != tx.actor.user]
    if told:
        event = events.HistoryEntryAnnounced(history_entry=message, recipients=told)
        tx.announce(event, message.name, message.etag, told, message.subject_title)
    return message


def _require_readers(tx, entry, names):
    """Refuses to tell somebody of a subject that is not open to him, by his own name or by that of a group of his."""
    readers = {*entry.readers()}
    hidden = names - readers
    if not hidden or EVERYONE in readers:
        return
    there = Principal.name.in_(readers), Principal.standing == people.Standing.ACTIVE
    members = select(func.unnest(Principal.members)).where(*there)
    hidden -= {*tx.session.scalars(members)}
    if hidden:
        message = "it is not open to {person}"
        raise InvalidArgument(message, "PERSON_MAY_NOT_SEE", field="notify", person=min(hidden))


def _settle(tx, entry):
    """Settles what an entry points to: its category, and files of its subject."""
    category = entry.category or _first_category(tx)
    entry.category = getattr(dictionary.require_entry(tx, HistoryCategory, category, "category"), "name", None)
    wanted = {*(entry.files or ())}
    if wanted:
        same = (File.contact == entry.contact) if entry.contact else (File.event == entry.event)
        numbers = [int(name.partition("/")[2]) for name in wanted]
        found = tx.session.scalars(select(File.id).where(File.id.in_(numbers), same))
        missing = wanted - {f"files/{number}" for number in found}
        if missing:
            name = min(missing)
            raise InvalidArgument("the subject has no {file}", "FILE_NOT_FOUND", field="files", file=name)


def _first_category(tx):
    first = select(HistoryCategory.id).order_by(HistoryCategory.position).limit(1)
    found = tx.session.scalar(first)
    if found is None:
        raise InvalidArgument("choose a category", "CATEGORY_REQUIRED", field="category")
    return f"{HistoryCategory.collection}/{found}"


def update_history_entry(request, tx):
    """Changes an entry."""

    def complete(entry, changed):
        about.remember_readers(tx, entry)
        entry.time = entry.time or tx.now
        if {"category", "files"} & {*changed}:
            _settle(tx, entry)

    return entries.update(request, tx, complete)


def delete_history_entry(request, tx):
    """Deletes an entry; who may change its subject may too."""
    entry = tx.get(HistoryEntry, request.name)
    _require_say(tx, entry)
    entry.require_etag(request.etag)
    about.remember_readers(tx, entry)
    entries.announce("Deleted", entry, tx)
    tx.session.delete(entry)
    return Empty()


def _require_say(tx, entry):
    if entry.creator != tx.actor.user:
        editable = select(HistoryEntry.id).where(HistoryEntry.id == entry.id, HistoryEntry.subject_editable(tx.actor))
        if tx.session.scalar(editable) is None:
            raise PermissionDenied("you may see {name} but not change it", "PERMISSION_DENIED", name=entry.name)


def pin_history_entry(request, tx):
    """Keeps an entry at the top of its timeline, or lets it go."""
    entry = tx.get(HistoryEntry, request.name)
    _require_say(tx, entry)
    about.remember_readers(tx, entry)
    before = tx.message(entry, pb.HistoryEntry)
    if entry.pinned == request.pinned:
        return before
    entry.pinned, entry.update_time = request.pinned, tx.now
    tx.flush()
    return entries.announce("Updated", entry, tx, ["pinned"], before)
