"""Signing in: tries are counted before the password is looked at, so that parallel guesses count too."""

import hashlib
from datetime import timedelta

from sqlalchemy import delete, func, select

from chassis.errors import ResourceExhausted, Unauthenticated
from gateway.identity import credentials, passwords
from gateway.identity.model import Attempt, Session, State, User

WINDOW = timedelta(minutes=5)
PER_ACCOUNT, PER_NETWORK = 10, 50


def account_of(email):
    """What failures are counted under: a digest, for people also type passwords into the wrong field."""
    return hashlib.sha256(email.strip().casefold().encode()).digest()


def attempt(tx, email):
    """Counts a try; returns its number. Refuses with TOO_MANY_ATTEMPTS while there were too many."""
    account, network = account_of(email), tx.cause.network
    # One try after the other is counted, per account and per network.
    for key in sorted((account.hex(), network)):
        tx.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    for column, value, most in ((Attempt.account, account, PER_ACCOUNT), (Attempt.network, network, PER_NETWORK)):
        _refuse_too_many(tx, column == value, most)
    row = Attempt(account=account, network=network, time=tx.now)
    tx.session.add(row)
    tx.session.flush()
    return row.id


def _refuse_too_many(tx, mine, most):
    recent = select(func.count(), func.min(Attempt.time)).where(mine, Attempt.time > tx.now - WINDOW)
    count, first = tx.session.execute(recent).one()
    if count >= most:
        seconds = max(1, int((first + WINDOW - tx.now).total_seconds()) + 1)
        raise ResourceExhausted(
            "too many attempts to sign in; try again in {seconds} s",
            "TOO_MANY_ATTEMPTS",
            retry_after=seconds,
            seconds=seconds,
        )


def user_of(tx, email):
    """The user who has an e-mail address, or None."""
    return tx.session.execute(select(User).where(func.lower(User.email) == email.strip().lower())).scalar()


def prove(user, password):
    """Refuses with SIGN_IN_FAILED unless the password is that of an active user; takes as long for nobody."""
    if not passwords.matches(password, user.password_hash if user else None):
        raise _failed()
    _require_active(user)


def require_unchanged(user, proved):
    """Refuses unless the user is still there, active, and has the password whose hash was `proved`."""
    if user is None or user.password_hash != proved:
        raise _failed()
    _require_active(user)


def _require_active(user):
    """Refuses a disabled user like a wrong password."""
    if user.state != State.ACTIVE:
        raise _failed()


def _failed():
    return Unauthenticated("e-mail or password are wrong", "SIGN_IN_FAILED")


def succeed(tx, user_id, number):
    """The try was none of a stranger: it does not count."""
    tx.session.execute(delete(Attempt).where(Attempt.id == number))
    return open_session(tx, user_id)


def open_session(tx, user_id):
    """Makes a session; returns its secret, which is kept nowhere."""
    secret = credentials.new_secret()
    session = Session(
        user_id=user_id,
        digest=credentials.digest(secret),
        user_agent=getattr(tx.cause, "user_agent", ""),
        create_time=tx.now,
        last_use_time=tx.now,
        expire_time=tx.now + credentials.SESSION_LIFE,
    )
    tx.session.add(session)
    return secret
