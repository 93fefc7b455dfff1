"""Invoicing with contacts beside it."""

import pytest

from chassis.testing import Neighbours, announced, hear


@pytest.fixture
def invoicing(invoicing, contacts):
    """Invoicing, empty, which asks the real contacts service."""
    invoicing.peers = Neighbours(contacts)
    return invoicing


@pytest.fixture
def tell(contacts, invoicing):
    """Lets invoicing hear what contacts has announced so far."""

    def deliver():
        for number, (subject, event, _) in enumerate(announced(contacts)):
            if subject.rpartition(".")[2] in ("contact_created", "contact_updated"):
                hear(invoicing, event, event_id=f"event-{number}")

    return deliver
