"""Many who take part at once: added by what they have in common, their answers noted, looked up over events."""

import pytest
from crm.events.v1 import events_pb2 as pb

from chassis.testing import Caller, refused, statements
from services.events import gathering


def test_all_that_a_list_of_contacts_shows_take_part(house):
    firm = house.person("", "firm@example.com", kind="COMPANY", last_name="", company_name="Firm")
    staff = [house.person(f"Worker {each}", f"w{each}@example.com", company=firm, tags=["vip"]) for each in range(3)]
    house.person("Other", "other@example.com")
    name = house.event(participants=staff[:1])
    answer = house.owner.add_event_participants(name=name, selection={"filter": f'company = "{firm}"'})

    assert (answer.added_count, answer.already_count) == (2, 1)
    assert {*answer.event.participants} == {*staff}
    by_tag = house.owner.add_event_participants(name=house.event(), selection={"filter": "tags:vip", "q": "worker 1"})
    assert list(by_tag.event.participants) == [staff[1]]


def test_a_selection_holds_only_contacts_that_the_caller_may_see(house, bob):
    house.person("Secret", "secret@example.com", sharing="PRIVATE", managers=["users/1"])
    open_ = house.person("Open", "open@example.com")
    name = house.event()

    assert list(bob.add_event_participants(name=name, selection={}).event.participants) == [open_]
    assert house.owner.add_event_participants(name=name, selection={}).added_count == 1


def test_contacts_that_nobody_has_announced_yet_are_added_with_all_others(house):
    fresh = [
        Caller(house.contacts, house.owner.actor).create_contact(
            contact={"kind": "PERSON", "first_name": f"New {each}", "last_name": "L"}
        )
        for each in range(3)
    ]
    answer = house.owner.add_event_participants(name=house.event(), selection={"q": "new"})

    assert {*answer.event.participants} == {contact.name for contact in fresh}


def test_more_than_an_event_can_have_are_refused_whole(house, monkeypatch):
    monkeypatch.setattr(gathering, "MOST", 2)
    house.persons(3)
    name = house.event()

    with refused("TOO_MANY_PARTICIPANTS"):
        house.owner.add_event_participants(name=name, selection={})
    assert house.owner.get_event(name=name).participant_count == 0


@pytest.mark.parametrize("wanted", [{}, {"contacts": ["contacts/1"], "selection": {}}])
def test_participants_are_either_named_or_selected(house, wanted):
    with refused("NAMES_OR_SELECTION"):
        house.owner.add_event_participants(name=house.event(), **wanted)


def test_to_add_thirty_takes_a_dozen_statements(house):
    house.persons(30)
    with statements(house.events) as seen:
        name = house.event()
        created = len(seen)
        house.owner.add_event_participants(name=name, selection={})

    assert len(seen) - created <= 12


def test_answers_of_several_are_noted_in_their_order_while_there_are_places(house):
    people = house.persons(4)
    name = house.event(participants=people, capacity=2)
    house.owner.batch_set_event_participant_responses(name=name, contacts=people[:1], response="DECLINED")
    event = house.owner.batch_set_event_participant_responses(
        name=name, contacts=[people[3], people[0], people[2]], response="ACCEPTED"
    )

    said = {
        "Guest 0 L": "ACCEPTED",
        "Guest 1 L": "RESPONSE_UNSPECIFIED",
        "Guest 2 L": "WAITING",
        "Guest 3 L": "ACCEPTED",
    }
    assert house.responses(name) == said
    assert (event.guest_counts.accepted_count, event.guest_counts.waiting_count) == (2, 1)
    # Whoever is named waits behind whoever waits already; what becomes free goes to who has waited longest.
    house.owner.batch_set_event_participant_responses(name=name, contacts=people[1:3], response="ACCEPTED")
    house.owner.batch_set_event_participant_responses(name=name, contacts=[people[0], people[3]], response="PENDING")
    said = {"Guest 0 L": "PENDING", "Guest 1 L": "ACCEPTED", "Guest 2 L": "ACCEPTED", "Guest 3 L": "PENDING"}
    assert house.responses(name) == said


def test_if_one_of_several_does_not_take_part_nothing_is_noted(house):
    ada, eve = house.persons(2)
    name = house.event(participants=[ada])

    with refused("NOT_PARTICIPATING"):
        house.owner.batch_set_event_participant_responses(name=name, contacts=[ada, eve], response="ACCEPTED")
    assert house.counts(name) == (0, 0, 0, 0, 0, 0)


def test_to_note_thirty_answers_takes_a_dozen_statements(house):
    people = house.persons(30)
    name = house.event(participants=people, capacity=29)
    with statements(house.events) as seen:
        house.owner.batch_set_event_participant_responses(name=name, contacts=people, response="ACCEPTED")

    assert len(seen) <= 12


def test_what_became_of_a_contact_is_told_for_the_events_that_the_caller_may_see(house, bob):
    ada, eve = house.persons(2)
    fair, ball = house.event(participants=[ada, eve]), house.event(title="Ball", participants=[ada])
    hidden = house.event(participants=[ada], access={"is_private": True})
    house.owner.set_event_participant_response(name=fair, contact=ada, response="DECLINED")
    house.owner.mark_event_attendance(name=ball, contacts=[ada], attendance="ATTENDED")
    with statements(house.events) as seen:
        found = bob.batch_get_event_participants(contact=ada, names=[ball, hidden, fair, house.event()]).participants

    told = [(each.event, pb.EventParticipant.Response.Name(each.response), each.attendance) for each in found]
    assert told == [(ball, "RESPONSE_UNSPECIFIED", pb.EventParticipant.ATTENDED), (fair, "DECLINED", 0)]
    assert len(seen) <= 8
    secret = house.person("Secret", "secret@example.com", sharing="PRIVATE", managers=["users/1"])
    with refused("NOT_FOUND"):
        bob.batch_get_event_participants(contact=secret, names=[fair])
    with refused("NOT_FOUND"):
        bob.batch_get_event_participants(contact="contacts/0", names=["events/0"])
