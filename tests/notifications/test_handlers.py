"""Whom notifications tells what when others speak."""

import pytest

from chassis.testing import ADA, BOB, OWNER, statements
from chassis.tx import Cause
from gateway.notifications.model import Kind
from gateway.notifications.telling import Told, tell
from tests.notifications.conftest import introduce, mails, told
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
    assert len(told(people, ADA.__class__(user="users/99", role="USER"))) == 1


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


def test_telling_more_people_asks_no_more(people):
    def asked(*recipients):
        with people.begin(people.actor, Cause(actor="users/9")) as tx, statements(people) as seen:
            tell(tx, Told(Kind.RECORD_ASSIGNED, {}, "contacts/17", "Globex"), recipients)
        return sum(statement.lstrip().startswith("SELECT") and "nextval" not in statement for statement in seen)

    assert asked("users/1") == asked("users/1", "users/2", "users/3") == 1
