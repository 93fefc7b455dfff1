"""Reminders: each once, whoever dies meanwhile and wherever the beginning of the event is moved."""

from datetime import timedelta

from crm.events.v1 import domain_events_pb2 as events
from crm.events.v1 import events_pb2 as pb
from sqlalchemy import select, update

from chassis.wiring import every
from services.events.guests import places
from services.events.guests.model import EventGuest, Occasion, Response
from services.events.model import Event

# What is found later than that is news to nobody.
LATE = timedelta(hours=1)


@every(10, own_transactions=True)
def remind(begin):
    """Reminds the guests of what begins soon, and those who see to it."""
    while True:
        with begin() as tx:
            due = select(Event).where(Event.next_reminder_time <= tx.now).order_by(Event.next_reminder_time).limit(1)
            event = tx.session.scalars(due.with_for_update(skip_locked=True)).first()
            if event is None:
                return
            _remind(tx, event)


def _remind(tx, event):
    """Reminds of one event, of all that is due with one mail; notes it in the same transaction."""
    left = {minutes: event.start_time - timedelta(minutes=minutes) for minutes in event.reminders}
    due = [minutes for minutes, time in left.items() if minutes not in event.reminded and time <= tx.now]
    in_time = [minutes for minutes in due if tx.now - left[minutes] <= LATE]
    reminded = event.reminded
    if in_time and event.start_time > tx.now:
        reminded = [*reminded, *in_time]
        coming = EventGuest.event == event.name, EventGuest.response == Response.ACCEPTED
        guests = tx.session.scalars(select(EventGuest.id).where(*coming)).all()
        places.mail(tx, event, guests, Occasion.EVENT_REMINDER)
        brief = pb.Event(name=event.name, title=event.title, place=event.place, start_time=event.start_time)
        told = events.EventReminded(
            event=brief, minutes=min(in_time), recipients=dict.fromkeys([event.creator, *event.listed])
        )
        tx.announce(told, event.name, event.etag, sorted(event.readers()), event.title)
    # What is dropped now is due again once the beginning is put off.
    noted = {"reminded": reminded, "next_reminder_time": event.reminder_after([*reminded, *due])}
    # The version of the event stays: somebody may just be changing it.
    tx.session.execute(update(Event).where(Event.id == event.id).values(noted), execution_options=places.QUIETLY)
