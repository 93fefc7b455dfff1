"""What contacts does when others speak."""

from crm.identity.v1 import domain_events_pb2 as identity
from crm.invoicing.v1 import domain_events_pb2 as invoicing
from sqlalchemy import select

from chassis.kit import clearing, handover, people
from chassis.kit.people import follow_group
from chassis.wiring import on
from services.contacts import deciding
from services.contacts.choices import begin_choices
from services.contacts.forms.rpc import replace_in_forms
from services.contacts.importing.rpc import replace_in_imports
from services.contacts.model import Clearing, HandOver, Principal

__all__ = ["count_invoicing_votes", "follow_group", "let_group_go", "meet_user", "note_hand_over"]


def hand_over_what_gives(tx, giver, taker):
    """Puts the taker, if he works here, where forms and imports would give contacts to the giver."""
    active = (Principal.name == taker) & (Principal.standing == people.Standing.ACTIVE)
    if giver != taker and tx.session.scalar(select(Principal.name).where(active)):
        replace_in_forms(tx, giver, taker)
        replace_in_imports(tx, giver, taker)


note_hand_over = handover.follow(HandOver, hand_over_what_gives)


@on(invoicing.ContactDeletionVoted, together=True, one_cause=True)
def count_invoicing_votes(votes, tx):
    """Counts invoicing's answers to deletions."""
    deciding.count_votes(tx, "invoicing", [event.vote for event, _ in votes])


@on(invoicing.ContactDeletionsVoted)
def count_many_invoicing_votes(event, tx):
    """Counts invoicing's answers to many deletions."""
    deciding.count_votes(tx, "invoicing", event.votes)


@on(identity.UserCreated, identity.UserUpdated)
def meet_user(event, tx):
    """Keeps what is known of a user. The first is the owner: types, levels and tags begin in the portal's language."""
    people.follow_user(event, tx)
    begin_choices(tx, event.user.language)


@on(identity.GroupDeleted)
def let_group_go(event, tx):
    """Gives nothing more to a group that is gone, and takes it from what it had; a job goes through the contacts."""
    if event.group.name in people.gone_groups(tx, Principal):
        return
    people.forget_group(event, tx)
    replace_in_forms(tx, event.group.name)
    replace_in_imports(tx, event.group.name)
    clearing.begin_clearing(tx, Clearing, "managers", event.group.name)
