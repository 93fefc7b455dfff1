"""What contacts does when others speak."""

from crm.identity.v1 import domain_events_pb2 as identity
from crm.invoicing.v1 import domain_events_pb2 as invoicing

from chassis.kit import handover, people
from chassis.kit.people import follow_group, forget_group
from chassis.wiring import on
from services.contacts import deciding
from services.contacts.choices import begin_choices
from services.contacts.model import HandOver

__all__ = ["count_invoicing_vote", "follow_group", "forget_group", "meet_user", "note_hand_over"]

note_hand_over = handover.follow(HandOver)


@on(invoicing.ContactDeletionVoted)
def count_invoicing_vote(event, tx):
    """Counts invoicing's answer to a deletion."""
    deciding.count_vote(tx, "invoicing", event.vote)


@on(identity.UserCreated, identity.UserUpdated)
def meet_user(event, tx):
    """Keeps what is known of a user. The first is the owner: types, levels and tags begin in the portal's language."""
    people.follow_user(event, tx)
    begin_choices(tx, event.user.language)
