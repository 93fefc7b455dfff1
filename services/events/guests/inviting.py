"""Inviting contacts to an event: who can be, who cannot and why, and a mail to each."""

from dataclasses import dataclass, field

from crm.contacts.v1 import mailings_pb2
from crm.events.v1 import events_pb2, guests_pb2
from sqlalchemy import case, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.errors import FailedPrecondition, InvalidArgument
from services.events import about, gathering
from services.events.guests import places
from services.events.guests.model import EventGuest, Occasion, Response, outdated, told_of
from services.events.history.writing import write
from services.events.model import Event, Kind, State

# Contacts answers for two thousand at once.
LOOK_UP_SECONDS = 5.0
REASONS = {
    "NOT_FOUND": "there is no {name}",
    "NO_ADDRESS": "it has no e-mail address",
    "UNSUBSCRIBED": "it wants no mail",
    "ALREADY_INVITED": "it was invited already",
}


@dataclass
class Guests:
    """Who would be invited, and who not."""

    # Contact → where and in which language it is written to.
    invited: dict = field(default_factory=dict)
    refusals: list = field(default_factory=list)

    def refuse(self, tx, contact, title, reason):
        """Leaves somebody out."""
        self._add(tx, reason, contact, contact=contact, display_name=title)

    def refuse_hidden(self, tx, reason):
        """Leaves out somebody whom the caller may not see: he learns that there is one, and why."""
        self._add(tx, reason, "contacts/…")

    def _add(self, tx, reason, called, **who):
        said = FailedPrecondition(REASONS[reason], reason, name=called).sentence(tx.actor.language)
        self.refusals.append(guests_pb2.InvitationRefusal(reason=reason, message=said, **who))


def invite_event_participants(request, tx):
    """Invites contacts to an event."""
    event = tx.get(Event, request.name)
    require_open(tx, event)
    guests, refs = _sort_out(request, tx, event)
    if not request.validate_only:
        event = _invite(request, tx, guests, refs)
    message = tx.message(event, events_pb2.Event)
    return guests_pb2.InviteEventParticipantsResponse(
        event=message, invited_count=len(guests.invited), refusals=guests.refusals
    )


def require_open(tx, event):
    """Refuses unless one can be invited to an event, and can answer."""
    if event.start_time is None:
        raise InvalidArgument("say when it begins", "START_REQUIRED", field="start_time")
    require_not_over(tx, event)
    if not tx.service.settings.public_url:
        raise FailedPrecondition(
            "nobody could answer: the operator has not set CRM_PUBLIC_URL", "PUBLIC_URL_MISSING", name=event.name
        )


def require_not_over(tx, event):
    """Refuses what is over or closed."""
    if event.over(tx.now):
        raise FailedPrecondition("the event is over", "EVENT_OVER")


def _sort_out(request, tx, event):
    """Returns who would be invited and who not, and what is known of the contacts that may be."""
    guests = Guests()
    known = {row.contact: row.invite_time for row in _guests_of(tx, event)}
    names = list(request.contacts) or [name for name in event.participants if request.again or not known.get(name)]
    seen = about.seen(tx, names)
    for name in names if request.contacts else ():
        if name not in seen:
            guests.refuse(tx, name, "", "NOT_FOUND")
    refs = {ref.name: ref for ref in seen.values()}
    told = look_up(tx, [*refs]) if refs else {}
    for name, ref in refs.items():
        invited = bool(known.get(name)) and not request.again
        reason = "ALREADY_INVITED" if invited and name in told else left_out(told.get(name))
        if reason:
            guests.refuse(tx, name, ref.title, reason)
        else:
            language = request.language or told[name].language or tx.actor.language
            guests.invited[name] = (told[name].address, language)
    return guests, refs


def left_out(told):
    """Returns why somebody cannot be mailed, "" if he can; `told` is how contacts says he is written to."""
    if told is None:
        return "NOT_FOUND"
    if not told.address:
        return "NO_ADDRESS"
    return "UNSUBSCRIBED" if told.unsubscribed else ""


def _guests_of(tx, event):
    mine = EventGuest.event == event.name
    return tx.session.execute(select(EventGuest.contact, EventGuest.invite_time).where(mine)).all()


def look_up(tx, names):
    """Returns where contacts are written to, by their names."""
    request = mailings_pb2.LookUpContactsRequest(names=names)
    answer = tx.service.peers.ask(request, tx.cause, tx.service.actor, LOOK_UP_SECONDS)
    return {each.contact: each for each in answer.contacts}


def _invite(request, tx, guests, refs):
    """Makes guests of those who are invited, and has them mailed."""
    event = tx.get(Event, request.name, lock=True)
    require_open(tx, event)
    before = tx.message(event, events_pb2.Event)
    _drop_settled(request, tx, event, guests, refs)
    if not guests.invited:
        return event
    added = [refs[name] for name in guests.invited if name not in {*event.participants}]
    if added:
        event.participants = [*event.participants, *(ref.name for ref in added)]
        gathering.require_room(len(event.participants))
        gathering.took_part(tx, event, added)
    ids = _note(tx, event, guests.invited)
    places.mail(tx, event, ids, Occasion.EVENT_INVITATION, request.message.strip())
    write(tx, Kind.PARTICIPANTS_INVITED, event, count=str(len(ids)))
    places.recount(tx, event)
    places.announce(tx, event, [*guests.invited])
    if added:
        gathering.announce_change(tx, event, before, ["participants", "participant_count"])
    return event


def tell_event_guests(request, tx):
    """Tells guests that an event was moved, was called off, or takes place after all."""
    event = tx.get(Event, request.name)
    etag = event.etag
    _require_news(tx, event)
    contacts = {*tx.session.scalars(select(EventGuest.contact).where(outdated(event)))}
    seen = about.seen(tx, contacts)
    told = look_up(tx, contacts) if contacts else {}
    if not request.validate_only:
        event = tx.get(Event, request.name, lock=True)
        # Of what changed this moment whoever tells knows nothing.
        event.require_etag(etag)
    found = tx.session.execute(select(EventGuest.id, EventGuest.contact).where(outdated(event))).all()
    rows = [row for row in found if row.contact in contacts]
    guests = Guests()
    for row in rows:
        reason = left_out(told.get(row.contact))
        if reason and row.contact in seen:
            guests.refuse(tx, row.contact, seen[row.contact].title, reason)
        elif reason:
            guests.refuse_hidden(tx, reason)
        else:
            guests.invited[row.contact] = row.id
    if not request.validate_only and (rows or event.guest_counts.get("outdated_count")):
        _tell(tx, event, rows, [*guests.invited.values()], request.message.strip())
    message = tx.message(event, events_pb2.Event)
    return guests_pb2.TellEventGuestsResponse(event=message, told_count=len(guests.invited), refusals=guests.refusals)


def _require_news(tx, event):
    """Refuses unless guests can be told of an event: one that was called off is, until it would have ended."""
    if event.state != State.CANCELLED or event.start_time is None or event.ended(tx.now):
        require_open(tx, event)


def _tell(tx, event, rows, reachable, message):
    """Has those mailed who are reachable; of the others the caller is told, who may call them.

    Of nobody it puts right what was counted.
    """
    cancelled = event.state == State.CANCELLED
    places.mail(tx, event, reachable, Occasion.EVENT_CANCELLED if cancelled else Occasion.EVENT_CHANGED, message)
    others = {row.id for row in rows}.difference(reachable)
    called = update(EventGuest).where(EventGuest.id.in_(others)).values(told_of(event))
    tx.session.execute(called, execution_options=places.QUIETLY)
    if reachable:
        write(tx, Kind.PARTICIPANTS_TOLD, event, count=str(len(reachable)))
    places.recount(tx, event)
    places.announce(tx, event, [row.contact for row in rows])


def _drop_settled(request, tx, event, guests, refs):
    """Leaves out whom somebody else invited, or took from the event, before it was ours to change."""
    if not request.again:
        for row in _guests_of(tx, event):
            if row.invite_time and guests.invited.pop(row.contact, None):
                guests.refuse(tx, row.contact, refs[row.contact].title, "ALREADY_INVITED")
    if not request.contacts:
        guests.invited = {name: how for name, how in guests.invited.items() if name in {*event.participants}}


def _note(tx, event, invited):
    """Notes who was invited, where and in which language; returns the numbers of the guests."""
    said = {"event": event.name, "response": Response.PENDING, "invite_time": tx.now, "inviter": tx.actor.user or ""}
    rows = [
        {**said, "contact": name, "address": address, "language": language}
        for name, (address, language) in invited.items()
    ]
    fresh = insert(EventGuest)
    noted: dict = {name: fresh.excluded[name] for name in ("address", "language", "invite_time", "inviter")}
    noted["response"] = case(
        (EventGuest.response == Response.UNSPECIFIED, Response.PENDING.value), else_=EventGuest.response
    )
    kept = fresh.on_conflict_do_update(index_elements=["event", "contact"], set_=noted)
    return tx.session.scalars(kept.returning(EventGuest.id), rows).all()
