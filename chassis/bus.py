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
PACE = 0.02
PAUSES = (0.2, 0.5, 1, 2, 5, 10, 30)
PUBLISH_TIMEOUT = 5
UNSENT = Prepared(
    "SELECT id, event_id, subject, payload, headers FROM outbox WHERE sent_time IS NULL ORDER BY id LIMIT %(batch)s"
)
SENT = Prepared("UPDATE outbox SET sent_time = %(now)s WHERE id = ANY(%(ids)s) RETURNING id")
BROKER_FAULTS = (NatsError, JetStreamError, OSError, TimeoutError, asyncio.TimeoutError)


class Bus:
    """The one thread of a process that talks to the broker; what it hears is handled by ordinary, synchronous code."""

    def __init__(self, service, leading):
        self.service = service
        self.leading = leading
        self.inbox = Inbox(service)
        self.problem = ""
        # Made by the thread, for they belong to its event loop.
        self.loop: Any = None
        self.unsent: Any = None
        self.stopping: Any = None
        self.connection: Any = None
        self.thread = threading.Thread(target=lambda: asyncio.run(self._main()), name="bus", daemon=True)

    def start(self):
        """Starts the thread."""
        started = threading.Event()
        self.started = started
        self.thread.start()
        started.wait()

    def stop(self):
        """Ends it."""
        if self.loop:
            self.loop.call_soon_threadsafe(self.stopping.set)
            self.thread.join(5)

    def wake(self):
        """Says that there is something to relay; called from any thread, after a commit."""
        with suppress(RuntimeError):  # the loop has ended: the next leader looks by himself
            self.loop.call_soon_threadsafe(self._wake)

    def _wake(self):
        if self.leading.is_set():
            self.unsent.set()
        elif self.connection and self.connection.is_connected:
            # Another replica leads: it is told through the broker.
            self.ping = asyncio.ensure_future(self._tell_leader())

    async def _tell_leader(self):
        try:
            await self.connection.publish(f"wake.{self.service.name}", b"")
        except BROKER_FAULTS as error:
            log.debug("wake_failed", error=str(error))

    async def _main(self):
        self.loop, self.stopping, self.unsent = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        self.started.set()
        work = [asyncio.ensure_future(self._keep(task)) for task in (self._relay, self._listen)]
        await self.stopping.wait()
        for task in work:
            task.cancel()
        if self.connection:
            await self.connection.close()

    async def _connected(self):
        """Returns the connection, made when first needed; nats-py reconnects it by itself for ever."""
        if self.connection is None:
            self.connection = await nats.connect(
                self.service.settings.nats_url.get_secret_value(),
                name=self.service.name,
                inbox_prefix=f"_INBOX_{self.service.name}",
                max_reconnect_attempts=-1,
                reconnect_time_wait=0.5,
                allow_reconnect=True,
                error_cb=self._broken,
            )
            await self.connection.subscribe(f"wake.{self.service.name}", cb=self._woken)
        return self.connection

    async def _woken(self, _):
        self.unsent.set()

    async def _broken(self, error):
        log.debug("broker", service=self.service.name, error=str(error))

    async def _keep(self, work):
        """Does `work` while this process leads; starts it again, after a growing pause, when it fails."""
        failures = 0
        while True:
            if not self.leading.is_set():
                await asyncio.sleep(0.2)
                continue
            began = time.monotonic()
            try:
                await work(await self._connected())
                failures = 0
            except asyncio.CancelledError:
                raise
            except Exception as error:
                if self.stopping.is_set():
                    return
                failures = 0 if time.monotonic() - began > 60 else failures + 1
                expected = isinstance(error, BROKER_FAULTS)
                self.problem = repr(error) if expected else "see the log"
                log.warning("bus_failed", work=work.__name__, error=repr(error), exc_info=not expected)
                await asyncio.sleep(PAUSES[min(failures, len(PAUSES)) - 1])

    async def _relay(self, connection):
        """Sends what the outbox holds, oldest first, and marks what the broker has on disk."""
        stream = connection.jetstream(timeout=PUBLISH_TIMEOUT)
        began = 0.0
        while self.leading.is_set():
            # The first announcement after a quiet while leaves at once; those of a busy one leave in company.
            await asyncio.sleep(max(0.0, began + PACE - time.monotonic()))
            began = time.monotonic()
            self.unsent.clear()
            rows = await asyncio.to_thread(self._unsent_rows)
            telemetry.EVENTS_WAITING.labels(self.service.name).set(len(rows))
            failure = await self._send(stream, rows)
            if failure:
                raise failure
            self.problem = self.inbox.problem
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
            published.append(stream.publish(subject, payload, headers=headers, stream=STREAM))
        answers = await asyncio.gather(*published, return_exceptions=True)
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
        return UNSENT.fetch(self.service.reading, {"batch": BATCH})

    def _mark_sent(self, ids):
        SENT.fetch(self.service.reading, {"ids": ids, "now": datetime.now(UTC)})

    async def _listen(self, connection):
        """Reads the log from this database's position on, in order, and handles what the service has handlers for."""
        if not self.inbox.subjects:
            await self.stopping.wait()
        key = stream_key(await connection.jetstream(timeout=PUBLISH_TIMEOUT).stream_info(STREAM))
        while self.leading.is_set():
            position = await asyncio.to_thread(self.inbox.position, key)
            async for messages in follow(connection, self.inbox.subjects, position + 1, self.service.name):
                done = await asyncio.to_thread(self.inbox.handle_all, key, messages, self.leading.is_set)
                if done < len(messages) or not self.leading.is_set():
                    break
