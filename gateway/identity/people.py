"""What several RPCs do to users."""

from contextlib import contextmanager

from crm.identity.v1 import domain_events_pb2 as events
from crm.identity.v1 import identity_pb2 as pb
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from chassis.db import number
from chassis.errors import AlreadyExists
from chassis.standard import Standard
from gateway.identity.model import User
from gateway.identity.proofs import Session

users = Standard(User, pb.User, events)
# The number of the portal's one row.
PORTAL = 1


def named(name, tx):
    """The name of a user; `users/me` is the caller."""
    return tx.actor.user if name == "users/me" else name


def me(tx):
    """The caller's number."""
    return number(tx.actor.user, "users")


def changed(tx, user, *fields):
    """Announces that fields of a user changed; returns him as he is now."""
    user.update_time = tx.now
    tx.flush()
    return users.announce("Updated", user, tx, fields)


def end_sessions(tx, user):
    """Ends the sessions of a user, but for the one that asks for it."""
    current = number(tx.actor.session, "sessions")
    tx.session.execute(delete(Session).where(Session.user_id == user.id, Session.id.is_distinct_from(current)))


@contextmanager
def unless_taken(email):
    """Refuses with EMAIL_TAKEN if another user has the address."""
    try:
        yield
    except IntegrityError as error:
        if "uq_user_email" not in str(error.orig):
            raise
        raise AlreadyExists("another user has the address {email}", "EMAIL_TAKEN", email=email) from error
