"""Joining by an invitation."""

from crm.identity.v1 import domain_events_pb2 as events
from crm.identity.v1 import identity_pb2 as pb

from chassis.errors import FailedPrecondition
from chassis.identity import Actor
from chassis.wiring import own_transactions
from gateway.identity import announcing, links, passwords, signing_in
from gateway.identity.joining import invited
from gateway.identity.model import State, User
from gateway.identity.people import changed
from gateway.identity.proofs import Purpose


def invite_user(request, tx):
    """Invites a user once more."""
    tx.actor.require_portal_admin()
    user = tx.get(User, request.name, lock=True)
    if user.state != State.INVITED:
        raise FailedPrecondition("{name} has joined, or is disabled", "USER_NOT_INVITED", name=user.name)
    link = invited(tx, user)
    announcing.about(tx, events.UserInvited(user=user.name), user)
    message = tx.message(user, pb.User)
    message.invitation_link = link
    return message


@own_transactions
@passwords.in_turn()
def accept_invitation(request, begin):
    """Joins and signs in. The password is hashed between two transactions: it takes long."""
    with begin() as tx:
        user, _ = links.holder(tx, request.token, Purpose.INVITATION)
    passwords.require_strength(request.password, user.email, user.display_name, request.display_name)
    hashed = passwords.hashed(request.password)
    with begin() as tx:
        user, issuer = links.holder(tx, request.token, Purpose.INVITATION, lock=True)
        links.forget(tx, user.id)
        tx.actor = Actor(user=user.name, role=user.role)
        before = tx.message(user, pb.User)
        user.join(hashed)
        chosen = [field for field in ("display_name", "language") if getattr(request, field)]
        for field in chosen:
            setattr(user, field, getattr(request, field))
        user.check()
        changed(tx, user, before, "state", *chosen)
        accepted = events.InvitationAccepted(user=user.name, issuer=issuer)
        announcing.about(tx, accepted, user, ("issuer", None, issuer))
        return signing_in.signed_in(tx, user)
