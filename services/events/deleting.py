"""The end of events: with their history and files, and with a letter to the guests if whoever deletes them wants it."""

from crm.events.v1 import events_pb2 as pb
from sqlalchemy import and_, insert, or_, select

from services.events.gathering import each
from services.events.guests import letters
from services.events.guests.inviting import look_up
from services.events.guests.model import EXPECTED, EventGuest, GuestMail, Occasion, awaits, new_key, uninformed
from services.events.model import Event, State
from services.events.standard import gatherings
from services.events.taking_away import take_away


def delete_event(request, tx):
    """Deletes an event with its history and its files; its guests are told in the same transaction, if at all."""
    event = tx.get(Event, request.name)
    # Letters that wait would go with their guests.
    waiting = and_(EventGuest.event == event.name, awaits(Occasion.EVENT_CANCELLED), EventGuest.response.in_(EXPECTED))
    which = or_(waiting, uninformed(event)) if request.tell_guests and _tells(tx, event) else waiting
    told = _reached(tx, which) if event.guest_counts else {}

    def prepare(event):
        if told:
            _call_off(tx, and_(which, EventGuest.contact.in_(told)), told, request.message.strip())
        take_away(tx, event.name)

    return gatherings.delete(request, tx, prepare)


def batch_delete_events(request, tx):
    """Deletes many events, each on its own."""
    how = {"tell_guests": request.tell_guests, "message": request.message}
    refusals = each(request.names, tx, lambda name: delete_event(pb.DeleteEventRequest(name=name, **how), tx))
    return pb.BatchDeleteEventsResponse(deleted_count=len(request.names) - len(refusals), refusals=refusals)


def _tells(tx, event):
    """Whether there is anything to tell guests: nothing once it is over."""
    return event.start_time is not None and event.state != State.CLOSED and not event.ended(tx.now)


def _reached(tx, which):
    """Returns how guests are written to, by their names."""
    contacts = tx.session.scalars(select(EventGuest.contact).where(which)).all()
    found = look_up(tx, contacts) if contacts else {}
    return {name: told for name, told in found.items() if told.address and not told.unsubscribed}


def _call_off(tx, which, told, message):
    """Writes to guests that an event does not take place. The letters are written now: soon nothing is left of it."""
    rows = letters.addressed(tx, which)
    waiting = select(GuestMail.guest, GuestMail.message).where(GuestMail.occasion == Occasion.EVENT_CANCELLED)
    ids = [row.EventGuest.id for row in rows]
    said = dict(tx.session.execute(waiting.where(GuestMail.guest.in_(ids))).all())
    written = []
    for row in rows:
        guest = row.EventGuest
        words = said.get(guest.id, message)
        mail = GuestMail(key=new_key(guest.id), occasion=Occasion.EVENT_CANCELLED, message=words, due_time=tx.now)
        mail.request = letters.letter(tx.service, row, told[guest.contact], mail).SerializeToString()
        written.append({name: getattr(mail, name) for name in ("key", "occasion", "message", "request", "due_time")})
    if written:
        tx.session.execute(insert(GuestMail), written)
