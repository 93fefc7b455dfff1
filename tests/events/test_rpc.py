"""Gatherings of customers."""

from datetime import UTC, datetime

import pytest
from crm.contacts.v1 import contacts_pb2

from chassis.testing import announced, refused, statements
from services.events import jobs

pytestmark = pytest.mark.usefixtures("people")


def at(hour):
    """A time of the first of December."""
    return datetime(2026, 12, 1, hour, tzinfo=UTC)


def titles(found):
    return [event.title for event in found.events]


def test_an_event_has_what_was_said_of_it(ada, known):
    known(17, "Ада Лавлейс")
    made = ada.create_event(
        event={
            "title": " Семинар ",
            "description": "О насосах",
            "start_time": at(10),
            "end_time": at(12),
            "place": "Москва",
            "participants": ["contacts/17"],
            "tags": ["Выставка", "выставка"],
        }
    )
    read = ada.get_event(name=made.name)

    assert read == made
    assert (read.title, read.participant_count, list(read.tags)) == ("Семинар", 1, ["Выставка"])
    assert read.start_time.ToDatetime(UTC) == at(10)
    assert not read.access.is_private
    assert read.State.Name(read.state) == "OPEN"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": " "}, "TITLE_REQUIRED"),
        ({"title": "x" * 256}, "string.max_len"),
        ({"title": "a", "participants": ["contacts/99"]}, "CONTACT_NOT_FOUND"),
        ({"title": "a", "participants": ["contacts/0"]}, "CONTACT_NOT_FOUND"),
        ({"title": "a", "end_time": at(12)}, "START_REQUIRED"),
        (
            {"title": "a", "start_time": at(12), "end_time": at(11)},
            "END_BEFORE_START",
        ),
        ({"title": "a", "access": {"is_private": True, "readers": ["users/99"]}}, "PERSON_NOT_FOUND"),
        ({"title": "a", "custom": {"eventFields/9": {"string_value": "x"}}}, "UNKNOWN_CUSTOM_FIELD"),
    ],
)
def test_what_makes_no_sense_is_refused(ada, fields, reason):
    with refused(reason):
        ada.create_event(event=fields)
    assert titles(ada.list_events()) == []


def test_a_restricted_event_is_for_those_who_are_listed(events, owner, ada, bob):
    name = ada.create_event(event={"title": "Secret", "access": {"is_private": True}}).name
    with refused("NOT_FOUND"):
        bob.get_event(name=name)
    assert (titles(bob.list_events()), titles(ada.list_events()), titles(owner.list_events())) == (
        [],
        ["Secret"],
        ["Secret"],
    )

    ada.update_event(event={"name": name, "access": {"is_private": True, "readers": [bob.actor.user]}})
    assert sorted(bob.get_event(name=name).access.readers) == sorted([ada.actor.user, bob.actor.user])
    told = [event for _, event, _ in announced(events) if event.DESCRIPTOR.name == "EventShared"]
    assert [list(event.recipients) for event in told] == [[bob.actor.user]]
    bob.update_event(event={"name": name, "place": "Room 3"})
    with refused("CREATOR_REQUIRED"):
        bob.update_event(event={"name": name, "access": {"is_private": False}})
    explained = {
        entry.principal: entry.Reason.Name(entry.reason) for entry in bob.explain_event_access(name=name).entries
    }
    assert explained == {ada.actor.user: "CREATOR", bob.actor.user: "LISTED", "administrators": "ADMINISTRATOR"}


def test_announcements_of_a_restricted_event_reach_those_who_are_listed(events, ada):
    ada.create_event(event={"title": "Secret", "access": {"is_private": True}})
    [made] = [headers for _, event, headers in announced(events) if event.DESCRIPTOR.name == "EventCreated"]

    assert made["Crm-Readers"] == f'["{ada.actor.user}"]'


def test_an_event_that_took_place_is_closed_and_may_be_opened_again(ada):
    name = ada.create_event(event={"title": "Fair"}).name

    closed = ada.close_event(name=name)
    assert (closed.State.Name(closed.state), closed.HasField("close_time")) == ("CLOSED", True)
    assert ada.close_event(name=name) == closed
    assert titles(ada.list_events(filter="state = OPEN")) == []
    opened = ada.reopen_event(name=name)
    assert (opened.State.Name(opened.state), opened.HasField("close_time")) == ("OPEN", False)
    kinds = [
        entry.Kind.Name(entry.kind) for entry in ada.list_history_entries(filter=f'subject = "{name}"').history_entries
    ]
    assert sorted(kinds) == ["EVENT_CLOSED", "EVENT_REOPENED", "RECORD_CREATED"]


def test_lists_are_filtered_searched_and_sorted(ada, known):
    known(17, "Ada")
    ada.create_event(event={"title": "Beta", "start_time": at(9), "tags": ["fair"]})
    ada.create_event(event={"title": "alpha", "place": "Ёлкино"})
    ada.create_event(event={"title": "Gamma", "start_time": at(8), "participants": ["contacts/17"]})

    assert titles(ada.list_events()) == ["alpha", "Beta", "Gamma"]
    assert titles(ada.list_events(order_by="start_time")) == ["Gamma", "Beta", "alpha"]
    assert titles(ada.list_events(filter="tags:FAIR")) == ["Beta"]
    assert titles(ada.list_events(filter='participants:"contacts/17"')) == ["Gamma"]
    assert titles(ada.list_events(filter='start_time > "2026-12-01T08:30:00Z"')) == ["Beta"]
    assert titles(ada.list_events(q="елкино")) == ["alpha"]


def test_participants_come_and_go_and_both_histories_say_so(ada, bob, known):
    known(17, "Ada")
    known(18, "Secret", sharing=contacts_pb2.Contact.PRIVATE, managers=[ada.actor.user])
    name = ada.create_event(event={"title": "Fair"}).name

    added = ada.add_event_participants(name=name, contacts=["contacts/17", "contacts/18"])
    assert (list(added.event.participants), added.event.participant_count) == (["contacts/17", "contacts/18"], 2)
    again = ada.add_event_participants(name=name, contacts=["contacts/17"])
    assert (again.event, again.added_count, again.already_count) == (added.event, 0, 1)
    seen = bob.list_event_participants(name=name)
    assert ([each.display_name for each in seen.participants], seen.hidden_count) == (["Ada"], 1)
    [entry] = ada.list_history_entries(filter='subject = "contacts/17"').history_entries
    assert (entry.Kind.Name(entry.kind), entry.related, dict(entry.values)) == (
        "PARTICIPANT_ADDED",
        name,
        {"title": "Fair"},
    )
    with refused("CONTACT_NOT_FOUND"):
        bob.add_event_participants(name=bob.create_event(event={"title": "Own"}).name, contacts=["contacts/18"])
    # Who does not see a participant does not lose it by saving the others.
    kept = bob.update_event(event={"name": name, "participants": ["contacts/18"]})
    assert list(kept.participants) == ["contacts/18"]
    assert ada.remove_event_participants(name=name, contacts=["contacts/18"]).participant_count == 0


def test_participants_are_listed_page_by_page(ada, known):
    for number, title in ((17, "Eve"), (18, "Ada"), (19, "Ada")):
        known(number, title)
    name = ada.create_event(event={"title": "Fair", "participants": ["contacts/17", "contacts/18", "contacts/19"]}).name

    seen, token = [], ""
    for _ in range(3):
        page = ada.list_event_participants(name=name, page_size=1, page_token=token)
        seen += [each.contact for each in page.participants]
        token = page.next_page_token
    assert (seen, token) == (["contacts/18", "contacts/19", "contacts/17"], "")


def test_a_tag_is_renamed_on_its_events(events, owner, ada):
    name = ada.create_event(event={"title": "Fair", "tags": ["old", "kept"]}).name
    [tag] = ada.list_event_tags(q="old").event_tags
    owner.update_event_tag(event_tag={"name": tag.name, "title": "New"})
    jobs.clear_what_was_deleted(events.job_context())

    assert sorted(ada.get_event(name=name).tags) == ["New", "kept"]
    with refused("TITLE_TAKEN"):
        owner.update_event_tag(event_tag={"name": tag.name, "title": "KEPT"})


def test_many_are_changed_each_on_its_own(ada, bob):
    mine = [ada.create_event(event={"title": title, "tags": ["old"]}).name for title in ("A", "B")]
    hidden = bob.create_event(event={"title": "C", "access": {"is_private": True}}).name

    done = ada.batch_update_events(
        names=[*mine, hidden, "events/0"], add_tags=["New"], remove_tags=["OLD"], state="CLOSED"
    )
    assert done.changed_count == 2
    assert {refusal.event: refusal.reason for refusal in done.refusals} == {
        hidden: "NOT_FOUND",
        "events/0": "NOT_FOUND",
    }
    assert [list(ada.get_event(name=name).tags) for name in mine] == [["New"], ["New"]]
    gone = ada.batch_delete_events(names=[*mine, hidden])
    assert (gone.deleted_count, [refusal.title for refusal in gone.refusals]) == (2, [""])
    assert titles(bob.list_events()) == ["C"]
    with refused("NOTHING_TO_CHANGE"):
        ada.batch_update_events(names=mine)


def test_tags_and_fields_are_kept_by_administrators(owner, ada):
    field = owner.create_event_field(event_field={"label": "Hall", "kind": "SELECT", "options": ["A", "B"]}).name
    name = ada.create_event(event={"title": "Fair", "tags": ["x"], "custom": {field: {"string_value": "A"}}}).name

    assert ada.get_event(name=name).custom[field].string_value == "A"
    assert [(tag.title, tag.event_count) for tag in ada.list_event_tags().event_tags] == [("x", 1)]
    assert ada.list_event_fields().event_fields[0].event_count == 1
    with refused("CUSTOM_VALUE_WRONG"):
        ada.update_event(event={"name": name, "custom": {field: {"string_value": "C"}}})
    with refused("CRM_ADMIN_REQUIRED"):
        ada.create_event_field(event_field={"label": "Own", "kind": "TEXT"})
    assert owner.delete_unused_event_tags().deleted_count == 0


def test_calls_are_cheap(events, ada, known):
    known(17, "Ada")
    name = ada.create_event(event={"title": "Fair", "participants": ["contacts/17"]}).name
    for call, most in (
        (lambda: ada.get_event(name=name), 1),
        (ada.list_events, 1),
        (lambda: ada.list_history_entries(filter=f'subject = "{name}"'), 1),
        (lambda: ada.create_event(event={"title": "Fair", "participants": ["contacts/17"]}), 8),
        (lambda: ada.close_event(name=name), 8),
    ):
        with statements(events) as seen:
            call()
        assert len(seen) <= most, seen


def test_a_batch_adds_a_tag_for_good_and_takes_one_away_however_it_is_written(events, owner):
    first = owner.create_event(event={"title": "One", "tags": ["vip", "Ёлка"]}).name
    other = owner.create_event(event={"title": "Other"}).name
    [vip] = [tag.name for tag in owner.list_event_tags().event_tags if tag.title == "vip"]
    owner.delete_event_tag(name=vip)
    owner.batch_update_events(names=[first, other], add_tags=["vip"], remove_tags=["елка"])
    jobs.clear_what_was_deleted(events.job_context())

    assert [list(owner.get_event(name=name).tags) for name in (first, other)] == [["vip"], ["vip"]]
