"""`GET /v1/changes:watch`: server-sent events, one open answer per tab, in a process and an event loop of its own.

Data are names, never fields: the browser fetches what it shows, and the services decide anew what it may see.
"""

import asyncio
import re
import time
from collections import Counter
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie

import orjson
import structlog
from sqlalchemy import create_engine

from chassis import db, logs, telemetry
from chassis.settings import Settings
from gateway.changes import Changes, Listener
from gateway.identity import credentials

log = structlog.get_logger()
COOKIE = "rapport_session"
PATH = "/v1/changes:watch"
# A comment keeps proxies from closing an idle answer; a limited life caps whatever leaks.
COMMENT = b": still here\n\n"
COMMENT_SECONDS = 15
LIFE_SECONDS = 600
CHECK_SECONDS = 3
STREAMS_PER_CREDENTIAL = 20
OPENING = b"retry: 2000\n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Push:
    """The ASGI application."""

    def __init__(self, settings):
        self.settings = settings
        url = settings.database_url.get_secret_value()
        self.reading = db.reads(create_engine(url, pool_size=4, connect_args={"options": db.LIMITS}))
        self.changes = Changes(settings.nats_url.get_secret_value())
        self.open: Counter[bytes] = Counter()
        self.tasks = []

    async def __call__(self, scope, receive, send):
        """Serves one scope: the process's life, or one request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive, send):
        """Starts and stops with the process; at its end every stream is ended by us, or it would hold the end up."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                work = (self.changes.run, self._check_listeners)
                self.tasks = [asyncio.ensure_future(each()) for each in work]
                await send({"type": "lifespan.startup.complete"})
            else:
                self.end_all()
                for task in self.tasks:
                    task.cancel()
                await self.changes.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def end_all(self):
        """Ends every stream; browsers come back by themselves."""
        for listener in self.changes.listeners:
            listener.over.set()

    async def _answer(self, scope, receive, send):
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["path"] == "/healthz":
            await _say(send, 200, {"status": "ok"})
        elif scope["path"] == "/readyz":
            await _say(send, 503 if self.changes.problem else 200, {"nats": self.changes.problem or "ok"})
        elif scope["path"] != PATH:
            await _refuse(send, 404, "NOT_FOUND", "ROUTE_NOT_FOUND", "there is nothing at this address")
        elif scope["method"] != "GET":
            await _refuse(send, 405, "INVALID_ARGUMENT", "METHOD_NOT_ALLOWED", "only GET works here")
        elif headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            await _refuse(send, 403, "PERMISSION_DENIED", "CSRF_REQUIRED", "this call must come from our own pages")
        else:
            await self._watch(headers, receive, send)

    async def _watch(self, headers, receive, send):
        """Streams changes to whoever has signed in."""
        secret = _secret(headers)
        actor = await asyncio.to_thread(credentials.actor_of, self.reading, secret) if secret else None
        if actor is None:
            await _refuse(send, 401, "UNAUTHENTICATED", "UNAUTHENTICATED", "sign in first")
            return
        credential = credentials.digest(secret)
        if self.open[credential] >= STREAMS_PER_CREDENTIAL:
            await _refuse(send, 429, "RESOURCE_EXHAUSTED", "TOO_MANY_STREAMS", "too many open streams; close some tabs")
            return
        listener = Listener(actor, credential)
        self.open[credential] += 1
        self.changes.listeners.add(listener)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await _send(send, OPENING)
            if re.fullmatch(r"\d{1,18}", last := headers.get("last-event-id", "")):
                self.changes.catch_up(listener, int(last))
            gone = asyncio.ensure_future(_disconnected(receive, listener))
            await self._stream(listener, send)
            gone.cancel()
        finally:
            self.changes.listeners.discard(listener)
            self.open[credential] -= 1
            self.open += Counter()

    async def _stream(self, listener, send):
        """Sends what the listener hears until its time, its right or the process ends."""
        over = asyncio.ensure_future(listener.over.wait())
        end = time.monotonic() + LIFE_SECONDS
        while not over.done() and time.monotonic() < end:
            heard = asyncio.ensure_future(listener.queue.get())
            await asyncio.wait((heard, over), timeout=COMMENT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if heard.done():
                parts = [heard.result()]
                while not listener.queue.empty():
                    parts.append(listener.queue.get_nowait())
                await _send(send, b"".join(parts))
            else:
                heard.cancel()
                if not over.done():
                    await _send(send, COMMENT)
        over.cancel()
        with suppress(Exception):
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _check_listeners(self):
        """Ends the streams of those whose session or key no longer counts: one statement for all of them."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            held = {listener.credential for listener in self.changes.listeners}
            if not held:
                continue
            try:
                valid = await asyncio.to_thread(credentials.still_valid, self.reading, held)
            except Exception as error:
                log.warning("listeners_not_checked", error=repr(error))
                continue
            for listener in self.changes.listeners:
                if listener.credential not in valid:
                    listener.over.set()


async def _disconnected(receive, listener):
    """Ends a listener whose browser went away."""
    while (await receive())["type"] != "http.disconnect":
        continue
    listener.over.set()


async def _send(send, body):
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _say(send, status, answer):
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(answer), "more_body": False})


async def _refuse(send, code, status, reason, message):
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "rapport", "metadata": {}}
    await _say(send, code, {"error": {"code": code, "status": status, "message": message, "details": [info]}})


def _secret(headers):
    """The session token or API key that a request shows."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    cookie = SimpleCookie()
    with suppress(CookieError):
        cookie.load(headers.get("cookie", ""))
    return cookie[COOKIE].value if COOKIE in cookie else ""


def create_app():
    """Returns the application, with the settings of the environment."""
    settings = Settings()
    logs.configure(settings, "push")
    push = Push(settings)
    if settings.metrics_listen:
        telemetry.serve(settings.metrics_listen, lambda: {"nats": push.changes.problem})
    return push


def __getattr__(name):
    """Makes `app` when gunicorn asks for it, so that importing this module reads no settings."""
    if name == "app":
        return create_app()
    raise AttributeError(name)
