"""Guests: invited, answering, given places, there or not."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from crm.contacts.v1 import domain_events_pb2 as contacts_events
from crm.contacts.v1 import merges_pb2
from crm.events.v1 import events_pb2 as pb

from chassis.testing import Caller, announced, hear, refused, statements
from services.contacts.mailing import unsubscribing
from services.events import jobs
from services.events.guests import mailing
from services.events.guests.answering import token


def refusals(answer):
    return {each.contact: each.reason for each in answer.refusals}


def test_an_invitation_is_mailed_and_answered_by_its_link(house):
    ada = house.person("Ада", language="ru")
    name = house.event(title="Семинар", place="Москва, зал 3", participants=[ada])
    answer = house.owner.invite_event_participants(name=name, message="Ждём вас.\n\nБудет кофе.")
    house.send()

    assert (answer.invited_count, refusals(answer)) == (1, {})
    [(to, subject, text)] = house.letters()
    assert (to, subject) == ("ada@example.com", "Приглашение: Семинар")
    assert all(part in text for part in ("Ждём вас.", "Будет кофе.", "Москва, зал 3", "/event.ics", "Приду"))
    link = house.link("ada@example.com", "Приглашение")
    seen = house.guest.get_event_invitation(name=link)
    assert (seen.title, seen.display_name, seen.language) == ("Семинар", "Ада L", "ru")
    assert pb.EventParticipant.Response.Name(seen.response) == "PENDING"
    said = house.guest.accept_event_invitation(name=link, comment=" Приду с коллегой ")
    assert (pb.EventParticipant.Response.Name(said.response), said.comment) == ("ACCEPTED", "Приду с коллегой")
    [guest] = house.owner.list_event_participants(name=name).participants
    assert (guest.comment, guest.address, pb.EventParticipant.Delivery.Name(guest.delivery)) == (
        "Приду с коллегой",
        "ada@example.com",
        "KEPT",
    )
    assert house.counts(name) == (1, 1, 0, 0, 0, 0)


def test_pages_ask_again_for_an_event_whose_guests_changed_though_its_version_stays(house):
    name = house.event(participants=[house.person()])
    version = house.owner.get_event(name=name).etag
    house.owner.invite_event_participants(name=name)
    [headers] = [headers for _, event, headers in announced(house.events) if "Guests" in event.DESCRIPTOR.name]

    assert house.owner.get_event(name=name).etag == version
    assert (headers["Crm-Resource"], headers["Crm-Etag"], headers["Crm-Readers"]) == (name, "", '["everyone"]')


def test_looking_changes_nothing_and_answers_can_be_changed(house):
    name = house.event(participants=[house.person()])
    house.owner.invite_event_participants(name=name)
    house.send()
    link = house.link("ada@example.com")
    before = len(announced(house.events))
    house.guest.get_event_invitation(name=link)

    assert len(announced(house.events)) == before
    for answer, expected in (("accept", "ACCEPTED"), ("accept", "ACCEPTED"), ("decline", "DECLINED")):
        getattr(house.guest, f"{answer}_event_invitation")(name=link)
        assert house.responses(name) == {"Ada L": expected}
    entries = house.owner.list_history_entries(filter=f'subject = "{name}"').history_entries
    assert [entry.Kind.Name(entry.kind) for entry in entries] == [
        *("INVITATION_DECLINED", "INVITATION_ACCEPTED", "PARTICIPANTS_INVITED", "PARTICIPANT_ADDED", "RECORD_CREATED")
    ]


def test_who_cannot_be_invited_is_left_out_with_the_reason(house):
    ada, mute = house.person(), house.person("Mute", "")
    gone = house.person("Gone", "gone@example.com")
    with house.contacts.begin(house.contacts.actor) as tx:
        unwanted = unsubscribing.token(tx, "gone@example.com", 1, 1, "en")
    Caller(house.contacts, house.guest.actor).unsubscribe(name=f"unsubscriptions/{unwanted}")
    name = house.event()
    wanted = {"name": name, "contacts": [ada, mute, gone, "contacts/99"]}
    preview = house.owner.invite_event_participants(**wanted, validate_only=True)
    expected = {mute: "NO_ADDRESS", gone: "UNSUBSCRIBED", "contacts/99": "NOT_FOUND"}

    assert (preview.invited_count, refusals(preview)) == (1, expected)
    assert list(house.owner.get_event(name=name).participants) == []
    assert refusals(house.owner.invite_event_participants(**wanted)) == expected
    assert list(house.owner.get_event(name=name).participants) == [ada]
    again = house.owner.invite_event_participants(name=name, contacts=[ada])
    assert (again.invited_count, refusals(again)) == (0, {ada: "ALREADY_INVITED"})
    assert house.owner.invite_event_participants(name=name, contacts=[ada], again=True).invited_count == 1
    house.send()
    assert len({text.partition("/rsvp/")[2].partition("?")[0] for _, _, text in house.letters()}) == 1
    assert len(house.letters()) == 2


def test_a_contact_that_the_caller_does_not_see_is_no_guest_of_his(house, bob):
    secret = house.person("Secret", "secret@example.com", sharing="PRIVATE", managers=["users/1"])
    name = house.event(participants=[secret])

    assert refusals(bob.invite_event_participants(name=name, contacts=[secret])) == {secret: "NOT_FOUND"}
    assert bob.invite_event_participants(name=name).invited_count == 0
    for call in (
        lambda: bob.set_event_participant_response(name=name, contact=secret, response="ACCEPTED"),
        lambda: bob.mark_event_attendance(name=name, contacts=[secret], attendance="ATTENDED"),
    ):
        with refused("NOT_PARTICIPATING"):
            call()
    hidden = house.event(title="Hidden", access={"is_private": True})
    with refused("NOT_FOUND"):
        bob.invite_event_participants(name=hidden)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"start_time": None, "end_time": None}, "START_REQUIRED"),
        ({"start_time": datetime(2020, 1, 1, tzinfo=UTC), "end_time": None}, "EVENT_OVER"),
    ],
)
def test_nobody_is_invited_to_what_has_no_time_or_is_over(house, fields, reason):
    name = house.event(**fields)
    with refused(reason):
        house.owner.invite_event_participants(name=name)


def test_without_an_address_of_ours_nobody_is_invited(house):
    name = house.event(participants=[house.person()])
    house.events.settings.public_url = ""
    with refused("PUBLIC_URL_MISSING"):
        house.owner.invite_event_participants(name=name)


def test_who_comes_when_all_places_are_taken_waits_in_the_order_of_the_answers(house):
    contacts = house.persons(4)
    name = house.event(capacity=1, participants=contacts)
    house.owner.invite_event_participants(name=name)
    house.send()
    links = [house.link(f"guest{number}@example.com") for number in range(4)]
    said = [house.guest.accept_event_invitation(name=links[number]) for number in (0, 2, 1, 3)]

    assert [each.waiting_position for each in said] == [0, 1, 2, 3]
    assert said[0].full
    house.guest.decline_event_invitation(name=links[0])
    assert house.responses(name)["Guest 2 L"] == "ACCEPTED"
    house.send()
    assert [to for to, subject, _ in house.letters() if subject.startswith("You have a place")] == [
        "guest2@example.com"
    ]
    house.owner.remove_event_participants(name=name, contacts=[contacts[2]])
    assert house.responses(name) == {"Guest 0 L": "DECLINED", "Guest 1 L": "ACCEPTED", "Guest 3 L": "WAITING"}
    with refused("NOT_FOUND"):
        house.guest.get_event_invitation(name=links[2])
    event = house.owner.update_event(event={"name": name, "capacity": 5})
    assert event.guest_counts.accepted_count == 2
    assert house.counts(name) == (3, 2, 1, 0, 0, 0)


def test_two_hundred_who_accept_at_once_get_fifty_places(house):
    name = house.event(capacity=50)
    contacts = house.persons(200)
    house.owner.invite_event_participants(name=name, contacts=contacts)
    with house.events.begin(house.events.actor) as tx:
        links = [f"eventInvitations/{token(tx.service, name, contact)}" for contact in contacts]
    waiting, problems = list(links), []

    def accept():
        while waiting:
            try:
                house.guest.accept_event_invitation(name=waiting.pop())
            except IndexError:
                return
            except Exception as error:
                problems.append(error)

    threads = [threading.Thread(target=accept) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    assert house.counts(name)[:4] == (200, 50, 0, 150)
    positions = [house.guest.get_event_invitation(name=link).waiting_position for link in links]
    assert sorted(positions) == [0] * 50 + list(range(1, 151))


def test_an_answer_given_by_telephone_is_noted_and_taken_back(house):
    ada, bob = house.person(), house.person("Bob", "")
    name = house.event(capacity=1, participants=[ada, bob])
    first = house.owner.set_event_participant_response(name=name, contact=bob, response="ACCEPTED")
    second = house.owner.set_event_participant_response(name=name, contact=ada, response="ACCEPTED")

    assert (first.display_name, first.waiting_position, second.waiting_position) == ("Bob L", 0, 1)
    house.owner.set_event_participant_response(name=name, contact=bob, response="PENDING")
    assert house.responses(name) == {"Ada L": "ACCEPTED", "Bob L": "PENDING"}
    with refused("NOT_PARTICIPATING"):
        house.owner.set_event_participant_response(name=name, contact="contacts/99", response="ACCEPTED")


def test_who_was_there_is_noted_filtered_and_taken_back(house):
    contacts = house.persons(3)
    name = house.event(participants=contacts)
    house.owner.mark_event_attendance(name=name, contacts=contacts[:2], attendance="ATTENDED")
    house.owner.mark_event_attendance(name=name, contacts=contacts[2:], attendance="ABSENT")

    def found(**how):
        return [each.display_name for each in house.owner.list_event_participants(name=name, **how).participants]

    assert house.counts(name) == (0, 0, 0, 0, 2, 1)
    assert found(filter="attendance = ATTENDED") == ["Guest 0 L", "Guest 1 L"]
    assert found(filter="response = RESPONSE_UNSPECIFIED AND NOT attendance = ATTENDED") == ["Guest 2 L"]
    assert found(q="GUEST 1") == ["Guest 1 L"]
    with refused("INVALID_FILTER"):
        found(filter='create_time > "2026-01-01T00:00:00Z"')
    house.owner.mark_event_attendance(name=name, contacts=contacts[:1])
    assert house.counts(name) == (0, 0, 0, 0, 1, 1)
    kinds = [
        entry.Kind.Name(entry.kind)
        for entry in house.owner.list_history_entries(filter=f'subject = "{contacts[0]}"').history_entries
    ]
    assert kinds == ["PARTICIPANT_ADDED"]


def test_participants_are_found_however_their_names_are_written(house):
    name = house.event(participants=[house.person("Straße"), house.person("Артём")])
    for typed in ("straße", "STRASSE", "артем"):
        assert house.owner.list_event_participants(name=name, q=typed).total_size == 1, typed


def test_participants_are_told_page_by_page(house):
    name = house.event(participants=house.persons(5))
    house.owner.invite_event_participants(name=name)
    seen, token = [], ""
    while True:
        page = house.owner.list_event_participants(
            name=name, page_size=2, page_token=token, filter="response = PENDING"
        )
        seen += [each.display_name for each in page.participants]
        token = page.next_page_token
        if not token:
            break

    assert (seen, page.total_size) == ([f"Guest {number} L" for number in range(5)], 5)


def test_an_invitation_that_is_not_ours_or_late_opens_nothing(house):
    contact = house.person()
    name = house.event(participants=[contact])
    house.owner.invite_event_participants(name=name)
    house.send()
    link = house.link("ada@example.com")

    for unknown in ("eventInvitations/abc", link[:-3], link + "A"):
        with refused("NOT_FOUND"):
            house.guest.accept_event_invitation(name=unknown)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3)), refused("EVENT_OVER"):
        house.guest.accept_event_invitation(name=link)
    house.owner.close_event(name=name)
    with refused("EVENT_OVER"):
        house.guest.decline_event_invitation(name=link)
    assert house.guest.get_event_invitation(name=link).state == 3
    house.owner.delete_event(name=name)
    with refused("NOT_FOUND"):
        house.guest.get_event_invitation(name=link)


def test_who_changes_his_mind_all_the_time_is_refused(house):
    name = house.event(participants=[house.person()])
    house.owner.invite_event_participants(name=name)
    house.send()
    link = house.link("ada@example.com")
    for _ in range(10):
        house.guest.accept_event_invitation(name=link)
        house.guest.decline_event_invitation(name=link)
    with refused("TOO_MANY_CHANGES"):
        house.guest.accept_event_invitation(name=link)


def merged(house, source, target, number=1):
    merge = merges_pb2.ContactMerge(name=f"contactMerges/{number}", source=source, target=target)
    event = contacts_events.ContactMerged(merge=merge, source={"name": source}, target={"name": target})
    hear(house.events, event, event_id=f"merged {number}")
    return merge


def test_merged_contacts_are_one_guest_with_the_better_answer_and_both_links_open_it(house):
    ada, augusta = house.person(), house.person("Augusta", "augusta@example.com")
    one, both = house.event(participants=[augusta]), house.event(title="Both", participants=[ada, augusta])
    for name in (one, both):
        house.owner.invite_event_participants(name=name)
        house.owner.set_event_participant_response(name=name, contact=augusta, response="ACCEPTED")
    house.owner.set_event_participant_response(name=both, contact=ada, response="DECLINED")
    house.send()
    link = house.link("ada@example.com")
    merge = merged(house, augusta, ada)

    assert (house.responses(one), house.responses(both)) == ({"Ada L": "ACCEPTED"}, {"Ada L": "ACCEPTED"})
    assert house.counts(both)[:3] == (1, 1, 0)
    assert house.guest.get_event_invitation(name=link).response == 2

    source = Caller(house.contacts, house.owner.actor).get_contact(name=augusta)
    event = contacts_events.ContactUnmerged(merge=merge, source=source, target={"name": ada})
    hear(house.events, event, event_id="parted")
    assert house.responses(one) == {"Augusta L": "ACCEPTED"}
    assert house.responses(both) == {"Ada L": "DECLINED", "Augusta L": "ACCEPTED"}
    assert house.counts(both)[:3] == (2, 1, 1)


def test_the_place_of_a_contact_that_is_gone_is_given_to_the_next(house):
    contacts = house.persons(2)
    name = house.event(capacity=1, participants=contacts)
    house.owner.invite_event_participants(name=name)
    for contact in contacts:
        house.owner.set_event_participant_response(name=name, contact=contact, response="ACCEPTED")
    hear(house.events, contacts_events.ContactDeleted(contact={"name": contacts[0]}), event_id="gone")

    assert house.responses(name) == {"Guest 1 L": "ACCEPTED"}


def test_a_mail_that_is_asked_for_twice_is_one(house):
    name = house.event(participants=[house.person()])
    house.owner.invite_event_participants(name=name)
    # Killed after it asked and before it noted so.
    with suppress(KeyboardInterrupt), house.events.begin(house.events.actor) as tx:
        assert mailing._mail_one(tx)
        raise KeyboardInterrupt
    house.owner.update_event(event={"name": name, "title": "Fair, moved"})
    house.send()

    assert [subject for _, subject, _ in house.letters()] == ["Invitation: Fair"]


def test_reminders_are_sent_once_wherever_the_beginning_is_moved(house):
    contacts = house.persons(2)
    start = datetime.now(UTC) + timedelta(days=1)
    name = house.event(participants=contacts, reminders=[60, 1440 * 2], start_time=start, end_time=None)
    house.owner.invite_event_participants(name=name)
    house.owner.set_event_participant_response(name=name, contact=contacts[0], response="ACCEPTED")
    jobs.remind(house.events.job_context())
    house.send()
    # The first one lies back too far.
    assert [subject for _, subject, _ in house.letters()] == ["Invitation: Fair"] * 2
    with time_machine.travel(start - timedelta(minutes=50)):
        for _ in range(2):
            jobs.remind(house.events.job_context())
        house.owner.update_event(event={"name": name, "start_time": start + timedelta(minutes=30)})
        jobs.remind(house.events.job_context())
        house.send()
    reminded = [to for to, subject, _ in house.letters() if subject.startswith("Soon")]
    assert reminded == ["guest0@example.com"]
    told = [event for _, event, _ in announced(house.events) if event.DESCRIPTOR.name == "EventReminded"]
    assert [(list(event.recipients), event.minutes) for event in told] == [(["users/1"], 60)]


def test_calls_about_guests_are_cheap(house):
    contacts = house.persons(3)
    name = house.event(participants=contacts, capacity=1)
    house.owner.invite_event_participants(name=name)
    house.send()
    link = house.link("guest0@example.com")
    for call, most in (
        (lambda: house.owner.list_event_participants(name=name), 3),
        (house.owner.list_events, 1),
        (lambda: house.guest.get_event_invitation(name=link), 3),
        (lambda: house.guest.accept_event_invitation(name=link), 8),
        (lambda: house.owner.set_event_participant_response(name=name, contact=contacts[1], response="DECLINED"), 8),
        (lambda: house.owner.mark_event_attendance(name=name, contacts=contacts, attendance="ATTENDED"), 8),
    ):
        with statements(house.events) as seen:
            call()
        assert len(seen) <= most, "\n".join([str(len(seen)), *seen])


def test_contacts_says_how_contacts_are_written_to_to_events_alone(house):
    ada = house.person(language="ru")
    with refused("INTERNAL_RPC"):
        Caller(house.contacts, house.owner.actor).look_up_contacts(names=[ada])
    [found] = Caller(house.contacts, house.events.actor).look_up_contacts(names=[ada, "contacts/99"]).contacts
    assert (found.address, found.language, found.unsubscribed) == ("ada@example.com", "ru", False)
