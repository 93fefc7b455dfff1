"""Who has a place: first come, first served, and who waits gets the next one that is free.

Whoever calls this holds the lock of the event, so no two are given the same place.
"""

from crm.events.v1 import domain_events_pb2 as events
from crm.events.v1 import events_pb2 as pb
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import set_committed_value

from chassis.db import number
from services.events.guests.model import TELLING, Delivery, EventGuest, GuestMail, Occasion, Response, counts, new_key
from services.events.history.writing import write
from services.events.model import ContactRef, Event, Kind

# These change no version, and nobody has the rows at hand.
QUIETLY = {"synchronize_session": False}


def answer(tx, event, guests, wanted):
    """Notes what guests want, of whom those wait for whom there is no place; returns what each whom that changes had
    answered, by contact.
    """
    same = {wanted, Response.WAITING} if wanted == Response.ACCEPTED else {wanted}
    changed = [guest for guest in guests if guest.response not in same]
    before = {guest.contact: guest.response for guest in changed}
    if not changed:
        return before
    for guest in changed:
        guest.response, guest.queue = wanted, None
        guest.response_time = None if wanted == Response.PENDING else tx.now
    if wanted == Response.ACCEPTED:
        _queue(tx, event, changed[room(event) :] if event.capacity else [])
    tx.flush()
    if Response.ACCEPTED in before.values():
        give_places(tx, event)
    recount(tx, event)
    return before


def _queue(tx, event, guests):
    """Has guests wait, after all who do."""
    last = tx.session.scalar(select(end_of_queue(event))) if guests else 0
    for place, guest in enumerate(guests, last):
        guest.response, guest.queue = Response.WAITING, place


def room(event):
    """Returns how many places who accepts now could have: none while another one waits."""
    return 0 if full(event) else event.capacity - event.guest_counts.get("accepted_count", 0)


def full(event):
    """Whether who accepts now waits: all places are taken, or another one waits already."""
    return taken(event) or (bool(event.capacity) and event.guest_counts.get("waiting_count", 0) > 0)


def taken(event):
    """Whether all places are taken."""
    return bool(event.capacity) and event.guest_counts.get("accepted_count", 0) >= event.capacity


def end_of_queue(event):
    """Returns the SQL of the place after all who wait."""
    other = aliased(EventGuest)
    return select(func.coalesce(func.max(other.queue), 0) + 1).where(other.event == event.name).scalar_subquery()


def settle(tx, event):
    """Settles the guests of an event whose participants or places changed: who takes part no more is none, and what is
    free is given to who waits.
    """
    if not event.guest_counts:
        return
    left = EventGuest.event == event.name, EventGuest.contact.not_in(event.participants)
    tx.session.execute(delete(EventGuest).where(*left), execution_options=QUIETLY)
    give_places(tx, event)
    recount(tx, event)


def give_places(tx, event):
    """Gives free places to those who have waited longest, and has them mailed."""
    if event.over(tx.now):
        return
    taken = aliased(EventGuest)
    room = select(event.capacity - func.count()).where(taken.event == event.name, taken.response == Response.ACCEPTED)
    waiting = select(EventGuest.id).where(EventGuest.event == event.name, EventGuest.response == Response.WAITING)
    waiting = waiting.order_by(EventGuest.queue)
    if event.capacity:
        waiting = waiting.limit(func.greatest(room.scalar_subquery(), 0))
    given = update(EventGuest).where(EventGuest.id.in_(waiting)).values(response=Response.ACCEPTED, queue=None)
    rows = tx.session.execute(given.returning(EventGuest.id, EventGuest.contact), execution_options=QUIETLY).all()
    if rows:
        mail(tx, event, [row.id for row in rows], Occasion.EVENT_PLACE)
        note(tx, event, Kind.INVITATION_ACCEPTED, known(tx, [row.contact for row in rows]))


def recount(tx, event):
    """Notes how many guests have come how far; the version of the event stays."""
    of = select(counts(event)).where(EventGuest.event == event.name).scalar_subquery()
    counted = update(Event).where(Event.id == number(event.name, Event.collection)).values(guest_counts=of)
    found = tx.session.scalar(counted.returning(Event.guest_counts), execution_options=QUIETLY)
    set_committed_value(event, "guest_counts", found)


def mail(tx, event, guests, occasion, message=""):
    """Has guests of an event mailed; a job looks up where, and asks notifications to."""
    if not guests:
        return
    if occasion not in TELLING:
        # It has no words of its own: it says the same as one that did not leave yet.
        older = delete(GuestMail).where(GuestMail.guest.in_(guests), GuestMail.occasion == occasion)
        tx.session.execute(older, execution_options=QUIETLY)
    facts = {"occasion": occasion, "message": message, "due_time": tx.now}
    before = _known_before(tx, guests) if occasion == Occasion.EVENT_CHANGED else {}
    rows = [{"guest": guest, "key": new_key(guest), "before": before.get(guest), **facts} for guest in guests]
    tx.session.execute(insert(GuestMail), rows)
    key = select(GuestMail.key).where(GuestMail.guest == EventGuest.id).order_by(GuestMail.id.desc()).limit(1)
    fresh = {"mail_key": key.scalar_subquery(), "delivery": Delivery.QUEUED, "delivery_message": ""}
    marked = update(EventGuest).where(EventGuest.id.in_(guests)).values(fresh)
    tx.session.execute(marked, execution_options=QUIETLY)


def _known_before(tx, guests):
    """Returns what guests were last told, as JSON keeps it, by their numbers."""
    told = EventGuest.told_start_time, EventGuest.told_end_time, EventGuest.told_place, EventGuest.told_cancelled
    found = {}
    for guest, start, end, place, cancelled in tx.session.execute(
        select(EventGuest.id, *told).where(EventGuest.id.in_(guests))
    ):
        times = {"start_time": start, "end_time": end}
        known = {name: time.isoformat() for name, time in times.items() if time}
        found[guest] = known | {"place": place, "cancelled": cancelled}
    return found


def known(tx, contacts):
    """Returns what is known of contacts; they stay until the end."""
    found = select(ContactRef).where(ContactRef.name.in_(contacts), ~ContactRef.deleted).order_by(ContactRef.name)
    return tx.session.scalars(found.with_for_update(read=True)).all()


def note(tx, event, kind, refs, **values):
    """Writes into the history of contacts, and of the event, what became of an invitation."""
    with tx.together():
        for ref in refs:
            write(tx, kind, ref, related=event.name, title=event.title, **values)
            write(tx, kind, event, related=ref.name, title=ref.title, **values)


def announce(tx, event, contacts, changes=()):
    """Announces that something became of guests, to whom the event is open."""
    told = pb.Event(name=event.name, guest_counts=event.guest_counts)
    few = [*contacts] if len(contacts) <= 20 else []
    changed = events.EventGuestsChanged(event=told, contacts=few)
    # Pages pass over a version that they know.
    tx.announce(changed, event.name, "", sorted(event.readers()), event.title, changes)
