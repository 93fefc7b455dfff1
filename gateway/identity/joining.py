"""Sending somebody a link: to join, or to set a new password."""

from crm.identity.v1 import domain_events_pb2 as events

from gateway.identity import announcing, links, outgoing
from gateway.identity.model import User
from gateway.identity.people import me
from gateway.identity.proofs import Purpose


def invited(tx, user):
    """Sends a user a link to join, in place of the one before; returns where it leads."""
    secret = links.make(tx, user.id, Purpose.INVITATION)
    outgoing.invite(tx, user, tx.session.get(User, me(tx)).display_name, secret)
    return links.address(tx.service.settings, Purpose.INVITATION, secret)


def reset_sent(tx, user):
    """Sends a user a link to set a new password, in place of the one before; returns where it leads."""
    secret = links.make(tx, user.id, Purpose.PASSWORD_RESET)
    outgoing.reset(tx, user, secret)
    announcing.about(tx, events.PasswordResetIssued(user=user.name), user)
    return links.address(tx.service.settings, Purpose.PASSWORD_RESET, secret)
