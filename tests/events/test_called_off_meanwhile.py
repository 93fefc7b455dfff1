"""Events that are called off, opened again, closed, deleted or merged into while letters are on their way."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import text

from chassis.errors import Unavailable
from chassis.testing import announced, refused
from gateway.notifications import outgoing
from services.events import jobs
from services.events.guests import inviting
from tests.events.importing import run, upload
from tests.events.test_calling_off import subjects, told
from tests.events.test_guest_letters import LATER, START, invited, outdated, posted, text_of
from tests.events.test_guests import merged

SOON = timedelta(seconds=30)


def ask(house):
    """Hands what waits over to notifications, which does not send it yet."""
    jobs.mail_guests(house.events.job_context())


def after(wait, act):
    """Does something later."""
    with time_machine.travel(datetime.now(UTC) + wait):
        return act()


def waiting(house, **fields):
    """An event whose invitation waits at notifications."""
    name = house.event(participants=[house.person()], **{"start_time": START, "end_time": None, **fields})
    house.owner.invite_event_participants(name=name)
    ask(house)
    return name


def doubtful(house):
    """Hands over what waits; notifications takes it, but its answer is lost."""
    real = house.events.peers.ask

    def lost(request, *more):
        answer = real(request, *more)
        if request.DESCRIPTOR.name == "QueueMailRequest":
            raise Unavailable("no answer", "SERVICE_UNAVAILABLE")
        return answer

    house.events.peers.ask = lost
    try:
        ask(house)
    finally:
        house.events.peers.ask = real


@pytest.mark.parametrize("again", [True, False])
def test_letters_that_wait_leave_although_their_event_is_deleted(house, again):
    name = invited(house)
    house.owner.cancel_event(name=name)
    house.owner.tell_event_guests(name=name, message="The hall has burnt down.")
    house.owner.delete_event(name=name, tell_guests=again)
    house.send()

    [letter] = posted(house, "Called off: Fair")
    assert "The hall has burnt down." in text_of(letter)


def test_nobody_reads_that_it_is_off_after_he_read_that_it_takes_place(house):
    name = invited(house)
    house.owner.cancel_event(name=name)
    house.owner.tell_event_guests(name=name)
    ask(house)
    greylisted = "UPDATE mail SET next_attempt_time = now() + interval '5 minutes' WHERE state = 'QUEUED'"
    with house.notifications.engine.begin() as connection:
        connection.execute(text(greylisted))
    house.owner.reopen_event(name=name)
    told(house, name)
    after(timedelta(minutes=6), house.send)

    assert subjects(house) == ["It takes place: Fair"]


def test_whoever_tells_of_what_is_changed_this_moment_looks_again(house, monkeypatch):
    name = invited(house)
    house.owner.update_event(event={"name": name, "start_time": LATER})
    real = inviting.look_up

    def meanwhile(tx, names):
        house.owner.cancel_event(name=name)
        return real(tx, names)

    monkeypatch.setattr(inviting, "look_up", meanwhile)
    with refused("ETAG_MISMATCH"):
        house.owner.tell_event_guests(name=name, message="Come a day later")
    assert outdated(house, name) == 1


@pytest.mark.parametrize("asked", [True, False])
def test_no_letter_that_waits_leaves_once_it_is_called_off(house, asked):
    name = waiting(house)
    house.owner.update_event(event={"name": name, "start_time": LATER})
    house.owner.tell_event_guests(name=name)
    if asked:
        ask(house)
    house.owner.cancel_event(name=name)
    told(house, name)

    assert [subject for _, subject, _ in house.letters()] == ["Called off: Fair"]


def test_what_was_called_off_cannot_be_closed_as_if_it_had_taken_place(house):
    name = invited(house)
    house.owner.cancel_event(name=name)
    house.owner.tell_event_guests(name=name)
    house.owner.batch_update_events(names=[name], state="CLOSED")
    house.owner.close_event(name=name)
    house.send()

    event = house.owner.get_event(name=name)
    assert (event.State.Name(event.state), outdated(house, name)) == ("CANCELLED", 0)
    assert subjects(house) == ["Called off: Fair"]


@pytest.mark.parametrize("word", ["closed", "cancelled"])
def test_nobody_is_reminded_of_what_is_imported_as_over_or_called_off(house, word):
    soon = datetime.now(UTC) + timedelta(hours=1)
    rows = f"Title;Start;State;Reminders\nGala;{soon:%Y-%m-%d %H:%M};{word};120\n"
    run(house.owner, upload(house.owner, rows, time_zone="UTC"))
    with time_machine.travel(soon - timedelta(minutes=90)):
        jobs.remind(house.events.job_context())

    assert "EventReminded" not in [event.DESCRIPTOR.name for _, event, _ in announced(house.events)]


def test_what_is_taken_back_at_once_costs_nobody_his_letter(house):
    ada, bob = house.person(), house.person("Bob", "bob@example.com")
    name = invited(house, ada, bob, capacity=1)
    for address in ("ada@example.com", "bob@example.com"):
        house.guest.accept_event_invitation(name=house.link(address))
    house.guest.decline_event_invitation(name=house.link("ada@example.com"))
    house.owner.cancel_event(name=name)
    ask(house)
    house.owner.reopen_event(name=name)
    after(SOON, house.send)

    assert subjects(house) == ["You have a place: Fair"]


def test_who_may_have_been_invited_is_told_that_it_is_off(house):
    name = house.event(participants=[house.person()], start_time=START, end_time=None)
    house.owner.invite_event_participants(name=name)
    doubtful(house)
    outgoing.send_due(house.notifications.job_context(), time.monotonic() + 30)
    house.owner.cancel_event(name=name)
    house.owner.tell_event_guests(name=name)
    after(timedelta(minutes=2), house.send)
    after(timedelta(minutes=2), house.send)

    assert sorted(subject for _, subject, _ in house.letters()) == ["Called off: Fair", "Invitation: Fair"]


def test_who_may_have_been_told_the_time_of_then_is_told_that_it_was_moved(house):
    name = house.event(participants=[house.person()], start_time=START, end_time=None)
    house.owner.invite_event_participants(name=name)
    doubtful(house)
    house.owner.update_event(event={"name": name, "start_time": LATER})
    after(SOON, house.send)

    [letter] = posted(house, "Invitation")
    assert ("June 2" in text_of(letter), outdated(house, name)) == (True, 1)


def test_of_what_has_no_time_nobody_is_told_that_it_is_off(house):
    ada = house.person()
    name = house.event(participants=[ada], start_time=None, end_time=None)
    house.owner.set_event_participant_response(name=name, contact=ada, response="ACCEPTED")
    house.owner.cancel_event(name=name)

    assert outdated(house, name) == 0
    with refused("START_REQUIRED"):
        house.owner.tell_event_guests(name=name)


def test_one_person_reads_once_that_it_is_off(house):
    ada, augusta = house.person(), house.person("Augusta", "augusta@example.com")
    name = invited(house, ada, augusta)
    house.owner.cancel_event(name=name)
    house.owner.tell_event_guests(name=name)
    late = "UPDATE guest_mail SET due_time = now() + interval '10 seconds' FROM event_guest AS guest"
    with house.events.engine.begin() as connection:
        number = int(augusta.partition("/")[2])
        connection.execute(text(f"{late} WHERE guest.id = guest_mail.guest AND contact = :number"), {"number": number})
    house.send()
    merged(house, augusta, ada)
    after(SOON, house.send)

    assert len(posted(house, "Called off")) == 1


def test_nobody_is_told_that_it_is_off_who_declined_meanwhile(house):
    name = invited(house)
    house.owner.cancel_event(name=name)
    house.owner.tell_event_guests(name=name)
    with house.events.engine.begin() as connection:
        connection.execute(text("UPDATE event_guest SET response = 'DECLINED'"))
    house.send()

    assert subjects(house) == []


def test_pages_hear_that_guests_are_to_be_told_again(house):
    name = invited(house)
    house.owner.cancel_event(name=name)
    house.owner.tell_event_guests(name=name)
    house.owner.reopen_event(name=name)
    house.owner.update_event(event={"name": name, "start_time": LATER})
    before = len(announced(house.events))
    ask(house)

    assert outdated(house, name) == 1
    assert len(announced(house.events)) > before
