"""The gateway's Flask application, wired: every route of the contract, probes, and what stands on every answer."""

import atexit
import ipaddress
import logging
import re
import time
from functools import lru_cache
from pathlib import Path

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest, MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix

from chassis import logs, telemetry, texts
from chassis.background import Background
from chassis.identity import Signer
from chassis.settings import Settings
from gateway import (
    auth,
    calendars,
    caller,
    contract,
    forms,
    invitations,
    metrics,
    oidc,
    openapi,
    owner,
    refusals,
    unsubscribing,
)
from gateway.backends import Backends
from gateway.binding import LARGEST
from gateway.identity.service import service as identity
from gateway.protection import Protected
from gateway.routes import routes_of
from gateway.transcode import Transcoder

log = structlog.get_logger()
SLOW = 1.0
# Who has these parts of an address can do what it is for; a log is read by others.
SECRET = re.compile(r"^(/rsvp/|/calendar/|/unsubscribe/|/v1/eventInvitations/|/v1/unsubscriptions/)[^/:]+")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")


def create_app():
    """The gateway as gunicorn's workers run it: settings from the environment, background work started."""
    settings = Settings()
    logs.configure(settings, "gateway")
    identity.open(settings)
    telemetry.trace(settings, "gateway", identity.engine)
    owner.set_up(identity, settings)
    background = Background(identity)
    background.start()
    metrics.serve(settings.metrics_listen, background.problems)
    app = build(settings, identity, events=lambda: background.bus.problem, good_seconds=auth.GOOD_SECONDS)
    atexit.register(identity.close)
    atexit.register(background.stop)
    return app


def build(settings, identity, *, services=None, events=lambda: "", good_seconds=0.0):
    """The application; `services` are those whose routes it has, all of the contract unless said otherwise.

    For `good_seconds` it is good who a credential speaks for.
    """
    texts.register(Path(__file__).parent / "locales")
    backends = Backends(
        identity, settings.services, auth.RememberedTokens(Signer(settings.signing_key_file)), good_seconds
    )
    routes = routes_of(services or contract.services())
    authenticator = auth.Authenticator(identity, good_seconds)
    transcoder = Transcoder(routes, backends, authenticator)
    app = Flask(__name__, static_folder=None)
    # Of a body without a length the stream ends at the limit without a word; one byte more tells that it was cut.
    app.config.update(MAX_CONTENT_LENGTH=LARGEST + 1, MAX_FORM_MEMORY_SIZE=0)
    app.url_map.merge_slashes = False
    app.extensions["backends"] = backends
    refusals.register(app, authenticator.recognise)
    app.before_request(caller.begin)
    app.before_request(lambda: _refuse_strange_hosts(settings.trusted_hosts))
    app.after_request(auth.after_answer)
    app.after_request(_finish)
    oidc.register(app, identity)
    forms.register(app, routes, backends)
    unsubscribing.register(app, routes, backends)
    invitations.register(app, routes, identity, backends)
    calendars.register(app, routes, identity, backends)
    _add(app, "/v1/<path:path>", transcoder.view)
    _add(app, "/openapi.json", lambda: _get(lambda: Response(openapi.document(), mimetype="application/json")))
    _add(app, "/healthz", lambda: _get(lambda: {"status": "ok"}))
    _add(app, "/readyz", lambda: _get(lambda: _readiness(backends, events)))
    app.wsgi_app = OneProxy(Protected(app.wsgi_app))  # type: ignore[method-assign]
    return app


def _add(app, path, view):
    app.add_url_rule(path, path, view, methods=METHODS, provide_automatic_options=False)


def _get(answer):
    """What only GET and HEAD may ask."""
    if request.method not in ("GET", "HEAD"):
        raise MethodNotAllowed(valid_methods=["GET", "HEAD"])
    return answer()


def _readiness(backends, events):
    """Each dependency by name. Announcements wait while the broker is away, so it is told of but not needed."""
    problems = backends.problems()
    told = {**problems, "events": events()}
    ready = not any(problems.values())
    dependencies = {name: problem or "ok" for name, problem in told.items()}
    return {"status": "ok" if ready else "unavailable", "dependencies": dependencies}, 200 if ready else 503


def _refuse_strange_hosts(trusted):
    if trusted and request.host.partition(":")[0] not in trusted:
        raise BadRequest


def _finish(response):
    """Gives an answer its request id, and tells the log and the metrics."""
    made = g.caller
    response.headers["X-Request-Id"] = made.trace
    seconds = time.monotonic() - made.started
    rpc = made.rpc or request.endpoint or ""
    _count(rpc, made.code).observe(seconds)
    # What went well is told at "debug" only: a line a request would cost as much as signing in.
    level = logging.INFO if response.status_code >= 400 or seconds > SLOW else logging.DEBUG
    if log.is_enabled_for(level):
        log.log(
            level,
            "request",
            method=request.method,
            path=told_path(request.path),
            status=response.status_code,
            rpc=rpc,
            actor=made.actor.user,
            trace=made.trace,
            milliseconds=round(seconds * 1000, 1),
        )
    return response


def told_path(path):
    """Returns a path as a log may have it: without what opens something by itself."""
    return SECRET.sub(r"\1…", path)


@lru_cache
def _count(rpc, code):
    return telemetry.RPC_SECONDS.labels("gateway", rpc, code)


class OneProxy:
    """Believes what the edge says of the client, and nobody else: the edge is one hop away on a private network."""

    def __init__(self, app):
        self.direct = app
        self.proxied = ProxyFix(app, x_for=1, x_proto=1, x_host=1)

    def __call__(self, environ, start_response):
        """Answers a request with the addresses it may believe."""
        app = self.proxied if _is_private(environ.get("REMOTE_ADDR", "")) else self.direct
        return app(environ, start_response)


@lru_cache
def _is_private(address):
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False
