"""What services have announced and others have not heard yet, as their databases tell it."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from chassis.kit.clearing import Clearing
from chassis.tx import subject_of

# Announcements that are looked at, of each service: the newest. Whoever has heard those has heard what came before.
NEWEST, AMONG = 1000, 100_000
# Inboxes forget what is older (chassis/service.py).
REMEMBERED = timedelta(days=29)


def reached(services):
    """Returns how far each service has come with what it announces."""
    marks = {}
    for each in services:
        last = select(func.max(each.tables["outbox"].c.id))
        marks[each.name] = each.rows(last)[0][0] or 0
    return marks


def outstanding(services, marks):
    """Returns what is not done yet of what had been announced at `marks`: (service, table, row, what it waits for)."""
    waiting = [each for announcer in services for each in _unsent(announcer, marks)]
    for announcer in services:
        waiting += [each for listener in services for each in _unheard(announcer, listener, marks)]
    return waiting + [each for service in services for each in _being_cleared(service)]


def _unsent(announcer, marks):
    outbox = announcer.tables["outbox"]
    unsent = select(func.count()).where(outbox.c.sent_time.is_(None), outbox.c.id <= marks[announcer.name])
    count = announcer.rows(unsent)[0][0]
    return [(announcer.name, "outbox", f"{count} events", "not sent yet")] if count else []


def _unheard(announcer, listener, marks):
    subjects = [subject_of(kind.DESCRIPTOR) for kind in listener.service.handlers]
    outbox, last = announcer.tables["outbox"], marks[announcer.name]
    newest = select(outbox.c.event_id, outbox.c.sent_time).where(
        outbox.c.id.between(last - AMONG, last), outbox.c.subject.in_(subjects)
    )
    since = datetime.now(UTC) - REMEMBERED
    rows = announcer.rows(newest.order_by(outbox.c.id.desc()).limit(NEWEST)) if subjects else []
    said = {event_id for event_id, sent_time in rows if sent_time and sent_time > since}
    for name in ("inbox", "parked") if said else ():
        column = listener.tables[name].c.event_id
        said -= {event_id for (event_id,) in listener.rows(select(column).where(column.in_(said)))}
    return [(listener.name, "inbox", f"{len(said)} events", f"of {announcer.name}, not heard yet")] if said else []


def _being_cleared(service):
    models = [model for model in service.models if issubclass(model, Clearing)]
    going = [row for model in models for row in service.rows(select(model.id, model.field, model.value))]
    return [(service.name, "clearing", str(number), f"{field}: {value}") for number, field, value in going]
