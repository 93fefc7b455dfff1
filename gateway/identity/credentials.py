"""Secrets that prove who somebody is: how they are made, kept, and recognised again with one statement."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import text

from chassis.identity import Actor
from chassis.prepared import Prepared

API_KEY_PREFIX = "rk_"
# What a key is for that calendar programs show in an address: nothing else.
CALENDAR = "calendar"
SESSION_LIFE = timedelta(days=30)
SESSION_IDLE = timedelta(hours=12)
# What an actor is: his name, groups, role and language, and whether he may use the CRM (as `User.computed` says it).
ACTOR = """
    u.id, u.groups, u.role, u.language, u.role IN ('OWNER', 'PORTAL_ADMIN') OR (p.crm_enabled AND (
        p.crm_access = 'EVERYONE' OR p.crm_members && (u.groups || ('users/' || u.id))))
"""
SESSIONS = """
    FROM session s JOIN "user" u ON u.id = s.user_id CROSS JOIN portal p
    WHERE u.state = 'ACTIVE' AND s.expire_time > now() AND s.last_use_time > now() - interval '12 hours' AND s.digest
"""
API_KEYS = """
    FROM api_key k JOIN "user" u ON u.id = k.user_id CROSS JOIN portal p
    WHERE u.state = 'ACTIVE' AND (k.expire_time IS NULL OR k.expire_time > now()) AND k.digest
"""
# These run on every request, hence prepared.
SESSION = Prepared(f"""
    SELECT s.id, {ACTOR}, '{{}}'::text[], s.last_use_time < now() - interval '1 minute' {SESSIONS} = %(digest)s
""")
API_KEY = Prepared(f"""
    SELECT k.id, {ACTOR}, k.scopes, coalesce(k.last_use_time < now() - interval '1 minute', true)
    {API_KEYS} = %(digest)s
""")
SESSION_USED = text("UPDATE session SET last_use_time = now() WHERE id = :id")
API_KEY_USED = text("UPDATE api_key SET last_use_time = now() WHERE id = :id")
STILL_VALID = Prepared(f"""
    SELECT s.digest, 'sessions/' || s.id, {ACTOR}, '{{}}'::text[] {SESSIONS} = ANY(%(digests)s)
    UNION ALL
    SELECT k.digest, 'apiKeys/' || k.id, {ACTOR}, k.scopes {API_KEYS} = ANY(%(digests)s)
""")


def new_secret(prefix=""):
    """A secret of 256 bits."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret):
    """What is kept of a secret: enough to recognise it, useless to whoever reads the database."""
    return hashlib.sha256(secret.encode()).digest()


def actor_of(reading, secret, *, used=True):
    """Who a session token or API key speaks for, or None; `used` says that this counts as using it."""
    is_key = secret.startswith(API_KEY_PREFIX)
    found = (API_KEY if is_key else SESSION).fetch(reading, {"digest": digest(secret)})
    if not found:
        return None
    (number, *who, stale) = found[0]
    if stale and used:
        with reading.connect() as connection:
            connection.execute(API_KEY_USED if is_key else SESSION_USED, {"id": number})
    return _actor(f"{'apiKeys' if is_key else 'sessions'}/{number}", *who)


def _actor(session, number, groups, role, language, crm_access, scopes):
    return Actor(
        user=f"users/{number}",
        groups=tuple(groups),
        role=role,
        session=session,
        language=language,
        crm_access=crm_access,
        scopes=tuple(scopes),
    )


def still_valid(reading, digests):
    """Which of many digests still count, and whom each speaks for now."""
    found = STILL_VALID.fetch(reading, {"digests": list(digests)})
    return {bytes(digest): _actor(session, *who) for digest, session, *who in found}
