"""What becomes of what belongs to contacts when they are merged, parted or gone."""

from typing import Any

from crm.events.v1 import events_pb2 as pb
from sqlalchemy import cast, select, update

from services.events.guests import moving as guests
from services.events.guests import places
from services.events.model import ContactRef, Event, File, HistoryEntry, Merge
from services.events.standard import gatherings
from services.events.taking_away import about_events

# What stands in a column `contact`.
BELONGINGS: dict[str, Any] = {"history_entry": HistoryEntry, "file": File}


def merge(tx, heard):
    """Moves what belonged to the source to the target, once."""
    row = tx.session.get(Merge, heard.name, with_for_update=True)
    if row is not None:
        return
    row = Merge(name=heard.name, source=heard.source, target=heard.target, over=False, moved={})
    _lock(tx, heard)
    moved = {}
    for table, model in BELONGINGS.items():
        of = update(model).where(model.contact == heard.source).values(contact=heard.target)
        moved[table] = sorted(tx.session.scalars(of.returning(model.id)))
    named = update(HistoryEntry).where(about_events(), HistoryEntry.related == heard.source)
    moved["related"] = sorted(tx.session.scalars(named.values(related=heard.target).returning(HistoryEntry.id)))
    both = tx.session.scalars(select(Event.id).where(_with(heard.source), _with(heard.target)))
    moved["both"] = sorted(both)
    moved["guests"] = guests.unite(tx, _locked(tx, _with(heard.source)), heard.source, heard.target)
    moved["event"] = _swap(tx, _with(heard.source), heard.source, heard.target)
    row.moved = moved
    tx.session.add(row)
    # Nobody says any more for whom it works.
    tx.session.execute(update(ContactRef).where(ContactRef.name == heard.source).values(company=None))


def unmerge(tx, heard):
    """Moves back what a merge moved, unless it has gone elsewhere since."""
    row = tx.session.get(Merge, heard.name, with_for_update=True)
    if row is None:
        # Heard of before the merge itself, which then has no effect any more.
        tx.session.add(Merge(name=heard.name, source=heard.source, target=heard.target, over=True, moved={}))
        return
    if row.over:
        return
    row.over = True
    _lock(tx, heard)
    for table, model in BELONGINGS.items():
        back = update(model).where(model.id.in_(row.moved.get(table, [])), model.contact == heard.target)
        tx.session.execute(back.values(contact=heard.source))
    named = HistoryEntry.id.in_(row.moved.get("related", [])), HistoryEntry.related == heard.target
    tx.session.execute(update(HistoryEntry).where(*named).values(related=heard.source))
    # Where both took part they do again.
    both = row.moved.get("both", [])
    for event in _locked(tx, Event.id.in_(both) & _with(heard.target) & ~_with(heard.source)):
        _set(tx, event, [*event.participants, heard.source], settle=False)
    one = [event for event in row.moved.get("event", []) if event not in both]
    _swap(tx, Event.id.in_(one) & _with(heard.target), heard.target, heard.source)
    for event in _locked(tx, Event.id.in_(row.moved.get("event", [])) & _with(heard.source)):
        guests.part(tx, event, row.moved.get("guests", {}), heard.source, heard.target)


def leave_events(tx, contacts):
    """Takes contacts that are gone from those who take part."""
    gone = {*contacts}
    for event in _locked(tx, Event.participants.overlap(cast(contacts, Event.participants.type))):
        _set(tx, event, [name for name in event.participants if name not in gone])


def _with(contact):
    return Event.participants.contains([contact])


def _swap(tx, which, old, new):
    """Lets one contact take part in place of another; returns the numbers of the events."""
    changed = _locked(tx, which)
    for event in changed:
        _set(tx, event, list(dict.fromkeys(new if name == old else name for name in event.participants)), settle=False)
    return [event.id for event in changed]


def _locked(tx, which):
    return tx.session.scalars(select(Event).where(which).order_by(Event.id).with_for_update()).all()


def _set(tx, event, participants, settle=True):
    before = tx.message(event, pb.Event)
    event.participants, event.update_time = participants, tx.now
    event.check()
    if settle:
        places.settle(tx, event)
    tx.flush()
    gatherings.announce("Updated", event, tx, ["participants", "participant_count"], before)


def _lock(tx, heard):
    """Waits for whoever is writing about one of the two."""
    both = select(ContactRef.name).where(ContactRef.name.in_([heard.source, heard.target]))
    tx.session.execute(both.order_by(ContactRef.name).with_for_update())
