"""Passwords: changing one's own, and setting a new one by a link."""

from crm.identity.v1 import domain_events_pb2 as events
from crm.identity.v1 import identity_pb2 as pb
from google.protobuf.empty_pb2 import Empty

from chassis.errors import PermissionDenied
from chassis.identity import Actor
from chassis.wiring import own_transactions
from gateway.identity import announcing, attempts, links, outgoing, passwords
from gateway.identity.joining import reset_sent
from gateway.identity.model import Role, User, require_session
from gateway.identity.people import changed, end_api_keys, end_sessions
from gateway.identity.proofs import Purpose
from gateway.identity.signing_in import prove_again


def create_password_reset(request, tx):
    """Notes that somebody wants a new password. Whether the address is anybody's is looked up later, by a job."""
    attempts.count(tx, attempts.Kind.PASSWORD_RESET, request.email)
    outgoing.look_up_and_reset(tx, request.email.strip())
    return Empty()


def send_password_reset(request, tx):
    """Sends somebody a link to set a new password, and shows it to the administrator who asked."""
    tx.actor.require_portal_admin()
    user = tx.get(User, request.name, lock=True)
    if user.name == tx.actor.user:
        # Else an open session would be enough to take the account over.
        raise PermissionDenied("change your password with the present one", "PASSWORD_CHANGE_REQUIRED")
    if user.role == Role.OWNER:
        raise PermissionDenied("only the owner changes how the owner signs in", "OWNER_PROTECTED")
    user.require_active()
    return pb.SendPasswordResetResponse(password_reset_link=reset_sent(tx, user))


@own_transactions
@passwords.in_turn()
def complete_password_reset(request, begin):
    """Sets a new password by a link. Whoever guessed is forgotten: the mailbox says who it is.

    Who forgot the password may have lost it to somebody, who may have made himself a key.
    """
    with begin() as tx:
        user, _ = links.holder(tx, request.token, Purpose.PASSWORD_RESET)
    passwords.require_strength(request.password, user.email, user.display_name)
    hashed = passwords.hashed(request.password)
    with begin() as tx:
        user, issuer = links.holder(tx, request.token, Purpose.PASSWORD_RESET, lock=True)
        tx.actor = Actor(user=user.name, role=user.role)
        attempts.forgive_passwords(tx, user.email)
        attempts.know_place(tx, user.email)
        _settle(tx, user, hashed)
        end_api_keys(tx, user)
        completed = events.PasswordResetCompleted(user=user.name, issuer=issuer)
        announcing.about(tx, completed, user, ("issuer", None, issuer))
    return Empty()


@own_transactions
@passwords.in_turn()
def change_password(request, begin):
    """Changes the caller's own password, by the present one."""
    with begin() as tx:
        require_session(tx.actor)
    user = prove_again(begin, request.password)
    passwords.require_strength(request.new_password, user.email, user.display_name, field="new_password")
    hashed = passwords.hashed(request.new_password)
    with begin() as tx:
        _settle(tx, tx.get(User, user.name, lock=True), hashed)
    return Empty()


def _settle(tx, user, hashed):
    """Has a user sign in with a new password only: other sessions and links end."""
    before = tx.message(user, pb.User)
    user.join(hashed)
    links.forget(tx, user.id)
    end_sessions(tx, user)
    outgoing.notice(tx, user, "PASSWORD_CHANGED")
    changed(tx, user, before, "password")
