"""What guests know of an event: what stands in the letters that reached them, and in no others."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from chassis.testing import Caller
from services.events import jobs
from services.events.model import Event
from tests.events.test_guest_letters import LATER, START, invited, outdated, posted, text_of


def without_address(house, contact):
    told = Caller(house.contacts, house.owner.actor).update_contact(
        contact={"name": contact, "emails": []}, update_mask={"paths": ["emails"]}
    )
    house.tell(told)


def with_address(house, contact):
    owner = Caller(house.contacts, house.owner.actor)
    house.tell(owner.update_contact(contact={"name": contact, "emails": [{"value": "a@example.com"}]}))


def test_an_invitation_that_leaves_after_a_move_tells_the_time_of_then_and_nothing_is_outdated(house):
    name = house.event(participants=[house.person()], start_time=START, end_time=None, place="Room 1")
    house.owner.invite_event_participants(name=name)
    house.owner.update_event(event={"name": name, "start_time": LATER})
    house.send()
    [message] = posted(house, "Invitation")
    assert "June 3" in text_of(message)

    assert (house.owner.tell_event_guests(name=name).told_count, outdated(house, name)) == (0, 0)


def test_who_could_not_be_invited_is_not_told_of_changes(house):
    ada = house.person()
    name = house.event(participants=[ada], start_time=START, end_time=None)
    house.owner.invite_event_participants(name=name)
    without_address(house, ada)
    house.send()
    with_address(house, ada)
    house.owner.update_event(event={"name": name, "start_time": LATER})

    assert (house.owner.tell_event_guests(name=name).told_count, outdated(house, name)) == (0, 0)
    house.send()
    assert posted(house, "Changed") == []


def test_who_was_to_be_told_of_a_change_and_was_not_reached_is_still_to_be_told(house):
    ada = house.person()
    name = invited(house, ada)
    house.owner.update_event(event={"name": name, "start_time": LATER})
    house.owner.tell_event_guests(name=name)
    assert outdated(house, name) == 0
    without_address(house, ada)
    house.send()
    assert outdated(house, name) == 1

    with_address(house, ada)
    assert house.owner.tell_event_guests(name=name).told_count == 1
    house.send()
    [message] = posted(house, "Changed")
    assert "When it was: Monday, June 2" in text_of(message)


def test_who_has_no_address_is_still_to_be_told_after_a_reminder_that_never_reached_him(house):
    mute = house.person("Mute", "")
    name = house.event(participants=[mute], start_time=START, end_time=None, reminders=[60])
    house.owner.set_event_participant_response(name=name, contact=mute, response="ACCEPTED")
    house.owner.update_event(event={"name": name, "start_time": LATER})
    with time_machine.travel(LATER - timedelta(minutes=50)):
        jobs.remind(house.events.job_context())
        house.send()
        after = house.owner.tell_event_guests(name=name, validate_only=True)

    assert ([each.reason for each in after.refusals], outdated(house, name)) == (["NO_ADDRESS"], 1)


def test_a_reminder_that_tells_the_new_time_leaves_nobody_outdated(house):
    name = invited(house, reminders=[60])
    house.guest.accept_event_invitation(name=house.link("ada@example.com"))
    house.owner.update_event(event={"name": name, "start_time": LATER})
    with time_machine.travel(LATER - timedelta(minutes=50)):
        jobs.remind(house.events.job_context())
        house.send()

        assert outdated(house, name) == 0
        assert house.owner.tell_event_guests(name=name).told_count == 0


def test_who_tells_of_a_change_that_all_know_puts_right_how_many_do_not(house):
    name = invited(house)
    with house.events.engine.begin() as connection:
        wrong = "update event set guest_counts = guest_counts || '{\"outdated_count\": 1}'"
        connection.execute(text(wrong))
    assert outdated(house, name) == 1
    answer = house.owner.tell_event_guests(name=name)

    assert (answer.told_count, answer.event.guest_counts.outdated_count, outdated(house, name)) == (0, 0, 0)


def test_a_letter_about_what_somebody_is_just_changing_leaves_once_he_is_done(house):
    name = house.event(participants=[house.person()], start_time=START, end_time=None)
    house.owner.invite_event_participants(name=name)
    with house.events.begin(house.owner.actor) as tx:
        tx.get(Event, name, lock=True)
        house.send()
        assert house.letters() == []
    house.send()

    assert len(house.letters()) == 1


@pytest.mark.parametrize("fails", [False, True])
def test_who_never_got_the_invitation_is_not_told_that_it_is_called_off(house, fails):
    ada = house.person()
    name = house.event(participants=[ada], start_time=START, end_time=None)
    house.owner.invite_event_participants(name=name)
    if fails:
        without_address(house, ada)
        house.send()
        with_address(house, ada)
    house.owner.delete_event(name=name, tell_guests=True)
    house.send()

    assert house.letters() == []


def test_who_is_invited_once_more_is_told_that_it_is_called_off(house):
    ada = house.person()
    name = invited(house, ada)
    house.owner.invite_event_participants(name=name, contacts=[ada], again=True)
    house.owner.delete_event(name=name, tell_guests=True)
    house.send()

    assert len(posted(house, "Called off")) == 1


def test_the_letter_that_calls_off_takes_the_place_of_what_still_waits(house):
    name = house.event(participants=[house.person()], start_time=START, end_time=None)
    house.owner.invite_event_participants(name=name)
    jobs.mail_guests(house.events.job_context())
    house.owner.delete_event(name=name, tell_guests=True)
    house.send()
    house.send()

    assert [subject for _, subject, _ in house.letters()] == ["Called off: Fair"]
