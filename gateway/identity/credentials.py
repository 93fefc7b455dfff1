"""Secrets that prove who somebody is: how they are made, kept, and recognised again with one statement."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import text

from chassis.identity import Actor
from chassis.prepared import Prepared

API_KEY_PREFIX = "rk_"
SESSION_LIFE = timedelta(days=30)
SESSION_IDLE = timedelta(hours=12)
# Runs on every request, hence prepared.
SESSION = Prepared("""
    SELECT s.id, u.id AS user_id, u.role, u.language, s.last_use_time < now() - interval '1 minute' AS stale
    FROM session s JOIN "user" u ON u.id = s.user_id
    WHERE s.digest = %(digest)s AND u.state = 'ACTIVE'
      AND s.expire_time > now() AND s.last_use_time > now() - interval '12 hours'
""")
API_KEY = Prepared("""
    SELECT k.id, u.id AS user_id, u.role, u.language,
           coalesce(k.last_use_time < now() - interval '1 minute', true) AS stale
    FROM api_key k JOIN "user" u ON u.id = k.user_id
    WHERE k.digest = %(digest)s AND u.state = 'ACTIVE'
""")
SESSION_USED = text("UPDATE session SET last_use_time = now() WHERE id = :id")
API_KEY_USED = text("UPDATE api_key SET last_use_time = now() WHERE id = :id")
STILL_VALID = text("""
    SELECT s.digest, u.role FROM session s JOIN "user" u ON u.id = s.user_id
    WHERE s.digest = ANY(:digests) AND u.state = 'ACTIVE'
      AND s.expire_time > now() AND s.last_use_time > now() - interval '12 hours'
    UNION ALL
    SELECT k.digest, u.role FROM api_key k JOIN "user" u ON u.id = k.user_id
    WHERE k.digest = ANY(:digests) AND u.state = 'ACTIVE'
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
    number, user, role, language, stale = found[0]
    if stale and used:
        with reading.connect() as connection:
            connection.execute(API_KEY_USED if is_key else SESSION_USED, {"id": number})
    session = f"{'apiKeys' if is_key else 'sessions'}/{number}"
    return Actor(user=f"users/{user}", role=role, session=session, language=language)


def still_valid(reading, digests):
    """Which of many digests still count, and the role that each gives."""
    with reading.connect() as connection:
        return {bytes(row.digest): row.role for row in connection.execute(STILL_VALID, {"digests": list(digests)})}
