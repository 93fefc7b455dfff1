"""Sessions: signing in and out."""

from contextlib import contextmanager

from crm.identity.v1 import identity_pb2 as pb
from google.protobuf.empty_pb2 import Empty

from chassis.errors import Unauthenticated
from chassis.wiring import own_transactions
from gateway.identity import announcing, attempts, passwords, signing_in, totp
from gateway.identity.model import User, require_session
from gateway.identity.pages import delete_one, page
from gateway.identity.people import end_sessions
from gateway.identity.proofs import Session


@own_transactions
@passwords.in_turn()
def create_session(request, begin):
    """Signs somebody in. The password is looked at between two transactions: it takes long."""
    with begin() as tx:
        attempt = attempts.count(tx, attempts.Kind.SIGN_IN, request.email)
        user = signing_in.user_of(tx, request.email)
    with _failures_noted(begin, user):
        signing_in.prove(user, request.password)
    proved = user.password_hash
    fresh = passwords.hashed(request.password) if passwords.is_outdated(user.password_hash) else None
    with begin() as tx:
        user = tx.session.get(User, user.id, with_for_update=True)
        # While it was looked at, the password may have been changed, or the user be gone.
        signing_in.require_unchanged(user, proved)
        user.password_hash = fresh or user.password_hash
        attempts.forgive(tx, attempt)
        refusal = totp.refusal(tx, user, request.totp)
        if refusal is None:
            return signing_in.signed_in(tx, user)
    if refusal.reason == "TOTP_REQUIRED":
        raise refusal
    with _failures_noted(begin, user):
        raise refusal


@contextmanager
def _failures_noted(begin, user):
    """Has the audit know who failed to sign in, whether there is such a user or not: that takes equally long."""
    try:
        yield
    except Unauthenticated:
        with begin() as tx:
            announcing.sign_in_failed(tx, user)
        raise


def list_sessions(request, tx):
    """Lists somebody's sessions, the newest first."""
    rows, token = page(tx, Session, request)
    sessions = [announcing.session(row, tx.actor.session) for row in rows]
    return pb.ListSessionsResponse(sessions=sessions, next_page_token=token)


def delete_session(request, tx):
    """Signs out: this session, or another one."""
    name = tx.actor.session if request.name == "sessions/current" else request.name
    announcing.sessions_deleted(tx, [delete_one(tx, Session, "sessions", name)])
    return Empty()


def delete_other_sessions(request, tx):
    """Signs out everywhere else."""
    require_session(tx.actor)
    end_sessions(tx, tx.get(User, tx.actor.user))
    return Empty()
