"""Who may read the audit, and how it leaves the house."""

import json

import pytest
from crm.identity.v1 import domain_events_pb2 as identity_events
from crm.identity.v1 import identity_pb2 as identity
from crm.notifications.v1 import domain_events_pb2 as notifications_events
from crm.notifications.v1 import notifications_pb2 as notifications
from sqlalchemy import select, text

from chassis.identity import Actor
from chassis.inbox import Inbox
from chassis.testing import ADA, BOB, OWNER, Caller, refused, statements
from gateway.audit import chain
from gateway.audit.model import SELECTIVE, AuditEntry
from tests.audit.conftest import hear, message

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}
ADMIN = Actor(user="users/4", role="CRM_ADMIN")


@pytest.fixture
def three(audit, contacts, hear_all):
    """Three entries: two records of Ada's, one of Bob's."""
    names = [Caller(contacts, ADA).create_contact(contact=PERSON).name for _ in range(2)]
    names.append(Caller(contacts, BOB).create_contact(contact={**PERSON, "first_name": "Grace"}).name)
    hear_all()
    return names


def exported(audit, filter="", actor=OWNER, q=""):
    download = Caller(audit, actor).export_audit_entries(filter=filter, q=q)
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
    assert (report.head.filter, report.head.number) == ('actor = "users/3"', 3)
    searched = chain.verify(exported(audit, q="Grace"))
    assert (searched.entries, searched.head.filter) == (1, "q: Grace")


def test_whoever_takes_the_audit_along_stands_in_it(audit, three):
    exported(audit, 'actor = "users/3"', actor=ADMIN)
    with audit.engine.connect() as connection:
        said = [message(row) for row in connection.execute(audit.outbox.select())]
    Inbox(audit).handle_all("CRM@2", said, lambda: True)

    entry = Caller(audit, OWNER).list_audit_entries().audit_entries[0]

    assert (entry.event, entry.actor, entry.resource) == ("AuditExported", "users/4", "auditEntries")
    assert [(each.field, each.to) for each in entry.changes] == [("filter", '"actor = \\"users/3\\""')]


def test_an_empty_audit_can_be_exported(audit):
    assert chain.verify(exported(audit)).entries == 0


@pytest.mark.parametrize(("page", "range"), [(2, 10), (1, 3), (10, 1), (10, 2), (2, 2)])
def test_long_exports_come_in_parts(audit, three, monkeypatch, page, range):
    monkeypatch.setattr("gateway.audit.rpc.PAGE", page)
    monkeypatch.setattr("gateway.audit.rpc.RANGE", range)

    assert chain.verify(exported(audit)).entries == 3
    assert chain.verify(exported(audit, 'actor = "users/3"')).entries == 1


# What the API refuses to those who administer only the CRM, the audit must not tell them.


@pytest.fixture
def portal(audit, three):
    """The same, and an entry each of what concerns the portal: its settings, and how mail leaves."""
    server = notifications.MailSettings(name="mailSettings", host="mail.example.com")
    hear(audit, notifications_events.MailSettingsUpdated(mail_settings=server))
    settings = identity.PortalSettings(name="portalSettings", title="Acme")
    hear(audit, identity_events.PortalSettingsUpdated(portal_settings=settings))
    return three


def test_what_concerns_the_portal_is_read_by_its_administrators_only(audit, portal):
    owner, admin = Caller(audit, OWNER), Caller(audit, ADMIN)

    assert owner.list_audit_entries().total_size == 5
    answer = admin.list_audit_entries()
    assert answer.total_size == 3
    assert {entry.service for entry in answer.audit_entries} == {"contacts"}
    assert admin.list_audit_entries(filter='service = "notifications"').total_size == 0
    for entry in owner.list_audit_entries(filter="number > 3").audit_entries:
        assert owner.get_audit_entry(name=entry.name) == entry
        with refused("NOT_FOUND", "NOT_FOUND"):
            admin.get_audit_entry(name=entry.name)


def test_an_export_says_which_services_it_leaves_out(audit, portal, key_folder):
    keys = json.loads((key_folder / "keys.json").read_text("utf-8"))

    some, whole = (chain.verify(exported(audit, actor=actor), keys) for actor in (ADMIN, OWNER))

    assert (some.entries, some.head.number, some.head.without) == (3, 5, ("identity", "notifications"))
    assert (whole.entries, whole.head.without) == (5, ())


@pytest.mark.parametrize("field", SELECTIVE)
def test_entries_are_found_without_reading_the_others(audit, three, field):
    asked = select(AuditEntry.id).where(getattr(AuditEntry, field) == "x").order_by(AuditEntry.number.desc()).limit(25)
    with audit.engine.connect() as connection, connection.begin():
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = connection.execute(text(f"EXPLAIN {asked.compile(connection, compile_kwargs={'literal_binds': True})}"))
        found = "\n".join(plan.scalars())

    assert f"ix_audit_entry_{field}_number" in found, found
