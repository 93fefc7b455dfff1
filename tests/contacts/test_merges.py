"""One contact out of two, and two again."""

import pytest
from crm.identity.v1 import domain_events_pb2 as identity_events
from crm.identity.v1 import identity_pb2
from google.api.httpbody_pb2 import HttpBody
from sqlalchemy import text

from chassis.testing import ADA, OWNER, Caller, announced, hear, refused
from services.contacts import deciding
from tests.contacts.test_handlers import vote
from tests.contacts.test_photos import picture, upload

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}
COMPANY = {"kind": "COMPANY", "company_name": "Насосы"}
assert HttpBody


@pytest.fixture
def two(ada, contacts):
    """Two persons who have this and that in common."""
    owner = Caller(contacts, OWNER)
    field = owner.create_contact_field(contact_field={"label": "Colour", "kind": "TEXT"}).name
    level = owner.create_temperature_level(temperature_level={"title": "Hot"}).name
    company = ada.create_contact(contact=COMPANY).name
    target = ada.create_contact(
        contact={
            **PERSON,
            "job_title": "Analyst",
            "emails": [{"value": "ada@example.com"}],
            "tags": ["vip"],
            "custom": {field: {"string_value": "blue"}},
        }
    )
    source = ada.create_contact(
        contact={
            **PERSON,
            "first_name": "Augusta",
            "job_title": "Countess",
            "emails": [{"value": "ADA@example.com"}, {"value": "augusta@example.com", "primary": True}],
            "phones": [{"value": "+41 44 668 18 00"}],
            "tags": ["VIP", "fair"],
            "company": company,
            "temperature": level,
            "currency": "GBP",
            "sharing": "READ",
            "custom": {field: {"string_value": "red"}},
        }
    )
    return target, source


def bare(contact):
    """A contact without what tells its version."""
    same = type(contact)()
    same.CopyFrom(contact)
    same.ClearField("etag")
    return same


def test_what_one_lacks_the_other_brings_and_what_both_have_several_of_is_kept_once(ada, two):
    target, source = two

    answer = ada.merge_contact(name=target.name, source=source.name)

    merged = answer.contact
    assert [(each.value, each.primary) for each in merged.emails] == [
        ("ada@example.com", True),
        ("augusta@example.com", False),
    ]
    assert (merged.first_name, merged.job_title, merged.company) == ("Ada", "Analyst", source.company)
    assert (merged.temperature, merged.currency, list(merged.tags)) == (source.temperature, "GBP", ["vip", "fair"])
    assert merged.sharing == target.sharing
    fields = {each.field: (each.target, each.source) for each in answer.conflicts}
    assert fields == {
        "first_name": ("Ada", "Augusta"),
        "job_title": ("Analyst", "Countess"),
        "custom.contactFields/1": ("blue", "red"),
    }


def test_what_is_taken_from_the_source_replaces_the_survivors(ada, two):
    target, source = two

    taken = ["job_title", "custom.contactFields/1", "emails", "sharing"]
    merged = ada.merge_contact(name=target.name, source=source.name, take=taken).contact

    assert (merged.job_title, merged.custom["contactFields/1"].string_value) == ("Countess", "red")
    assert (merged.emails, merged.sharing) == (source.emails, source.sharing)
    with refused("UNKNOWN_CUSTOM_FIELD"):
        ada.merge_contact(name=target.name, source=ada.create_contact(contact=PERSON).name, take=["nonsense"])


def test_a_preview_changes_nothing(contacts, ada, two):
    target, source = two
    before = announced(contacts)

    shown = ada.merge_contact(name=target.name, source=source.name, validate_only=True)

    assert (shown.contact.currency, shown.merge.name, len(shown.conflicts)) == ("GBP", "", 3)
    assert [ada.get_contact(name=each.name) for each in two] == [target, source]
    assert announced(contacts) == before


def test_the_old_name_is_answered_with_the_survivor_to_those_who_may_see_it(ada, bob, two):
    target, source = two
    last = ada.create_contact(contact=PERSON)
    ada.merge_contact(name=target.name, source=source.name)
    ada.merge_contact(name=last.name, source=target.name)

    assert ada.get_contact(name=source.name).name == last.name
    with refused("NOT_FOUND") as caught:
        bob.get_contact(name=source.name)
    assert last.name not in str(caught[0])
    assert ada.list_contacts(filter="kind = PERSON").total_size == 1


def test_it_is_announced_with_both(contacts, ada, two):
    target, source = two

    answer = ada.merge_contact(name=target.name, source=source.name)

    subject, event, headers = announced(contacts)[-1]
    assert subject == "crm.contacts.contact_merged"
    assert (event.merge.source, event.target, event.source.display_name) == (
        source.name,
        answer.contact,
        "Augusta Lovelace",
    )
    assert headers["Crm-Readers"] == '["everyone","users/2"]'


@pytest.mark.parametrize("which", ["target", "source"])
def test_who_merges_may_change_both(ada, bob, which):
    mine = ada.create_contact(contact=PERSON)
    for sharing, reason in (("PRIVATE", "NOT_FOUND"), ("READ", "PERMISSION_DENIED")):
        theirs = bob.create_contact(contact={**PERSON, "sharing": sharing})
        pair = (mine, theirs) if which == "source" else (theirs, mine)
        with refused(reason):
            ada.merge_contact(name=pair[0].name, source=pair[1].name)


def test_merges_in_a_circle_and_of_kinds_are_refused(ada, two):
    target, source = two
    company = ada.create_contact(contact=COMPANY)

    with refused("MERGE_WITH_ITSELF"):
        ada.merge_contact(name=target.name, source=target.name)
    with refused("MERGE_OF_KINDS"):
        ada.merge_contact(name=target.name, source=company.name)
    ada.merge_contact(name=target.name, source=source.name)
    with refused("MERGE_WITH_ITSELF"):
        ada.merge_contact(name=source.name, source=target.name)
    with refused("ETAG_MISMATCH"):
        ada.merge_contact(name=target.name, source=ada.create_contact(contact=PERSON).name, source_etag='"9"')


@pytest.mark.parametrize("validate_only", [True, False])
def test_what_would_be_too_much_for_one_contact_is_not_merged(ada, validate_only):
    target, source = (
        ada.create_contact(contact={**PERSON, "emails": [{"value": f"{who}{n}@example.com"} for n in range(30)]})
        for who in ("ada", "augusta")
    )
    with refused("INVALID_FIELDS") as error:
        ada.merge_contact(name=target.name, source=source.name, validate_only=validate_only)
    assert [violation.field for violation in error[0].violations] == ["emails"]
    assert ada.get_contact(name=target.name) == target
    assert ada.get_contact(name=source.name) == source


@pytest.mark.parametrize("name", ["contacts/0", "contacts/01", "users/1", "contacts/999999999999999999"])
def test_what_nobody_is_called_is_not_merged(ada, two, name):
    for pair in ((two[0].name, name), (name, two[0].name)):
        with refused("INVALID_FIELDS" if name == "users/1" else "NOT_FOUND"):
            ada.merge_contact(name=pair[0], source=pair[1])


def test_what_is_being_deleted_is_not_merged(contacts, ada, two):
    target, source = two
    with contacts.begin(ADA) as tx:
        deciding.request_deletion(tx, source.name, "")

    for pair in ((target, source), (source, target)):
        with refused("CONTACT_DELETING"):
            ada.merge_contact(name=pair[0].name, source=pair[1].name)


def test_the_persons_of_a_company_work_for_the_survivor_and_go_back(ada):
    old, new = (ada.create_contact(contact=COMPANY).name for _ in range(2))
    stays, moves = (ada.create_contact(contact={**PERSON, "company": old}).name for _ in range(2))
    merge = ada.merge_contact(name=new, source=old).merge
    assert {ada.get_contact(name=each).company for each in (stays, moves)} == {new}
    ada.update_contact(contact={"name": moves}, update_mask={"paths": ["company"]})

    ada.undo_contact_merge(name=merge.name)

    assert [ada.get_contact(name=each).company for each in (stays, moves)] == [old, ""]


def test_undone_both_are_as_they_were(contacts, ada, two):
    target, source = two
    upload(ada, source.name, picture((30, 30)))
    source = ada.get_contact(name=source.name)
    merge = ada.merge_contact(name=target.name, source=source.name).merge
    assert ada.get_contact(name=target.name).photo == source.photo

    answer = ada.undo_contact_merge(name=merge.name)

    assert [bare(ada.get_contact(name=each.name)) for each in two] == [bare(target), bare(source)]
    assert bare(answer.source) == bare(source)
    assert b"".join(ada.download_contact_photo(name=source.name).parts)
    with refused("NOT_FOUND"):
        ada.download_contact_photo(name=target.name)
    assert announced(contacts)[-1][0] == "crm.contacts.contact_unmerged"
    with refused("MERGE_UNDONE"):
        ada.undo_contact_merge(name=merge.name)
    # And once more, for both are whole again.
    again = ada.merge_contact(name=target.name, source=source.name).merge
    ada.undo_contact_merge(name=again.name)


def test_a_photo_that_was_replaced_comes_back(ada, two):
    target, source = two
    upload(ada, target.name, picture((20, 20)))
    upload(ada, source.name, picture((30, 30)))
    before = b"".join(ada.download_contact_photo(name=target.name).parts)
    merge = ada.merge_contact(name=target.name, source=source.name, take=["photo"]).merge
    assert b"".join(ada.download_contact_photo(name=target.name).parts) != before

    ada.undo_contact_merge(name=merge.name)

    assert b"".join(ada.download_contact_photo(name=target.name).parts) == before


def test_only_what_changed_since_is_asked_about(ada, two):
    target, source = two
    merge = ada.merge_contact(name=target.name, source=source.name).merge
    # The merge had nothing to do with the description; it did with the currency and the tags.
    changes = {"name": target.name, "description": "new", "currency": "USD", "tags": ["vip", "fair", "new"]}
    ada.update_contact(contact=changes)

    with refused("UNMERGE_CONFLICTS", "FAILED_PRECONDITION") as caught:
        ada.undo_contact_merge(name=merge.name)
    shown = ada.undo_contact_merge(name=merge.name, validate_only=True)
    answer = ada.undo_contact_merge(name=merge.name, take=["currency"], keep=["tags"])

    assert caught[0].metadata["fields"] == "currency, tags"
    assert [(each.field, each.target, each.source) for each in shown.conflicts] == [
        ("currency", "USD", ""),
        ("tags", "vip, fair, new", "vip"),
    ]
    assert (answer.target.description, answer.target.currency, list(answer.target.tags)) == (
        "new",
        "",
        ["vip", "fair", "new"],
    )
    assert answer.target.company == ""
    assert bare(answer.source) == bare(source)


def test_later_merges_are_undone_first(ada, two):
    target, source = two
    third = ada.create_contact(contact=PERSON)
    first = ada.merge_contact(name=target.name, source=source.name).merge
    second = ada.merge_contact(name=target.name, source=third.name).merge

    with refused("LATER_MERGE"):
        ada.undo_contact_merge(name=first.name)
    for merge in (second, first):
        ada.undo_contact_merge(name=merge.name)

    assert [bare(ada.get_contact(name=each.name)) for each in (target, source, third)] == [
        bare(target),
        bare(source),
        bare(third),
    ]


def test_merges_are_seen_by_those_who_see_the_survivor(ada, bob, two):
    target, source = two
    merge = ada.merge_contact(name=target.name, source=source.name).merge

    assert ada.list_contact_merges(filter=f'target = "{target.name}"').contact_merges[0] == merge
    assert (merge.source_title, merge.creator) == ("Augusta Lovelace", "users/2")
    assert bob.list_contact_merges().total_size == 0
    with refused("NOT_FOUND"):
        bob.undo_contact_merge(name=merge.name)


def delete(contacts, contact):
    """Deletes a contact, as nobody objects."""
    with contacts.begin(ADA) as tx:
        number = deciding.request_deletion(tx, contact.name, "")
    hear(contacts, vote(f"{contact.name}/deletions/{number}"))


def test_who_was_parted_from_a_contact_does_not_go_with_it(contacts, ada):
    target, source = (ada.create_contact(contact=PERSON) for _ in range(2))
    upload(ada, source.name, picture((30, 30)))
    merge = ada.merge_contact(name=target.name, source=source.name).merge
    ada.undo_contact_merge(name=merge.name)

    delete(contacts, target)

    assert ada.get_contact(name=source.name).photo
    assert ada.download_contact_photo(name=source.name).size


def test_with_a_contact_go_those_that_were_taken_into_it(contacts, ada, two):
    target, source = two
    ada.merge_contact(name=target.name, source=source.name)
    delete(contacts, target)

    deleted = [headers["Crm-Resource"] for subject, _, headers in announced(contacts) if "contact_deleted" in subject]
    assert sorted(deleted) == sorted([target.name, source.name])
    with refused("NOT_FOUND"):
        ada.get_contact(name=source.name)
    with contacts.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM contact_merge")).scalar() == 0


def test_a_group_that_is_gone_does_not_come_back_with_what_is_parted(contacts):
    owner = Caller(contacts, OWNER)
    target = owner.create_contact(contact=PERSON)
    source = owner.create_contact(contact={**PERSON, "managers": ["users/2", "groups/1"]})
    merge = owner.merge_contact(name=target.name, source=source.name).merge
    hear(contacts, identity_events.GroupDeleted(group=identity_pb2.Group(name="groups/1")))

    parted = owner.undo_contact_merge(name=merge.name)

    assert list(parted.source.managers) == ["users/2"]
