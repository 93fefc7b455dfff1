"""`GET /v1/changes:watch`: changes as server-sent events. A bare ASGI app, in a process of its own.

Every open page holds a connection here, which costs a queue and no thread.
"""

import asyncio
import functools
import random
import time

import structlog
from prometheus_client import Gauge
from sqlalchemy.exc import DBAPIError
from werkzeug.http import parse_cookie

from chassis import db, errors, logs, telemetry, texts
from chassis.settings import Settings
from gateway.auth import COOKIE
from gateway.changes import ALIVE, Changes, Viewer
from gateway.identity import credentials, rights
from gateway.protection import HEADERS
from gateway.refusals import as_http

log = structlog.get_logger()
PATH = "/v1/changes:watch"
MINUTES = 10
ALIVE_SECONDS, CHECK_SECONDS = 15, 5
PER_USER, IN_ALL = 20, 4000
STREAMS = Gauge("rapport_push_streams", "Open streams of changes")


class Push:
    """The application: who may watch, for how long, and the housekeeping around it."""

    def __init__(self):
        self.closing = False
        self.tasks = []

    async def __call__(self, scope, receive, send):
        """Serves one connection."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    def open(self, settings):
        """Starts to read the stream and to look after the viewers; needs a running loop."""
        self.reading = db.reading_engine(settings.database_url.get_secret_value(), 4, "push")
        self.changes = Changes(settings.nats_url.get_secret_value())
        work = (self.changes.follow, self._keep_alive, self._check_sessions)
        self.tasks = [asyncio.ensure_future(each()) for each in work]

    def end_streams(self):
        """Ends every stream at once: left open they would hold up the shutdown."""
        self.closing = True
        self.changes.end()

    async def close(self):
        """Lets go of everything."""
        self.end_streams()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.reading.dispose()

    async def _live(self, receive, send):
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                settings = Settings()
                logs.configure(settings, "push")
                self.open(settings)
                if settings.metrics_listen:
                    telemetry.serve(settings.metrics_listen, lambda: {"events": self.changes.problem})
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, scope, receive, send):
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            viewer = await self._admit(scope, headers)
        except errors.Error as error:
            language = texts.negotiate(headers.get("accept-language"))
            http, extra, body = as_http(error.status(language))
            await _start(send, http, extra)
            await send({"type": "http.response.body", "body": body})
            return
        self.changes.join(viewer, _last_event(headers))
        STREAMS.inc()
        try:
            await _start(send, 200, {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
            await self._stream(viewer, receive, send)
        finally:
            self.changes.leave(viewer)
            STREAMS.dec()

    async def _admit(self, scope, headers):
        """The viewer that a request makes. Refuses whoever has not signed in, and too many at once."""
        if scope["path"] != PATH or scope["method"] != "GET":
            raise errors.NotFound("there is nothing at this address", "ROUTE_NOT_FOUND")
        secret = _secret(headers)
        actor = await asyncio.to_thread(self._actor, secret) if secret else None
        if actor is None:
            raise errors.Unauthenticated("sign in first", "UNAUTHENTICATED")
        # Who may not use the CRM still hears of what is his own.
        rights.require_use(actor, "" if actor.crm_access else rights.NOTIFICATIONS, reads=True)
        own = sum(viewer.actor.user == actor.user for viewer in self.changes.viewers)
        if self.closing or len(self.changes.viewers) >= IN_ALL:
            raise errors.Unavailable("no more streams just now", "SERVICE_UNAVAILABLE", retry_after=2, service="push")
        if own >= PER_USER:
            raise errors.ResourceExhausted("too many pages are open", "TOO_MANY_STREAMS", retry_after=30)
        # Not all at the same second: they come again at once.
        until = time.monotonic() + MINUTES * 60 * random.uniform(0.9, 1.0)  # noqa: S311
        return Viewer(actor, credentials.digest(secret), until)

    def _actor(self, secret):
        # An open page is no use of the session: else a forgotten one would never end.
        ask = functools.partial(credentials.actor_of, self.reading, secret, used=False)
        try:
            try:
                return ask()
            except DBAPIError:
                # Its connections may all have been cut; that one found out.
                return ask()
        except Exception as error:
            log.error("database_unavailable", error=str(error).splitlines()[0])
            raise errors.Unavailable(
                "the database does not answer; try again soon", "DATABASE_UNAVAILABLE", retry_after=2
            ) from None

    async def _stream(self, viewer, receive, send):
        """Sends frames until the stream is ended from here or the client goes."""
        sending = asyncio.ensure_future(_send_frames(viewer, send))
        leaving = asyncio.ensure_future(_wait_for_leave(receive))
        done, pending = await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*done, *pending, return_exceptions=True)

    async def _keep_alive(self):
        """Lets connections that nothing happens on be seen to live, and ends those that have lived long enough."""
        while True:
            await asyncio.sleep(ALIVE_SECONDS)
            now = time.monotonic()
            for viewer in list(self.changes.viewers):
                if viewer.until < now:
                    viewer.end()
                elif viewer.frames.empty():
                    viewer.put(ALIVE)

    async def _check_sessions(self):
        """Ends the streams of sessions that ended or speak for somebody else by now; one statement for all."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            await self.check_sessions()

    async def check_sessions(self):
        """Looks once."""
        watching = list(self.changes.viewers)
        if not watching:
            return
        try:
            digests = {viewer.digest for viewer in watching}
            actors = await asyncio.to_thread(credentials.still_valid, self.reading, digests)
        except Exception as error:
            log.error("sessions_not_checked", error=str(error).splitlines()[0])
            return
        for viewer in watching:
            if actors.get(viewer.digest) != viewer.actor:
                # He comes again at once, as whoever he is now.
                viewer.end()


async def _send_frames(viewer, send):
    await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
    while (frame := await viewer.frames.get()) is not None:
        await send({"type": "http.response.body", "body": frame, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _wait_for_leave(receive):
    while (await receive())["type"] != "http.disconnect":
        pass


async def _start(send, status, headers):
    trace = telemetry.traceparent().split("-")[1]
    everything = {**HEADERS, **headers, "X-Request-Id": trace}
    encoded = [(name.lower().encode(), value.encode()) for name, value in everything.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})


def _secret(headers):
    bearer = headers.get("authorization", "")
    if bearer.lower().startswith("bearer "):
        return bearer[7:].strip()
    return parse_cookie(headers.get("cookie")).get(COOKIE, "")


def _last_event(headers):
    """The id of the last event that the page has seen, or None."""
    given = headers.get("last-event-id", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


app = Push()
