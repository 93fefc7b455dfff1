"""Everything may be announced again long after the inboxes have forgotten it: nothing changes, and nothing fails."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from crm.identity.v1 import domain_events_pb2 as identity

from chassis.inbox import Inbox
from chassis.testing import ADA, OWNER, Caller, Neighbours
from chassis.tx import Cause, subject_of
from tests.audit.conftest import message

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}
# What the chassis itself keeps of what was heard.
BOOKKEEPING = ("inbox", "position")


@pytest.fixture
def log(contacts, invoicing, monkeypatch):
    """What identity, contacts and invoicing announced, as the stream brings it."""
    monkeypatch.setattr(invoicing, "peers", Neighbours(contacts))
    ada = Caller(contacts, ADA)
    contact = ada.create_contact(contact={**PERSON, "sharing": "READ_WRITE", "managers": ["users/2", "users/3"]})
    ada.update_contact(contact={"name": contact.name, "first_name": "Augusta"})
    line = {"description": "Work", "price": {"units": 1}}
    invoice = Caller(invoicing, OWNER).create_invoice(
        invoice={"client": contact.name, "currency_code": "EUR", "lines": [line]}
    )
    Caller(invoicing, OWNER).delete_invoice(name=invoice.name)
    return [*people(), *(message(row) for service in (contacts, invoicing) for row in outbox(service))]


def people():
    """What identity announces of those who work here."""
    handed_over = identity.UserHandedOver(to="users/3")
    setattr(handed_over, "from", "users/2")
    group = {"name": "groups/1", "etag": '"1"', "members": ["users/2"]}
    users = [{"name": f"users/{n}", "etag": '"1"', "email": f"{n}@example.com", "state": "ACTIVE"} for n in (1, 2, 3)]
    events = [
        *(identity.UserCreated(user=user) for user in users),
        identity.GroupCreated(group=group),
        identity.PortalSettingsUpdated(portal_settings={"name": "portalSettings", "etag": '"2"', "crm_enabled": True}),
        handed_over,
        identity.GroupDeleted(group={"name": "groups/1"}),
    ]
    return [announcement(number, event) for number, event in enumerate(events, 1)]


def announcement(number, event):
    headers = {
        **dict.fromkeys(("Crm-Resource", "Crm-Etag"), ""),
        "Crm-Actor": "users/1",
        "Crm-Time": datetime.now(UTC).isoformat(),
        "Nats-Msg-Id": f"identity-{number}",
    }
    place = SimpleNamespace(sequence=SimpleNamespace(stream=number))
    return SimpleNamespace(
        headers=headers, subject=subject_of(event.DESCRIPTOR), data=event.SerializeToString(), metadata=place
    )


def outbox(service):
    with service.engine.connect() as connection:
        return connection.execute(service.outbox.select().order_by(service.outbox.c.id)).all()


def everything(service):
    """Returns what stands in all tables of a service, but for the chassis' own bookkeeping."""
    with service.engine.connect() as connection:
        tables = [table for name, table in service.metadata.tables.items() if name not in BOOKKEEPING]
        return {table.name: sorted(map(str, connection.execute(table.select()).all())) for table in tables}


def hear_all(service, log):
    inbox = Inbox(service)
    mine = [each for each in log if each.subject in inbox.handlers]
    assert inbox.handle_all("CRM@1", mine, lambda: True) == len(mine) > 0


@pytest.mark.parametrize("name", ["contacts", "invoicing", "notifications", "audit"])
def test_what_is_announced_again_when_inboxes_have_forgotten_it_changes_nothing(name, log, request):
    service = request.getfixturevalue(name)
    hear_all(service, log)
    before = everything(service)

    with time_machine.travel(datetime.now(UTC) + timedelta(days=31)):
        service.forget(service.job_context(Cause()))
        with service.engine.connect() as connection:
            assert not connection.execute(service.metadata.tables["inbox"].select()).all()
        hear_all(service, log)

    assert everything(service) == before
    assert before["parked"] == []
