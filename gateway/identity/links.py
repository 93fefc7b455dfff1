"""Links that work once: to join, and to set a new password."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from chassis.errors import FailedPrecondition
from gateway.identity import credentials
from gateway.identity.model import State, User
from gateway.identity.proofs import Link, Purpose

LIFE = {Purpose.INVITATION: timedelta(days=7), Purpose.PASSWORD_RESET: timedelta(hours=1)}
# Whom a link of each purpose is for.
STATE = {Purpose.INVITATION: State.INVITED, Purpose.PASSWORD_RESET: State.ACTIVE}
# Behind the # nothing reaches a server, its log or another site.
PAGE = {Purpose.INVITATION: "/invitation#", Purpose.PASSWORD_RESET: "/password-reset#"}


def make(tx, user_id, purpose):
    """Makes a link for a user, in place of the one before; returns its secret, of which only a digest is kept."""
    secret = credentials.new_secret()
    new = {
        "digest": credentials.digest(secret),
        "expire_time": tx.now + LIFE[purpose],
        "issuer": tx.cause.actor or tx.actor.name,
    }
    row = insert(Link).values(user_id=user_id, purpose=purpose, **new)
    tx.session.execute(row.on_conflict_do_update(index_elements=["user_id", "purpose"], set_=new))
    return secret


def address(settings, purpose, secret):
    """Where a link leads: in full if the portal knows its own address, which a request's Host is not."""
    return f"{settings.public_url.rstrip('/')}{PAGE[purpose]}{secret}"


def holder(tx, secret, purpose, *, lock=False):
    """The user whom a link is for, and who made it; with `lock`, to use it up. Refuses with LINK_INVALID."""
    mine = (Link.digest == credentials.digest(secret)) & (Link.purpose == purpose) & (Link.expire_time > tx.now)
    statement = select(User, Link.issuer).join(Link, Link.user_id == User.id).where(mine, User.state == STATE[purpose])
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = tx.session.execute(statement).first()
    if found is None:
        raise FailedPrecondition("the link was used, replaced or is too old; ask for another one", "LINK_INVALID")
    return found


def forget(tx, user_id):
    """Has no link of a user work any more."""
    tx.session.execute(delete(Link).where(Link.user_id == user_id))
