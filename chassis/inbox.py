"""Hearing others: each event has its effect once, whatever the broker repeats, loses or delays."""

import threading
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import orjson
import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from chassis import telemetry
from chassis.prepared import Prepared
from chassis.tx import Cause, Tx, subject_of

log = structlog.get_logger()
RETRIES = (0.1, 1, 5, 25)
# So many in a row are not bad events but bad code: better to stop and say so than to park them all.
PARKED_IN_A_ROW = 20
STOPPED = 5
STEP = 10_000


NOTE = Prepared(
    "INSERT INTO inbox (event_id) SELECT DISTINCT unnest(%(events)s::text[]) ON CONFLICT DO NOTHING RETURNING event_id"
)


@dataclass(frozen=True)
class Heard:
    """An event as the stream brought it."""

    event_id: str
    subject: str
    payload: bytes
    headers: dict
    sequence: int = 0

    @classmethod
    def of(cls, key, message):
        """The event in a message; one that nobody gave an id is known by its place in the stream."""
        headers, sequence = dict(message.headers or {}), message.metadata.sequence.stream
        return cls(headers.get("Nats-Msg-Id") or f"{key}#{sequence}", message.subject, message.data, headers, sequence)


class StoppedError(Exception):
    """The process ends while an event waits to be tried again; the next leader will."""


class Inbox:
    """What a service has heard: handles messages, remembers them, parks what it cannot handle."""

    def __init__(self, service, over=None):
        self.service = service
        self.over = over or threading.Event()
        self.handlers = {subject_of(kind.DESCRIPTOR): (kind, handler) for kind, handler in service.handlers.items()}
        self.subjects = sorted(self.handlers)
        tables = service.metadata.tables
        self.parked, self.positions = tables["parked"], tables["position"]
        self.parked_in_a_row = 0

    @property
    def problem(self):
        """Why nothing is handled any more; "" while things are."""
        if self.parked_in_a_row < PARKED_IN_A_ROW:
            return ""
        return f"{PARKED_IN_A_ROW} events in a row could not be handled; see `crm parked list`, then start again"

    def position(self, key):
        """Returns the sequence number up to which this database has seen the stream `key`."""
        with self.service.reading.connect() as connection:
            found = connection.execute(select(self.positions.c.sequence).where(self.positions.c.stream == key)).scalar()
        return found or 0

    def knows_other_streams(self, key):
        """Returns whether this database has read another stream than `key`."""
        others = select(self.positions.c.stream).where(self.positions.c.stream != key).limit(1)
        with self.service.reading.connect() as connection:
            return connection.execute(others).first() is not None

    def handle_all(self, key, messages, go_on):
        """Handles messages in order while `go_on()`; returns how many it did, and writes down how far it came."""
        if self.problem:
            self.over.wait(STOPPED)
            return 0
        events = [Heard.of(key, message) for message in messages]
        if len(events) > 1 and go_on() and self._together(key, events):
            return len(events)
        done = 0
        for event in events:
            if not go_on() or self.problem:
                break
            self.handle(event)
            done += 1
        if done:
            with self.service.reading.connect() as connection:
                self._advance(connection, key, events[done - 1].sequence)
        return done

    def _together(self, key, events):
        """Handles events that have piled up in one transaction; False, with nothing done, if one of them fails."""
        announced = False
        try:
            with self.service.engine.connect() as connection, connection.begin():
                fresh = self._first_times(connection, [event.event_id for event in events])
                # One that came twice is handled where it came first.
                once = {event.event_id: event for event in reversed(events) if event.event_id in fresh}
                for (handler, _), run in groupby(reversed(once.values()), self._handled_together):
                    for part in [list(run)] if _takes_together(handler) else ([event] for event in run):
                        announced |= self._apply(connection, part)
                self._advance(connection, key, events[-1].sequence)
        except Exception as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            log.warning("batch_failed", count=len(events), error=repr(error))
            return False
        self.parked_in_a_row = 0
        for event in events:
            telemetry.EVENTS_HANDLED.labels(self.service.name, event.subject, "handled").inc()
        if announced:
            self.service.wake()
        return True

    def _handled_together(self, event):
        """Returns what events have in common that are handled together: their handler, and their cause if it asks."""
        handler = self.handlers[event.subject][1]
        cause = _cause(event.headers) if getattr(handler, "one_cause", False) else None
        return handler, cause and (cause.actor, cause.session, cause.address, cause.bulk)

    def _advance(self, connection, key, sequence):
        """Writes down the position. Losing this costs a second look at events that `inbox` knows, nothing more."""
        statement = insert(self.positions).values(stream=key, sequence=sequence)
        connection.execute(statement.on_conflict_do_update(index_elements=["stream"], set_={"sequence": sequence}))

    def handle(self, event):
        """Handles one event; tries again in place, so that order is kept, and parks it at last."""
        for pause in (*RETRIES, None):
            try:
                outcome = self.once(event)
                self.parked_in_a_row = 0
                break
            except Exception as error:
                if isinstance(error, DBAPIError) and error.connection_invalidated:
                    raise
                log.warning("handler_failed", subject=event.subject, event_id=event.event_id, error=repr(error))
                if pause is None:
                    self._park(event, error)
                    outcome = "parked"
                elif self.over.wait(pause):
                    raise StoppedError from error
        telemetry.EVENTS_HANDLED.labels(self.service.name, event.subject, outcome).inc()

    def once(self, event):
        """Handles an event in one transaction with the note that it was; returns what happened."""
        with self.service.engine.connect() as connection, connection.begin():
            if not self._first_times(connection, [event.event_id]):
                return "known"
            announced = self._apply(connection, [event])
        if announced:
            self.service.wake()
        return "handled"

    def _apply(self, connection, events):
        """Lets the handler of an event, or of several that it takes together, do its work.

        Returns whether it announced something.
        """
        handler = self.handlers[events[0].subject][1]
        tx = Tx(self.service, self.service.actor, _cause(events[0].headers), connection=connection)
        messages = [(self.handlers[event.subject][0].FromString(event.payload), event) for event in events]
        handler(messages, tx) if _takes_together(handler) else handler(messages[0][0], tx)
        tx.flush()
        tx.write_together()
        tx.close()
        return tx.announced

    def _first_times(self, connection, event_ids):
        """Notes events as handled; returns those that were not."""
        return {row[0] for row in NOTE.on(connection, {"events": event_ids})}

    def _park(self, event, error):
        """Puts an event aside with what went wrong; the log goes on."""
        log.error("event_parked", subject=event.subject, event_id=event.event_id, error=repr(error))
        row = {name: getattr(event, name) for name in ("event_id", "subject", "payload", "headers")}
        with self.service.reading.connect() as connection:
            connection.execute(insert(self.parked).values(**row, error=repr(error)).on_conflict_do_nothing())
        self.parked_in_a_row += 1


def _cause(headers):
    """Returns on whose account a handler acts: whoever made what is announced happen."""
    record = orjson.loads(headers.get("Crm-Audit", "{}"))
    return Cause(
        traceparent=headers.get("traceparent", ""),
        actor=headers.get("Crm-Actor", ""),
        session=record.get("session", ""),
        address=record.get("address", ""),
        time=datetime.fromisoformat(headers["Crm-Time"]) if "Crm-Time" in headers else None,
        bulk=headers.get("Crm-Bulk", ""),
    )


def _takes_together(handler):
    return getattr(handler, "together", False)


class Parked:
    """The events of one service that could not be handled, as an operator sees them."""

    def __init__(self, service):
        self.service = service
        self.inbox = Inbox(service)
        self.table = service.metadata.tables["parked"]

    def list(self):
        """Returns the parked events, oldest first."""
        with self.service.reading.connect() as connection:
            return connection.execute(select(self.table).order_by(self.table.c.parked_time)).all()

    def retry(self, event_id):
        """Handles a parked event once more and forgets it if that works. Raises what the handler raises."""
        row = self._find(event_id)
        self.inbox.once(Heard(row.event_id, row.subject, row.payload, row.headers))
        self.drop(event_id)

    def drop(self, event_id):
        """Forgets a parked event without its effect."""
        self._find(event_id)
        with self.service.reading.connect() as connection:
            connection.execute(delete(self.table).where(self.table.c.event_id == event_id))

    def _find(self, event_id):
        with self.service.reading.connect() as connection:
            row = connection.execute(select(self.table).where(self.table.c.event_id == event_id)).first()
        if row is None:
            raise LookupError(f"no parked event {event_id}")
        return row


def republish(service):
    """Marks everything a service ever announced as unsent, so that the relay fills a new stream again.

    In steps: it may be millions, and no statement may take long. Returns how many there are.
    """
    outbox, done = service.outbox, 0
    with service.reading.connect() as connection:
        last = connection.execute(select(func.max(outbox.c.id))).scalar() or 0
        for first in range(0, last, STEP):
            step = outbox.c.id.between(first + 1, first + STEP)
            done += connection.execute(outbox.update().where(step).values(sent_time=None)).rowcount
    return done
