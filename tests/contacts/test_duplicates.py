"""Contacts that may be one, and what hangs on a contact."""

import pytest

from chassis.testing import BOB, OWNER, Caller, refused, statements

ANN = {"kind": "PERSON", "first_name": "Анна", "last_name": "Соколова", "emails": [{"value": "Ann@Example.com"}]}


def likely(caller, **typed):
    """Returns what may be the same, as (name, reasons, score)."""
    found = caller.find_duplicates(contact={"kind": "PERSON", **typed}).matches
    return [
        (match.contact.display_name, [match.Reason.Name(each) for each in match.reasons], match.score)
        for match in found
    ]


@pytest.mark.parametrize(
    ("typed", "reasons"),
    [
        ({"emails": [{"value": "ANN@example.COM"}]}, ["EMAIL"]),
        ({"phones": [{"value": "8 (916) 123-45-67"}]}, ["PHONE"]),
        ({"phones": [{"value": "+7 916 1234567"}]}, ["PHONE"]),
        ({"first_name": "Соколова", "last_name": "Анна"}, ["NAME"]),
        ({"first_name": "Анна", "last_name": "Сокалова"}, ["NAME"]),
    ],
)
def test_the_same_person_is_recognised_however_it_is_typed(contacts, ada, typed, reasons):
    Caller(contacts, OWNER).update_contact_settings(contact_settings={"phone_region": "RU"})
    ada.create_contact(contact={**ANN, "phones": [{"value": "+79161234567"}]})
    ada.create_contact(contact={**ANN, "first_name": "Пётр", "last_name": "Иванов", "emails": []})

    ((name, why, score),) = likely(ada, **typed)

    assert (name, why) == ("Анна Соколова", reasons)
    assert score > 80


def test_who_has_more_in_common_comes_first_and_nobody_is_his_own_double(ada):
    both = ada.create_contact(contact=ANN)
    ada.create_contact(contact={**ANN, "first_name": "Борис"})

    found = likely(ada, first_name="Анна", last_name="Соколова", emails=[{"value": "ann@example.com"}])
    assert found[0][:2] == ("Анна Соколова", ["EMAIL", "NAME"])
    again = likely(ada, name=both.name, first_name="Анна", last_name="Соколова", emails=[{"value": "ann@example.com"}])
    assert [name for name, _, _ in again] == ["Борис Соколова"]


def test_what_one_may_not_see_is_nobodys_double(contacts, ada):
    ada.create_contact(contact=ANN)
    bob = Caller(contacts, BOB)

    assert likely(bob, emails=[{"value": "ann@example.com"}]) == []
    assert not bob.list_contact_duplicates().groups


def test_it_takes_few_statements(contacts, ada):
    ada.create_contact(contact=ANN)

    with statements(contacts) as seen:
        likely(ada, first_name="Анна", last_name="Соколова", phones=[{"value": "123456"}])

    assert len(seen) <= 4, seen


def test_doubles_are_gathered_by_what_they_share_page_by_page(ada):
    for number in range(3):
        for _ in range(2):
            ada.create_contact(contact={**ANN, "emails": [{"value": f"a{number}@example.com"}]})

    first = ada.list_contact_duplicates(reason="EMAIL", page_size=2)
    second = ada.list_contact_duplicates(reason="EMAIL", page_size=2, page_token=first.next_page_token)

    values = [group.value for page in (first, second) for group in page.groups]
    assert values == ["a0@example.com", "a1@example.com", "a2@example.com"]
    assert all(len(group.contacts) == 2 for group in first.groups)
    assert not second.next_page_token
    (by_name,) = ada.list_contact_duplicates(reason="NAME").groups
    assert len(by_name.contacts) == 6


def test_of_those_that_are_not_one_nobody_is_asked_again(contacts, ada):
    one, other = (ada.create_contact(contact={**ANN, "sharing": "READ"}) for _ in range(2))
    ada.dismiss_contact_duplicates(contacts=[other.name, one.name])
    ada.dismiss_contact_duplicates(contacts=[one.name, other.name])

    assert not ada.list_contact_duplicates().groups
    assert likely(ada, name=one.name, first_name="Анна", last_name="Соколова") == []
    assert len(likely(ada, first_name="Анна", last_name="Соколова")) == 2
    third = ada.create_contact(contact=ANN)
    assert {len(group.contacts) for group in ada.list_contact_duplicates().groups} == {3}
    ada.dismiss_contact_duplicates(contacts=[one.name, third.name, other.name])
    assert not ada.list_contact_duplicates().groups


def test_only_who_may_change_contacts_says_that_they_are_not_one(contacts, ada):
    one, other = (ada.create_contact(contact={**ANN, "sharing": sharing}) for sharing in ("READ", "PRIVATE"))
    bob = Caller(contacts, BOB)
    mine = bob.create_contact(contact={**ANN, "sharing": "READ"})

    with refused("PERMISSION_DENIED"):
        bob.dismiss_contact_duplicates(contacts=[mine.name, one.name])
    with refused("NOT_FOUND"):
        bob.dismiss_contact_duplicates(contacts=[mine.name, other.name])
    with refused("INVALID_FIELDS"):
        bob.dismiss_contact_duplicates(contacts=[mine.name])
    assert {len(group.contacts) for group in ada.list_contact_duplicates().groups} == {3}


def test_a_person_and_a_company_of_one_name_are_two(ada):
    ada.create_contact(contact={"kind": "COMPANY", "company_name": "Анна Соколова"})
    ada.create_contact(contact={**ANN, "emails": []})

    assert not ada.list_contact_duplicates().groups


def test_the_persons_of_a_company_lose_it_and_a_silent_service_is_unknown(contacts, ada):
    company = ada.create_contact(contact={"kind": "COMPANY", "company_name": "Насосы"})
    ada.create_contact(contact={**ANN, "company": company.name})
    contacts.peers.addresses = dict.fromkeys(("invoicing", "events"), "127.0.0.1:1")

    persons, *silent = ada.get_deletion_impact(name=company.name).impacts

    assert (persons.type, persons.count, persons.effect, persons.examples[0].title) == (
        "Contact",
        1,
        persons.DETACHED,
        "Анна Соколова",
    )
    assert [(each.service, each.Effect.Name(each.effect)) for each in silent] == [
        ("invoicing", "UNKNOWN"),
        ("events", "UNKNOWN"),
    ]
