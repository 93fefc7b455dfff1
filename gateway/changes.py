"""What changed lately, for browsers: the newest part of the log in memory, and everybody who is listening to it."""

import asyncio
from collections import deque
from dataclasses import dataclass

import nats
import orjson
import structlog

from chassis.stream import STREAM, SUBJECTS, follow

log = structlog.get_logger()
REMEMBERED = 1000
# A browser that is so far behind is told to fetch everything again.
QUEUE = 200
PAUSE = 1.0
RESET = b"event: reset\ndata: {}\n\n"


@dataclass(frozen=True)
class Change:
    """One announcement as browsers hear of it: which record, what happened, and which version there is now."""

    sequence: int
    readers: frozenset
    text: bytes

    @classmethod
    def of(cls, message):
        """The change that a message of the log tells of."""
        headers = message.headers or {}
        sequence = message.metadata.sequence.stream
        data = {"name": headers.get("Crm-Resource", ""), "event": headers.get("Crm-Event", "")}
        data["etag"] = headers.get("Crm-Etag", "")
        readers = frozenset(orjson.loads(headers.get("Crm-Readers") or "[]"))
        return cls(sequence, readers, b"id: %d\ndata: %s\n\n" % (sequence, orjson.dumps(data)))


class Listener:
    """One browser tab: what it may hear of, and what it has not been sent yet."""

    def __init__(self, actor, credential):
        self.credential = credential
        self.sees_all = actor.is_admin
        self.principals = frozenset(actor.principals)
        self.queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUE)
        self.over = asyncio.Event()

    def may_hear(self, change):
        """Whether the record is the listener's to know of. The answer to its request will decide once more."""
        if self.sees_all:
            return bool(change.readers)
        return not self.principals.isdisjoint(change.readers)

    def hear(self, change):
        """Queues a change; a full queue is emptied, and the browser told to fetch everything again."""
        if not self.may_hear(change):
            return
        if self.queue.full():
            self.reset()
        self.queue.put_nowait(change.text)

    def reset(self):
        """Tells the browser to fetch everything again."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(RESET)


class Changes:
    """The newest part of the log, kept up to date from the broker, and its listeners."""

    def __init__(self, url):
        self.url = url
        self.recent: deque[Change] = deque(maxlen=REMEMBERED)
        self.listeners: set[Listener] = set()
        self.last = 0
        self.connection = None
        self.problem = "not connected yet"

    async def run(self):
        """Follows the log for ever; after a hole everybody is told to fetch everything again."""
        while True:
            try:
                await self._follow()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                self.problem = repr(error)
                log.warning("changes_interrupted", error=repr(error))
                await asyncio.sleep(PAUSE)

    async def close(self):
        """Leaves the broker."""
        if self.connection:
            await self.connection.close()

    async def _follow(self):
        if self.connection is None:
            self.connection = await nats.connect(
                self.url, name="push", inbox_prefix="_INBOX_push", max_reconnect_attempts=-1, reconnect_time_wait=0.5
            )
        stream = self.connection.jetstream(timeout=5)
        state = (await stream.stream_info(STREAM)).state
        start = max(1, state.last_seq - REMEMBERED + 1, self.last + 1 if self.last <= state.last_seq else 1)
        if self.last and start != self.last + 1:
            # Another stream, or too much was missed.
            self.recent.clear()
            for listener in self.listeners:
                listener.reset()
        async for messages in follow(stream, SUBJECTS, start):
            self.problem = ""
            for message in messages:
                self.tell(Change.of(message))

    def tell(self, change):
        """Remembers a change and tells everybody who may hear of it."""
        self.last = change.sequence
        self.recent.append(change)
        for listener in self.listeners:
            listener.hear(change)

    def catch_up(self, listener, last_seen):
        """Sends a returning browser what it missed, or tells it to fetch everything again."""
        if last_seen == self.last:
            return
        oldest = self.recent[0].sequence if self.recent else self.last + 1
        if not oldest - 1 <= last_seen <= self.last:
            listener.reset()
            return
        for change in self.recent:
            if change.sequence > last_seen:
                listener.hear(change)
