"""What contacts does when others speak."""

from crm.invoicing.v1 import domain_events_pb2 as invoicing

from chassis.wiring import on
from services.contacts import deciding


@on(invoicing.ContactDeletionVoted)
def count_invoicing_vote(event, tx):
    """Counts invoicing's answer to a deletion."""
    deciding.count_vote(tx, "invoicing", event.vote)
