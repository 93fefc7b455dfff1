"""One HTTP request's context: who calls, in which language, since when, under which trace."""

import re
import time
from dataclasses import dataclass, field

from flask import g, request
from google.protobuf.message import Message

from chassis import telemetry, texts
from chassis.identity import Actor
from gateway.identity.visit import Visit

TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
SECONDS = 10.0
# Moving a file takes as long as it takes; this only ends what hangs.
STREAM_SECONDS = 600.0
ANONYMOUS = Actor()


@dataclass
class Caller:
    """What every call carries besides its request."""

    traceparent: str
    started: float = field(default_factory=time.monotonic)
    actor: Actor = ANONYMOUS
    language: str = "en"
    address: str = ""
    # What became of it: the service and the RPC it was for, the answer, or the code of the refusal.
    service: str = ""
    rpc: str = ""
    answer: Message | None = None
    code: str = "OK"

    @property
    def trace(self):
        """The trace id, which is also the request's id."""
        return self.traceparent.split("-")[1]

    def time_left(self, streams=False):
        """How many seconds the call may still take."""
        return max(0.05, (STREAM_SECONDS if streams else SECONDS) - (time.monotonic() - self.started))

    def visit(self):
        """The call as the identity service sees it."""
        return Visit(
            traceparent=self.traceparent,
            deadline=self.started + SECONDS,
            language=self.language,
            address=self.address,
            user_agent=request.headers.get("User-Agent", "")[:255],
        )


def begin():
    """Notes the start of a request; a trace that came along is continued, a request id is never believed."""
    given = request.headers.get("traceparent", "")
    fresh = telemetry.traceparent()
    # Our own span under the trace that was given.
    trace = f"00-{given.split('-')[1]}-{fresh.split('-')[2]}-{given[-2:]}" if TRACEPARENT.fullmatch(given) else fresh
    g.caller = made = Caller(trace, address=request.remote_addr or "")
    _speak(made)


def identify(actor):
    """Notes who the caller is."""
    made = g.caller
    made.actor = actor
    _speak(made)


def _speak(made):
    """The language that the request asks for, else the caller's."""
    made.language = texts.negotiate(request.headers.get("Accept-Language"), made.actor.language)
