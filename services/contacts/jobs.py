"""What time makes contacts do."""

from crm.contacts.v1 import contacts_pb2 as pb
from crm.contacts.v1 import domain_events_pb2 as events

from chassis.kit import deletion, handover
from chassis.standard import Standard
from chassis.wiring import every
from services.contacts.deciding import cancel
from services.contacts.model import Contact, Deletion, HandOver, Principal

contacts = Standard(Contact, pb.Contact, events)


@every(5)
def cancel_expired_deletions(tx):
    """Keeps the contacts about which not every voter answered in time: whoever waited for it has died."""
    for attempt in deletion.expired(tx, Deletion):
        cancel(tx, attempt.id)


@every(1, own_transactions=True)
def hand_over_contacts(begin):
    """Gives the contacts of somebody who leaves to whoever takes them over."""
    handover.carry_out(begin, HandOver, Principal, contacts)
