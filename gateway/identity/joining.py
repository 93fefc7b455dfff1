"""Sending somebody a link: to join, or to set a new password."""

from crm.identity.v1 import domain_events_pb2 as events

from gateway.identity import announcing, links, outgoing
from gateway.identity.model import User
from gateway.identity.people import me
from gateway.identity.proofs import Purpose
from gateway.identity.signing_in import user_of


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


def operators_link(tx, email):
    """Makes a link for whoever has an address, to be passed on by hand; returns where it leads. Nothing is mailed."""
    user = user_of(tx, email)
    purpose = next((purpose for purpose, state in links.STATE.items() if user and user.state == state), None)
    if purpose is None:
        raise LookupError(f"nobody who may sign in has the address {email}")
    told = events.UserInvited if purpose == Purpose.INVITATION else events.PasswordResetIssued
    announcing.about(tx, told(user=user.name), user)
    return links.address(tx.service.settings, purpose, links.make(tx, user.id, purpose))
