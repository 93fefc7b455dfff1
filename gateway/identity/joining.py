"""Inviting somebody."""

from gateway.identity import links, outgoing
from gateway.identity.model import User
from gateway.identity.people import me
from gateway.identity.proofs import Purpose


def invited(tx, user):
    """Sends a user a link to join, in place of the one before; returns where it leads."""
    secret = links.make(tx, user.id, Purpose.INVITATION)
    outgoing.invite(tx, user, tx.session.get(User, me(tx)).display_name, secret)
    return links.address(tx.service.settings, Purpose.INVITATION, secret)
