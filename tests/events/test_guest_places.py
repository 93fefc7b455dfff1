"""Places that become free while nobody can be given one."""

from datetime import UTC, datetime, timedelta

from chassis.testing import announced, refused, statements


def accepted(house, count, **fields):
    contacts = house.persons(count)
    name = house.event(capacity=1, participants=contacts, **fields)
    for contact in contacts[:2]:
        house.owner.set_event_participant_response(name=name, contact=contact, response="ACCEPTED")
    return name, contacts


def test_a_place_that_became_free_while_the_event_was_closed_is_given_when_it_is_reopened(house):
    name, contacts = accepted(house, 3)
    house.owner.close_event(name=name)
    house.owner.set_event_participant_response(name=name, contact=contacts[0], response="DECLINED")
    house.owner.reopen_event(name=name)
    house.owner.set_event_participant_response(name=name, contact=contacts[2], response="ACCEPTED")

    assert house.responses(name) == {"Guest 0 L": "DECLINED", "Guest 1 L": "ACCEPTED", "Guest 2 L": "WAITING"}


def test_who_comes_late_while_the_event_is_closed_overtakes_nobody(house):
    name, contacts = accepted(house, 3)
    house.owner.close_event(name=name)
    house.owner.set_event_participant_response(name=name, contact=contacts[0], response="DECLINED")
    house.owner.set_event_participant_response(name=name, contact=contacts[2], response="ACCEPTED")
    house.owner.reopen_event(name=name)

    assert house.responses(name) == {"Guest 0 L": "DECLINED", "Guest 1 L": "ACCEPTED", "Guest 2 L": "WAITING"}


def test_an_event_that_is_moved_back_into_the_future_gives_its_free_places(house):
    name, contacts = accepted(house, 2)
    now = datetime.now(UTC)
    past = {"start_time": now - timedelta(days=2), "end_time": now - timedelta(days=1)}
    house.owner.update_event(event={"name": name, **past})
    house.owner.remove_event_participants(name=name, contacts=[contacts[0]])
    future = {"start_time": now + timedelta(days=2), "end_time": now + timedelta(days=3)}
    house.owner.update_event(event={"name": name, **future})

    assert house.responses(name) == {"Guest 1 L": "ACCEPTED"}


def test_comments_of_a_guest_are_limited_like_his_answers(house):
    name = house.event(participants=[house.person()])
    house.owner.invite_event_participants(name=name)
    house.send()
    link = house.link("ada@example.com")
    for number in range(20):
        house.guest.accept_event_invitation(name=link, comment=str(number))
    with refused("TOO_MANY_CHANGES"):
        house.guest.accept_event_invitation(name=link, comment="one more")


def test_to_take_back_that_many_were_there_takes_few_statements(house):
    contacts = house.persons(20)
    name = house.event(participants=contacts)
    house.owner.mark_event_attendance(name=name, contacts=contacts, attendance="ATTENDED")
    with statements(house.events) as seen:
        house.owner.mark_event_attendance(name=name, contacts=contacts)

    assert len(seen) <= 12
    told = [event for _, event, _ in announced(house.events) if event.DESCRIPTOR.name == "HistoryEntryDeleted"]
    assert len(told) == 40
    kinds = house.owner.list_history_entries(filter=f'subject = "{name}"', page_size=100).history_entries
    assert {entry.Kind.Name(entry.kind) for entry in kinds} == {"PARTICIPANT_ADDED", "RECORD_CREATED"}
