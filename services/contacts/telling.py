"""Who is told that he was given a contact."""

from crm.contacts.v1 import domain_events_pb2 as events


def tell_managers(contact, before, giver, tx):
    """Announces who was given the contact, for them to be told; nobody is of what he gave himself."""
    given = [name for name in contact.managers if name not in {*before, giver}]
    if given:
        event = events.ContactAssigned(contact=contact, recipients=given)
        tx.announce(event, contact.name, contact.etag, given)
