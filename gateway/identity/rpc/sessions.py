"""Sessions: signing in and out."""

from crm.identity.v1 import identity_pb2 as pb
from google.protobuf.empty_pb2 import Empty

from chassis.wiring import own_transactions
from gateway.identity import attempts, passwords, signing_in, totp
from gateway.identity.model import User, require_session
from gateway.identity.pages import delete_own, page
from gateway.identity.people import end_sessions
from gateway.identity.proofs import Session


@own_transactions
@passwords.in_turn()
def create_session(request, begin):
    """Signs somebody in. The password is looked at between two transactions: it takes long."""
    with begin() as tx:
        attempt = attempts.count(tx, attempts.Kind.SIGN_IN, request.email)
        user = signing_in.user_of(tx, request.email)
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
    raise refusal


def list_sessions(request, tx):
    """Lists the caller's own sessions, the newest first."""
    rows, token = page(tx, Session, request)
    sessions = [_session(row, tx.actor) for row in rows]
    return pb.ListSessionsResponse(sessions=sessions, next_page_token=token)


def _session(row, actor):
    name = f"sessions/{row.id}"
    return pb.Session(
        name=name,
        create_time=row.create_time,
        last_use_time=row.last_use_time,
        expire_time=row.expire_time,
        user_agent=row.user_agent,
        address=row.address,
        current=name == actor.session,
    )


def delete_session(request, tx):
    """Signs out: this session, or another one of the caller's."""
    name = tx.actor.session if request.name == "sessions/current" else request.name
    delete_own(tx, Session, "sessions", name)
    return Empty()


def delete_other_sessions(request, tx):
    """Signs out everywhere else."""
    require_session(tx.actor)
    end_sessions(tx, tx.get(User, tx.actor.user))
    return Empty()
