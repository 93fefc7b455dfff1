"""What time makes events do."""

from sqlalchemy import delete, func, insert, select, update

from chassis.kit import clearing
from chassis.wiring import every
from services.events.files.model import KEPT
from services.events.guests.mailing import mail_guests
from services.events.guests.reminding import remind
from services.events.model import Clearing, DeadBlob, File, FileState, FileVersion, HistoryEntry
from services.events.standard import gatherings

__all__ = ["mail_guests", "remind"]
SOME = 100


@every(1, own_transactions=True)
def clear_what_was_deleted(begin):
    """Takes tags and fields that somebody deleted from the events that have them."""
    clearing.carry_out(begin, Clearing, gatherings)


@every(600)
def delete_for_good(tx):
    """Deletes files that nobody restored in time."""
    due = File.state == FileState.DELETED, File.delete_time < tx.now - KEPT
    for key in tx.session.scalars(select(File.id).where(*due)).all():
        name = f"{File.collection}/{key}"
        with_it = update(HistoryEntry).where(HistoryEntry.files.contains([name]))
        tx.session.execute(with_it.values(files=func.array_remove(HistoryEntry.files, key)))
    doomed = select(FileVersion.blob).join(File, File.id == FileVersion.file).where(*due)
    tx.session.execute(insert(DeadBlob).from_select(["blob"], doomed))
    tx.session.execute(delete(File).where(*due))


@every(5, own_transactions=True)
def delete_dead_blobs(begin):
    """Deletes blobs that nothing names any more."""
    while _delete_some(begin) == SOME:
        pass


def _delete_some(begin):
    with begin() as tx:
        rows = tx.session.scalars(select(DeadBlob).limit(SOME).with_for_update(skip_locked=True)).all()
        for row in rows:
            tx.service.blobs.delete(row.blob)
            tx.session.delete(row)
        return len(rows)


@every(3600, own_transactions=True)
def sweep_blobs(begin):
    """Deletes blobs that no row ever came to name: what a crash left behind."""
    with begin() as tx:
        known = {*tx.session.scalars(select(FileVersion.blob)), *tx.session.scalars(select(DeadBlob.blob))}
        blobs = tx.service.blobs
    blobs.sweep(known)
