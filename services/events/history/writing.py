"""What the system writes into the history, told in the reader's language when it is read."""

from crm.events.v1 import history_pb2 as pb

from services.events.model import HistoryEntry
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
