"""Who is asking: a cookie or a bearer token becomes an actor, with one statement; and no other site asks for him."""

import time
from urllib.parse import urlsplit

from flask import g, request

from chassis.errors import PermissionDenied, Unauthenticated
from gateway import caller
from gateway.identity import credentials, rights

COOKIE = "rapport_session"
CSRF_HEADER = "X-CSRF-Protection"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN_SECONDS = 30
REMEMBERED = 10_000
# How long it is good who a secret speaks for. What takes a right away answers after that: see `Backends`.
GOOD_SECONDS = 0.2


class Authenticator:
    """Finds out who sent the current request."""

    def __init__(self, identity, good_seconds):
        self.identity = identity
        self.good_seconds = good_seconds
        self.known: dict = {}

    def __call__(self, *, public):
        """Notes the caller. Refuses with UNAUTHENTICATED unless there is one or the RPC is public, and who may not
        use the service that is asked.
        """
        known = self.recognise()
        if request.method not in READING and not _is_bearer():
            refuse_other_sites(needs_header=COOKIE in request.cookies and not public)
        if public:
            return
        if not known:
            raise Unauthenticated("sign in first", "UNAUTHENTICATED")
        rights.require_use(g.caller.actor, g.caller.service, g.caller.rpc, reads=request.method in READING)

    def recognise(self):
        """Notes the caller, if the request shows who he is; from then on he is spoken to in his language."""
        secret = _secret()
        actor = self._actor(secret) if secret else None
        if actor:
            caller.identify(actor)
        return actor is not None

    def _actor(self, secret):
        """Who a secret speaks for. A page asks for much at once; the database is asked once for all of it."""
        key, now = credentials.digest(secret), time.monotonic()
        until, actor = self.known.get(key, (0.0, None))
        if until > now:
            return actor
        actor = self.identity.read(lambda: credentials.actor_of(self.identity.reading, secret))
        if actor and self.good_seconds:
            if len(self.known) >= REMEMBERED:
                self.known = {}
            self.known[key] = (now + self.good_seconds, actor)
        return actor


class RememberedTokens:
    """Signs tokens, and uses each for half its life: a signature costs more than the rest of a small request."""

    def __init__(self, signer):
        self.signer = signer
        self.tokens: dict = {}

    def token(self, actor):
        """A token that lets a service act for `actor`."""
        now = time.monotonic()
        until, token = self.tokens.get(actor, (0.0, ""))
        if until > now:
            return token
        if len(self.tokens) >= REMEMBERED:
            self.tokens = {}
        token = self.signer.token(actor)
        self.tokens[actor] = (now + TOKEN_SECONDS, token)
        return token


def _is_bearer():
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def _secret():
    """The secret that the request shows; a bearer token goes before a cookie."""
    if _is_bearer():
        return request.headers["Authorization"][7:].strip()
    return request.cookies.get(COOKIE, "")


def refuse_other_sites(*, needs_header):
    """Refuses a write that another site may have caused: a browser sends our cookie along with it."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    foreign = site not in ("same-origin", "none") if site else bool(origin) and urlsplit(origin).netloc != request.host
    if foreign or (needs_header and request.headers.get(CSRF_HEADER) != "1"):
        raise PermissionDenied(
            "this call must come from our own pages, with {header}: 1", "CSRF_REQUIRED", header=CSRF_HEADER
        )


def remember_session(response, secret):
    """Gives the browser its session."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(credentials.SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
        path="/",
    )


def forget_session(response):
    """Takes the session out of the browser."""
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure, path="/")


def after_answer(response):
    """Puts what signing in and out mean for a browser into the response."""
    made = g.caller
    if getattr(made.answer, "access_token", ""):
        remember_session(response, made.answer.access_token)
    elif made.rpc == "DeleteSession" and response.status_code == 200 and request.path.endswith("/current"):
        forget_session(response)
    return response
