"""Whom notifications tells what when others speak."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from crm.contacts.v1 import domain_events_pb2 as contacts
from crm.events.v1 import domain_events_pb2 as gatherings
from crm.identity.v1 import domain_events_pb2 as identity

from chassis.identity import Actor
from chassis.testing import ADA, BOB, OWNER, hear, statements
from chassis.tx import Cause
from gateway.notifications import jobs
from gateway.notifications.model import Kind
from gateway.notifications.telling import Told, tell
from tests.notifications.conftest import introduce, mails, send, settle, told, use
from tests.notifications.test_rpc import Caller, assign

BORIS = BOB


def test_who_did_it_is_not_told(people):
    assign(people, "users/1", "users/2", actor="users/2")

    assert told(people, ADA) == []
    assert told(people, OWNER) == ["Ada made you responsible for Globex"]


def test_who_is_disabled_is_told_nothing(people):
    introduce(people, "users/2", etag='"2"', state="DISABLED")

    assign(people, "users/2")

    assert told(people, ADA) == []
    assert mails(people) == []


def test_who_is_not_known_yet_is_told_on_his_page(people):
    assign(people, "users/2", "users/99")

    assert [mail.to for mail in mails(people)] == ["ada@example.com"]
    assert len(told(people, Actor(user="users/99", role="USER"))) == 1


def test_what_a_service_did_by_itself_is_said_to_be_ours(people):
    assign(people, "users/2", actor="services/contacts")

    assert told(people, ADA) == ["Rapport made you responsible for Globex"]


def test_an_older_word_about_a_person_does_not_undo_a_newer_one(people):
    introduce(people, "users/2", etag='"3"', email="new@example.com")
    introduce(people, "users/2", etag='"2"', email="old@example.com")

    assign(people, "users/2")

    assert [mail.to for mail in mails(people)] == ["new@example.com"]


@pytest.mark.parametrize(
    ("page", "email", "on_page", "mailed"),
    [(True, "IMMEDIATELY", 1, 1), (False, "IMMEDIATELY", 0, 1), (True, "NEVER", 1, 0), (False, "NEVER", 0, 0)],
)
def test_each_is_told_as_he_wants(people, page, email, on_page, mailed):
    kinds = [{"kind": "RECORD_ASSIGNED", "page": page, "email": email}]
    Caller(people, ADA).update_notification_settings(notification_settings={"kinds": kinds})

    assign(people, "users/2")

    assert len(told(people, ADA)) == on_page
    assert len(mails(people)) == mailed


def test_who_is_given_very_much_at_once_gets_the_rest_in_the_mail_of_the_day(people):
    for _ in range(35):
        assign(people, "users/2")
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    with time_machine.travel(tomorrow):
        jobs.mail_the_day(people.job_context())

    assert Caller(people, ADA).count_unread_notifications().unread_count == 35
    assert [mail.template for mail in mails(people)] == ["NOTIFICATION"] * 30 + ["DIGEST"]


def test_telling_more_people_asks_no_more(people):
    def asked(*recipients):
        with people.begin(people.actor, Cause(actor="users/9")) as tx, statements(people) as seen:
            tell(tx, Told(Kind.RECORD_ASSIGNED, {}, "contacts/17", "Globex"), recipients)
        return sum(statement.lstrip().startswith("SELECT") and "nextval" not in statement for statement in seen)

    assert asked("users/1") == asked("users/1", "users/2", "users/3") == 2


def assigned(*recipients, ago=timedelta()):
    """What contacts announces."""
    contact = {"name": "contacts/17", "display_name": "Globex", "update_time": datetime.now(UTC) - ago}
    return contacts.ContactAssigned(contact=contact, recipients=recipients)


def test_who_is_given_a_contact_is_told(people):
    hear(people, assigned("users/2", "users/1"), actor="users/1")

    assert told(people, ADA) == ["Olga Owner made you responsible for Globex"]
    assert told(people, OWNER) == []


def test_an_event_that_comes_twice_is_told_once(people):
    hear(people, assigned("users/2"), event_id="e-1")
    hear(people, assigned("users/2"), event_id="e-1")

    assert len(told(people, ADA)) == len(mails(people)) == 1


def test_old_news_is_not_told(people):
    hear(people, assigned("users/2", ago=timedelta(days=8)))

    assert told(people, ADA) == []
    assert mails(people) == []


def test_a_group_that_is_given_a_contact_tells_its_members_each_once(people):
    hear(people, identity.GroupCreated(group={"name": "groups/1", "etag": '"1"', "members": ["users/2", "users/3"]}))

    hear(people, assigned("groups/1", "users/2"), event_id="e-2")

    assert len(told(people, ADA)) == len(told(people, BORIS)) == 1


def test_who_has_left_a_group_is_told_nothing_by_way_of_it(people):
    def group(kind, etag, *members, event_id):
        hear(people, kind(group={"name": "groups/1", "etag": etag, "members": members}), event_id=event_id)

    group(identity.GroupUpdated, '"2"', "users/3", event_id="g-2")
    group(identity.GroupCreated, '"1"', "users/2", "users/3", event_id="g-1")
    hear(people, assigned("groups/1"), event_id="e-1")
    group(identity.GroupDeleted, "", event_id="g-3")
    group(identity.GroupUpdated, '"3"', "users/2", event_id="g-4")
    hear(people, assigned("groups/1"), event_id="e-2")

    assert told(people, ADA) == []
    assert len(told(people, BORIS)) == 1


def test_who_gets_what_another_had_is_told(people):
    event = identity.UserHandedOver(to="users/3")
    setattr(event, "from", "users/2")

    hear(people, event, actor="users/1")

    assert told(people, BORIS, "ru") == ["Теперь вы отвечаете за записи и задачи, которые вёл сотрудник Ada"]
    assert told(people, ADA) == []


# Who may not use the CRM reads nothing of its records, by whatever way.


@pytest.mark.parametrize(
    ("settings", "is_told"),
    [
        ({}, True),
        ({"access": "LISTED"}, False),
        ({"access": "LISTED", "members": ["users/3", "groups/2"]}, False),
        ({"access": "LISTED", "members": ["users/2"]}, True),
        ({"access": "LISTED", "members": ["users/3", "groups/1"]}, True),
        ({"enabled": False}, False),
        ({"enabled": False, "access": "LISTED", "members": ["users/2"]}, False),
    ],
)
def test_who_may_not_use_the_crm_is_told_nothing_of_its_records(people, settings, is_told):
    for name, member in (("groups/1", "users/2"), ("groups/2", "users/3")):
        group = {"name": name, "etag": '"1"', "members": [member]}
        hear(people, identity.GroupCreated(group=group), event_id=name)
    settle(people, **settings)

    hear(people, assigned("users/2"), event_id="e-1", actor="users/9")

    assert (len(told(people, ADA)), len(mails(people))) == ((1, 1) if is_told else (0, 0))


def test_who_administers_the_portal_is_told_whatever_the_settings_say(people):
    introduce(people, "users/2", etag='"2"', role="PORTAL_ADMIN")
    settle(people, enabled=False)

    hear(people, assigned("users/1", "users/2", "users/3", "users/99"), actor="users/9")

    assert len(told(people, ADA)) == 1
    assert [mail.to for mail in mails(people)] == ["ada@example.com"]


def test_who_may_use_the_crm_again_is_told_again(people):
    settle(people, etag='"2"', enabled=True)
    settle(people, etag='"1"', enabled=False)

    hear(people, assigned("users/2"))

    assert len(told(people, ADA)) == 1


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("SUCCEEDED", "The import of people.csv is over: 4 added, 1 changed, 2 rejected"),
        ("FAILED", "The import of people.csv has failed"),
        ("CANCELLED", "The import of people.csv is over"),
    ],
)
def test_whoever_started_an_import_is_told_how_it_ended(people, state, sentence):
    job = {"name": "contactImports/1", "file_name": "people.csv", "state": state}
    job |= {"created_count": 4, "updated_count": 1, "rejected_count": 2}
    event = contacts.ContactImportFinished(contact_import=job, recipients=["users/2"])

    hear(people, event, actor="users/2")

    assert told(people, ADA) == [sentence]


def test_whoever_wants_records_is_told_that_they_are_ready(people):
    job = {"name": "exports/1", "file_name": "contacts.csv", "state": "SUCCEEDED"}

    hear(people, contacts.ExportFinished(export=job, recipients=["users/2"]), actor="users/2")

    assert told(people, ADA) == ["The export contacts.csv can be downloaded for 24 hours"]


def test_whoever_started_an_import_of_events_is_told_how_it_ended(people):
    job = {"name": "eventImports/1", "file_name": "events.csv", "state": "SUCCEEDED", "created_count": 4}

    hear(people, gatherings.EventImportFinished(event_import=job, recipients=["users/2"]), actor="users/2")

    assert told(people, ADA) == ["The import of events.csv is over: 4 added, 0 changed, 0 rejected"]


def test_whoever_wants_events_is_told_that_they_are_ready(people):
    job = {"name": "eventExports/1", "file_name": "events.csv", "state": "SUCCEEDED"}

    hear(people, gatherings.EventExportFinished(event_export=job, recipients=["users/2"]), actor="users/2")

    assert told(people, ADA) == ["The export events.csv can be downloaded for 24 hours"]


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("SUCCEEDED", "The mailing News is over: 5 sent, 2 left out, 1 refused, 0 uncertain"),
        ("FAILED", "The mailing News has stopped: 5 sent, 1 refused, 0 uncertain"),
    ],
)
def test_whoever_started_a_mailing_is_told_how_it_ended(people, state, sentence):
    job = {"name": "mailings/1", "subject": "News", "state": state, "sent_count": 5}
    job |= {"skipped_count": 2, "failed_count": 1}

    hear(people, contacts.MailingFinished(mailing=job, recipients=["users/2"]), actor="users/2")

    assert told(people, ADA) == [sentence]


def test_who_is_given_a_restricted_event_and_who_is_to_know_of_an_entry_is_told(people):
    shared = gatherings.EventShared(event={"name": "events/3", "title": "Fair"}, recipients=["users/2"])
    entry = {"name": "historyEntries/1", "subject": "contacts/17", "subject_title": "Globex"}
    written = gatherings.HistoryEntryAnnounced(history_entry=entry, recipients=["users/2", "users/3"])
    hear(people, shared, event_id="shared")
    hear(people, written, event_id="written")

    assert sorted(told(people, ADA)) == [
        "Olga Owner gave you access to Fair",
        "Olga Owner wrote into the history of Globex",
    ]
    assert told(people, BORIS) == ["Olga Owner wrote into the history of Globex"]


def test_the_mail_about_a_note_says_what_stands_in_it(people, post_office):
    use(people, post_office.port)
    text = "<p>Call <b>back</b> &amp; ask</p><p>" + "x" * 2000 + "</p>"
    entry = {"name": "historyEntries/1", "subject": "contacts/17", "subject_title": "Globex", "text": text}
    hear(people, gatherings.HistoryEntryAnnounced(history_entry=entry, recipients=["users/2"]))

    send(people)
    said = post_office.letter().get_body(("plain",)).get_content()
    assert "Call back & ask" in said
    assert "x" * 1900 in said
    assert "x" * 2000 not in said


@pytest.mark.parametrize(
    ("finished", "job", "name"),
    [
        (contacts.ContactImportFinished, "contact_import", "contactImports/1"),
        (gatherings.EventImportFinished, "event_import", "eventImports/1"),
    ],
)
def test_a_trial_import_is_no_import(people, finished, job, name):
    tried = {"name": name, "file_name": "list.csv", "state": "SUCCEEDED", "created_count": 4, "dry_run": True}

    hear(people, finished(**{job: tried}, recipients=["users/2"]), actor="users/2")

    assert told(people, ADA) == []
