"""Hearing others: each event has its effect once, whatever the broker repeats, loses or delays."""

import time

import structlog
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from chassis import telemetry
from chassis.prepared import Prepared
from chassis.tx import Cause, Tx, subject_of

log = structlog.get_logger()
RETRIES = (0.1, 1, 5, 25)
# So many in a row are not bad events but bad code: better to stop and say so than to park them all.
PARKED_IN_A_ROW = 20


NOTE = Prepared(
    "INSERT INTO inbox (event_id) SELECT DISTINCT unnest(%(events)s::text[]) ON CONFLICT DO NOTHING RETURNING event_id"
)


class Inbox:
    """What a service has heard: handles messages, remembers them, parks what it cannot handle."""

    def __init__(self, service):
        self.service = service
        self.handlers = {subject_of(kind.DESCRIPTOR): (kind, handler) for kind, handler in service.handlers.items()}
        self.subjects = sorted(self.handlers)
        tables = service.metadata.tables
        self.inbox, self.parked, self.positions = tables["inbox"], tables["parked"], tables["position"]
        self.parked_in_a_row = 0
        self.problem = ""

    def position(self, key):
        """Returns the sequence number up to which this database has seen the stream `key`."""
        with self.service.reading.connect() as connection:
            found = connection.execute(select(self.positions.c.sequence).where(self.positions.c.stream == key)).scalar()
        return found or 0

    def handle_all(self, key, messages, go_on):
        """Handles messages in order while `go_on()`; returns how many it did, and writes down how far it came."""
        if len(messages) > 1 and go_on() and self._together(key, messages):
            return len(messages)
        done = 0
        for message in messages:
            if not go_on() or self.parked_in_a_row >= PARKED_IN_A_ROW:
                break
            self.handle(message.subject, message.data, dict(message.headers or {}))
            done += 1
        if done:
            with self.service.reading.connect() as connection:
                self._advance(connection, key, messages[done - 1].metadata.sequence.stream)
        if self.parked_in_a_row >= PARKED_IN_A_ROW:
            self.problem = f"{PARKED_IN_A_ROW} events in a row could not be handled; see `crm parked list`"
            time.sleep(5)
        return done

    def _together(self, key, messages):
        """Handles messages that have piled up in one transaction; False, with nothing done, if one of them fails."""
        announced = False
        try:
            with self.service.engine.connect() as connection, connection.begin():
                fresh = self._first_times(connection, [message.headers["Nats-Msg-Id"] for message in messages])
                for message in messages:
                    if message.headers["Nats-Msg-Id"] in fresh:
                        fresh.discard(message.headers["Nats-Msg-Id"])
                        announced |= self._apply(connection, message.subject, message.data, message.headers)
                self._advance(connection, key, messages[-1].metadata.sequence.stream)
        except Exception as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            log.warning("batch_failed", count=len(messages), error=repr(error))
            return False
        for message in messages:
            telemetry.EVENTS_HANDLED.labels(self.service.name, message.subject, "handled").inc()
        if announced:
            self.service.wake()
        return True

    def _advance(self, connection, key, sequence):
        """Writes down the position. Losing this costs a second look at events that `inbox` knows, nothing more."""
        statement = insert(self.positions).values(stream=key, sequence=sequence)
        connection.execute(statement.on_conflict_do_update(index_elements=["stream"], set_={"sequence": sequence}))

    def handle(self, subject, payload, headers):
        """Handles one message; tries again in place, so that order is kept, and parks it at last."""
        for pause in (*RETRIES, None):
            try:
                outcome = self._once(subject, payload, headers)
                self.parked_in_a_row = 0
                break
            except Exception as error:
                if isinstance(error, DBAPIError) and error.connection_invalidated:
                    raise
                log.warning("handler_failed", subject=subject, event_id=headers.get("Nats-Msg-Id"), error=repr(error))
                if pause is None:
                    self._park(subject, payload, headers, error)
                    outcome = "parked"
                    break
                time.sleep(pause)
        telemetry.EVENTS_HANDLED.labels(self.service.name, subject, outcome).inc()

    def _once(self, subject, payload, headers):
        """Handles a message in one transaction with the note that it was; returns what happened."""
        with self.service.engine.connect() as connection, connection.begin():
            if not self._first_times(connection, [headers["Nats-Msg-Id"]]):
                return "known"
            announced = self._apply(connection, subject, payload, headers)
        if announced:
            self.service.wake()
        return "handled"

    def _apply(self, connection, subject, payload, headers):
        """Lets the handler of a message do its work; returns whether it announced something."""
        cause = Cause(traceparent=headers.get("traceparent", ""), actor=headers.get("Crm-Actor", ""))
        kind, handler = self.handlers[subject]
        tx = Tx(self.service, connection, self.service.actor, cause)
        handler(kind.FromString(payload), tx)
        tx.flush()
        tx.close()
        return tx.announced

    def _first_times(self, connection, event_ids):
        """Notes events as handled; returns those that were not."""
        return {row[0] for row in NOTE.rows(connection.connection.driver_connection, {"events": event_ids})}

    def _park(self, subject, payload, headers, error):
        """Puts an event aside with what went wrong; the log goes on."""
        log.error("event_parked", subject=subject, event_id=headers.get("Nats-Msg-Id"), error=repr(error))
        row = {"event_id": headers["Nats-Msg-Id"], "subject": subject, "payload": payload, "headers": headers}
        with self.service.reading.connect() as connection:
            connection.execute(insert(self.parked).values(**row, error=repr(error)).on_conflict_do_nothing())
        self.parked_in_a_row += 1


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
        self.inbox._once(row.subject, row.payload, row.headers)
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
    """Marks everything a service ever announced as unsent, so that the relay fills a new stream again."""
    outbox = service.outbox
    with service.reading.connect() as connection:
        return connection.execute(outbox.update().values(sent_time=None)).rowcount
