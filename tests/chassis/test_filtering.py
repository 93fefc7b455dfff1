"""AIP-160 filters: what they find, and what they refuse."""

import pytest
from sqlalchemy import text

from chassis.aip.filtering import MAXIMUM_TERMS
from chassis.testing import ADA, BOB, OWNER, Caller, refused


@pytest.fixture
def people(contacts):
    """Ada's company, and two persons: one of Ada's, one that the owner shares."""
    ada, owner = Caller(contacts, ADA), Caller(contacts, OWNER)
    company = ada.create_contact(contact={"kind": "COMPANY", "company_name": "Насосы"})
    ada.create_contact(contact={"kind": "PERSON", "first_name": "Иван", "last_name": "Ёлкин", "company": company.name})
    owner.create_contact(
        contact={"kind": "PERSON", "first_name": "Grace", "last_name": "Hopper", "sharing": "READ", "job_title": "Dr"}
    )
    return ada


def found(caller, asked):
    """The display names that a filter finds."""
    return [contact.display_name for contact in caller.list_contacts(filter=asked).contacts]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", ["Grace Hopper", "Иван Ёлкин", "Насосы"]),
        ("kind = PERSON", ["Grace Hopper", "Иван Ёлкин"]),
        ("kind != PERSON", ["Насосы"]),
        ("kind = COMPANY OR last_name = Hopper", ["Grace Hopper", "Насосы"]),
        ("NOT kind = PERSON", ["Насосы"]),
        ("-kind = PERSON", ["Насосы"]),
        ('managers:"users/2" kind = PERSON', ["Иван Ёлкин"]),
        ('company = "contacts/1"', ["Иван Ёлкин"]),
        ('name = "contacts/3"', ["Grace Hopper"]),
        ('lastName = "Ёлкин"', ["Иван Ёлкин"]),
        ("last_name:opp", ["Grace Hopper"]),
        ('create_time > "2020-01-01T00:00:00Z" AND sharing = READ', ["Grace Hopper"]),
        ('create_time > "2120-01-01T00:00:00Z"', []),
        # OR binds tighter than AND, as the AIP has it.
        ("kind = PERSON AND last_name = Hopper OR last_name = Ёлкин", ["Grace Hopper", "Иван Ёлкин"]),
        ("(kind = COMPANY AND sharing = PRIVATE) OR job_title = Dr", ["Grace Hopper", "Насосы"]),
        ('job_title = "\\"Dr\\""', []),
        ('last_name = "%"', []),
        ("last_name:%", []),
        ("company:*", ["Иван Ёлкин"]),
        ("NOT company:*", ["Grace Hopper", "Насосы"]),
        ("last_name:*", ["Grace Hopper", "Иван Ёлкин"]),
        ('last_name:"*"', []),
        ("NOT tags:*", ["Grace Hopper", "Иван Ёлкин", "Насосы"]),
        ("custom.contactFields/1:*", []),
    ],
)
def test_a_filter_finds(people, asked, names):
    assert sorted(found(people, asked)) == sorted(names)


@pytest.mark.parametrize(
    "asked",
    [
        "kind =",
        "= PERSON",
        "kind PERSON",
        "(kind = PERSON",
        "kind = PERSON)",
        "search_text = x",
        "version = 1",
        "password = x",
        "create_time > yesterday",
        'name:"contacts/1"',
        'create_time:"2026"',
        'company:"contacts/1"',
        'create_time > "2026-01-01T00:00:00"',
        'company = "users/1"',
        'kind = "PERSON',
        "kind = PERSON; DROP TABLE contact",
        "kind = 'PERSON' --",
        " ".join(["kind = PERSON"] * (MAXIMUM_TERMS * 2)),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(people, asked):
    with refused("INVALID_FILTER", "INVALID_ARGUMENT") as caught:
        people.list_contacts(filter=asked)

    assert caught[0].violations[0].field == "filter"


def test_contacts_that_nobody_looks_after_are_found(people, contacts):
    with contacts.engine.begin() as connection:
        connection.execute(text("UPDATE contact SET managers = '{}' WHERE last_name = 'Ёлкин'"))
    owner = Caller(contacts, OWNER)

    assert found(owner, "NOT managers:*") == ["Иван Ёлкин"]
    assert found(owner, "managers:*") == ["Grace Hopper", "Насосы"]


def test_a_filter_shows_nothing_that_is_private(people, contacts):
    assert found(Caller(contacts, BOB), "kind = COMPANY OR kind = PERSON") == ["Grace Hopper"]
