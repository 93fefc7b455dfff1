"""What is true of contacts, without a database."""

import pytest

from chassis.errors import InvalidArgument
from chassis.kit.access import Sharing
from chassis.testing import refused
from services.contacts.model import Contact, State, settle_primary


def person(**fields):
    """A person with both names, checked."""
    names = {} if fields.get("kind") == "COMPANY" else {"first_name": "Ada", "last_name": "Lovelace"}
    contact = Contact(**{"kind": "PERSON", **names, **fields})
    contact.check()
    return contact


def test_a_person_is_called_by_first_and_last_name():
    assert person().display_name == "Ada Lovelace"


def test_a_company_is_called_by_its_name():
    contact = Contact(kind="COMPANY", company_name="  Ёлки  ")

    contact.check()

    assert (contact.display_name, contact.sort_key) == ("Ёлки", "елки")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"last_name": " "}, "last_name"),
        ({"kind": "COMPANY"}, "company_name"),
        ({"kind": "COMPANY", "company_name": "\t"}, "company_name"),
    ],
)
def test_the_name_that_is_missing_is_named(fields, field):
    with pytest.raises(InvalidArgument) as caught:
        person(**fields)

    assert [violation.field for violation in caught.value.violations] == [field]


def test_a_company_belongs_to_no_company():
    with refused("COMPANY_OF_COMPANY"):
        person(kind="COMPANY", company_name="Acme", company="contacts/2")


def test_a_contact_has_no_names_of_the_other_kind():
    with refused("NAME_OF_OTHER_KIND"):
        person(company_name="Acme")
    with refused("NAME_OF_OTHER_KIND"):
        person(kind="COMPANY", company_name="Acme", last_name="Lovelace")


def test_a_contact_is_private_unless_shared():
    assert person().sharing == Sharing.PRIVATE


def test_one_email_is_primary_the_first_that_says_so():
    settled = settle_primary([{"value": "a"}, {"value": "b", "primary": True}, {"value": "c", "primary": True}])

    assert [entry["primary"] for entry in settled] == [False, True, False]


def test_the_first_email_is_primary_if_none_says_so():
    assert [entry["primary"] for entry in settle_primary([{"value": "a"}, {"value": "b"}])] == [True, False]


def test_entries_are_for_work_unless_said_otherwise():
    assert [entry["category"] for entry in settle_primary([{"value": "a"}, {"value": "b", "category": "HOME"}])] == [
        "WORK",
        "HOME",
    ]


def test_a_contact_is_found_by_its_phones_digits():
    assert "79161234567" in person(phones=[{"value": "+7 (916) 123-45-67"}]).search_text


def test_a_contact_being_deleted_does_not_change():
    contact = person(state=State.DELETING)

    with refused("CONTACT_DELETING"):
        contact.require_changeable()


def test_only_managers_hear_of_a_private_contact():
    assert person(managers=["users/2"]).readers() == ["users/2"]
    assert person(managers=["users/2"], sharing=Sharing.READ).readers() == ["everyone"]
