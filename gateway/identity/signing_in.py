"""Signing in: proving a password, and what follows."""

from crm.identity.v1 import identity_pb2 as pb
from sqlalchemy import func, select

from chassis.errors import PermissionDenied, Unauthenticated
from chassis.identity import Actor
from gateway.identity import announcing, attempts, credentials, outgoing, passwords
from gateway.identity.model import State, User
from gateway.identity.proofs import Session


def user_of(tx, email):
    """The user who has an e-mail address, or None."""
    return tx.session.execute(select(User).where(func.lower(User.email) == email.strip().lower())).scalar()


def prove(user, password):
    """Refuses with SIGN_IN_FAILED unless the password is that of an active user; takes as long for nobody."""
    if not passwords.matches(password, user.password_hash if user else None):
        raise _failed()
    require_active(user)


def prove_again(begin, password):
    """Returns the caller if the password is his; tries count as those of signing in do. Refuses with PASSWORD_WRONG."""
    with begin() as tx:
        user = tx.get(User, tx.actor.user)
        attempt = attempts.count(tx, attempts.Kind.PASSWORD, user.email)
    if not passwords.matches(password, user.password_hash):
        raise PermissionDenied("the password is wrong", "PASSWORD_WRONG")
    with begin() as tx:
        attempts.forgive(tx, attempt)
    return user


def require_unchanged(user, proved):
    """Refuses unless the user is still there, active, and has the password whose hash was `proved`."""
    if user is None or user.password_hash != proved:
        raise _failed()
    require_active(user)


def require_active(user):
    """Refuses a disabled user like a wrong password."""
    if user.state != State.ACTIVE:
        raise _failed()


def _failed():
    return Unauthenticated("e-mail or password are wrong", "SIGN_IN_FAILED")


def signed_in(tx, user):
    """Opens a session for a user, and tells him if it is from a new place; returns the answer with its secret."""
    if attempts.know_place(tx, user.email):
        outgoing.notice(tx, user, "NEW_SIGN_IN")
    secret = credentials.new_secret()
    session = Session(
        user_id=user.id,
        digest=credentials.digest(secret),
        user_agent=getattr(tx.cause, "user_agent", ""),
        address=getattr(tx.cause, "address", ""),
        create_time=tx.now,
        last_use_time=tx.now,
        expire_time=tx.now + credentials.SESSION_LIFE,
    )
    tx.session.add(session)
    tx.flush()
    tx.actor = Actor(user=user.name, role=user.role, session=session.name)
    announcing.session_created(tx, session)
    return pb.CreateSessionResponse(user=tx.message(user, pb.User), access_token=secret)
