"""What letters to guests say: what changed, what was called off, from whom they are, and how to get no more."""

import dataclasses
import mailbox
from datetime import UTC, datetime, timedelta
from email.policy import SMTP

import pytest
import time_machine
from crm.events.v1 import history_pb2 as pb
from crm.identity.v1 import domain_events_pb2 as identity
from crm.identity.v1 import identity_pb2
from icalendar import Calendar

from chassis.testing import BOB, OWNER, Caller, hear, refused
from chassis.tx import Cause
from services.events import jobs

START = datetime(2036, 6, 2, 10, tzinfo=UTC)
LATER = START + timedelta(days=1)


@pytest.fixture
def called(house):
    """Whoever invites has a name and an address."""
    facts = {"state": identity_pb2.User.ACTIVE, "display_name": "Olga", "email": "olga@example.com", "language": "en"}
    user = identity_pb2.User(name=OWNER.user, etag='"7"', time_zone="UTC", **facts)
    hear(house.events, identity.UserUpdated(user=user), event_id="olga")
    return house


def invited(house, *contacts, **fields):
    """An event to which contacts were invited by mail; the folder is empty again."""
    fields = {"start_time": START, "end_time": None, "place": "Room 1", **fields}
    name = house.event(participants=contacts or [house.person()], **fields)
    house.owner.invite_event_participants(name=name)
    house.send()
    return name


def posted(house, subject):
    """The messages in the folder whose subject begins so."""
    box = mailbox.Maildir(house.notifications.settings.maildir)
    parsed = [mailbox.email.message_from_bytes(each.as_bytes(), policy=SMTP) for each in box]
    return [each for each in parsed if each["Subject"].startswith(subject)]


def text_of(message):
    return message.get_body(("plain",)).get_content()


def invitation_file(message):
    [part] = [each for each in message.iter_attachments() if each.get_content_type() == "text/calendar"]
    return part, Calendar.from_ical(part.get_content())


def outdated(house, name):
    return house.owner.get_event(name=name).guest_counts.outdated_count


def test_guests_of_an_event_that_was_moved_are_told_what_it_was_and_what_it_is(house):
    name = invited(house)
    assert outdated(house, name) == 0
    changed = house.owner.update_event(event={"name": name, "start_time": LATER, "place": "Room 2"})
    assert changed.guest_counts.outdated_count == 1

    answer = house.owner.tell_event_guests(name=name, message="Sorry!")
    house.send()

    assert (answer.told_count, [*answer.refusals], outdated(house, name)) == (1, [], 0)
    [message] = posted(house, "Changed: Fair")
    for part in (
        *("When: Tuesday, June 3, 2036", "When it was: Monday, June 2, 2036"),
        *("Where: Room 2", "Where it was: Room 1", "Sorry!", "Your answer stands"),
        house.link("ada@example.com").partition("/")[2],
    ):
        assert part in text_of(message)


def test_what_stayed_as_it_was_is_not_told_as_changed(house):
    name = invited(house)
    house.owner.update_event(event={"name": name, "place": "Room 2"})
    house.owner.tell_event_guests(name=name)
    house.send()

    [message] = posted(house, "Changed")
    assert "When it was" not in text_of(message)


def test_nobody_is_told_of_a_change_that_was_taken_back_nor_told_twice(house):
    name = invited(house)
    house.owner.update_event(event={"name": name, "start_time": LATER})
    house.owner.update_event(event={"name": name, "start_time": START})
    assert house.owner.tell_event_guests(name=name).told_count == 0

    house.owner.update_event(event={"name": name, "start_time": LATER})
    assert [house.owner.tell_event_guests(name=name).told_count for _ in range(2)] == [1, 0]
    house.send()
    assert len(posted(house, "Changed")) == 1


def test_who_declined_is_told_of_a_change_and_answers_by_the_same_link(house):
    name = invited(house)
    link = house.link("ada@example.com")
    house.guest.decline_event_invitation(name=link)
    house.owner.update_event(event={"name": name, "start_time": LATER})
    house.owner.tell_event_guests(name=name)
    house.send()

    assert len(posted(house, "Changed")) == 1
    house.guest.accept_event_invitation(name=link)
    assert house.counts(name)[1] == 1


def test_who_cannot_be_mailed_is_named_to_whoever_tells_of_a_change(house):
    mute = house.person("Mute", "")
    name = invited(house, house.person(), mute)
    house.owner.set_event_participant_response(name=name, contact=mute, response="ACCEPTED")
    house.owner.update_event(event={"name": name, "start_time": LATER})
    tried = house.owner.tell_event_guests(name=name, validate_only=True)
    assert (tried.told_count, outdated(house, name)) == (1, 2)
    told = house.owner.tell_event_guests(name=name)

    for answer in (tried, told):
        assert [(each.display_name, each.reason) for each in answer.refusals] == [("Mute L", "NO_ADDRESS")]
    assert outdated(house, name) == 0


def test_the_time_for_which_guests_were_invited_cannot_be_taken_away(house):
    name = invited(house)
    with refused("TIME_IS_KNOWN"):
        house.owner.update_event(event={"name": name}, update_mask={"paths": ["start_time"]})
    assert house.owner.get_event(name=name).start_time.ToDatetime(UTC) == START


def test_whoever_tells_guests_of_a_change_finds_so_in_the_history(house):
    name = invited(house)
    house.owner.update_event(event={"name": name, "place": "Room 2"}, update_mask={"paths": ["place"]})
    house.owner.tell_event_guests(name=name)
    house.owner.tell_event_guests(name=name)

    written = house.owner.list_history_entries(filter=f'subject = "{name}"').history_entries
    told = [entry for entry in written if entry.kind == pb.HistoryEntry.PARTICIPANTS_TOLD]
    assert [dict(entry.values) for entry in told] == [{"count": "1"}]


def test_of_what_is_over_nobody_is_told(house):
    name = invited(house)
    house.owner.close_event(name=name)
    with refused("EVENT_OVER"):
        house.owner.tell_event_guests(name=name)


def test_those_who_are_expected_are_told_that_an_event_was_called_off(called):
    ada, bob = called.person(), called.person("Bob", "bob@example.com")
    name = invited(called, ada, bob)
    called.guest.decline_event_invitation(name=called.link("bob@example.com"))
    called.owner.delete_event(name=name, tell_guests=True, message="The hall has burnt down.")
    called.send()
    called.send()

    [message] = posted(called, "Called off: Fair")
    assert message["To"] == "ada@example.com"
    for part in ("June 2, 2036", "Where: Room 1", "The hall has burnt down.", "Invited by: Olga"):
        assert part in text_of(message)
    assert "/rsvp/" not in text_of(message)
    part, calendar = invitation_file(message)
    [entry] = calendar.walk("VEVENT")
    assert (part.get_param("method"), calendar["method"], entry["status"]) == ("CANCEL", "CANCEL", "CANCELLED")
    [before] = invitation_file(posted(called, "Invitation")[0])[1].walk("VEVENT")
    assert entry["uid"] == before["uid"]
    assert entry["sequence"] > before["sequence"]


def test_nobody_is_told_unless_whoever_deletes_wants_it_nor_of_what_is_over(house):
    quiet, closed = invited(house), invited(house, title="Ball")
    house.owner.close_event(name=closed)
    house.owner.delete_event(name=quiet)
    house.owner.delete_event(name=closed, tell_guests=True)
    house.send()

    assert posted(house, "Called off") == []


def test_of_several_events_that_are_called_off_each_guest_is_told_once_each(house):
    names = [invited(house, title=title) for title in ("Fair", "Ball")]
    answer = house.owner.batch_delete_events(names=names, tell_guests=True, message="Sorry")
    house.send()

    assert answer.deleted_count == 2
    assert sorted(each["Subject"] for each in posted(house, "Called off")) == ["Called off: Ball", "Called off: Fair"]


def test_an_event_that_is_not_deleted_is_not_called_off(house):
    name = invited(house)
    with refused("ETAG_MISMATCH"):
        house.owner.delete_event(name=name, etag='"99"', tell_guests=True)
    house.send()

    assert posted(house, "Called off") == []


def test_a_letter_says_who_invites_answers_go_to_him_and_it_has_the_event_as_a_file(called):
    invited(called)

    [message] = posted(called, "Invitation")
    assert message["Reply-To"] == "olga@example.com"
    assert "Invited by: Olga" in text_of(message)
    part, calendar = invitation_file(message)
    [entry] = calendar.walk("VEVENT")
    assert (part.get_filename(), part.get_param("method")) == ("invite.ics", "PUBLISH")
    assert (entry["organizer"], entry["organizer"].params["CN"]) == ("mailto:olga@example.com", "Olga")
    assert "/rsvp/" in entry["url"]


def test_answers_do_not_go_to_whoever_does_not_work_here_any_more(called):
    gone = identity_pb2.User(name=OWNER.user, etag='"8"', email="olga@example.com", state=identity_pb2.User.DISABLED)
    hear(called.events, identity.UserUpdated(user=gone), event_id="gone")
    invited(called)

    [message] = posted(called, "Invitation")
    assert message["Reply-To"] is None


def test_the_way_out_of_a_letter_ends_all_mail_to_that_address(house):
    name = invited(house)
    house.guest.accept_event_invitation(name=house.link("ada@example.com"))
    [message] = posted(house, "Invitation")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token = message["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    assert token in text_of(message)
    Caller(house.contacts, house.guest.actor).unsubscribe(name=f"unsubscriptions/{token}")

    house.owner.update_event(event={"name": name, "start_time": LATER, "reminders": [60]})
    told = house.owner.tell_event_guests(name=name)
    assert [each.reason for each in told.refusals] == ["UNSUBSCRIBED"]
    with time_machine.travel(LATER - timedelta(minutes=50)):
        jobs.remind(house.events.job_context())
        house.send()
    house.owner.delete_event(name=name, tell_guests=True)
    house.send()
    assert len(house.letters()) == 1


def test_a_reminder_goes_to_the_address_that_a_contact_has_now(house):
    ada = house.person()
    name = invited(house, ada, reminders=[60])
    house.guest.accept_event_invitation(name=house.link("ada@example.com"))
    owner = Caller(house.contacts, house.owner.actor)
    house.tell(owner.update_contact(contact={"name": ada, "emails": [{"value": "new@example.com"}]}))
    with time_machine.travel(START - timedelta(minutes=50)):
        jobs.remind(house.events.job_context())
        house.send()

    assert [each["To"] for each in posted(house, "Soon")] == ["new@example.com"]
    [guest] = house.owner.list_event_participants(name=name).participants
    assert guest.address == "new@example.com"


def test_a_reminder_that_could_not_leave_before_the_beginning_does_not_leave_after_it(house):
    name = invited(house, reminders=[60])
    house.guest.accept_event_invitation(name=house.link("ada@example.com"))
    folder, house.notifications.settings.maildir = house.notifications.settings.maildir, None
    with time_machine.travel(START - timedelta(minutes=50)):
        jobs.remind(house.events.job_context())
        house.send()
    house.notifications.settings.maildir = folder
    with time_machine.travel(START + timedelta(minutes=1)):
        house.send()

    assert posted(house, "Soon") == []
    [guest] = house.owner.list_event_participants(name=name).participants
    assert guest.delivery == 4
    assert "in time" in guest.delivery_message


def test_who_invited_is_named_to_the_guest(called):
    invited(called)

    assert called.guest.get_event_invitation(name=called.link("ada@example.com")).inviter == "Olga"


def test_a_guest_is_written_to_in_the_name_of_whoever_invited_him_last(called):
    bob = identity_pb2.User(
        name=BOB.user, etag='"7"', email="bob@work.example", display_name="Bob", state=identity_pb2.User.ACTIVE
    )
    hear(called.events, identity.UserUpdated(user=bob), event_id="bob works")
    name = called.event(participants=[called.person()], start_time=START, end_time=None)
    Caller(called.events, BOB).invite_event_participants(name=name)
    called.send()

    assert [each["Reply-To"] for each in posted(called, "Invitation")] == ["bob@work.example"]


@pytest.mark.parametrize(("own", "changed", "off"), [("", "Изменилось", "Отменено"), ("en", "Changed", "Called off")])
def test_who_answered_by_telephone_is_written_to_in_his_language_or_that_of_whoever_noted_it(house, own, changed, off):
    russian = Caller(house.events, dataclasses.replace(OWNER, language="ru"), Cause(language="ru"))
    bob = house.person("Bob", "bob@example.com", language=own)
    name = house.event(participants=[bob], start_time=START, end_time=None)
    russian.set_event_participant_response(name=name, contact=bob, response="PENDING")
    house.owner.update_event(event={"name": name, "start_time": LATER})
    house.owner.tell_event_guests(name=name)
    house.send()
    house.owner.delete_event(name=name, tell_guests=True)
    house.send()

    assert {subject for _, subject, _ in house.letters()} == {f"{changed}: Fair", f"{off}: Fair"}
