"""Who wants no more mailings gets none: by a link that only we can make, for ever, whatever contact has the address."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import text

from chassis.identity import Actor
from chassis.testing import ADA, Caller, announced, refused, statements
from tests.contacts.mailing import SITE, draft, finish, outcomes, person


@pytest.fixture
def reader(contacts):
    """Somebody who got a mail and has not signed in."""
    return Caller(contacts, Actor())


@pytest.fixture
def link(contacts, owner, post):
    """The name behind the link that Ada got in a mailing."""
    person(owner)
    return mailed(contacts, owner, post)


def mailed(service, owner, post):
    """Writes to everybody; returns the name behind the link in the last letter."""
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)
    finish(service, 3)
    return name_in(post.taken[-1])


def name_in(letter):
    """The name behind the link in a letter."""
    address = letter["List-Unsubscribe"].strip("<>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in letter.get_body(("plain",)).get_content()
    assert re.sub(r"&amp;", "&", address) in letter.get_body(("html",)).get_content()
    assert address.startswith(f"{SITE}/unsubscribe/")
    return f"unsubscriptions/{address.rpartition('/')[2]}"


def test_who_unsubscribes_gets_no_mailing_any_more(contacts, owner, post, reader, link):
    answer = reader.unsubscribe(name=link)

    assert (answer.unsubscribed, answer.address, answer.language) == (True, "ada@example.com", "en")
    [ada] = owner.list_contacts().contacts
    assert ada.unsubscribed
    assert owner.get_contact(name=ada.name).unsubscribed
    person(owner, "Eve", "eve@example.com")
    mailing = draft(owner)
    assert list(owner.preview_mailing(name=mailing.name, contact=ada.name).warnings) == ["UNSUBSCRIBED"]
    mailed(contacts, owner, post)
    assert [letter["To"] for letter in post.taken] == ["ada@example.com", "eve@example.com"]


def test_another_contact_with_the_address_is_not_written_to_either(contacts, owner, post, reader, link):
    reader.unsubscribe(name=link)
    with contacts.engine.begin() as connection:
        connection.execute(text("DELETE FROM mailing_recipient; DELETE FROM contact"))
    again = person(owner, "Ada", "ADA@example.COM")
    addresses = [{"value": "boss@example.com"}, {"value": "ada@example.com"}]
    other = person(owner, "Boss", emails=addresses)
    mailing = draft(owner)

    with refused("NOBODY_TO_WRITE_TO"):
        owner.start_mailing(name=mailing.name)

    assert owner.get_contact(name=again).unsubscribed
    assert owner.get_contact(name=other).unsubscribed
    assert reader.get_unsubscription(name=link).unsubscribed


def test_who_unsubscribes_while_a_mailing_runs_is_left_out_of_it(contacts, owner, post, reader, link):
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)

    reader.unsubscribe(name=link)
    finish(contacts, 3)

    assert outcomes(owner, mailing) == [("ada@example.com", "SKIPPED", "UNSUBSCRIBED")]
    assert len(post.taken) == 1


def test_whoever_only_looks_changes_nothing(contacts, reader, link):
    before = len(announced(contacts))

    answers = [reader.get_unsubscription(name=link) for _ in range(3)]

    assert not any(answer.unsubscribed for answer in answers)
    assert len(announced(contacts)) == before


def test_it_can_be_taken_back_and_done_again_with_the_same_link(contacts, owner, post, reader, link):
    for _ in range(2):
        assert reader.unsubscribe(name=link).unsubscribed
        assert reader.unsubscribe(name=link).unsubscribed
        assert not reader.resubscribe(name=link).unsubscribed
        assert not reader.resubscribe(name=link).unsubscribed

    mailed(contacts, owner, post)
    assert len(post.taken) == 2
    names = [message.DESCRIPTOR.name for _, message, _ in announced(contacts)]
    assert (names.count("AddressUnsubscribed"), names.count("AddressResubscribed")) == (2, 2)


def test_it_is_announced_for_the_contacts_that_have_the_address(contacts, owner, reader, link):
    [ada] = owner.list_contacts().contacts
    twin = person(owner, "Twin", "Ada@example.com")

    reader.unsubscribe(name=link)

    told = [(event, headers) for _, event, headers in announced(contacts) if "Unsubscribed" in headers["Crm-Event"]]
    assert [event.contact for event, _ in told] == [ada.name, twin]
    assert {event.mailing for event, _ in told} == {"mailings/1"}
    assert {headers["Crm-Actor"] for _, headers in told} == {"mailings/1"}


def test_it_works_when_contact_and_mailing_are_gone(contacts, owner, reader, link):
    owner.delete_mailing(name="mailings/1")
    with contacts.engine.begin() as connection:
        connection.execute(text("DELETE FROM contact"))

    assert reader.unsubscribe(name=link).unsubscribed

    [event] = [event for _, event, headers in announced(contacts) if headers["Crm-Event"] == "AddressUnsubscribed"]
    assert event.contact == "contacts/1"


def test_links_that_we_did_not_make_are_none(contacts, owner, reader, link):
    token = link.partition("/")[2]
    page_token = contacts.tokens.make("('recipients', 'mailings/1', 0)", ["ada@example.com", 1, 1, "en"])
    changed = token[:-6] + ("A" if token[-6] != "A" else "B") + token[-5:]

    for forged in (changed, token[1:], token[:40], "trial", "x" * 900, page_token):
        for ask in (reader.get_unsubscription, reader.unsubscribe, reader.resubscribe):
            with refused("NOT_FOUND", "NOT_FOUND"):
                ask(name=f"unsubscriptions/{forged}")

    assert not owner.get_contact(name="contacts/1").unsubscribed


def test_it_is_taken_back_some_times_an_hour_and_unsubscribing_is_never_refused(reader, link):
    for _ in range(10):
        reader.unsubscribe(name=link)
        reader.resubscribe(name=link)
    reader.unsubscribe(name=link)

    with refused("TOO_MANY_CHANGES", "RESOURCE_EXHAUSTED"):
        reader.resubscribe(name=link)
    assert reader.unsubscribe(name=link).unsubscribed
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1, minutes=1), tick=True):
        assert not reader.resubscribe(name=link).unsubscribed


def test_everybody_who_sees_a_contact_sees_it_with_no_statement_more(contacts, owner, reader, link):
    ada = Caller(contacts, ADA)
    name = person(ada, "Eve", "ada@example.com")
    reader.unsubscribe(name=link)

    with statements(contacts) as getting:
        assert ada.get_contact(name=name).unsubscribed
    with statements(contacts) as listing:
        assert [contact.unsubscribed for contact in ada.list_contacts().contacts] == [True]

    assert (len(getting), len(listing)) == (1, 1)


def test_a_contact_that_was_read_can_be_changed_and_sent_back_whole(owner, reader, link):
    reader.unsubscribe(name=link)
    ada = owner.get_contact(name="contacts/1")
    ada.job_title = "Engineer"

    owner.update_contact(contact=ada)

    changed = owner.get_contact(name="contacts/1")
    assert (changed.job_title, changed.unsubscribed) == ("Engineer", True)
