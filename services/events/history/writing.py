"""What the system writes into the history, told in the reader's language when it is read."""

from datetime import UTC

from crm.events.v1 import history_pb2 as pb
from sqlalchemy import select

from services.events import about
from services.events.model import HistoryEntry, Kind
from services.events.standard import entries


def write(tx, kind, subject, *, related="", time=None, **values):
    """Adds an entry about a subject (an Event or a ContactRef) and announces it."""
    entry = HistoryEntry(
        kind=kind,
        time=time or tx.now,
        values={name: value for name, value in values.items() if value},
        related=related,
        category=None,
        files=[],
        notify=[],
        pinned=False,
        text="",
    )
    entry.belong_to(subject)
    entry.check()
    tx.add(entry)
    message = tx.message(entry, pb.HistoryEntry)
    message.subject_title = entry.known_title
    entries.announce_as(message, "Created", entry, tx)
    return entry


def note_creation(tx, contacts):
    """Writes into the history of contacts that they were added: once, however late that is heard of again."""
    found = about.seen(tx, [contact.name for contact in contacts])
    kept = HistoryEntry.contact.in_({ref.name for ref in found.values()})
    written = select(HistoryEntry.contact, HistoryEntry.time).where(kept, HistoryEntry.kind == Kind.RECORD_CREATED)
    there = {tuple(row) for row in tx.session.execute(written)}
    with tx.together():
        for contact in contacts:
            time, ref = contact.create_time.ToDatetime(UTC), found.get(contact.name)
            if ref is not None and (ref.name, time) not in there:
                write(tx, Kind.RECORD_CREATED, ref, time=time, title=contact.display_name)
