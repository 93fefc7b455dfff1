"""Letters to guests, as notifications is asked to send them: to whom, what about, from whom, and the way out."""

from datetime import datetime
from typing import Any

from crm.notifications.v1 import notifications_pb2
from google.protobuf.timestamp_pb2 import Timestamp
from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from chassis import moments
from chassis.kit.people import Standing
from services.events import calendar
from services.events.guests.answering import token
from services.events.guests.model import EventGuest, Occasion, keys_of
from services.events.model import ContactRef, Event, Principal

Maker, Inviter = aliased(Principal), aliased(Principal)


def addressed(tx, *which):
    """Returns what must be known to write to guests: each with his event, its time zone, and whoever invited him."""
    reply_to = case((Inviter.standing == Standing.ACTIVE, Inviter.email), else_="").label("reply_to")
    known: Any = (EventGuest, Event, ContactRef.title, Maker.time_zone, Inviter.display_name.label("inviter"), reply_to)
    some = (
        select(*known)
        .join(Event, Event.id == EventGuest.event)
        .join(ContactRef, ContactRef.name == EventGuest.contact)
        .outerjoin(Maker, Maker.name == Event.creator)
        .outerjoin(Inviter, Inviter.name == func.coalesce(func.nullif(EventGuest.inviter, ""), Event.creator))
    )
    return tx.session.execute(some.where(*which).order_by(EventGuest.id)).all()


def letter(service, row, found, mail):
    """Returns what notifications is asked; `row` is of `addressed`, `found` how contacts says he is written to."""
    guest, event, cancelled = row.EventGuest, row.Event, mail.occasion == Occasion.EVENT_CANCELLED
    site = service.settings.public_url.rstrip("/")
    page = f"/rsvp/{token(service, event.name, guest.contact)}"
    # Only whoever invited him by mail chose one for him.
    chosen = guest.language if guest.invite_time else found.language
    language = chosen or guest.language or found.language or "en"
    values = {"title": event.title, "place": event.place, "message": mail.message, "display_name": row.title}
    values |= {"inviter": row.inviter or "", "time": _time(row, event.start_time, event.end_time, language)}
    values |= _before(row, mail.before or {}, language)
    if not cancelled:
        values["link"] = site + page
    request = notifications_pb2.QueueMailRequest(
        to=found.address,
        language=language,
        template=mail.occasion,
        values=values,
        request_id=mail.key,
        expire_time=_end_of_use(event, mail.occasion),
        reply_to=row.reply_to or "",
        # What still waits for him would invite him to what does not take place, or keep him from what does.
        supersedes=keys_of(guest.id) if cancelled or "again" in values else "",
        unsubscribe_url=f"{site}/unsubscribe/{found.unsubscription.partition('/')[2]}" if site else "",
    )
    method = "CANCEL" if cancelled else "PUBLISH"
    request.calendar = calendar.text([event], site, page, method=method, organizer=(row.inviter, row.reply_to)).decode()
    return request


def _time(row, start, end, language):
    return moments.told(start, end, row.time_zone or "UTC", language)


def _before(row, before, language):
    """Returns what was another time or place when the guest was last told."""
    event, values = row.Event, {}
    times = [before.get(name) for name in ("start_time", "end_time")]
    start, end = [datetime.fromisoformat(time) if time else None for time in times]
    if start and (start, end) != (event.start_time, event.end_time):
        values["time_before"] = _time(row, start, end, language)
    if before.get("place", event.place) != event.place:
        values["place_before"] = before["place"] or "–"
    if before.get("cancelled"):
        values["again"] = "true"
    return values


def _end_of_use(event, occasion):
    """Returns when nobody needs a letter any more: a reminder once it has begun, any other once it is over."""
    end = event.start_time if occasion == Occasion.EVENT_REMINDER else event.end_time or event.start_time
    found = Timestamp()
    found.FromDatetime(end)
    return found
