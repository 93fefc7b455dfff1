"""What contacts does when others speak."""

from crm.invoicing.v1 import domain_events_pb2 as invoicing

from chassis.kit import handover
from chassis.kit.people import follow_group, follow_user, forget_group
from chassis.wiring import on
from services.contacts import deciding
from services.contacts.model import HandOver

__all__ = ["count_invoicing_vote", "follow_group", "follow_user", "forget_group", "note_hand_over"]

note_hand_over = handover.follow(HandOver)


@on(invoicing.ContactDeletionVoted)
def count_invoicing_vote(event, tx):
    """Counts invoicing's answer to a deletion."""
    deciding.count_vote(tx, "invoicing", event.vote)
