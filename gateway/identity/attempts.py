"""Tries to prove something: counted before anything is looked at, so that parallel guesses count too."""

import hashlib
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from chassis.errors import ResourceExhausted
from gateway.identity.proofs import Attempt, KnownPlace

# How long a place is known after somebody signed in from there.
KNOWN = timedelta(days=90)
FORGET = timedelta(days=1, hours=1)


class Kind(StrEnum):
    """What is tried."""

    SIGN_IN = "SIGN_IN"
    TOTP = "TOTP"
    PASSWORD = "PASSWORD"  # noqa: S105 no password
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 no password


# (how many, in how long) for each account, and for each network.
PER_ACCOUNT = {
    Kind.SIGN_IN: ((10, timedelta(minutes=5)),),
    Kind.TOTP: ((5, timedelta(minutes=5)), (20, timedelta(hours=1)), (50, timedelta(days=1))),
    Kind.PASSWORD: ((10, timedelta(minutes=5)),),
    Kind.PASSWORD_RESET: ((5, timedelta(hours=1)),),
}
PER_NETWORK = {
    Kind.SIGN_IN: ((50, timedelta(minutes=5)),),
    Kind.TOTP: (),
    Kind.PASSWORD: (),
    Kind.PASSWORD_RESET: ((20, timedelta(hours=1)),),
}


def account_of(email):
    """What failures are counted under: a digest, for people also type passwords into the wrong field."""
    return hashlib.sha256(email.strip().casefold().encode()).digest()


def network_of(tx):
    """Whom failures count against."""
    return getattr(tx.cause, "network", "unknown")


def count(tx, kind, email):
    """Counts a try; returns its number. Refuses with TOO_MANY_ATTEMPTS while there were too many."""
    account, network = account_of(email), network_of(tx)
    # One try after the other is counted, per account and per network.
    for key in sorted((account.hex(), network)):
        tx.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    mine = Attempt.account == account
    if kind == Kind.SIGN_IN and _is_known(tx, account, network):
        # Else whoever guesses elsewhere would lock the account's owner out.
        mine &= Attempt.network == network
    for condition, limits in ((mine, PER_ACCOUNT[kind]), (Attempt.network == network, PER_NETWORK[kind])):
        for most, window in limits:
            _refuse_too_many(tx, (Attempt.kind == kind) & condition, most, window)
    row = Attempt(kind=kind, account=account, network=network, time=tx.now)
    tx.session.add(row)
    tx.session.flush()
    return row.id


def _refuse_too_many(tx, mine, most, window):
    # The newest ones decide how long to wait: when the oldest of as many as are allowed is out of the window.
    recent = select(Attempt.time).where(mine, Attempt.time > tx.now - window).order_by(Attempt.time.desc()).limit(most)
    times = tx.session.execute(recent).scalars().all()
    if len(times) >= most:
        seconds = max(1, int((times[-1] + window - tx.now).total_seconds()) + 1)
        raise ResourceExhausted(
            "too many attempts; try again in {seconds} s", "TOO_MANY_ATTEMPTS", retry_after=seconds, seconds=seconds
        )


def forgive(tx, number):
    """The try was none of a stranger: it does not count."""
    tx.session.execute(delete(Attempt).where(Attempt.id == number))


def forgive_passwords(tx, email):
    """Whoever holds a link from the mailbox is none of those who guessed passwords. Of codes it proves nothing."""
    guesses = Attempt.kind.in_((Kind.SIGN_IN, Kind.PASSWORD))
    tx.session.execute(delete(Attempt).where(Attempt.account == account_of(email), guesses))


def know_place(tx, email):
    """Notes that an account was signed in to from here; returns whether this is new to one that was used before."""
    account, network = account_of(email), network_of(tx)
    before = tx.session.execute(select(KnownPlace.network).where(KnownPlace.account == account)).scalars().all()
    row = insert(KnownPlace).values(account=account, network=network, time=tx.now)
    again = row.on_conflict_do_update(index_elements=["account", "network"], set_={"time": tx.now})
    tx.session.execute(again)
    return bool(before) and network not in before


def _is_known(tx, account, network):
    recent = KnownPlace.time > tx.now - KNOWN
    here = exists().where(KnownPlace.account == account, KnownPlace.network == network, recent)
    return tx.session.execute(select(here)).scalar()
