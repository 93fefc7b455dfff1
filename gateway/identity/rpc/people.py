"""Users: who works here."""

from crm.identity.v1 import domain_events_pb2 as events
from crm.identity.v1 import identity_pb2 as pb
from google.protobuf.empty_pb2 import Empty

from chassis.errors import FailedPrecondition
from gateway.identity import links, outgoing
from gateway.identity.joining import invited
from gateway.identity.model import Portal, State, User
from gateway.identity.people import PORTAL, end_sessions, named, unless_email_taken, users


def get_user(request, tx):
    """Returns a user; `users/me` is the caller."""
    return tx.read(User, named(request.name, tx), pb.User)


def create_user(request, tx):
    """Adds a user, and invites him unless he has a password already."""
    tx.actor.require_portal_admin()
    made = []

    def complete(user):
        portal = tx.session.get(Portal, PORTAL)
        user.language = user.language or portal.language
        user.time_zone = user.time_zone or portal.time_zone
        user.require_owner_stays(None, {"role"})
        made.append(user)

    with unless_email_taken(tx, request.user.email):
        message = users.create(request, tx, complete)
    if made[0].state == State.INVITED:
        link = invited(tx, made[0])
        # Answers to calls with a request id are kept, and secrets are not.
        message.invitation_link = "" if request.request_id else link
    return message


def update_user(request, tx):
    """Changes a user; being disabled ends sessions, and another address ends links that went to the old one."""
    request.user.name = named(request.user.name, tx)
    present = tx.get(User, request.user.name, lock=True)
    role, email = present.role, present.email

    def complete(user, changed):
        user.require_change_by(tx.actor, changed)
        user.require_owner_stays(role, changed)
        if "email" in changed and user.joined:
            # Who owns the account is told even if the new address is somebody else's.
            outgoing.notice(tx, user, "EMAIL_CHANGED", to=email)
        if "state" in changed:
            end_sessions(tx, user)
        if {"state", "email", "password"} & set(changed):
            links.forget(tx, user.id)

    with unless_email_taken(tx, request.user.email):
        return users.update(request, tx, complete)


def hand_over_user(request, tx):
    """Says that what one user is responsible for is another's now; whoever keeps it hears that."""
    tx.actor.require_portal_admin()
    former, successor = tx.get(User, request.name), tx.get(User, request.to)
    if former.id == successor.id:
        raise FailedPrecondition("that is the same person", "HAND_OVER_TO_SELF")
    successor.require_active()
    event = events.UserHandedOver(**{"from": former.name, "to": successor.name})
    changes = [("from", None, former.name), ("to", None, successor.name)]
    tx.announce(event, former.name, former.etag, [former.name, successor.name], former.label(), changes)
    return Empty()
