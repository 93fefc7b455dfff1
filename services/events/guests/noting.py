"""What those who see to an event note about its guests: an answer given by telephone, and who was there."""

from crm.events.v1 import events_pb2 as pb
from crm.events.v1 import history_pb2
from sqlalchemy import delete, func, insert, select

from chassis.errors import InvalidArgument
from services.events import about
from services.events.guests import places
from services.events.guests.inviting import look_up
from services.events.guests.listing import shown, waiting_position
from services.events.guests.model import Attendance, EventGuest, Response, told_of
from services.events.model import Event, HistoryEntry, Kind
from services.events.standard import entries

KINDS = {Response.ACCEPTED: Kind.INVITATION_ACCEPTED, Response.DECLINED: Kind.INVITATION_DECLINED}


def set_event_participant_response(request, tx):
    """Notes what a guest answered by other ways than the link."""
    event, [ref] = _taking_part(tx, request.name, [request.contact])
    [guest] = _guests(tx, event, [ref.name])
    _note_answers(tx, event, {ref.name: ref}, [guest], request.response)
    return shown(event.name, ref.name, ref.title, guest, waiting_position(tx, guest))


def batch_set_event_participant_responses(request, tx):
    """Notes what several guests answered by other ways than the link."""
    event, found = _taking_part(tx, request.name, request.contacts)
    refs = {ref.name: ref for ref in found}
    _note_answers(tx, event, refs, _guests(tx, event, [*refs]), request.response)
    return tx.message(event, pb.Event)


def _note_answers(tx, event, refs, guests, response):
    wanted = pb.EventParticipant.Response.Name(response)
    if wanted == Response.ACCEPTED:
        _find_addresses(tx, [guest for guest in guests if not guest.address])
    for guest in guests:
        # Whoever speaks with him knows in which; what he prefers himself is asked when he is written to.
        guest.language = guest.language or tx.actor.language
        if guest.told_start_time is None:
            # Whoever answers by telephone knows what he answers.
            for field, value in told_of(event).items():
                setattr(guest, field, value)
    before = places.answer(tx, event, guests, wanted)
    if before:
        tell_answers(tx, event, {contact: refs[contact] for contact in before}, guests, wanted, before)


def _find_addresses(tx, guests):
    """Notes where guests who were not invited by mail are reminded, if they can be."""
    told = look_up(tx, [guest.contact for guest in guests]) if guests else {}
    for guest in guests:
        where = told.get(guest.contact)
        if where is not None and where.address and not where.unsubscribed:
            guest.address, guest.language = where.address, where.language or tx.actor.language


def tell_answers(tx, event, refs, guests, wanted, before):
    """Writes answers into the history, and announces them; `refs` is what is known of the contacts that changed, and
    `before` what each had answered.
    """
    now = {guest.contact: guest.response for guest in guests if guest.contact in before}
    for waiting in (False, True) if wanted in KINDS else ():
        some = [ref for name, ref in refs.items() if (now[name] == Response.WAITING) == waiting]
        places.note(tx, event, KINDS[Response(wanted)], some, waiting="true" if waiting else "")
    told = [(f"response of {contact}", before[contact], response) for contact, response in now.items()]
    places.announce(tx, event, [*now], told)


def mark_event_attendance(request, tx):
    """Notes who was there, and who was not."""
    event, found = _taking_part(tx, request.name, request.contacts)
    refs = {ref.name: ref for ref in found}
    noted = pb.EventParticipant.Attendance.Name(request.attendance)
    changed = [guest for guest in _guests(tx, event, [*refs]) if guest.attendance != noted]
    if not changed:
        return tx.message(event, pb.Event)
    contacts = [guest.contact for guest in changed]
    were_there = [guest.contact for guest in changed if guest.attendance == Attendance.ATTENDED]
    told = [(f"attendance of {guest.contact}", guest.attendance, noted) for guest in changed]
    for guest in changed:
        guest.attendance = noted
    tx.flush()
    if were_there:
        _take_back(tx, event, were_there)
    if noted == Attendance.ATTENDED:
        places.note(tx, event, Kind.ATTENDED, [refs[name] for name in contacts])
    places.recount(tx, event)
    places.announce(tx, event, contacts, told)
    return tx.message(event, pb.Event)


def _taking_part(tx, name, names):
    """Returns an event, kept from others, and what is known of contacts. Refuses those that do not take part, or that
    the caller may not see.
    """
    # Contacts before the event, as merges do; else each could wait for the other.
    found = about.seen(tx, names)
    event = tx.get(Event, name, lock=True)
    for each in names:
        if each not in found or found[each].name not in event.participants:
            raise InvalidArgument("{contact} does not take part", "NOT_PARTICIPATING", field="contacts", contact=each)
    return event, [*{ref.name: ref for ref in found.values()}.values()]


def _guests(tx, event, contacts):
    """Returns the guests that contacts are; they are from now on, if they only took part."""
    mine = EventGuest.event == event.name, EventGuest.contact.in_(contacts)
    found = {guest.contact: guest for guest in tx.session.scalars(select(EventGuest).where(*mine))}
    missing = [name for name in contacts if name not in found]
    if missing:
        rows = [{"event": event.name, "contact": name} for name in missing]
        fresh = tx.session.scalars(insert(EventGuest).returning(EventGuest), rows)
        found |= {guest.contact: guest for guest in fresh}
    return [found[name] for name in contacts]


def _take_back(tx, event, contacts):
    """Takes out of the history that contacts were at an event."""
    on_theirs = HistoryEntry.contact.in_(contacts) & (HistoryEntry.related == event.name)
    on_its = (HistoryEntry.event == event.name) & HistoryEntry.related.in_(contacts)
    said = select(HistoryEntry).where(HistoryEntry.kind == Kind.ATTENDED, func.coalesce(on_theirs, False) | on_its)
    found = tx.session.scalars(said).all()
    with tx.together():
        for entry in found:
            about.remember_readers(tx, entry)
            entries.announce_as(history_pb2.HistoryEntry(name=entry.name), "Deleted", entry, tx)
    gone = delete(HistoryEntry).where(HistoryEntry.id.in_([entry.id for entry in found]))
    tx.session.execute(gone, execution_options=places.QUIETLY)
