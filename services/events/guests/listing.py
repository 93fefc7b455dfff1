"""Who takes part in an event, and what became of each invitation."""

from crm.events.v1 import events_pb2 as pb
from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from chassis.aip.filtering import column_name, condition
from chassis.aip.paging import DEFAULT_SIZE
from chassis.db import number
from chassis.errors import InvalidArgument
from chassis.standard import words
from services.events import about
from services.events.guests.model import Attendance, Delivery, EventGuest, Response
from services.events.model import ContactRef, Event

SHOWN = (
    *("response", "attendance", "address", "invite_time", "response_time"),
    *("delivery", "delivery_message", "comment"),
)


class Participant:
    """One who takes part as a filter sees him; whoever is no guest yet was not invited."""

    filterable = ("response", "attendance", "delivery", "invite_time", "response_time")
    response = func.coalesce(EventGuest.response, Response.UNSPECIFIED.value)
    attendance = func.coalesce(EventGuest.attendance, Attendance.UNSPECIFIED.value)
    delivery = func.coalesce(EventGuest.delivery, Delivery.UNSPECIFIED.value)
    invite_time = EventGuest.invite_time
    response_time = EventGuest.response_time

    @classmethod
    def filtered(cls, field, operator, value):
        """Refuses what every resource has, but he has not."""
        if column_name(field) not in cls.filterable:
            why = f"there is nothing called {field!r} to filter by"
            raise InvalidArgument("the filter is wrong: {why}", "INVALID_FILTER", field="filter", why=why)


def list_event_participants(request, tx):
    """Lists who takes part; contacts that the caller may not see are only counted."""
    event = tx.get(Event, request.name)
    visible = ~ContactRef.deleted if tx.actor.sees_all else ContactRef.readers.overlap([*tx.actor.principals])
    seen = and_(ContactRef.name.in_(event.participants), visible)
    wanted = and_(seen, condition(request.filter, Participant), *(_called(word) for word in words(request.q)))
    size, query = request.page_size or DEFAULT_SIZE, repr(("participants", event.name, request.q, request.filter))
    guest = and_(EventGuest.contact == ContactRef.name, EventGuest.event == event.name)
    some = select(ContactRef.name, ContactRef.title, EventGuest, _waiting_position())
    some = some.outerjoin(EventGuest, guest).where(wanted).order_by(ContactRef.title, ContactRef.name)
    if request.page_token:
        some = some.where(_after(*tx.service.tokens.read(query, request.page_token)))
    rows = tx.session.execute(some.limit(size + 1)).all()
    counted = select(func.count().filter(wanted), func.count()).select_from(ContactRef).outerjoin(EventGuest, guest)
    total, count = tx.session.execute(counted.where(seen)).one()
    response = pb.ListEventParticipantsResponse(hidden_count=len(event.participants) - count, total_size=total)
    response.participants.extend(shown(event.name, *row) for row in rows[:size])
    if len(rows) > size:
        response.next_page_token = tx.service.tokens.make(query, [rows[size - 1].title, rows[size - 1].name])
    return response


def _called(word):
    """Returns the SQL condition that a word occurs in a contact's name, which is folded as the word is."""
    folded = func.replace(func.translate(func.lower(ContactRef.title), "ёς", "еσ"), "ß", "ss")
    return folded.contains(word, autoescape=True)


def _after(title, name):
    later = (ContactRef.title == title) & (ContactRef.name > name)
    return (ContactRef.title > title) | later


def _waiting_position():
    """Returns the SQL of the place of a guest among those who wait; 0 if he does not."""
    other = aliased(EventGuest)
    before = (
        (other.event == EventGuest.event) & (other.response == Response.WAITING) & (other.queue <= EventGuest.queue)
    )
    return select(func.count()).select_from(other).where(before).correlate(EventGuest).scalar_subquery()


def waiting_position(tx, guest):
    """Returns the place of a guest among those who wait; 0 if he does not."""
    if guest.response != Response.WAITING:
        return 0
    return tx.session.scalar(select(_waiting_position()).select_from(EventGuest).where(EventGuest.id == guest.id))


def batch_get_event_participants(request, tx):
    """Returns what became of a contact in each of several events."""
    ref = about.look(tx, request.contact)
    numbers = [number(name, Event.collection) for name in request.names]
    guest = and_(EventGuest.contact == ref.name, EventGuest.event == Event.id)
    some = select(Event.id, EventGuest, _waiting_position()).outerjoin(EventGuest, guest)
    some = some.where(Event.id.in_(numbers), Event.visible(tx.actor), Event.participants.contains([ref.name]))
    found = {event: (guest, position) for event, guest, position in tx.session.execute(some)}
    told = [
        shown(name, ref.name, ref.title, *found[key])
        for name, key in zip(request.names, numbers, strict=True)
        if key in found
    ]
    return pb.BatchGetEventParticipantsResponse(participants=told)


def shown(event, contact, title, guest, position):
    """Returns somebody who takes part as the contract has him."""
    told = {name: getattr(guest, name) for name in SHOWN} if guest is not None else {}
    return pb.EventParticipant(event=event, contact=contact, display_name=title, waiting_position=position, **told)
