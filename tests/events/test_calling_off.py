"""Events that are called off: they stay, their guests are told once, and told again if they take place after all."""

import pytest
from icalendar import Calendar

from chassis.testing import refused
from services.events import jobs
from tests.events.test_guest_letters import LATER, invitation_file, invited, outdated, posted, text_of


def subjects(house):
    """What letters are about, but for invitations."""
    return [subject for _, subject, _ in house.letters() if not subject.startswith("Invitation")]


def told(house, name):
    answer = house.owner.tell_event_guests(name=name)
    house.send()
    house.send()
    return answer.told_count


def test_an_event_that_is_called_off_stays_with_its_guests_and_says_so(house):
    name = invited(house)
    event = house.owner.cancel_event(name=name)
    assert (event.State.Name(event.state), event.HasField("close_time")) == ("CANCELLED", True)
    assert house.owner.cancel_event(name=name) == event

    newest, *_ = house.owner.list_history_entries(filter=f'subject = "{name}"').history_entries
    assert newest.Kind.Name(newest.kind) == "EVENT_CANCELLED"
    shown = house.guest.get_event_invitation(name=house.link("ada@example.com"))
    assert shown.State.Name(shown.state) == "CANCELLED"
    with refused("EVENT_OVER"):
        house.guest.accept_event_invitation(name=house.link("ada@example.com"))
    with refused("EVENT_OVER"):
        house.owner.invite_event_participants(name=name)


def test_those_who_may_come_are_told_once_that_it_was_called_off(house):
    ada, bob = house.person(), house.person("Bob", "bob@example.com")
    name = invited(house, ada, bob)
    house.guest.decline_event_invitation(name=house.link("bob@example.com"))
    house.owner.cancel_event(name=name)

    assert outdated(house, name) == 1
    assert (told(house, name), told(house, name), outdated(house, name)) == (1, 0, 0)
    [message] = posted(house, "Called off: Fair")
    assert message["To"] == "ada@example.com"
    part, calendar = invitation_file(message)
    [entry] = calendar.walk("VEVENT")
    assert (part.get_content_type(), entry["STATUS"]) == ("text/calendar", "CANCELLED")


def test_calendars_show_that_it_is_called_off(house):
    name = invited(house)
    house.owner.cancel_event(name=name)
    raw = b"".join(house.owner.download_event_calendar(name=name).parts)
    [entry] = Calendar.from_ical(raw).walk("VEVENT")
    assert entry["STATUS"] == "CANCELLED"


def test_who_was_told_is_told_that_it_takes_place_after_all(house):
    name = invited(house)
    house.owner.cancel_event(name=name)
    told(house, name)
    house.owner.reopen_event(name=name)

    assert outdated(house, name) == 1
    assert (told(house, name), outdated(house, name)) == (1, 0)
    [message] = posted(house, "It takes place: Fair")
    assert "takes place after all" in text_of(message)
    assert "Your answer stands" in text_of(message)


def test_what_is_opened_again_before_the_letter_leaves_is_called_off_to_nobody(house):
    name = invited(house)
    house.owner.cancel_event(name=name)
    house.owner.tell_event_guests(name=name)
    house.owner.reopen_event(name=name)
    house.send()

    assert subjects(house) == []
    assert outdated(house, name) == 0


def test_nobody_hears_of_it_who_never_heard_of_the_event(house):
    name = house.event(participants=[house.person()], start_time=LATER, end_time=None)
    house.owner.invite_event_participants(name=name)
    house.owner.cancel_event(name=name)
    told(house, name)

    assert subjects(house) == []


def test_the_letter_takes_the_place_of_an_invitation_that_still_waits_elsewhere(house):
    name = house.event(participants=[house.person()], start_time=LATER, end_time=None)
    house.owner.invite_event_participants(name=name)
    jobs.mail_guests(house.events.job_context())
    house.owner.cancel_event(name=name)
    told(house, name)

    assert subjects(house) == ["Called off: Fair"]


def test_deleting_it_tells_only_whoever_does_not_know(house):
    ada, bob = house.person(), house.person("Bob", "bob@example.com")
    name = invited(house, ada)
    house.owner.cancel_event(name=name)
    told(house, name)
    house.owner.delete_event(name=name, tell_guests=True)
    other = invited(house, bob)
    house.owner.cancel_event(name=other)
    house.owner.delete_event(name=other, tell_guests=True)
    house.send()
    house.send()

    assert sorted(message["To"] for message in posted(house, "Called off")) == ["ada@example.com", "bob@example.com"]


def test_many_are_not_called_off_at_once(house):
    with refused("enum.not_in"):
        house.owner.batch_update_events(names=[house.event()], state="CANCELLED")


@pytest.mark.parametrize("moved", [None, LATER])
def test_a_place_is_given_to_nobody_while_it_is_off(house, moved):
    ada, bob = house.person(), house.person("Bob", "bob@example.com")
    name = invited(house, ada, bob, capacity=1)
    house.guest.accept_event_invitation(name=house.link("ada@example.com"))
    house.guest.accept_event_invitation(name=house.link("bob@example.com"))
    house.owner.cancel_event(name=name)
    house.owner.update_event(event={"name": name, "capacity": 2, "start_time": moved or LATER})
    assert house.owner.get_event(name=name).guest_counts.waiting_count == 1
    house.owner.reopen_event(name=name)
    assert house.owner.get_event(name=name).guest_counts.waiting_count == 0
