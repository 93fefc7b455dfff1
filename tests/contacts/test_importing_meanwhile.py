"""What happens to people and lists while a file comes in."""

import pytest
from crm.identity.v1 import domain_events_pb2 as identity_events
from crm.identity.v1 import identity_pb2

from chassis.kit.importing import running
from chassis.testing import ADA, OWNER, Caller, hear, refused
from services.contacts.importing.running import carry_out_imports
from services.contacts.jobs import clear_what_was_deleted
from tests.contacts.importing import change, counts, disable, finish, people, run, state, upload
from tests.contacts.test_importing import RUSSIAN


def test_nothing_is_imported_for_somebody_who_is_disabled_meanwhile(ada, contacts):
    job = upload(ada, RUSSIAN)
    ada.start_contact_import(name=job.name)
    disable(contacts, ADA.user)

    ended = finish(ada, job)

    assert (state(ended), counts(ended)) == ("FAILED", (0, 0, 0, 0))
    assert ended.error == "whoever asked for it does not work here any more"


@pytest.fixture
def step(monkeypatch, contacts):
    """Imports ten rows."""
    monkeypatch.setattr(running, "BATCH", 10)

    def once():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(running, "SLICE", 0.0001)
            carry_out_imports(contacts.job_context())

    return once


def test_a_tag_or_field_that_is_deleted_meanwhile_is_not_given_to_what_comes_later(ada, contacts, step):
    owner = Caller(contacts, OWNER)
    field = owner.create_contact_field(contact_field={"label": "Size", "kind": "TEXT"}).name
    rows = "First name,Last name,Size\n" + "".join(f"Ada{i},L,XL\n" for i in range(30))
    job = change(ada, upload(ada, rows), tags=["new"])
    ada.start_contact_import(name=job.name)
    step()
    [tag] = owner.list_contact_tags().contact_tags
    owner.delete_contact_tag(name=tag.name)
    owner.delete_contact_field(name=field)
    clear_what_was_deleted(contacts.job_context())

    done = finish(ada, job)

    assert counts(done) == (30, 0, 0, 0)
    # Who writes a tag makes it; what contacts have, there is.
    [again] = owner.list_contact_tags().contact_tags
    assert (again.title, again.contact_count) == ("new", 20)
    assert not any(contact.custom for contact in people(ada).values())


def test_a_group_that_is_gone_gets_nothing(ada, contacts, step):
    both = {"managers": ["groups/1", "users/3"]}
    going, draft = (change(ada, upload(ada, RUSSIAN), **both) for _ in range(2))
    late = change(ada, upload(ada, RUSSIAN), managers=["groups/1"])
    ada.start_contact_import(name=going.name)

    hear(contacts, identity_events.GroupDeleted(group=identity_pb2.Group(name="groups/1")), actor="users/1")
    step()

    assert {tuple(contact.managers) for contact in people(Caller(contacts, OWNER)).values()} == {("users/3",)}
    assert [list(ada.get_contact_import(name=each.name).managers) for each in (draft, late)] == [["users/3"], []]
    assert counts(run(ada, change(ada, late, duplicates="CREATE"))) == (4, 0, 0, 0)
    assert len(people(ada)) == 4


def test_whoever_left_since_is_refused_when_an_import_starts(ada, contacts):
    job = change(ada, upload(ada, RUSSIAN), managers=["users/3"])
    disable(contacts, "users/3")

    with refused("PERSON_NOT_FOUND"):
        ada.start_contact_import(name=job.name)
