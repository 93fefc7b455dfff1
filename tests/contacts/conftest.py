"""Who works with contacts, and a mail server for those who write to many."""

import pytest

from chassis.testing import ADA, BOB, OWNER, Caller, Neighbours
from tests.contacts.mailing import SITE
from tests.notifications.conftest import people, post_office, use

__all__ = ["people", "post_office"]


@pytest.fixture
def ada(contacts):
    """Ada, who may see what is shared or hers."""
    return Caller(contacts, ADA)


@pytest.fixture
def bob(contacts):
    """Bob, another one."""
    return Caller(contacts, BOB)


@pytest.fixture
def owner(contacts):
    """An administrator, where people could unsubscribe."""
    contacts.settings.public_url = SITE
    yield Caller(contacts, OWNER)
    contacts.settings.public_url = ""


@pytest.fixture
def post(contacts, people, post_office):
    """A mail server, and notifications that sends by it for contacts."""
    use(people, post_office.port)
    before, contacts.peers = contacts.peers, Neighbours(people)
    yield post_office
    contacts.peers = before
