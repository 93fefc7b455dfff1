"""Taking an import back: the events it added go, unless somebody has been there since. The last rows come first."""

from sqlalchemy import select

from chassis.kit import askers
from chassis.kit.importing.model import Outcome, State, Undo
from chassis.kit.importing.running import end_undoing, note_undone
from chassis.tx import Cause
from services.events.importing.model import EventImport, EventImportRow
from services.events.model import Event, EventGuest, File, HistoryEntry, Kind, Principal
from services.events.standard import gatherings
from services.events.taking_away import take_away

STEP = 500
CHANGED_SINCE = [-1, "CHANGED_SINCE", "somebody has changed it since", []]
WRITTEN_SINCE = [-1, "WRITTEN_SINCE", "somebody has invited guests, written about it or uploaded something since", []]


def undo_some(service, job, kind):
    """Takes some more of an import back; nobody else is asked, so there always is more to do until it is over."""
    cause = Cause(actor=job.importer.name, session=job.importer.session, bulk=job.name)
    with service.begin(job.importer, cause) as tx:
        row = tx.session.get(EventImport, job.id, with_for_update=True, populate_existing=True)
        if row is None or row.state != State.UNDOING:
            return False
        askers.require_here(tx, Principal, job.importer)
        left = EventImportRow.import_id == row.id, EventImportRow.outcome == Outcome.CREATED, EventImportRow.undo == ""
        latest = select(EventImportRow).where(*left).order_by(EventImportRow.id.desc()).limit(STEP)
        steps = tx.session.scalars(latest).all()
        if steps:
            _take_back(tx, steps)
        note_undone(kind, tx, row)
        if not steps:
            end_undoing(kind, tx, row)
        return True


def _take_back(tx, steps):
    """Deletes the events that rows added, and notes which stay."""
    numbers = {step.event for step in steps}
    locked = select(Event).where(Event.id.in_(numbers)).order_by(Event.id).with_for_update()
    found = {event.id: event for event in tx.session.scalars(locked)}
    written = _written_about(tx, numbers)
    going = []
    for step in steps:
        event = found.get(step.event)
        if event is None:
            step.undo = Undo.DONE
        elif event.version != step.version or event.id in written:
            reason = WRITTEN_SINCE if event.version == step.version else CHANGED_SINCE
            step.undo, step.problems = Undo.KEPT, [reason]
        else:
            step.undo = Undo.DONE
            going.append(event)
    for event in going:
        gatherings.announce("Deleted", event, tx)
        tx.session.delete(event)
    if going:
        take_away(tx, *(event.name for event in going))


def _written_about(tx, numbers):
    """Returns the events to which somebody has invited guests, or about which there are notes or files."""
    names = [f"{Event.collection}/{number}" for number in numbers]
    notes = select(HistoryEntry.event).where(HistoryEntry.event.in_(names), HistoryEntry.kind == Kind.NOTE)
    files = select(File.event).where(File.event.in_(names))
    guests = select(EventGuest.event).where(EventGuest.event.in_(names))
    return {
        int(name.rpartition("/")[2])
        for about in (notes, files, guests)
        for name in tx.session.scalars(about.distinct())
    }
