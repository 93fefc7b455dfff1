"""What contacts does when others speak."""

from crm.invoicing.v1 import domain_events_pb2 as invoicing

from chassis.kit.people import follow_user
from chassis.wiring import on
from services.contacts import deciding

__all__ = ["count_invoicing_vote", "follow_user"]


@on(invoicing.ContactDeletionVoted)
def count_invoicing_vote(event, tx):
    """Counts invoicing's answer to a deletion."""
    deciding.count_vote(tx, "invoicing", event.vote)
