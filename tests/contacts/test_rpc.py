"""What may be asked of the contacts service, and by whom."""

import pytest
from crm.contacts.v1 import contacts_pb2
from crm.identity.v1 import domain_events_pb2 as identity_events
from crm.type.v1.access_pb2 import AccessEntry
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from chassis.identity import Actor
from chassis.testing import ADA, OWNER, Caller, announced, hear, refused

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}
COMPANY = {"kind": "COMPANY", "company_name": "Насосы"}
SERVICE = Actor(service="services/invoicing")


def test_whoever_adds_a_contact_manages_it(ada):
    assert list(ada.create_contact(contact=PERSON).managers) == ["users/2"]


def test_whoever_adds_a_contact_may_name_other_managers(ada, bob):
    contact = ada.create_contact(contact={**PERSON, "managers": ["users/3"]})

    assert bob.get_contact(name=contact.name) == contact
    with refused("NOT_FOUND"):
        ada.get_contact(name=contact.name)


@pytest.mark.parametrize(
    ("sharing", "sees", "changes"),
    [("PRIVATE", False, "NOT_FOUND"), ("READ", True, "PERMISSION_DENIED"), ("READ_WRITE", True, None)],
)
def test_what_others_may_do_follows_from_sharing(ada, bob, sharing, sees, changes):
    contact = ada.create_contact(contact={**PERSON, "sharing": sharing})
    change = {"name": contact.name, "first_name": "Eve"}

    assert bool(bob.list_contacts().contacts) is sees
    assert bob.list_contacts(q="lovelace").total_size == int(sees)
    if sharing == "READ_WRITE":
        with refused("MANAGER_REQUIRED"):
            bob.update_contact(contact={"name": contact.name, "managers": ["users/3"], "sharing": "PRIVATE"})
    if changes:
        with refused(changes):
            bob.update_contact(contact=change)
        with refused(changes):
            bob.delete_contact(name=contact.name)
        assert ada.get_contact(name=contact.name) == contact
    else:
        assert bob.update_contact(contact=change).first_name == "Eve"


@pytest.mark.parametrize("actor", [OWNER, Actor(user="users/9", role="CRM_ADMIN"), SERVICE])
def test_administrators_and_services_see_everything(ada, contacts, actor):
    contact = ada.create_contact(contact=PERSON)

    assert Caller(contacts, actor).get_contact(name=contact.name).name == contact.name


def test_a_group_may_manage_a_contact(contacts, ada):
    contact = ada.create_contact(contact={**PERSON, "managers": ["groups/1"]})
    member = Caller(contacts, Actor(user="users/8", role="USER", groups=("groups/1",)))

    changed = member.update_contact(contact={"name": contact.name, "sharing": "READ"})

    assert changed.managers == ["groups/1"]
    with refused("NOT_FOUND"):
        Caller(contacts, Actor(user="users/9", role="USER", groups=("groups/2",))).get_contact(
            name=ada.create_contact(contact={**PERSON, "managers": ["groups/1"]}).name
        )


def test_a_contact_is_given_to_nobody_who_does_not_work_here(contacts, ada):
    contact = ada.create_contact(contact={**PERSON, "managers": ["users/2", "users/3"]})
    hear(contacts, identity_events.UserUpdated(user={"name": "users/3", "etag": '"7"', "state": "DISABLED"}))
    # An older announcement that arrives late changes nothing.
    hear(contacts, identity_events.UserCreated(user={"name": "users/3", "etag": '"1"'}), event_id="event-2")

    for managers in (["users/2", "users/99"], ["users/2", "groups/99"], ["users/2", "users/3"]):
        with refused("PERSON_NOT_FOUND", "INVALID_ARGUMENT"):
            ada.create_contact(contact={**PERSON, "managers": managers})
    # He looks after it already; that others join him is no gift to him.
    changed = ada.update_contact(contact={"name": contact.name, "managers": ["users/1", "users/2", "users/3"]})

    assert changed.managers == ["users/1", "users/2", "users/3"]
    assert ada.list_contacts().total_size == 1


def test_those_who_are_given_a_contact_are_told_unless_nobody_is_to_be(contacts, ada):
    def told():
        return [list(message.recipients) for _, message, _ in announced(contacts) if hasattr(message, "recipients")]

    contact = ada.create_contact(contact={**PERSON, "managers": ["users/2", "users/3"]})
    assert told() == [["users/3"]]

    ada.update_contact(contact={"name": contact.name, "managers": ["users/2", "users/3", "groups/1"]})
    assert told()[1:] == [["groups/1"]]

    ada.update_contact(contact={"name": contact.name, "first_name": "Augusta"})
    ada.create_contact(contact={**PERSON, "managers": ["users/3"]}, notify=False)
    ada.create_contact(contact=PERSON)
    assert len(told()) == 2


@pytest.mark.parametrize(
    ("sharing", "everybody"),
    [("PRIVATE", []), ("READ", [("everyone", "READ", "SHARED")]), ("READ_WRITE", [("everyone", "WRITE", "SHARED")])],
)
def test_who_sees_a_contact_is_told_to_those_who_see_it(ada, bob, sharing, everybody):
    contact = ada.create_contact(contact={**PERSON, "sharing": sharing, "managers": ["users/2", "groups/1"]})

    entries = ada.explain_contact_access(name=contact.name).entries

    told = [(e.principal, AccessEntry.Level.Name(e.level), AccessEntry.Reason.Name(e.reason)) for e in entries]
    managers = [("users/2", "WRITE", "MANAGER"), ("groups/1", "WRITE", "MANAGER")]
    assert told == [*managers, *everybody, ("administrators", "WRITE", "ADMINISTRATOR")]
    if sharing == "PRIVATE":
        with refused("NOT_FOUND"):
            bob.explain_contact_access(name=contact.name)


def test_an_unknown_and_a_forbidden_contact_are_refused_alike(ada, bob):
    contact = ada.create_contact(contact=PERSON)
    with refused("NOT_FOUND") as forbidden:
        bob.get_contact(name=contact.name)
    with refused("NOT_FOUND") as unknown:
        bob.get_contact(name="contacts/999")

    assert str(forbidden[0]).replace(contact.name, "contacts/999") == str(unknown[0])


def test_a_person_works_for_a_company(ada):
    company = ada.create_contact(contact=COMPANY)

    person = ada.create_contact(contact={**PERSON, "company": company.name})

    assert person.company_display_name == "Насосы"
    assert ada.list_contacts(filter=f'company = "{company.name}"').contacts[0].company_display_name == "Насосы"


@pytest.mark.parametrize("company", ["contacts/999", "person", "private"])
def test_the_company_must_be_a_company_that_one_may_see(ada, bob, company):
    named = {
        "contacts/999": "contacts/999",
        "person": ada.create_contact(contact=PERSON).name,
        "private": bob.create_contact(contact=COMPANY).name,
    }[company]

    with refused("COMPANY_NOT_FOUND") as caught:
        ada.create_contact(contact={**PERSON, "company": named})

    assert caught[0].violations[0].field == "company"


def test_nobody_deletes_a_company_while_somebody_comes_to_work_there(contacts, ada):
    company = ada.create_contact(contact=COMPANY)
    request = contacts_pb2.CreateContactRequest(contact={**PERSON, "company": company.name})
    with contacts.begin(ADA) as tx:
        contacts.rpcs["CreateContact"].function(request, tx)
        with contacts.engine.connect() as other:
            other.execute(text("SET LOCAL lock_timeout = 50"))
            with pytest.raises(OperationalError, match="lock timeout"):
                other.execute(text("DELETE FROM contact WHERE kind = 'COMPANY'"))

    assert ada.list_contacts(filter=f"company = {company.name}").total_size == 1


def test_the_name_of_a_private_company_is_not_shown_to_others(ada, bob):
    company = ada.create_contact(contact=COMPANY)
    person = ada.create_contact(contact={**PERSON, "company": company.name, "sharing": "READ"})

    seen = bob.get_contact(name=person.name)

    assert (seen.company, seen.company_display_name) == (company.name, "")


def test_a_person_can_leave_the_company(ada):
    company = ada.create_contact(contact=COMPANY)
    person = ada.create_contact(contact={**PERSON, "company": company.name})

    left = ada.update_contact(contact={"name": person.name}, update_mask={"paths": ["company"]})

    assert (left.company, left.company_display_name) == ("", "")


def test_the_kind_never_changes(ada):
    contact = ada.create_contact(contact=PERSON)

    with refused("READ_ONLY_FIELD"):
        ada.update_contact(contact={"name": contact.name, "kind": "COMPANY", "company_name": "X"})


def test_a_contact_keeps_at_least_one_manager(ada):
    contact = ada.create_contact(contact=PERSON)

    with refused("MANAGER_MISSING"):
        ada.update_contact(contact={"name": contact.name}, update_mask={"paths": ["managers"]})


def test_a_name_cannot_be_taken_away(ada):
    contact = ada.create_contact(contact=PERSON)

    with refused("NAME_REQUIRED"):
        ada.update_contact(contact={"name": contact.name}, update_mask={"paths": ["last_name"]})

    assert ada.get_contact(name=contact.name).last_name == "Lovelace"


@pytest.mark.parametrize(
    "typed", ["лавлейс", "LOVE", "ada love", "a@example", "9161234567", "8 (916) 123-45-67", "берлин"]
)
def test_what_is_typed_is_found_anywhere(ada, typed):
    ada.create_contact(
        contact={
            **PERSON,
            "job_title": "Лавлейс",
            "emails": [{"value": "a@example.com"}],
            "phones": [{"value": "8 916 123-45-67"}],
            "addresses": [{"city": "Берлин"}],
        }
    )
    ada.create_contact(contact={**PERSON, "first_name": "Eve", "last_name": "Other"})

    assert ada.list_contacts(q=typed).total_size == 1


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'", "love%lace", "*"])
def test_signs_that_databases_know_are_only_signs(ada, typed):
    ada.create_contact(contact=PERSON)

    assert ada.list_contacts(q=typed).total_size == 0


def test_lists_leave_out_what_they_do_not_show(ada):
    ada.create_contact(contact={**PERSON, "description": "long", "addresses": [{"city": "Berlin"}]})

    listed = ada.list_contacts().contacts[0]

    assert (listed.description, list(listed.addresses)) == ("", [])


def test_text_is_kept_as_it_was_typed(ada):
    text = "<script>alert(1)</script> {x} %s \u202e Ω 𝔘"

    contact = ada.create_contact(contact={**PERSON, "description": text})

    assert ada.get_contact(name=contact.name).description == text


def test_an_update_announces_what_changed(ada, contacts):
    contact = ada.create_contact(contact=PERSON)
    ada.update_contact(contact={"name": contact.name, "first_name": "Augusta", "last_name": "Lovelace"})

    event = announced(contacts)[-1][1]

    assert (list(event.changed.paths), event.contact.first_name) == (["first_name"], "Augusta")


@pytest.mark.parametrize("address", ["ada@example.com", "ada@пример.рф", "o'neill@köln.example"])
def test_an_address_may_be_in_a_domain_of_any_alphabet(ada, address):
    contact = ada.create_contact(contact={**PERSON, "emails": [{"value": address}]})
    assert ada.list_contacts(q=address).contacts[0].name == contact.name


@pytest.mark.parametrize("address", ["ada", "ada@", "a b@example.com", "ada@x..ru", "ada@x\u202e.ru", "ada@x.ru\n"])
def test_what_is_no_address_is_refused_by_its_name(ada, address):
    with refused("string.email") as error:
        ada.create_contact(contact={**PERSON, "emails": [{"value": address}]})
    assert error[0].violations[0].field == "emails[0].value"


@pytest.mark.parametrize("looked_for", ["50%_a/b", "%_a", "_", "%", "/b"])
def test_signs_that_mean_something_in_patterns_are_looked_for_as_they_are(ada, looked_for):
    made = ada.create_contact(contact={"kind": "COMPANY", "company_name": "50%_a/b"})
    ada.create_contact(contact={"kind": "COMPANY", "company_name": "50xya b"})

    assert [each.name for each in ada.list_contacts(q=looked_for).contacts] == [made.name]
    assert ada.list_contacts(q=looked_for).total_size == 1


def test_a_search_for_other_words_is_not_prepared_again(ada, monkeypatch):
    ada.create_contact(contact=COMPANY)
    ada.list_contacts(q="pump")
    monkeypatch.setattr("chassis.standard.prepare", None)

    assert ada.list_contacts(q="насос").total_size == 1
