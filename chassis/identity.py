"""Who is asking: the actor that rules see, and the signed tokens that carry him between processes.

The gateway signs a token for a user, a service one for itself, each with its own Ed25519 key; everybody holds
the public keys only, so no service can pass for a user or for another service.
"""

import json
import threading
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from chassis.errors import PermissionDenied, Unauthenticated

ALGORITHM = "Ed25519"
LIFETIME = 60
LEEWAY = 5
GATEWAY = "gateway"
IDENTITY = "services/identity"
PORTAL_ADMIN_ROLES = frozenset({"OWNER", "PORTAL_ADMIN"})
ADMIN_ROLES = PORTAL_ADMIN_ROLES | {"CRM_ADMIN"}
EVERYONE = "everyone"


@dataclass(frozen=True)
class Actor:
    """Somebody who asks: a user in a session, or a service acting for itself."""

    user: str = ""
    groups: tuple[str, ...] = ()
    role: str = ""
    session: str = ""
    language: str = "en"
    service: str = ""
    # Whether he may use anything but his own account, and what his API key is for; the gateway sees to both.
    crm_access: bool = True
    scopes: tuple[str, ...] = ()

    @property
    def name(self):
        """`users/1` or `services/invoicing`."""
        return self.user or self.service

    @property
    def is_admin(self):
        """Whether he administers the CRM."""
        return self.role in ADMIN_ROLES

    @property
    def is_portal_admin(self):
        """Whether he administers the portal: people, settings, mail."""
        return self.role in PORTAL_ADMIN_ROLES

    def require_portal_admin(self):
        """Refuses unless he administers the portal."""
        if not self.is_portal_admin:
            raise PermissionDenied("only administrators of the portal may do this", "PORTAL_ADMIN_REQUIRED")

    def require_admin(self):
        """Refuses unless he administers the CRM, or is a service."""
        if not self.sees_all:
            raise PermissionDenied("only administrators of the CRM may do this", "CRM_ADMIN_REQUIRED")

    @property
    def sees_all(self):
        """Whether records are open to him whoever manages them: administrators and services."""
        return self.is_admin or bool(self.service)

    @cached_property
    def principals(self):
        """The names under which a record may be shared with him."""
        return [self.user, *self.groups, EVERYONE]


class Signer:
    """Signs the tokens of one process with its private key."""

    def __init__(self, key_file):
        self.key = OKPKey.import_key(json.loads(Path(key_file).read_text("utf-8")))
        self.issuer = self.key.kid

    def token(self, actor):
        """Returns a token that lets others act for `actor` during the next minute."""
        claims = {
            "iss": self.issuer,
            "sub": actor.name,
            "grp": list(actor.groups),
            "role": actor.role,
            "sid": actor.session,
            "lang": actor.language,
            "exp": int(time.time()) + LIFETIME,
        }
        return jwt.encode({"alg": ALGORITHM, "kid": self.issuer}, claims, self.key, algorithms=[ALGORITHM])


class Verifier:
    """Checks tokens against the public keys of all issuers; remembers a good one until it expires."""

    def __init__(self, keys_file):
        keys = json.loads(Path(keys_file).read_text("utf-8"))["keys"]
        self.keys = {key["kid"]: OKPKey.import_key(key) for key in keys}
        self.seen: dict[str, tuple[float, Actor]] = {}
        self.lock = threading.Lock()

    def actor(self, token):
        """Returns who a token speaks for.

        Refuses with UNAUTHENTICATED if it is missing, forged, expired, or its issuer may not speak for its subject.
        """
        now = time.time()
        expiry, actor = self.seen.get(token, (0.0, None))
        if actor is not None and now < expiry:
            return actor
        expiry, actor = self._check(token, now)
        with self.lock:
            if len(self.seen) > 10_000:
                self.seen = {key: value for key, value in self.seen.items() if value[0] > now}
            self.seen[token] = (expiry, actor)
        return actor

    def _check(self, token, now):
        """Returns (expiry, actor) of a token never seen before."""
        try:
            decoded = jwt.decode(token, self._key, algorithms=[ALGORITHM])
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _unauthenticated() from error
        claims, issuer = decoded.claims, decoded.header.get("kid")
        subject, expiry = str(claims.get("sub")), claims.get("exp")
        if claims.get("iss") != issuer or not isinstance(expiry, int) or expiry + LEEWAY <= now:
            raise _unauthenticated()
        if issuer == GATEWAY and subject.startswith("users/"):
            return expiry + LEEWAY, Actor(
                user=subject,
                groups=tuple(claims["grp"]),
                role=claims["role"],
                session=claims["sid"],
                language=claims["lang"],
            )
        # A service speaks for itself and for nobody else; identity lives in the gateway.
        if subject == (IDENTITY if issuer == GATEWAY else issuer):
            return expiry + LEEWAY, Actor(service=subject)
        raise _unauthenticated()

    def _key(self, token):
        """Returns the key of the issuer that a token's header names."""
        return self.keys[token.headers()["kid"]]


def _unauthenticated():
    return Unauthenticated("sign in first", "UNAUTHENTICATED")
