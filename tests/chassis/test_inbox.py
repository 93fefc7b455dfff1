"""Events: each has its effect once; what cannot be handled is put aside and can be taken up again."""

import pytest
from crm.contacts.v1 import contacts_pb2, domain_events_pb2
from sqlalchemy import text

from chassis import inbox as inbox_module
from chassis.inbox import PARKED_IN_A_ROW, Heard, Inbox, Parked, republish
from chassis.testing import ADA, Caller, announced

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}
SUBJECT = "crm.contacts.contact_created"


@pytest.fixture
def inbox(invoicing, monkeypatch):
    """Invoicing's inbox, without patience."""
    monkeypatch.setattr(inbox_module, "RETRIES", (0, 0))
    return Inbox(invoicing)


def created(number, title="Ada Lovelace", version=1):
    """The payload of a ContactCreated."""
    contact = contacts_pb2.Contact(name=f"contacts/{number}", display_name=title, etag=f'"{version}"', sharing="READ")
    return domain_events_pb2.ContactCreated(contact=contact).SerializeToString()


def titles(service):
    """What invoicing knows of contacts."""
    with service.engine.connect() as connection:
        return dict(connection.execute(text("SELECT name, title FROM contact_ref")).all())


def test_an_event_that_comes_twice_has_one_effect(inbox, invoicing):
    inbox.handle(Heard("a", SUBJECT, created(1), {}))
    with invoicing.engine.begin() as connection:
        connection.execute(text("DELETE FROM contact_ref"))

    inbox.handle(Heard("a", SUBJECT, created(1), {}))

    assert titles(invoicing) == {}


def test_an_older_event_that_comes_late_changes_nothing(inbox, invoicing):
    inbox.handle(Heard("b", SUBJECT, created(1, "new", 2), {}))
    inbox.handle(Heard("a", SUBJECT, created(1, "old", 1), {}))

    assert titles(invoicing) == {1: "new"}


def test_what_is_gone_is_not_revived_by_what_comes_late(inbox, invoicing):
    gone = domain_events_pb2.ContactDeleted(contact=contacts_pb2.Contact(name="contacts/1")).SerializeToString()
    inbox.handle(Heard("b", "crm.contacts.contact_deleted", gone, {}))
    inbox.handle(Heard("a", SUBJECT, created(1), {}))

    assert titles(invoicing) == {1: ""}


def test_a_poisonous_event_is_parked_and_the_next_one_handled(inbox, invoicing):
    inbox.handle(Heard("bad", SUBJECT, b"\xff\xff", {}))
    inbox.handle(Heard("good", SUBJECT, created(2), {}))

    assert [event.event_id for event in Parked(invoicing).list()] == ["bad"]
    assert titles(invoicing) == {2: "Ada Lovelace"}


def test_a_parked_event_can_be_retried(inbox, invoicing):
    handlers = inbox.handlers[SUBJECT]
    inbox.handlers[SUBJECT] = (handlers[0], lambda event, tx: 1 / 0)
    inbox.handle(Heard("c", SUBJECT, created(3), {}))
    parked = Parked(invoicing)
    assert "ZeroDivisionError" in parked.list()[0].error

    parked.retry("c")

    assert (parked.list(), titles(invoicing)) == ([], {3: "Ada Lovelace"})


def test_a_parked_event_can_be_dropped(inbox, invoicing):
    inbox.handle(Heard("bad", SUBJECT, b"\xff\xff", {}))

    Parked(invoicing).drop("bad")

    assert Parked(invoicing).list() == []
    with pytest.raises(LookupError):
        Parked(invoicing).drop("bad")


class Message:
    """A message as the stream brings it."""

    def __init__(self, number, data, event_id=None):
        self.subject, self.data = SUBJECT, data
        self.headers = {"Nats-Msg-Id": event_id or str(number)}
        self.metadata = type("M", (), {"sequence": type("S", (), {"stream": number})})


def test_what_has_piled_up_is_handled_together_and_each_event_once(inbox, invoicing):
    inbox.handle(Heard("1", SUBJECT, created(1, "known"), {}))
    messages = [Message(1, created(1, "again", 9)), Message(2, created(2)), Message(3, created(2, "twice", 9), "2")]

    assert inbox.handle_all("CRM@x", messages, lambda: True) == 3

    assert titles(invoicing) == {1: "known", 2: "Ada Lovelace"}
    assert inbox.position("CRM@x") == 3


def test_one_bad_event_among_many_is_parked_and_the_others_have_their_effect(inbox, invoicing):
    messages = [Message(1, created(1)), Message(2, b"\xff\xff"), Message(3, created(3))]

    assert inbox.handle_all("CRM@x", messages, lambda: True) == 3

    assert sorted(titles(invoicing)) == [1, 3]
    assert [event.event_id for event in Parked(invoicing).list()] == ["2"]


def test_many_failures_in_a_row_stop_the_listener_and_show(inbox, monkeypatch):
    monkeypatch.setattr(inbox_module, "STOPPED", 0)
    messages = [Message(number, b"\xff\xff") for number in range(1, PARKED_IN_A_ROW + 10)]

    done = inbox.handle_all("CRM@x", messages, lambda: True)

    assert done == PARKED_IN_A_ROW
    assert "in a row" in inbox.problem
    assert inbox.position("CRM@x") == PARKED_IN_A_ROW


def test_failures_with_successes_between_them_do_not_stop_the_listener(inbox):
    for number in range(PARKED_IN_A_ROW + 1):
        inbox.handle_all("CRM@x", [Message(number * 10 + 1, b"\xff\xff")], lambda: True)
        pair = [Message(number * 10 + 2, created(1)), Message(number * 10 + 3, created(2))]
        assert inbox.handle_all("CRM@x", pair, lambda: True) == 2

    assert inbox.problem == ""


def test_an_event_without_an_id_is_known_by_its_place(inbox, invoicing):
    message = Message(7, created(1))
    message.headers = {}

    assert [inbox.handle_all("CRM@x", [message], lambda: True) for _ in range(2)] == [1, 1]

    with invoicing.engine.connect() as connection:
        assert connection.execute(text("SELECT event_id FROM inbox")).scalars().all() == ["CRM@x#7"]


def test_the_position_belongs_to_one_stream(inbox):
    with inbox.service.reading.connect() as connection:
        inbox._advance(connection, "CRM@monday", 7)

    assert (inbox.position("CRM@monday"), inbox.position("CRM@tuesday")) == (7, 0)


def test_an_announcement_carries_the_record_and_who_may_hear_of_it(contacts):
    contact = Caller(contacts, ADA).create_contact(contact=PERSON)

    subject, event, headers = announced(contacts)[0]

    assert (subject, event.contact) == (SUBJECT, contact)
    assert headers["Crm-Resource"] == "contacts/1"
    assert headers["Crm-Event"] == "ContactCreated"
    assert headers["Crm-Readers"] == '["users/2"]'
    assert headers["Crm-Actor"] == "users/2"


def test_who_loses_a_record_hears_of_it_once_more(contacts):
    ada = Caller(contacts, ADA)
    contact = ada.create_contact(contact=PERSON)

    ada.update_contact(contact={"name": contact.name, "managers": ["users/3"]})

    updated = next(headers for subject, _, headers in announced(contacts) if subject.endswith("contact_updated"))
    assert updated["Crm-Readers"] == '["users/2","users/3"]'


def test_everything_ever_announced_can_be_sent_again(contacts):
    Caller(contacts, ADA).create_contact(contact=PERSON)
    with contacts.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET sent_time = now()"))

    assert republish(contacts) == 1

    with contacts.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM outbox WHERE sent_time IS NULL")).scalar() == 1
