"""People and contacts that events knows of."""

import pytest
from crm.contacts.v1 import contacts_pb2
from crm.contacts.v1 import domain_events_pb2 as contacts
from crm.identity.v1 import domain_events_pb2 as identity
from crm.identity.v1 import identity_pb2

from chassis.testing import ADA, BOB, OWNER, Caller, Neighbours, hear
from tests.events.guests import SITE, House


@pytest.fixture(autouse=True)
def neighbours(events, contacts):
    """Contacts, which events asks about what it has not heard of yet."""
    events.peers = Neighbours(contacts)


@pytest.fixture
def owner(events):
    """Who administers everything."""
    return Caller(events, OWNER)


@pytest.fixture
def ada(events):
    """Ada, an ordinary user."""
    return Caller(events, ADA)


@pytest.fixture
def bob(events):
    """Bob, another one."""
    return Caller(events, BOB)


@pytest.fixture
def people(events):
    """The users whom events has heard of; the first speaks Russian."""
    for actor in (OWNER, ADA, BOB):
        user = identity_pb2.User(name=actor.user, etag='"1"', state=identity_pb2.User.ACTIVE, language="ru")
        hear(events, identity.UserCreated(user=user), event_id=actor.user)


@pytest.fixture
def known(events):
    """Makes a contact known to events: `known(17, "Ada", managers=["users/2"])`."""

    def meet(number, title, version=1, **fields):
        fields = {"sharing": contacts_pb2.Contact.READ, "managers": ["users/1"], **fields}
        contact = contacts_pb2.Contact(name=f"contacts/{number}", display_name=title, etag=f'"{version}"', **fields)
        hear(events, contacts.ContactUpdated(contact=contact), event_id=f"contact-{number}-{version}")
        return contact

    return meet


@pytest.fixture
def house(events, contacts, notifications, owner, tmp_path, people):
    """Everything that guests have to do with; mail is kept in a folder."""
    events.peers = Neighbours(contacts, notifications)
    events.settings.public_url = notifications.settings.public_url = SITE
    notifications.settings.maildir = tmp_path / "mail"
    yield House(events, contacts, notifications, owner)
    events.settings.public_url = notifications.settings.public_url = ""
    notifications.settings.maildir = None
