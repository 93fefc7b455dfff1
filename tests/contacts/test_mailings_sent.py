"""Letters of mailings go out each once, no faster than was said, whatever dies meanwhile."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from chassis.errors import Unavailable
from chassis.testing import OWNER, announced, refused, statements
from services.contacts.importing.running import sweep_blobs
from services.contacts.mailing import sending
from services.contacts.mailing.model import MailingRecipient, Outcome
from tests.contacts.mailing import draft, finish, outcomes, person, send, state, upload

START = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_what_was_refused_and_what_nobody_knows_is_told_of_each(contacts, owner, post):
    person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)
    post.on_recipient = "550 no such mailbox"
    send(contacts)
    assert outcomes(owner, mailing) == [("ada@example.com", "FAILED", "REFUSED")]
    [told] = owner.list_mailing_recipients(parent=mailing.name).recipients
    assert told.message == "550 no such mailbox"

    post.on_recipient, post.cuts_after_data = "250 OK", True
    other = draft(owner)
    owner.start_mailing(name=other.name)
    send(contacts)

    over = owner.get_mailing(name=other.name)
    assert (state(over), over.sent_count, over.uncertain_count) == ("SUCCEEDED", 0, 1)
    assert outcomes(owner, other) == [("ada@example.com", "UNCERTAIN", "")]
    assert post.attempts == 1


def test_what_is_not_taken_for_now_is_tried_again_later_and_later(contacts, owner, post):
    post.on_recipient = "451 come back later"
    pauses = []
    with time_machine.travel(START, tick=False) as clock:
        person(owner)
        mailing = draft(owner)
        owner.start_mailing(name=mailing.name)
        for _ in range(5):
            send(contacts)
            pauses.append(_due(contacts) - datetime.now(UTC))
            clock.shift(pauses[-1])
        send(contacts)

    assert [pause.total_seconds() / 60 for pause in pauses] == [1, 5, 30, 120, 360]
    assert outcomes(owner, mailing) == [("ada@example.com", "FAILED", "TOO_LATE")]
    over = owner.get_mailing(name=mailing.name)
    assert (state(over), over.failed_count) == ("SUCCEEDED", 1)


def _due(service):
    with service.reading.connect() as connection:
        return connection.execute(text("SELECT due_time FROM mailing_recipient")).scalar()


def test_no_more_leave_in_a_minute_than_was_said(contacts, owner, post):
    for number in range(12):
        person(owner, address=f"a{number}@example.com")
    mailing = draft(owner, per_minute=6)
    taken = []
    with time_machine.travel(START, tick=False) as clock:
        owner.start_mailing(name=mailing.name)
        for _ in range(61):
            send(contacts)
            taken.append(len(post.taken))
            clock.shift(timedelta(seconds=1))

    assert taken[0] == 1
    assert taken[9:12] == [1, 2, 2]
    assert taken[59] == 6
    assert taken[60] == 7


def test_a_job_that_was_late_does_not_rush(contacts, owner, post):
    for number in range(12):
        person(owner, address=f"a{number}@example.com")
    mailing = draft(owner, per_minute=60)
    with time_machine.travel(START, tick=False) as clock:
        owner.start_mailing(name=mailing.name)
        clock.shift(timedelta(hours=1))
        send(contacts)

    assert len(post.taken) == 3
    assert owner.get_mailing(name=mailing.name).remaining.seconds == 9


def test_a_mailing_that_is_stopped_keeps_what_was_sent_and_sends_no_more(contacts, owner, post):
    for number in range(5):
        person(owner, address=f"a{number}@example.com")
    mailing = draft(owner, per_minute=1)
    owner.start_mailing(name=mailing.name)
    send(contacts)

    stopped = owner.cancel_mailing(name=mailing.name)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
        send(contacts)

    assert (state(stopped), stopped.sent_count, stopped.progress_percent) == ("CANCELLED", 1, 20)
    assert len(post.taken) == 1
    assert [outcome for _, outcome, _ in outcomes(owner, mailing)].count("PENDING") == 4
    with refused("MAILING_NOT_RUNNING", "FAILED_PRECONDITION"):
        owner.cancel_mailing(name=mailing.name)


def test_it_is_announced_who_was_written_to_and_how_it_ended(contacts, owner, post):
    ada = person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)

    send(contacts)

    told = {message.DESCRIPTOR.name: (message, headers) for _, message, headers in announced(contacts)}
    mailed, headers = told["ContactMailed"]
    assert (mailed.contact, mailed.mailing, mailed.subject, mailed.result) == (ada, mailing.name, "News for Ada", 3)
    assert (headers["Crm-Resource"], headers["Crm-Actor"], headers["Crm-Bulk"]) == (ada, OWNER.user, mailing.name)
    finished, headers = told["MailingFinished"]
    assert list(finished.recipients) == [OWNER.user]
    assert (finished.mailing.sent_count, finished.mailing.body) == (1, "")
    assert headers["Crm-Resource"] == mailing.name
    assert "MailingCreated" in told
    assert "MailingUpdated" in told


def test_a_mailing_whose_starter_is_gone_stops(contacts, owner, post):
    person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)
    with contacts.engine.begin() as connection:
        connection.execute(text("UPDATE principal SET standing = 'GONE' WHERE name = 'users/1'"))

    send(contacts)

    stopped = owner.get_mailing(name=mailing.name)
    assert (state(stopped), stopped.error) == ("FAILED", "whoever asked for it does not work here any more")
    assert post.taken == []


def test_nothing_is_kept_of_who_is_erased_meanwhile(contacts, owner, post):
    person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)
    with contacts.engine.begin() as connection:
        connection.execute(text("DELETE FROM contact"))

    finish(contacts, 3)

    assert outcomes(owner, mailing) == []
    assert post.taken == []
    assert state(owner.get_mailing(name=mailing.name)) == "SUCCEEDED"


def test_an_address_that_was_taken_from_the_contact_is_not_written_to(contacts, owner, post):
    ada = person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)
    owner.update_contact(contact={"name": ada, "emails": [{"value": "new@example.com"}]})

    send(contacts)

    assert outcomes(owner, mailing) == [("ada@example.com", "SKIPPED", "ADDRESS_GONE")]
    assert post.taken == []


def test_each_letter_takes_few_statements(contacts, owner, post):
    for number in range(2):
        person(owner, address=f"a{number}@example.com")
    mailing = draft(owner)
    with statements(contacts) as starting:
        owner.start_mailing(name=mailing.name)
    with contacts.begin(contacts.actor) as tx, statements(contacts) as claiming:
        work = sending._claim(tx, {})
    result, words = sending._ask(contacts, work)
    with statements(contacts) as noting, contacts.begin(contacts.actor, work.cause) as tx:
        sending._note(tx, work, result, words)

    assert len(starting) <= 8, "\n".join(starting)
    assert len(claiming) <= 8, claiming
    assert len(noting) <= 5, noting


class Killed(BaseException):
    """The process was killed."""


@pytest.mark.parametrize("when", ["before it is asked", "after it was sent", "before it is noted"])
def test_a_process_that_is_killed_in_the_middle_doubles_nothing_and_loses_nothing(
    contacts, owner, post, monkeypatch, when
):
    for number in range(4):
        person(owner, address=f"a{number}@example.com")
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)
    ask, note, left = sending._ask, sending._note, [2]

    def dies():
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    def asks(service, work):
        if when == "before it is asked":
            dies()
        answer = ask(service, work)
        if when == "after it was sent":
            dies()
        return answer

    def notes(tx, work, *result):
        if when == "before it is noted":
            dies()
        note(tx, work, *result)

    monkeypatch.setattr(sending, "_ask", asks)
    monkeypatch.setattr(sending, "_note", notes)
    with pytest.raises(Killed):
        finish(contacts, 3)
    half = [outcome for _, outcome, _ in outcomes(owner, mailing)]
    finish(contacts, 3)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True):
        finish(contacts, 3)

    assert sorted(half) == ["PENDING", "PENDING", "SENDING", "SENT"]
    assert sorted(letter["To"] for letter in post.taken) == [f"a{number}@example.com" for number in range(4)]
    over = owner.get_mailing(name=mailing.name)
    assert (state(over), over.sent_count, over.uncertain_count) == ("SUCCEEDED", 4, 0)


def test_who_was_being_written_to_when_a_mailing_was_stopped_and_the_process_died_is_uncertain(contacts, owner, post):
    person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)
    with contacts.begin(contacts.actor) as tx:
        sending._claim(tx, {})
    owner.cancel_mailing(name=mailing.name)

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True):
        sending.send_mailings(contacts.job_context())

    assert outcomes(owner, mailing) == [("ada@example.com", "UNCERTAIN", "")]
    assert post.taken == []


def test_two_leaders_at_once_send_each_letter_once(contacts, owner, post):
    for number in range(10):
        person(owner, address=f"a{number}@example.com")
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)

    def lead():
        for _ in range(40):
            send(contacts)

    leaders = [threading.Thread(target=lead) for _ in range(2)]
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=2), tick=True):
        for leader in leaders:
            leader.start()
        for leader in leaders:
            leader.join()
    while state(owner.get_mailing(name=mailing.name)) != "SUCCEEDED":
        send(contacts)

    assert sorted(letter["To"] for letter in post.taken) == [f"a{number}@example.com" for number in range(10)]


def test_while_notifications_does_not_answer_the_mailing_waits_and_goes_on(contacts, owner, post):
    class Away:
        def ask(self, *_, **__):
            raise Unavailable("notifications does not answer; try again soon", "SERVICE_UNAVAILABLE")

    person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)
    there, contacts.peers = contacts.peers, Away()
    send(contacts)
    contacts.peers = there
    assert outcomes(owner, mailing) == [("ada@example.com", "SENDING", "")]

    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=11), tick=True):
        send(contacts)

    assert outcomes(owner, mailing) == [("ada@example.com", "SENT", "")]
    assert len(post.taken) == 1


def test_the_database_itself_lets_no_address_in_twice(contacts, owner):
    ada = person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)

    row = {"mailing": int(mailing.name.split("/")[1]), "contact": int(ada.split("/")[1]), "attempts": 0}
    row |= {"address": "ADA@example.com", "address_key": "ada@example.com", "state": Outcome.PENDING}
    again = MailingRecipient.__table__.insert().values(**row, reason="", message="", time=START, due_time=START)
    with pytest.raises(IntegrityError, match="uq_mailing_recipient_address"), contacts.engine.begin() as connection:
        connection.execute(again)


def test_a_mailing_whose_file_is_gone_stops(contacts, owner, post):
    person(owner)
    mailing = draft(owner)
    upload(owner, mailing, b"%PDF")
    owner.start_mailing(name=mailing.name)
    with contacts.reading.connect() as connection:
        contacts.blobs.delete(connection.execute(text("SELECT blob FROM mailing_attachment")).scalar())

    send(contacts)

    stopped = owner.get_mailing(name=mailing.name)
    assert (state(stopped), stopped.error) == ("FAILED", "a file that goes along is gone")
    assert post.taken == []


def test_a_letter_that_its_values_make_too_large_is_told_of_and_the_others_are_sent(contacts, owner, post, monkeypatch):
    monkeypatch.setattr(sending, "LARGEST", 5000)
    person(owner, "Ada" * 80)
    person(owner, "Eve", "eve@example.com")
    mailing = draft(owner, body="<p>{{first_name}}</p>" * 20)

    owner.start_mailing(name=mailing.name)
    finish(contacts, 3)

    assert outcomes(owner, mailing) == [("ada@example.com", "FAILED", "REFUSED"), ("eve@example.com", "SENT", "")]


def test_files_of_mailings_are_not_swept_away(contacts, owner, monkeypatch):
    mailing = draft(owner)
    upload(owner, mailing, b"%PDF")
    monkeypatch.setattr("chassis.blobs.YOUNG", timedelta(0))

    sweep_blobs(contacts.job_context())

    with contacts.reading.connect() as connection:
        blob = connection.execute(text("SELECT blob FROM mailing_attachment")).scalar()
    assert b"".join(contacts.blobs.get(blob)) == b"%PDF"


def test_what_was_written_to_a_contact_goes_with_it_into_another_and_back(owner, post):
    ada, eve = person(owner), person(owner, "Eve", "eve@example.com")
    written = draft(owner, contacts=[ada, eve])
    owner.start_mailing(name=written.name)
    finish(owner.service)
    planned = draft(owner, contacts=[eve])
    merge = owner.merge_contact(name=ada, source=eve).merge

    both = [("ada@example.com", "SENT", ""), ("eve@example.com", "SENT", "")]
    assert sorted(outcomes(owner, written)) == both
    assert owner.start_mailing(name=planned.name, validate_only=True).recipient_count == 1
    owner.undo_contact_merge(name=merge.name)
    recipients = owner.list_mailing_recipients(parent=written.name).recipients
    assert {each.address: each.contact for each in recipients} == {"ada@example.com": ada, "eve@example.com": eve}
