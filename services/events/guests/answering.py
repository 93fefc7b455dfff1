"""The link in a mail: what it invites to, and what its reader answers, without signing in.

The link holds event and contact, signed: it stays good when the contact is merged into another one, and opens nothing
once the contact takes part no more.
"""

from dataclasses import dataclass

from crm.events.v1 import guests_pb2 as pb
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from chassis.db import number
from chassis.errors import InvalidArgument, no_such
from services.events import about, calendar
from services.events.guests import places
from services.events.guests.inviting import require_not_over
from services.events.guests.listing import waiting_position
from services.events.guests.model import EventGuest, Response
from services.events.guests.noting import tell_answers
from services.events.model import ContactRef, Event, Principal, State

# What page tokens are never made for.
PURPOSE = "event invitation"
COLLECTION = "eventInvitations"


@dataclass
class Invitation:
    """What a link stands for."""

    event: Event
    guest: EventGuest
    contact: ContactRef
    time_zone: str
    # What whoever invited him is called.
    inviter: str


def token(service, event, contact):
    """Returns what stands for a guest in the link of a mail: signed, and good without any record of ours."""
    return service.tokens.make(PURPOSE, [number(event, "events"), number(contact, "contacts")])


def _found(tx, name, lock=False):
    """Returns what a link stands for, or refuses with NOT_FOUND; with `lock` kept from others."""
    unknown = no_such(f"{COLLECTION}/…")
    try:
        event_number, contact_number = tx.service.tokens.read(PURPOSE, name.partition("/")[2])
    except InvalidArgument as error:
        raise unknown from error
    named = f"contacts/{contact_number}"
    if lock:
        # Contact before event, as merges do; else each could wait for the other.
        _keep(tx, named)
    contact = about.survivors(tx, [named])[named]
    if lock and contact != named:
        _keep(tx, contact)
    event = tx.session.get(Event, event_number, with_for_update=lock or None)
    if event is None:
        raise unknown
    mine = EventGuest.event == event.name, EventGuest.contact == contact, ~ContactRef.deleted
    inviter = aliased(Principal)
    there = (
        select(EventGuest, ContactRef, Principal.time_zone, inviter.display_name.label("inviter"))
        .join(ContactRef, ContactRef.name == EventGuest.contact)
        .outerjoin(Principal, Principal.name == event.creator)
        .outerjoin(inviter, inviter.name == func.coalesce(func.nullif(EventGuest.inviter, ""), event.creator))
        .where(*mine)
    )
    found = tx.session.execute(there).first()
    if found is None:
        raise unknown
    return Invitation(event, found.EventGuest, found.ContactRef, found.time_zone or "UTC", found.inviter or "")


def _keep(tx, contact):
    """Keeps a contact from being merged or deleted until the transaction ends."""
    tx.session.execute(select(ContactRef.name).where(ContactRef.name == contact).with_for_update(read=True))


def get_event_invitation(request, tx):
    """Returns what a link invites to."""
    return _shown(tx, request.name, _found(tx, request.name))


def accept_event_invitation(request, tx):
    """Accepts an invitation, or waits for a place."""
    return _answer(request, tx, Response.ACCEPTED)


def decline_event_invitation(request, tx):
    """Declines an invitation."""
    return _answer(request, tx, Response.DECLINED)


def _answer(request, tx, wanted):
    # What it does is done by no user.
    tx.actor = tx.service.actor
    found = _found(tx, request.name, lock=True)
    event, guest = found.event, found.guest
    require_not_over(tx, event)
    comment = request.comment.strip()
    told_more, guest.comment = comment != guest.comment, comment
    before = places.answer(tx, event, [guest], wanted)
    if before:
        guest.count_change(tx.now)
        tell_answers(tx, event, {guest.contact: found.contact}, [guest], wanted, before)
    elif told_more:
        guest.count_change(tx.now)
        places.announce(tx, event, [guest.contact])
    return _shown(tx, request.name, found)


def _shown(tx, name, found):
    event, guest = found.event, found.guest
    over = "OVER" if event.state == State.OPEN else event.state
    return pb.EventInvitation(
        name=name,
        display_name=found.contact.title,
        time_zone=found.time_zone,
        inviter=found.inviter,
        language=guest.language,
        state=over if event.over(tx.now) else "OPEN",
        response=guest.response,
        waiting_position=waiting_position(tx, guest),
        full=places.full(event),
        comment=guest.comment,
        **{field: getattr(event, field) for field in ("title", "description", "place", "start_time", "end_time")},
    )


def download_event_invitation_calendar(request, tx):
    """Gives the event of an invitation as calendar programs read it."""
    found = _found(tx, request.name)
    return calendar.download(tx, [found.event], link=f"/rsvp/{request.name.partition('/')[2]}")
