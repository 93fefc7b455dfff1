"""What several RPCs do to users."""

from contextlib import contextmanager

from crm.identity.v1 import domain_events_pb2 as events
from crm.identity.v1 import identity_pb2 as pb
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from chassis.db import number
from chassis.errors import AlreadyExists, InvalidArgument, Violation
from chassis.standard import Standard
from gateway.identity import announcing
from gateway.identity.model import Group, Portal, User
from gateway.identity.proofs import ApiKey, Session

users = Standard(User, pb.User, events)
settings = Standard(Portal, pb.PortalSettings, events)
# The number of the portal's one row.
PORTAL = 1


def named(name, tx):
    """The name of a user; `users/me` is the caller."""
    return tx.actor.user if name == "users/me" else name


def me(tx):
    """The caller's number."""
    return number(tx.actor.user, "users")


def changed(tx, user, before, *fields):
    """Announces that fields of a user changed; returns him as he is now. `before` is his message until then."""
    user.update_time = tx.now
    tx.flush()
    return users.announce("Updated", user, tx, fields, before)


def locked_portal(tx):
    """The portal, to change it."""
    return tx.get(Portal, f"{Portal.collection}/{PORTAL}", lock=True)


def changed_portal(tx, portal, before, *fields):
    """Announces that settings of the portal changed; returns them as they are now. `before` is their message then."""
    portal.update_time = tx.now
    tx.flush()
    return settings.announce("Updated", portal, tx, fields, before)


def end_sessions(tx, user):
    """Ends the sessions of a user, but for the one that asks for it."""
    others = (Session.user_id == user.id) & Session.id.is_distinct_from(number(tx.actor.session, "sessions"))
    announcing.sessions_deleted(tx, tx.session.scalars(delete(Session).where(others).returning(Session)).all())


def end_api_keys(tx, user):
    """Revokes the API keys of a user."""
    his = delete(ApiKey).where(ApiKey.user_id == user.id).returning(ApiKey)
    announcing.api_keys_deleted(tx, tx.session.scalars(his).all())


def require_known(tx, field, names):
    """Refuses with UNKNOWN_MEMBER a user or group that does not exist."""
    for model in (User, Group):
        wanted = {name for name in names if name.startswith(f"{model.collection}/")}
        numbers = {number(name, model.collection) for name in wanted} - {None}
        found = tx.session.execute(select(model.id).where(model.id.in_(numbers))).scalars() if numbers else ()
        if missing := wanted - {f"{model.collection}/{each}" for each in found}:
            raise InvalidArgument("there is no {name}", "UNKNOWN_MEMBER", field=field, name=min(missing))


@contextmanager
def unless_taken(tx, constraint, message, reason, **facts):
    """Refuses to do what is done inside if that broke a constraint that a field be unique; `facts` are field=value."""
    # With a transaction begun what is added is written at once, not at the end.
    tx.session.connection()
    try:
        yield
        tx.flush()
    except IntegrityError as error:
        if constraint not in str(error.orig):
            raise
        sentence = message.format(**facts)
        blamed = [Violation(field, reason, sentence, tuple(facts.items())) for field in facts]
        raise AlreadyExists(message, reason, violations=blamed, **facts) from error


def unless_email_taken(tx, email):
    """Refuses with EMAIL_TAKEN if another user has the address."""
    return unless_taken(tx, "uq_user_email", "another user has the address {email}", "EMAIL_TAKEN", email=email)
