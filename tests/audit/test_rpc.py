"""Who may read the audit, and how it leaves the house."""

import json

import pytest

from chassis.identity import Actor
from chassis.testing import ADA, BOB, OWNER, Caller, refused, statements
from gateway.audit import chain

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}
ADMIN = Actor(user="users/4", role="CRM_ADMIN")


@pytest.fixture
def three(audit, contacts, hear_all):
    """Three entries: two records of Ada's, one of Bob's."""
    names = [Caller(contacts, ADA).create_contact(contact=PERSON).name for _ in range(2)]
    names.append(Caller(contacts, BOB).create_contact(contact={**PERSON, "first_name": "Grace"}).name)
    hear_all()
    return names


def exported(audit, filter=""):
    download = Caller(audit, OWNER).export_audit_entries(filter=filter)
    return b"".join(download.parts).splitlines()


def test_only_administrators_read_it(audit, three):
    for actor in (OWNER, ADMIN):
        assert Caller(audit, actor).list_audit_entries().total_size == 3
    ada = Caller(audit, ADA)

    with refused("ADMIN_REQUIRED", "PERMISSION_DENIED"):
        ada.list_audit_entries()
    with refused("ADMIN_REQUIRED", "PERMISSION_DENIED"):
        ada.export_audit_entries()
    with refused("NOT_FOUND", "NOT_FOUND"):
        ada.get_audit_entry(name="auditEntries/1")


def test_it_can_be_searched_and_filtered(audit, three):
    owner = Caller(audit, OWNER)

    def found(**asked):
        return [entry.resource for entry in owner.list_audit_entries(**asked).audit_entries]

    assert found() == three[::-1]
    assert found(filter='actor = "users/3"') == [three[2]]
    assert found(filter=f'resource = "{three[0]}" AND action = CREATED') == [three[0]]
    assert found(filter='time < "2026-01-01T00:00:00Z"') == []
    assert found(q="grace") == [three[2]]


def test_a_page_is_one_statement_and_its_count(audit, three):
    with statements(audit) as seen:
        Caller(audit, OWNER).list_audit_entries(page_size=2)

    assert len(seen) == 2, seen


def test_an_export_proves_that_it_is_whole(audit, three, key_folder):
    lines = exported(audit)
    keys = json.loads((key_folder / "keys.json").read_text("utf-8"))

    report = chain.verify(lines, keys)

    assert (report.entries, report.last, report.left_out, report.signed) == (3, 3, 0, True)
    assert chain.verify(lines).signed is False
    assert [json.loads(line)["resource"] for line in lines[:-1]] == three


def test_an_export_of_some_entries_says_how_many_it_leaves_out(audit, three):
    report = chain.verify(exported(audit, 'actor = "users/3"'))

    assert (report.entries, report.left_out) == (1, 2)


def test_an_empty_audit_can_be_exported(audit):
    assert chain.verify(exported(audit)).entries == 0


def test_long_exports_come_in_parts(audit, three, monkeypatch):
    monkeypatch.setattr("gateway.audit.rpc.PAGE", 2)

    assert chain.verify(exported(audit)).entries == 3
