"""Announcements between services: outbox → JetStream → the effect and its proof, in one transaction.

The database is the truth, the stream only carries. What a transaction announced waits in `outbox` until the broker
has it on disk; a crash in between sends it twice, and `inbox` makes the second time harmless. A listener reads the log
from where its own database says it stands, so nothing depends on what the broker remembers of it.
See docs/events.md.
"""

import asyncio
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import nats
import structlog
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError

from chassis import telemetry
from chassis.inbox import Inbox
from chassis.prepared import Prepared
from chassis.stream import BATCH, STREAM, follow, stream_key

log = structlog.get_logger()
# A service that is woken up looks at once; this is for what nobody woke it for.
LOOK = 1.0
# How long a round lets the next one gather, for each announcement that it had, and at most.
PACE, SLOWEST = 0.01, 0.1
PAUSES = (0.2, 0.5, 1, 2, 5, 10, 30)
PUBLISH_TIMEOUT = 5
RECONNECT = 0.5
REFILL = "run `crm republish` for every service"
UNSENT = Prepared(
    "SELECT id, event_id, subject, payload, headers FROM outbox WHERE sent_time IS NULL ORDER BY id LIMIT %(batch)s"
)
WAITING = Prepared("SELECT count(*) FROM outbox WHERE sent_time IS NULL")
SENT = Prepared("UPDATE outbox SET sent_time = %(now)s WHERE id = ANY(%(ids)s) RETURNING id")
BROKER_FAULTS = (NatsError, JetStreamError, OSError, TimeoutError, asyncio.TimeoutError)


class Bus:
    """The one thread of a process that talks to the broker; what it hears is handled by ordinary, synchronous code."""

    def __init__(self, service, leading):
        self.service = service
        self.leading = leading
        self.over = threading.Event()
        self.inbox = Inbox(service, self.over)
        self.problems = {"relay": "", "listen": "", "log": ""}
        # Made by the thread, for they belong to its event loop.
        self.loop: Any = None
        self.unsent: Any = None
        self.stopping: Any = None
        self.connection: Any = None
        # Whether somebody woke the relay since it last looked; nobody needs to do so twice.
        self.woken = False
        self.started = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._main()), name="bus", daemon=True)

    @property
    def problem(self):
        """What is wrong with sending or hearing; "" if nothing is."""
        return "; ".join(filter(None, [*self.problems.values(), self.inbox.problem]))

    def start(self):
        """Starts the thread."""
        self.thread.start()
        self.started.wait()

    def stop(self):
        """Ends it; what is being handled is finished, what is being tried again is left to the next leader."""
        self.over.set()
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(self.stopping.set)
            self.thread.join(5)

    def wake(self):
        """Says that there is something to relay; called from any thread, after a commit."""
        if self.woken:
            return
        self.woken = True
        with suppress(RuntimeError):  # the loop has ended: the next leader looks by himself
            self.loop.call_soon_threadsafe(self._wake)

    def _wake(self):
        if self.leading.is_set():
            self.unsent.set()
            return
        self.woken = False
        if self.connection and self.connection.is_connected:
            # Another replica leads: it is told through the broker.
            self.ping = asyncio.ensure_future(self._tell_leader())

    async def _tell_leader(self):
        with suppress(*BROKER_FAULTS):  # he looks every second anyway
            await self.connection.publish(f"wake.{self.service.name}", b"")

    async def _main(self):
        self.loop, self.stopping, self.unsent = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        self.started.set()
        work = [asyncio.ensure_future(self._stay_connected())]
        work += [
            asyncio.ensure_future(self._keep(*task)) for task in (("relay", self._relay), ("listen", self._listen))
        ]
        await self.stopping.wait()
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        if self.connection:
            await self.connection.close()

    async def _stay_connected(self):
        """Connects, whoever leads; a connection that the broker closed for good is made again."""
        while True:
            if self.connection is None or self.connection.is_closed:
                try:
                    self.connection = await self._connect()
                except BROKER_FAULTS as error:
                    log.debug("not_connected", service=self.service.name, error=repr(error))
            await asyncio.sleep(RECONNECT)

    async def _connect(self):
        connection = await nats.connect(
            self.service.settings.nats_url.get_secret_value(),
            name=self.service.name,
            inbox_prefix=f"_INBOX_{self.service.name}",
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT,
            error_cb=self._broken,
        )
        await connection.subscribe(f"wake.{self.service.name}", cb=self._woken_by_another)
        return connection

    async def _woken_by_another(self, _):
        self.unsent.set()

    async def _broken(self, error):
        log.debug("broker", service=self.service.name, error=str(error))

    async def _keep(self, name, work):
        """Does `work` while this process leads; starts it again, after a growing pause, when it fails."""
        failures = 0
        while True:
            if not self.leading.is_set():
                self.problems[name] = ""
                self.woken = False
                await asyncio.sleep(0.2)
                continue
            began = time.monotonic()
            try:
                if self.connection is None or not self.connection.is_connected:
                    raise ConnectionError("the broker does not answer")
                await work(self.connection)
                failures = 0
            except asyncio.CancelledError:
                raise
            except Exception as error:
                failures = pause_after(failures, time.monotonic() - began)
                expected = isinstance(error, BROKER_FAULTS)
                self.problems[name] = repr(error) if expected else f"{name} fails; see the log"
                log.warning("bus_failed", work=name, error=repr(error), exc_info=not expected)
                await asyncio.sleep(PAUSES[failures - 1])

    async def _relay(self, connection):
        """Sends what the outbox holds, oldest first, and marks what the broker has on disk."""
        # A new one after each failure: it counts what it waits for, and would wait for ever for what never left.
        stream = connection.jetstream()
        began = pace = 0.0
        while self.leading.is_set():
            # The first announcement after a quiet while leaves at once; those of a busy one leave in company.
            await asyncio.sleep(max(0.0, began + pace - time.monotonic()))
            began = time.monotonic()
            self.unsent.clear()
            self.woken = False
            rows, waiting = await asyncio.to_thread(self._unsent_rows)
            telemetry.EVENTS_WAITING.labels(self.service.name).set(waiting)
            failure = await self._send(stream, rows)
            if failure:
                raise failure
            self.problems["relay"] = ""
            pace = gathering(len(rows))
            if len(rows) < BATCH:
                await self._woken_or(LOOK)

    async def _send(self, stream, rows):
        """Sends rows in order without waiting for each; returns what went wrong, if anything did.

        What follows a row that failed is sent again with it. Its doubles are dropped, by the stream or by inboxes; that
        the row itself then comes after its successors is rare, and handlers compare versions.
        """
        published = []
        for _, event_id, subject, payload, headers in rows:
            headers |= {"Nats-Msg-Id": event_id}
            published.append(await stream.publish_async(subject, payload, headers=headers, stream=STREAM))
        answers = await acknowledged(published)
        failed = next((index for index, answer in enumerate(answers) if isinstance(answer, BaseException)), len(rows))
        if failed:
            await asyncio.to_thread(self._mark_sent, [number for number, *_ in rows[:failed]])
            telemetry.EVENTS_SENT.labels(self.service.name).inc(failed)
        return answers[failed] if failed < len(rows) else None

    async def _woken_or(self, seconds):
        try:
            await asyncio.wait_for(self.unsent.wait(), seconds)
        except TimeoutError:
            return

    def _unsent_rows(self):
        """Returns the oldest unsent rows, and how many there are in all."""
        rows = UNSENT.fetch(self.service.reading, {"batch": BATCH})
        return rows, len(rows) if len(rows) < BATCH else WAITING.fetch(self.service.reading, {})[0][0]

    def _mark_sent(self, ids):
        SENT.fetch(self.service.reading, {"ids": ids, "now": datetime.now(UTC)})

    async def _listen(self, connection):
        """Reads the log from this database's position on, in order, and handles what the service has handlers for."""
        if not self.inbox.subjects:
            await self.stopping.wait()
        while self.leading.is_set():
            info = await connection.jetstream(timeout=PUBLISH_TIMEOUT).stream_info(STREAM)
            key = stream_key(info)
            position = await asyncio.to_thread(self._place, key, info.state)
            async for messages in follow(connection, self.inbox.subjects, position + 1, self.service.name):
                self.problems["listen"] = ""
                done = await asyncio.to_thread(self.inbox.handle_all, key, messages, self.leading.is_set)
                if done < len(messages) or not self.leading.is_set():
                    break
                # Where much is said, what follows is handled in company too.
                await asyncio.sleep(gathering(len(messages)) if len(messages) > 1 else 0)

    def _place(self, key, state):
        """Returns the position to read on from; says so, until the next start, if the log is not the one we read."""
        position, others = self.inbox.position(key), self.inbox.knows_other_streams(key)
        if position > state.last_seq:
            log.error("log_went_back", service=self.service.name, position=position, last=state.last_seq)
            self.problems["log"] = f"the log ends before what was read of it: {REFILL}"
            return 0
        missed = position + 1 < state.first_seq and (position or others)
        if missed or (others and not position):
            log.error("log_has_a_hole", service=self.service.name, position=position, first=state.first_seq)
            self.problems["log"] = f"part of the log is gone unread: {REFILL}"
        return position


async def acknowledged(published):
    """Returns what the broker said to each message, or what went wrong with it."""
    if published:
        _, silent = await asyncio.wait(published, timeout=PUBLISH_TIMEOUT)
        for answer in silent:
            answer.set_exception(TimeoutError("the broker does not say that it has the event"))
    return await asyncio.gather(*published, return_exceptions=True)


def gathering(count):
    """Returns how many seconds others may gather after a round with so many; where more wait already, none."""
    return min(SLOWEST, count * PACE) if count < BATCH else 0


def pause_after(failures, seconds):
    """Returns which failure in a row this is, after so many before it; one after a good minute is the first again."""
    return min(1 if seconds > 60 else failures + 1, len(PAUSES))
