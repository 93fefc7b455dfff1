"""Guests whose contacts are merged and parted: what was on its way arrives, and nobody's place is lost or doubled."""

from datetime import UTC, datetime, timedelta

import time_machine
from crm.contacts.v1 import domain_events_pb2 as contacts_events
from sqlalchemy import select, text

from chassis.testing import Caller, hear
from services.events import jobs
from services.events.guests.model import EventGuest
from tests.events.test_guest_letters import LATER, START, outdated
from tests.events.test_guests import merged


def parted(house, merge):
    source = Caller(house.contacts, house.owner.actor).get_contact(name=merge.source)
    event = contacts_events.ContactUnmerged(merge=merge, source=source, target={"name": merge.target})
    hear(house.events, event, event_id=f"parted {merge.name}")


def guests(house, name):
    with house.events.begin(house.events.actor) as tx:
        return {*tx.session.scalars(select(EventGuest.contact).where(EventGuest.event == name))}


def two(house):
    return house.person(), house.person("Augusta", "augusta@example.com")


def test_an_invitation_on_its_way_survives_a_merge(house):
    ada, augusta = two(house)
    name = house.event(participants=[ada, augusta])
    house.owner.set_event_participant_response(name=name, contact=ada, response="ACCEPTED")
    house.owner.invite_event_participants(name=name, contacts=[augusta])
    merged(house, augusta, ada)
    house.send()

    [guest] = house.owner.list_event_participants(name=name).participants
    assert [subject for _, subject, _ in house.letters()] == ["Invitation: Fair"]
    assert (guest.display_name, guest.delivery) == ("Ada L", 3)


def test_two_who_were_invited_and_turn_out_to_be_one_get_one_mail(house):
    ada, augusta = two(house)
    name = house.event(participants=[ada, augusta])
    house.owner.invite_event_participants(name=name)
    merge = merged(house, augusta, ada)
    house.send()
    assert len(house.letters()) == 1

    parted(house, merge)
    assert {*house.responses(name).values()} == {"PENDING"}


def test_of_two_places_in_the_queue_the_earlier_one_stays(house):
    contacts = house.persons(4)
    name = house.event(capacity=1, participants=contacts)
    for contact in contacts:
        house.owner.set_event_participant_response(name=name, contact=contact, response="ACCEPTED")
    merged(house, contacts[1], contacts[3])

    places = {
        each.display_name: each.waiting_position for each in house.owner.list_event_participants(name=name).participants
    }
    assert places == {"Guest 0 L": 0, "Guest 2 L": 2, "Guest 3 L": 1}


def test_who_was_a_guest_only_under_the_survivors_name_is_one_after_parting(house):
    ada, augusta = two(house)
    name = house.event(participants=[augusta], capacity=1)
    merge = merged(house, augusta, ada)
    house.owner.invite_event_participants(name=name)
    house.send()
    house.guest.accept_event_invitation(name=house.link("ada@example.com"))
    parted(house, merge)

    assert guests(house, name) == {augusta}
    assert (house.responses(name), house.counts(name)[:2]) == ({"Augusta L": "ACCEPTED"}, (1, 1))


def test_who_was_taken_out_and_invited_anew_under_the_survivors_name_is_one_after_parting(house):
    ada, augusta = two(house)
    name = house.event(participants=[augusta], capacity=1)
    house.owner.invite_event_participants(name=name)
    merge = merged(house, augusta, ada)
    house.owner.remove_event_participants(name=name, contacts=[ada])
    house.owner.add_event_participants(name=name, contacts=[ada])
    house.owner.set_event_participant_response(name=name, contact=ada, response="ACCEPTED")
    parted(house, merge)

    assert guests(house, name) <= {*house.owner.get_event(name=name).participants}
    assert house.counts(name)[1] == 1


def test_where_both_take_part_only_the_one_who_was_a_guest_is_one_after_parting(house):
    ada, augusta = two(house)
    name = house.event(participants=[ada, augusta])
    house.owner.invite_event_participants(name=name, contacts=[augusta])
    merge = merged(house, augusta, ada)
    parted(house, merge)

    assert guests(house, name) == {augusta}


def test_a_mail_that_arrives_between_merge_and_parting_arrived_for_whom_it_was_sent_to(house):
    ada, augusta = two(house)
    name = house.event(participants=[ada, augusta])
    house.owner.invite_event_participants(name=name)
    jobs.mail_guests(house.events.job_context())
    merge = merged(house, augusta, ada)
    house.send()
    parted(house, merge)

    found = house.owner.list_event_participants(name=name).participants
    assert {each.display_name: each.delivery for each in found} == {"Ada L": 3, "Augusta L": 3}


def test_a_mail_that_the_survivor_took_over_is_given_back_with_what_became_of_it(house):
    ada, augusta = two(house)
    name = house.event(participants=[ada, augusta])
    house.owner.set_event_participant_response(name=name, contact=ada, response="ACCEPTED")
    house.owner.invite_event_participants(name=name, contacts=[augusta])
    jobs.mail_guests(house.events.job_context())
    merge = merged(house, augusta, ada)
    house.send()
    parted(house, merge)

    found = house.owner.list_event_participants(name=name).participants
    assert {each.display_name: (each.delivery, each.HasField("invite_time")) for each in found} == {
        "Ada L": (0, False),
        "Augusta L": (3, True),
    }


def test_who_accepted_by_telephone_is_told_of_changes_after_a_merge_with_one_who_knows_nothing(house):
    ada, augusta = two(house)
    name = house.event(participants=[ada, augusta], start_time=START, end_time=None)
    house.owner.set_event_participant_response(name=name, contact=ada, response="ACCEPTED")
    for attendance in ("ATTENDED", "ATTENDANCE_UNSPECIFIED"):
        house.owner.mark_event_attendance(name=name, contacts=[augusta], attendance=attendance)
    merged(house, augusta, ada)
    house.owner.update_event(event={"name": name, "start_time": LATER})

    assert (house.counts(name)[1], outdated(house, name)) == (1, 1)
    [guest] = house.owner.list_event_participants(name=name).participants
    assert guest.address == "ada@example.com"


def test_what_one_was_told_who_turns_out_to_be_another_one_that_one_was_told(house):
    ada, augusta = two(house)
    name = house.event(participants=[ada, augusta], start_time=START, end_time=None)
    house.owner.set_event_participant_response(name=name, contact=augusta, response="ACCEPTED")
    house.owner.mark_event_attendance(name=name, contacts=[ada], attendance="ABSENT")
    merged(house, augusta, ada)
    house.owner.update_event(event={"name": name, "start_time": LATER})

    assert outdated(house, name) == 1


def test_a_merge_from_before_more_was_remembered_of_guests_is_parted_as_well(house):
    ada, augusta = two(house)
    name = house.event(participants=[ada, augusta])
    house.owner.invite_event_participants(name=name)
    house.send()
    house.owner.set_event_participant_response(name=name, contact=augusta, response="ACCEPTED")
    merge = merged(house, augusta, ada)
    forget = text("update merge set moved = moved #- cast(:path as text[])")
    with house.events.engine.begin() as connection:
        for field in ("inviter", "told_start_time", "told_end_time", "told_place"):
            for who in ("source", "target", "united"):
                connection.execute(forget, {"path": ["guests", name.partition("/")[2], who, field]})
    parted(house, merge)

    assert house.responses(name) == {"Ada L": "PENDING", "Augusta L": "ACCEPTED"}


def test_a_letter_on_its_way_survives_a_merge_that_is_not_heard_of_yet(house):
    ada, augusta = two(house)
    name = house.event(participants=[augusta], start_time=START, end_time=None)
    house.owner.invite_event_participants(name=name)
    Caller(house.contacts, house.owner.actor).merge_contact(name=ada, source=augusta)
    jobs.mail_guests(house.events.job_context())
    merged(house, augusta, ada)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1)):
        house.send()

    assert [(to, subject) for to, subject, _ in house.letters()] == [("ada@example.com", "Invitation: Fair")]
    [guest] = house.owner.list_event_participants(name=name).participants
    assert (guest.delivery, guest.HasField("invite_time")) == (3, True)
