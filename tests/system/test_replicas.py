"""Two processes of one service: one leads, the other tells it, and takes over."""

import pytest
from crm.contacts.v1 import contacts_pb2, domain_events_pb2

from chassis import bus
from chassis.background import Background
from chassis.service import Service
from chassis.testing import ADA, Caller, eventually
from services.contacts import handlers, jobs, model, rpc

pytestmark = pytest.mark.system
PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}


@pytest.fixture
def replica(cluster):
    """Another process of contacts, on the same database."""
    first = cluster.services["contacts"]
    parts = {"events": domain_events_pb2, "model": model, "rpc": rpc, "handlers": handlers, "jobs": jobs}
    service = Service("contacts", contacts_pb2, **parts).open(first.settings)
    background = Background(service)
    eventually(cluster.running["contacts"].background.leading.is_set)
    background.start()
    yield service, background
    background.stop()
    service.close()


def unsent(service):
    """How many announcements wait."""
    return bus.WAITING.fetch(service.reading, {})[0][0]


def test_one_leads_at_a_time_and_the_other_takes_over(cluster, replica):
    first, (service, second) = cluster.running["contacts"].background, replica
    assert first.leading.is_set()
    assert not second.leading.is_set()

    first.stop()
    eventually(second.leading.is_set)
    Caller(service, ADA).create_contact(contact=PERSON)

    eventually(lambda: unsent(service) == 0)


def test_what_a_follower_announces_leaves_because_he_wakes_the_leader(cluster, replica, monkeypatch):
    service, second = replica
    eventually(lambda: second.bus.connection is not None and second.bus.connection.is_connected)
    # Nobody looks by himself any more.
    monkeypatch.setattr(bus, "LOOK", 600)
    Caller(service, ADA).create_contact(contact=PERSON)
    eventually(lambda: unsent(service) == 0)

    Caller(service, ADA).create_contact(contact=PERSON)

    eventually(lambda: unsent(service) == 0)
