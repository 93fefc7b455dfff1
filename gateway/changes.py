"""What happens, as everybody who watches is told of it: the stream of announcements, read once for all of them."""

import asyncio
from collections import deque
from dataclasses import dataclass

import nats
import orjson
import structlog
from nats.errors import Error as NatsError
from nats.js.api import ConsumerConfig, DeliverPolicy
from nats.js.errors import Error as JetStreamError

from chassis.stream import STREAM, stream_key

log = structlog.get_logger()
FAULTS = (NatsError, JetStreamError, OSError, TimeoutError)
REMEMBERED = 1000
# All that is remembered, and a little that happens meanwhile.
WAITING = REMEMBERED + 50
PAUSE = 0.5
# Collections of which everybody has his own, administrators too.
PERSONAL = ("notifications/", "notificationSettings", "sessions/", "apiKeys/", "savedViews/")
ALIVE = b": alive\n\n"


@dataclass(frozen=True)
class Change:
    """One announcement: its place in the stream, who may know of it, and what they are told."""

    sequence: int
    readers: frozenset
    # Of no concern to anybody else, administrators included.
    personal: bool
    frame: bytes


class Viewer:
    """One open page: what it has yet to be told, and how far it has heard."""

    def __init__(self, actor, digest, until):
        self.actor = actor
        self.digest = digest
        self.until = until
        self.heard = 0
        self.frames: asyncio.Queue = asyncio.Queue(WAITING)

    def tell(self, change):
        """Tells of a change, if it is new to this viewer and his to know. Who has no access to the CRM hears of what is
        his own only.
        """
        if change.sequence <= self.heard:
            return
        self.heard = change.sequence
        if not (self.actor.crm_access or change.personal):
            return
        sees = self.actor.sees_all and not change.personal
        if sees or not change.readers.isdisjoint(self.actor.principals):
            self.put(change.frame)

    def put(self, frame):
        """Queues a frame; whoever is too slow to take them has to fetch everything again."""
        try:
            self.frames.put_nowait(frame)
        except asyncio.QueueFull:
            self.reset(self.heard)

    def reset(self, sequence):
        """Says that some changes were missed, and that what follows comes after `sequence`."""
        self._drop()
        self.heard = sequence
        self.frames.put_nowait(f"id: {sequence}\nevent: reset\ndata: {{}}\n\n".encode())

    def end(self):
        """Ends the stream; the page will come again, if it may."""
        self._drop()
        self.frames.put_nowait(None)

    def _drop(self):
        while not self.frames.empty():
            self.frames.get_nowait()


class Changes:
    """Reads the stream and tells the viewers; remembers the newest changes for those who were away for a moment."""

    def __init__(self, url):
        self.url = url
        self.viewers: set[Viewer] = set()
        self.recent: deque[Change] = deque(maxlen=REMEMBERED)
        self.key = ""
        # How far the stream has been read, how long it is known to be, and from where on `recent` knows it.
        self.read = self.head = 0
        self.known_from = 1
        self.problem = "not connected yet"

    def join(self, viewer, last_event):
        """Adds a viewer; tells him what he missed since `last_event`, or that it was too much."""
        self.viewers.add(viewer)
        if last_event is None or not self.key:
            viewer.heard = self.head
            # Frames without data are no event, but say from where to go on after a break.
            viewer.put(b"id: %d\n\n" % self.head)
        elif last_event > self.head or last_event + 1 < self.known_from or self.head - last_event > REMEMBERED:
            viewer.reset(self.head)
        else:
            viewer.heard = last_event
            missed = [change for change in self.recent if change.sequence > last_event]
            for change in missed:
                viewer.tell(change)

    def leave(self, viewer):
        """Removes a viewer."""
        self.viewers.discard(viewer)

    def end(self):
        """Ends all streams."""
        for viewer in list(self.viewers):
            viewer.end()

    async def follow(self):
        """Reads for ever; a broker that went away is looked for until it is back."""
        while True:
            try:
                await self._connect_and_read()
            except FAULTS as error:
                self.problem = repr(error)
            await asyncio.sleep(PAUSE)

    async def _connect_and_read(self):
        closed = asyncio.Event()

        async def note(*_):
            closed.set()

        connection = await nats.connect(
            self.url,
            name="push",
            inbox_prefix="_INBOX_push",
            allow_reconnect=False,
            connect_timeout=2,
            error_cb=self._broken,
            closed_cb=note,
            disconnected_cb=note,
        )
        try:
            await self._subscribe(connection.jetstream(timeout=2))
            self.problem = ""
            await closed.wait()
            self.problem = "the connection broke"
        finally:
            await connection.close()

    async def _broken(self, error):
        log.debug("broker", error=str(error))

    async def _subscribe(self, stream):
        """Goes on where reading stopped, or, if that is too far back or another stream, near its end."""
        info = await stream.stream_info(STREAM)
        last, key = info.state.last_seq, stream_key(info)
        gap = key != self.key or not last - REMEMBERED <= self.read <= last
        if gap:
            self.recent.clear()
            self.read = max(info.state.first_seq - 1, last - REMEMBERED, 0)
            self.known_from = self.read + 1
        self.key, self.head = key, last
        if gap:
            # Told before anything newer: what they show may be stale.
            for viewer in self.viewers:
                viewer.reset(last)
        config = ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=self.read + 1)
        await stream.subscribe(
            "crm.>", stream=STREAM, ordered_consumer=True, headers_only=True, config=config, cb=self._take
        )

    async def _take(self, message):
        """Takes one announcement from the stream and tells the viewers."""
        sequence, headers = message.metadata.sequence.stream, message.headers or {}
        if sequence <= self.read:
            return
        self.read, self.head = sequence, max(sequence, self.head)
        if headers.get("Crm-Bulk"):
            # One of thousands that change together: pages are told of what changes them.
            return
        change = _change(sequence, headers)
        if len(self.recent) == REMEMBERED:
            self.known_from = self.recent[0].sequence + 1
        self.recent.append(change)
        for viewer in self.viewers:
            viewer.tell(change)


def _change(sequence, headers):
    """What viewers are told of an announcement: which record, what happened, its new version. Never its content."""
    told = {"name": headers.get("Crm-Resource"), "event": headers.get("Crm-Event"), "etag": headers.get("Crm-Etag")}
    # Whoever may not be named is nobody but administrators; headers come from our own services.
    readers = frozenset(orjson.loads(headers.get("Crm-Readers", "[]")))
    personal = told["name"] is not None and told["name"].startswith(PERSONAL)
    return Change(sequence, readers, personal, b"id: %d\ndata: %s\n\n" % (sequence, orjson.dumps(told)))
