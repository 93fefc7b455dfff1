"""What invoicing does when contacts speaks: votes, holds, and what it remembers."""

from datetime import UTC, datetime, timedelta

import pytest
from crm.contacts.v1 import contacts_pb2
from crm.contacts.v1 import domain_events_pb2 as events
from crm.type.v1 import deletion_pb2
from sqlalchemy import text

from chassis.errors import Unavailable
from chassis.testing import ADA, Caller, announced, hear, refused
from services.contacts import deciding
from services.invoicing import jobs

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}
LINES = [{"description": "Work", "price": {"units": 100}}]


@pytest.fixture
def client(contacts):
    """A contact of Ada's."""
    return Caller(contacts, ADA).create_contact(contact=PERSON).name


@pytest.fixture
def ada(invoicing):
    """Ada."""
    return Caller(invoicing, ADA)


def draft(client):
    """What an invoice takes at least."""
    return {"client": client, "currency_code": "EUR", "lines": LINES}


def attempt(client, number=1, expire=None):
    """An attempt to delete a contact."""
    made = deletion_pb2.Deletion(name=f"{client}/deletions/{number}", subject=client)
    made.expire_time.FromDatetime(expire or datetime.now(UTC) + timedelta(seconds=30))
    return made


def contact(client):
    """The contact as announcements carry it."""
    return contacts_pb2.Contact(name=client, display_name="Ada", sharing="READ", etag='"1"')


def votes(invoicing):
    """The votes so far: how many objections each had."""
    return [event.vote.objection_count for subject, event, _ in announced(invoicing) if subject.endswith("voted")]


def requested(client, number=1, expire=None):
    return events.ContactDeletionRequested(deletion=attempt(client, number, expire), contact=contact(client))


def cancelled(client, number=1):
    return events.ContactDeletionCancelled(deletion=attempt(client, number), contact=contact(client))


def test_a_contact_with_invoices_is_objected_to_by_number(ada, invoicing, client):
    for _ in range(12):
        ada.create_invoice(invoice=draft(client))

    hear(invoicing, requested(client))

    vote = announced(invoicing)[-1][1].vote
    assert (vote.objection_count, len(vote.objections)) == (12, 10)
    assert (vote.objections[0].type, vote.objections[0].title) == ("Invoice", "INV0000001")


def test_a_clear_vote_is_a_promise(ada, invoicing, client):
    hear(invoicing, requested(client))

    assert votes(invoicing) == [0]
    with refused("CONTACT_DELETING"):
        ada.create_invoice(invoice=draft(client))


def test_many_are_voted_on_at_once_each_for_itself(ada, contacts, invoicing, client):
    free = Caller(contacts, ADA).create_contact(contact=PERSON).name
    ada.create_invoice(invoice=draft(client))
    hear(invoicing, cancelled("contacts/9", 9), event_id="1")
    asked = [attempt(client, 1, None), attempt(free, 2, None), attempt("contacts/9", 9, None)]

    hear(invoicing, events.ContactDeletionsRequested(deletions=asked), event_id="2")

    answer = announced(invoicing)[-1][1]
    assert [(vote.subject, vote.objection_count) for vote in answer.votes] == [(client, 1), (free, 0)]
    with refused("CONTACT_DELETING"):
        ada.create_invoice(invoice=draft(free))


def test_an_invoice_cannot_move_to_a_contact_that_may_be_going(ada, contacts, invoicing, client):
    other = Caller(contacts, ADA).create_contact(contact=PERSON).name
    invoice = ada.create_invoice(invoice=draft(other))
    hear(invoicing, requested(client))

    with refused("CONTACT_DELETING"):
        ada.update_invoice(invoice={"name": invoice.name, "client": client})


def test_an_objection_promises_nothing(ada, invoicing, client):
    ada.create_invoice(invoice=draft(client))
    hear(invoicing, requested(client))

    assert ada.create_invoice(invoice=draft(client)).number == "INV0000002"


def test_after_a_cancelled_attempt_invoices_are_made_again(ada, invoicing, client):
    hear(invoicing, requested(client), event_id="1")
    hear(invoicing, cancelled(client), event_id="2")

    assert ada.create_invoice(invoice=draft(client)).number == "INV0000001"


def test_an_attempt_that_arrives_after_its_end_gets_no_vote_and_binds_nothing(ada, invoicing, client):
    hear(invoicing, cancelled(client), event_id="1")
    hear(invoicing, requested(client), event_id="2")

    assert votes(invoicing) == []
    assert ada.create_invoice(invoice=draft(client)).number == "INV0000001"


def test_the_end_of_one_attempt_does_not_lift_the_hold_of_another(ada, invoicing, client):
    hear(invoicing, requested(client, 2), event_id="1")
    hear(invoicing, cancelled(client, 1), event_id="2")

    with refused("CONTACT_DELETING"):
        ada.create_invoice(invoice=draft(client))


def test_a_contact_that_is_gone_is_held_for_ever(ada, invoicing, client):
    hear(invoicing, requested(client), event_id="1")
    hear(invoicing, events.ContactDeleted(contact=contacts_pb2.Contact(name=client)), event_id="2")

    with refused("CONTACT_DELETING"):
        ada.create_invoice(invoice=draft(client))


def run(job, service):
    """Runs a job that opens its own transactions."""
    job(service.job_context())


def test_an_old_hold_is_lifted_because_contacts_says_so(ada, invoicing, client):
    hear(invoicing, requested(client, expire=datetime.now(UTC) - timedelta(seconds=1)))

    run(jobs.ask_about_old_holds, invoicing)

    assert ada.create_invoice(invoice=draft(client)).number == "INV0000001"


def test_an_old_hold_binds_while_its_attempt_is_undecided(ada, contacts, invoicing, client):
    with contacts.begin(ADA) as tx:
        number = deciding.request_deletion(tx, client, "")
    hear(invoicing, requested(client, number, expire=datetime.now(UTC) - timedelta(seconds=1)))

    run(jobs.ask_about_old_holds, invoicing)

    assert holds(invoicing) == [(f"{client}/deletions/{number}", False)]


def test_an_old_hold_on_a_contact_that_is_gone_lasts_and_is_not_asked_about_again(invoicing):
    hear(invoicing, requested("contacts/999", expire=datetime.now(UTC) - timedelta(seconds=1)))

    run(jobs.ask_about_old_holds, invoicing)

    assert holds(invoicing) == [("contacts/999/deletions/1", False)]
    with invoicing.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM hold WHERE ask_time IS NOT NULL")).scalar() == 0


def test_a_hold_whose_time_is_not_over_is_not_asked_about(invoicing, client):
    hear(invoicing, requested(client))

    run(jobs.ask_about_old_holds, invoicing)

    assert holds(invoicing) == [(f"{client}/deletions/1", False)]


def test_while_contacts_does_not_answer_a_hold_stays(invoicing, client, monkeypatch):
    hear(invoicing, requested(client, expire=datetime.now(UTC) - timedelta(seconds=1)))
    monkeypatch.setattr(invoicing.peers, "ask", _unavailable)

    run(jobs.ask_about_old_holds, invoicing)

    assert holds(invoicing) == [(f"{client}/deletions/1", False)]


def _unavailable(*_):
    raise Unavailable("down", "SERVICE_UNAVAILABLE")


def holds(invoicing):
    """The holds: (attempt, over?)."""
    with invoicing.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT attempt, over FROM hold"))]
