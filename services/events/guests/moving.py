"""What becomes of guests when contacts are merged and parted: one person has one answer, the better one."""

from copy import deepcopy
from datetime import datetime

from sqlalchemy import cast, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from services.events.guests import places
from services.events.guests.model import INVITED, EventGuest, GuestMail, Occasion, Response
from services.events.model import Merge

# What makes a guest out of what was remembered of one.
REMEMBERED = (
    *("response", "response_time", "queue", "comment", "attendance"),
    *(name for together in INVITED for name in together),
)
# Where the keys of mails stand in what a merge remembers.
MAIL_KEYS = "$.guests.*.*.mail_key ? (@ == $keys[*])"
TIMES = ("response_time", "invite_time", "told_start_time", "told_end_time")


def unite(tx, events, source, target):
    """Lets a contact be the guest that another one was, in events that are locked; returns what parting needs.

    That is, by the numbers of events, which guest it was, or what both were.
    """
    remembered = {}
    for event in events:
        both = EventGuest.event == event.name, EventGuest.contact.in_([source, target])
        found = {guest.contact: guest for guest in tx.session.scalars(select(EventGuest).where(*both))}
        if source not in found:
            continue
        gone, kept = found[source], found.get(target)
        if kept is None:
            gone.contact, remembered[str(event.id)] = target, {"moved": gone.id}
            tx.flush()
            continue
        remembered[str(event.id)] = {"source": _memory(gone), "target": _memory(kept)}
        _hand_over_mail(tx, gone, kept)
        tx.session.delete(gone)
        tx.flush()
        kept.absorb(gone)
        remembered[str(event.id)]["united"] = _memory(kept)
        tx.flush()
        # Two may have had two places.
        places.give_places(tx, event)
        places.recount(tx, event)
    return remembered


def _hand_over_mail(tx, gone, kept):
    """Lets one guest get the mail that is on its way to another, unless he gets the same."""
    had = {*tx.session.scalars(select(GuestMail.occasion).where(GuestMail.guest == kept.id))}
    if kept.invite_time:
        had.add(Occasion.EVENT_INVITATION)
    if kept.told_cancelled:
        had.add(Occasion.EVENT_CANCELLED)
    his = GuestMail.guest == gone.id, GuestMail.occasion.not_in(had)
    tx.session.execute(update(GuestMail).where(*his).values(guest=kept.id))


def part(tx, event, remembered, source, target):
    """Gives a contact back what it was as a guest of an event, unless that has changed since."""
    known = remembered.get(str(event.id), {})
    guest = tx.session.scalars(
        select(EventGuest).where(EventGuest.event == event.name, EventGuest.contact == target)
    ).first()
    if "united" not in known:
        # Where only one of them takes part again, what became of the survivor meanwhile became of that one.
        if guest is not None and (guest.id == known.get("moved") or target not in event.participants):
            guest.contact = source
            tx.flush()
        return
    # An older merge remembers less.
    if guest is not None and known["united"].items() <= _memory(guest).items():
        _recalled(guest, known["target"])
        tx.flush()
    places.recount(tx, event)
    back = _recalled(EventGuest(event=event.name, contact=source), known["source"])
    if back.response == Response.ACCEPTED and places.taken(event):
        # Its place is another one's by now.
        back.response, back.queue = Response.WAITING, places.end_of_queue(event)
    tx.session.add(back)
    tx.flush()
    tx.session.execute(update(GuestMail).where(GuestMail.key == back.mail_key).values(guest=back.id))
    places.recount(tx, event)


def note_deliveries(tx, finished):
    """Notes what became of mails, (state, words) by their keys, in what is remembered of guests who may be parted."""
    named = func.jsonb_path_exists(Merge.moved, cast(MAIL_KEYS, JSONPATH), cast({"keys": [*finished]}, JSONB))
    some = select(Merge).where(Merge.over.is_(False), named).order_by(Merge.name)
    for row in tx.session.scalars(some.with_for_update()).all():
        known = deepcopy(row.moved)
        for memories in known["guests"].values():
            for memory in memories.values():
                if isinstance(memory, dict) and memory["mail_key"] in finished:
                    memory["delivery"], memory["delivery_message"] = finished[memory["mail_key"]]
        row.moved = known


def _memory(guest):
    """Returns what is remembered of a guest, as JSON keeps it."""
    said = {name: getattr(guest, name) for name in REMEMBERED}
    return {name: value.isoformat() if name in TIMES and value else value for name, value in said.items()}


def _recalled(guest, memory):
    """Makes a guest what is remembered of him."""
    for name, value in memory.items():
        setattr(guest, name, _instant(value) if name in TIMES else value)
    return guest


def _instant(value):
    return datetime.fromisoformat(value) if value else None
