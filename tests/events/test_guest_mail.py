"""Mail to guests: whom it reaches, and what neither stops nor doubles it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from chassis import moments
from chassis.errors import Aborted, Unauthenticated
from chassis.testing import announced, refused
from services.events import jobs
from services.events.guests import letters


def subjects(house, to=None):
    return [subject for address, subject, _ in house.letters() if to in (None, address)]


@pytest.mark.parametrize("year", [2, 1899, 9000, 9999])
def test_events_are_within_years_that_every_calendar_has(house, year):
    start = datetime(year, 6, 1, tzinfo=UTC)
    with refused("INVALID_FIELDS"):
        house.event(start_time=start, end_time=None, reminders=[40320])
    with refused("INVALID_FIELDS"):
        house.event(end_time=start)


def test_a_mail_that_cannot_be_written_stops_no_other(house, monkeypatch):
    ada, bob = house.person(), house.person("Bob", "bob@example.com")
    odd, good = house.event(title="Odd", participants=[ada]), house.event(title="Good", participants=[bob])
    real = moments.told

    def told(start, end, *more):
        if end is None:
            raise OverflowError("date value out of range")
        return real(start, end, *more)

    monkeypatch.setattr(letters.moments, "told", told)
    house.owner.update_event(event={"name": odd}, update_mask={"paths": ["end_time"]})
    for name in (odd, good):
        house.owner.invite_event_participants(name=name)
    house.send()

    assert subjects(house) == ["Invitation: Good"]
    [guest] = house.owner.list_event_participants(name=odd).participants
    assert guest.delivery == 4
    assert "out of range" in guest.delivery_message


@pytest.mark.parametrize(
    "passing", [Aborted("at the same moment", "CONFLICT"), Unauthenticated("who?", "TOKEN_INVALID")]
)
def test_a_refusal_that_passes_only_delays_an_invitation(house, monkeypatch, passing):
    name = house.event(participants=[house.person()])
    house.owner.invite_event_participants(name=name)

    def refuse(*asked):
        raise passing

    with monkeypatch.context() as patch:
        patch.setattr(house.events.peers, "ask", refuse)
        jobs.mail_guests(house.events.job_context())
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1)):
        house.send()

    assert subjects(house) == ["Invitation: Fair"]


def test_who_was_not_mailed_because_the_event_was_closed_is_invited_once_it_is_open(house):
    name = house.event(participants=[house.person()])
    house.owner.invite_event_participants(name=name)
    house.owner.close_event(name=name)
    before = len(announced(house.events))
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
        jobs.mail_guests(house.events.job_context())
    assert [event.DESCRIPTOR.name for _, event, _ in announced(house.events)][before:] == ["EventGuestsChanged"]

    house.owner.reopen_event(name=name)
    assert house.owner.invite_event_participants(name=name).invited_count == 1
    house.send()
    assert subjects(house) == ["Invitation: Fair"]


def remind_before(house, start, **earlier):
    with time_machine.travel(start - timedelta(**earlier)):
        jobs.remind(house.events.job_context())
        house.send()


def test_who_accepted_by_telephone_is_reminded(house):
    ada = house.person()
    start = datetime.now(UTC) + timedelta(days=1)
    name = house.event(participants=[ada], reminders=[60], start_time=start, end_time=None)
    house.owner.set_event_participant_response(name=name, contact=ada, response="ACCEPTED")
    remind_before(house, start, minutes=50)

    assert subjects(house) == ["Soon: Fair"]


def test_who_ought_to_be_reminded_and_has_no_address_is_shown_so(house):
    mute = house.person("Mute", "")
    start = datetime.now(UTC) + timedelta(days=1)
    name = house.event(participants=[mute], reminders=[60], start_time=start, end_time=None)
    house.owner.set_event_participant_response(name=name, contact=mute, response="ACCEPTED")
    remind_before(house, start, minutes=50)

    [guest] = house.owner.list_event_participants(name=name).participants
    assert (guest.delivery, guest.delivery_message != "") == (4, True)


@pytest.mark.parametrize("dated", [timedelta(days=-1), timedelta(hours=20)])
def test_an_event_that_is_put_off_is_reminded_of_though_the_time_for_it_had_passed(house, dated):
    ada = house.person()
    now = datetime.now(UTC)
    name = house.event(participants=[ada], reminders=[1440], start_time=now + dated, end_time=None)
    house.owner.set_event_participant_response(name=name, contact=ada, response="ACCEPTED")
    jobs.remind(house.events.job_context())
    start = now + timedelta(days=30)
    house.owner.update_event(event={"name": name, "start_time": start})
    for _ in range(2):
        remind_before(house, start, hours=23, minutes=50)

    assert subjects(house) == ["Soon: Fair"]


def test_who_is_given_a_place_twice_before_the_mail_leaves_is_told_once(house):
    contacts = house.persons(2)
    name = house.event(capacity=1, participants=contacts)

    def say(index, response):
        house.owner.set_event_participant_response(name=name, contact=contacts[index], response=response)

    for index in (0, 1):
        say(index, "ACCEPTED")
    say(0, "DECLINED")
    say(1, "DECLINED")
    for index in (0, 1):
        say(index, "ACCEPTED")
    say(0, "DECLINED")
    house.send()

    assert subjects(house) == ["You have a place: Fair"]
