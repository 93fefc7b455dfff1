"""What happened with customers."""

from datetime import UTC, datetime, timedelta

import pytest
from crm.contacts.v1 import contacts_pb2
from crm.identity.v1 import domain_events_pb2 as identity

from chassis.testing import announced, hear, refused, statements

pytestmark = pytest.mark.usefixtures("people")
HOSTILE = (
    '<p onclick="x()">Hi<script>alert(1)</script> <a href="javascript:x()">a</a> <img src=x onerror=y> <b>bold</b></p>'
)


def timeline(who, subject, more="", **asked):
    found = who.list_history_entries(filter=f'subject = "{subject}"{more}', **asked)
    return found.history_entries


def note(who, subject, text, **fields):
    return who.create_history_entry(history_entry={"subject": subject, "text": text, **fields})


def test_a_note_has_a_category_a_time_and_a_subject(ada, known):
    known(17, "Ада")
    then = datetime(2026, 11, 1, 12, tzinfo=UTC)
    made = note(ada, "contacts/17", "<p>Звонили</p>", time=then)

    assert (made.subject, made.subject_title, made.text) == ("contacts/17", "Ада", "<p>Звонили</p>")
    assert made.time.ToDatetime(UTC) == then
    first = ada.list_history_categories().history_categories[0]
    assert (first.title, made.category) == ("Заметка", first.name)
    assert ada.get_history_entry(name=made.name) == made


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"subject": "contacts/99", "text": "x"}, "SUBJECT_NOT_FOUND"),
        ({"subject": "events/99", "text": "x"}, "SUBJECT_NOT_FOUND"),
        ({"subject": "users/1", "text": "x"}, "string.pattern"),
        ({"subject": "contacts/17", "text": " <p> </p> "}, "TEXT_REQUIRED"),
        ({"subject": "contacts/17", "text": "x", "category": "historyCategories/99"}, "ENTRY_NOT_FOUND"),
        ({"subject": "contacts/17", "text": "x", "notify": ["users/99"]}, "PERSON_NOT_FOUND"),
        ({"subject": "contacts/17", "text": "x", "files": ["files/9"]}, "FILE_NOT_FOUND"),
        ({"subject": "contacts/17", "text": "x" * 65_001}, "string.max_len"),
    ],
)
def test_what_makes_no_sense_is_refused(ada, known, fields, reason):
    known(17, "Ada")
    with refused(reason):
        ada.create_history_entry(history_entry=fields)
    assert not timeline(ada, "contacts/17")


def test_nothing_in_a_text_can_run(ada, known):
    known(17, "Ada")
    text = note(ada, "contacts/17", HOSTILE).text

    assert text == '<p>Hi <a rel="noopener noreferrer nofollow">a</a>  <b>bold</b></p>'


def test_only_who_sees_the_subject_sees_what_happened(ada, bob, known):
    known(17, "Ada", sharing=contacts_pb2.Contact.PRIVATE, managers=[ada.actor.user])
    made = note(ada, "contacts/17", "secret")

    assert (timeline(bob, "contacts/17"), bob.list_history_entries().total_size) == ([], 0)
    for call in (bob.get_history_entry, bob.delete_history_entry, bob.pin_history_entry):
        with refused("NOT_FOUND"):
            call(name=made.name)
    with refused("SUBJECT_NOT_FOUND"):
        note(bob, "contacts/17", "x")
    assert bob.list_history_entries(q="secret").total_size == 0


def test_a_company_shows_what_happened_with_its_persons(ada, bob, known):
    known(1, "Насосы")
    known(17, "Ada", company="contacts/1")
    known(18, "Secret", company="contacts/1", sharing=contacts_pb2.Contact.PRIVATE, managers=[ada.actor.user])
    for subject in ("contacts/1", "contacts/17", "contacts/18"):
        note(ada, subject, f"about {subject}")

    assert [entry.subject_title for entry in timeline(ada, "contacts/1")] == ["Secret", "Ada", "Насосы"]
    assert [entry.subject_title for entry in timeline(bob, "contacts/1")] == ["Ada", "Насосы"]
    assert [entry.subject_title for entry in timeline(ada, "contacts/17")] == ["Ada"]


def test_entries_are_filtered_and_searched_and_pinned_ones_come_first(ada, bob, known):
    known(17, "Ada")
    first = note(ada, "contacts/17", "<p>Ёлка и <b>счёт</b></p>")
    call = ada.list_history_categories().history_categories[2].name
    note(bob, "contacts/17", "звонок", category=call)

    assert [entry.text for entry in timeline(ada, "contacts/17", f' AND category = "{call}"')] == ["звонок"]
    assert len(timeline(ada, "contacts/17", f' AND creator = "{ada.actor.user}"')) == 1
    assert len(timeline(ada, "contacts/17", q="елка счет")) == 1
    assert len(timeline(ada, "contacts/17", ' AND time > "2030-01-01T00:00:00Z"')) == 0
    # Bob may not change the contact, Ada's entry neither.
    with refused("PERMISSION_DENIED"):
        bob.pin_history_entry(name=first.name, pinned=True)


def test_who_may_change_the_subject_pins_and_deletes(owner, ada, bob, known):
    known(17, "Ada", managers=[ada.actor.user])
    his = note(bob, "contacts/17", "his").name
    note(bob, "contacts/17", "later")
    assert ada.pin_history_entry(name=his, pinned=True).pinned
    assert [entry.text for entry in timeline(bob, "contacts/17")] == ["his", "later"]
    with refused("PERMISSION_DENIED"):
        ada.update_history_entry(history_entry={"name": his, "text": "hers"})
    assert bob.update_history_entry(history_entry={"name": his, "text": "better"}).text == "better"
    ada.delete_history_entry(name=his)
    assert [entry.text for entry in timeline(bob, "contacts/17")] == ["later"]


def test_those_who_are_to_know_are_told(events, ada, bob, known):
    known(17, "Ada")
    note(ada, "contacts/17", "hello", notify=[bob.actor.user, ada.actor.user])

    [(subject, event, _)] = [each for each in announced(events) if each[1].DESCRIPTOR.name == "HistoryEntryAnnounced"]
    assert (subject, list(event.recipients)) == ("crm.events.history_entry_announced", [bob.actor.user])
    assert event.history_entry.subject_title == "Ada"


def test_whoever_is_in_a_group_that_sees_it_is_told_by_his_own_name(events, ada, bob, known):
    known(17, "Ada", sharing=contacts_pb2.Contact.PRIVATE, managers=[ada.actor.user, "groups/1"])
    with refused("PERSON_MAY_NOT_SEE"):
        note(ada, "contacts/17", "hello", notify=[bob.actor.user])
    group = {"name": "groups/1", "etag": '"2"', "title": "Sales", "members": [bob.actor.user]}
    hear(events, identity.GroupCreated(group=group), event_id="group")
    hear(events, identity.GroupUpdated(group={**group, "etag": '"1"', "members": []}), event_id="late")

    assert list(note(ada, "contacts/17", "hello", notify=[bob.actor.user]).notify) == [bob.actor.user]
    hear(events, identity.GroupDeleted(group=group), event_id="gone")
    with refused("PERSON_MAY_NOT_SEE"):
        note(ada, "contacts/17", "hello", notify=[bob.actor.user])


def test_an_event_tells_that_it_was_made_and_put_off(ada):
    start = datetime(2026, 12, 1, 10, tzinfo=UTC)
    name = ada.create_event(event={"title": "Fair", "place": "Hall", "start_time": start}).name
    for changed in ({"title": "Feast"}, {"start_time": start + timedelta(days=1)}, {"place": ""}):
        ada.update_event(event={"name": name, **changed}, update_mask={"paths": [*changed]})

    said = [(entry.Kind.Name(entry.kind), dict(entry.values)) for entry in timeline(ada, name)]
    assert said == [
        ("EVENT_RELOCATED", {"before": "Hall"}),
        (
            "EVENT_RESCHEDULED",
            {"start_before": "2026-12-01T10:00:00+00:00", "start": "2026-12-02T10:00:00+00:00"},
        ),
        ("RECORD_CREATED", {"title": "Fair"}),
    ]


def test_a_category_that_entries_have_keeps_its_title(owner, ada, known):
    known(17, "Ada")
    category = note(ada, "contacts/17", "x").category

    with refused("ENTRY_IN_USE"):
        owner.update_history_category(history_category={"name": category, "title": "Other"})
    with refused("ENTRY_IN_USE"):
        owner.delete_history_category(name=category)
    made = owner.create_history_category(history_category={"title": "Демо", "icon": "DEMO"})
    assert (made.title, made.Icon.Name(made.icon)) == ("Демо", "DEMO")
    with refused("CRM_ADMIN_REQUIRED"):
        ada.delete_history_category(name=made.name)
    owner.delete_history_category(name=made.name)


def test_a_note_is_cheap(events, ada, known):
    known(17, "Ada")
    with statements(events) as seen:
        note(ada, "contacts/17", "hello")
    assert len(seen) <= 7, seen
