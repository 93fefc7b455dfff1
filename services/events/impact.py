"""What of events hangs on a contact."""

from crm.events.v1 import events_pb2 as pb
from crm.type.v1.impact_pb2 import Impact, ImpactExample
from sqlalchemy import func, select, true

from services.events.model import Event, File, FileState, HistoryEntry, Kind

EXAMPLES = 10
EVERY = true()


def get_contact_impact(request, tx):
    """Returns what goes with a contact, and what loses it."""
    contact = request.contact
    there = File.contact == contact, File.state == FileState.ACTIVE
    notes = HistoryEntry.contact == contact, HistoryEntry.kind == Kind.NOTE
    takes_part = Event.participants.contains([contact])
    found = [
        # Who asks is contacts, for whoever may see the contact: private events are counted, and not named.
        _impact(tx, Event, "Event", Event.title, Impact.DETACHED, takes_part, shown=~Event.is_private),
        _impact(tx, HistoryEntry, "HistoryEntry", HistoryEntry.search_text, Impact.DELETED, *notes),
        _impact(tx, File, "File", File.title, Impact.DELETED, *there),
    ]
    return pb.GetContactImpactResponse(impacts=[each for each in found if each.count])


def _impact(tx, model, kind, title, effect, *which, shown=EVERY):
    count = tx.session.scalar(select(func.count()).select_from(model).where(*which))
    first = select(model.id, title).where(*which, shown).order_by(model.id.desc()).limit(EXAMPLES)
    examples = [
        ImpactExample(name=f"{model.collection}/{key}", title=text[:80]) for key, text in tx.session.execute(first)
    ]
    return Impact(service="events", type=kind, count=count, effect=effect, examples=examples if count else [])
