"""Users: who works here."""

from crm.identity.v1 import identity_pb2 as pb

from gateway.identity import links
from gateway.identity.joining import invited
from gateway.identity.model import Portal, State, User, require_portal_admin
from gateway.identity.people import PORTAL, end_sessions, named, unless_taken, users


def get_user(request, tx):
    """Returns a user; `users/me` is the caller."""
    return tx.read(User, named(request.name, tx), pb.User)


def create_user(request, tx):
    """Adds a user, and invites him unless he has a password already."""
    require_portal_admin(tx.actor)
    made = []

    def complete(user):
        user.language = user.language or tx.session.get(Portal, PORTAL).language
        user.require_owner_stays(None, {"role"})
        made.append(user)

    with unless_taken(request.user.email):
        message = users.create(request, tx, complete)
        tx.flush()
    if made[0].state == State.INVITED:
        link = invited(tx, made[0])
        # Answers to calls with a request id are kept, and secrets are not.
        message.invitation_link = "" if request.request_id else link
    return message


def update_user(request, tx):
    """Changes a user; being disabled ends sessions, and another address ends links that went to the old one."""
    request.user.name = named(request.user.name, tx)
    before = tx.get(User, request.user.name, lock=True).role

    def complete(user, changed):
        user.require_change_by(tx.actor, changed)
        user.require_owner_stays(before, changed)
        if "state" in changed:
            end_sessions(tx, user)
        if {"state", "email", "password"} & set(changed):
            links.forget(tx, user.id)

    with unless_taken(request.user.email):
        return users.update(request, tx, complete)
