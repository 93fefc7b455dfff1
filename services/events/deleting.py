"""The end of events: with their history and files, and with a letter to the guests if whoever deletes them wants it."""

from crm.events.v1 import events_pb2 as pb
from sqlalchemy import insert, select

from services.events.gathering import each
from services.events.guests import letters
from services.events.guests.inviting import look_up
from services.events.guests.model import EventGuest, GuestMail, Occasion, new_key, uninformed
from services.events.model import Event, State
from services.events.standard import gatherings
from services.events.taking_away import take_away


def delete_event(request, tx):
    """Deletes an event with its history and its files; its guests are told in the same transaction, if at all."""
    told = _expected(request, tx) if request.tell_guests else {}

    def prepare(event):
        if told:
            _call_off(tx, event, told, request.message.strip())
        take_away(tx, event.name)

    return gatherings.delete(request, tx, prepare)


def batch_delete_events(request, tx):
    """Deletes many events, each on its own."""
    how = {"tell_guests": request.tell_guests, "message": request.message}
    refusals = each(request.names, tx, lambda name: delete_event(pb.DeleteEventRequest(name=name, **how), tx))
    return pb.BatchDeleteEventsResponse(deleted_count=len(request.names) - len(refusals), refusals=refusals)


def _expected(request, tx):
    """Returns how those who are expected at an event are written to, by their names; nobody once it is over."""
    event = tx.get(Event, request.name)
    if event.start_time is None or event.state == State.CLOSED or event.ended(tx.now):
        return {}
    contacts = tx.session.scalars(select(EventGuest.contact).where(uninformed(event))).all()
    found = look_up(tx, contacts) if contacts else {}
    return {name: told for name, told in found.items() if told.address and not told.unsubscribed}


def _call_off(tx, event, told, message):
    """Writes to guests that an event does not take place. The letters are written now: soon nothing is left of it."""
    rows = []
    for row in letters.addressed(tx, uninformed(event), EventGuest.contact.in_(told)):
        mail = GuestMail(key=new_key(), occasion=Occasion.EVENT_CANCELLED, message=message, due_time=tx.now)
        mail.before = {"mail_key": row.EventGuest.mail_key}
        mail.request = letters.letter(tx.service, row, told[row.EventGuest.contact], mail).SerializeToString()
        rows.append({name: getattr(mail, name) for name in ("key", "occasion", "message", "request", "due_time")})
    if rows:
        tx.session.execute(insert(GuestMail), rows)
