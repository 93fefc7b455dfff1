"""Events as calendar programs read them: iCalendar (RFC 5545)."""

from datetime import timedelta

from icalendar import Calendar, vCalAddress
from icalendar import Event as Entry
from sqlalchemy import func, select

from chassis.aip.filtering import condition
from chassis.download import Download
from chassis.errors import InvalidArgument
from services.events.model import Event, State

TITLE, CANCEL = "Rapport", "CANCEL"
CONTENT_TYPE = "text/calendar; charset=utf-8"
PAST, MOST = timedelta(days=90), 5000


def download_event_calendar(request, tx):
    """Gives one event."""
    return download(tx, [tx.get(Event, request.name)])


def download_calendar(request, tx):
    """Gives the events that the caller may see."""
    dated = Event.start_time.is_not(None), func.coalesce(Event.end_time, Event.start_time) >= tx.now - PAST
    recent = *dated, Event.visible(tx.actor), condition(request.filter, Event)
    some = select(Event).where(*recent).order_by(Event.start_time.desc(), Event.id).limit(MOST)
    return download(tx, tx.session.scalars(some).all(), "events.ics", title=request.title.strip() or TITLE)


def download(tx, found, file_name="event.ics", **how):
    """Returns events as a file, made as `text` does."""
    content = text(found, tx.service.settings.public_url.rstrip("/"), **how)
    return Download(file_name, CONTENT_TYPE, [content], len(content))


def text(found, site, link="", *, title="", method="PUBLISH", organizer=("", "")):
    """Returns events as iCalendar, in bytes; `link` is the page on which its reader answers, else each has its own.

    `title` is what the calendar is called, and CANCEL as its `method` says that the events do not take place. The
    `organizer` is (name, address).
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Rapport//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if title:
        # Programs know the one or the other (RFC 7986).
        calendar.add("name", title)
        calendar.add("x-wr-calname", title)
    for event in found:
        entry = _entry(event, site, link)
        name, address = organizer
        if address:
            whom = vCalAddress(f"mailto:{address}")
            whom.params["CN"] = name or address
            entry.add("organizer", whom)
        if method == CANCEL:
            entry["status"] = "CANCELLED"
            # What is deleted gets no version any more.
            entry["sequence"] = event.version + (event.state != State.CANCELLED)
        calendar.add_component(entry)
    return calendar.to_ical()


def _entry(event, site, link):
    """Returns one event as RFC 5545 has it."""
    if event.start_time is None:
        raise InvalidArgument("say when it begins", "START_REQUIRED", field="start_time")
    entry = Entry()
    # The same for ever, whatever becomes of it and wherever it is read; no other installation has one of that moment.
    entry.add("uid", f"event-{event.id}-{event.create_time:%Y%m%dT%H%M%S%f}@rapport")
    entry.add("sequence", event.version)
    entry.add("dtstamp", event.update_time)
    entry.add("created", event.create_time)
    entry.add("last-modified", event.update_time)
    entry.add("dtstart", event.start_time)
    if event.end_time and event.end_time > event.start_time:
        entry.add("dtend", event.end_time)
    entry.add("summary", event.title)
    for name, text in (("description", event.description), ("location", event.place)):
        if text:
            entry.add(name, text)
    entry.add("status", "CANCELLED" if event.state == State.CANCELLED else "CONFIRMED")
    if site:
        entry.add("url", f"{site}{link or '/' + event.name}")
    return entry
