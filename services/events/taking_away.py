"""What goes with a subject that goes: its history and its files."""

from sqlalchemy import delete, insert, literal_column, select

from services.events.model import DeadBlob, File, FileVersion, HistoryEntry


def take_away(tx, *subjects):
    """Deletes entries and files of subjects, unannounced: who hears of a subject's end knows that nothing is left."""
    of = _about(File, subjects)
    doomed = select(FileVersion.blob).join(File, File.id == FileVersion.file).where(of)
    tx.session.execute(insert(DeadBlob).from_select(["blob"], doomed))
    tx.session.execute(delete(File).where(of))
    tx.session.execute(delete(HistoryEntry).where(_about(HistoryEntry, subjects)))
    if any(name.startswith("contacts/") for name in subjects):
        # No event names a contact that is gone either.
        tx.session.execute(delete(HistoryEntry).where(about_events(), HistoryEntry.related.in_(subjects)))


def about_events():
    """Returns the SQL condition for the entries about events, which may name contacts; as their index has it."""
    return HistoryEntry.event > literal_column("0")


def _about(model, subjects):
    contacts = [name for name in subjects if name.startswith("contacts/")]
    events = [name for name in subjects if name.startswith("events/")]
    return model.contact.in_(contacts) if contacts else model.event.in_(events)
