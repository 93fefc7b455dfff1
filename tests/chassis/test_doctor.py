"""`crm doctor` finds each kind of fault, and nothing where there is none."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from chassis import doctor
from chassis.doctor import Examined, examine
from chassis.inbox import Heard, Inbox
from chassis.testing import OWNER, Caller, Neighbours

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace", "sharing": "READ"}
MARK_AS_SENT = "UPDATE outbox SET sent_time = now()"


class World:
    """Contacts and invoicing as the doctor sees them, and what moves events from one to the other."""

    def __init__(self, contacts, invoicing):
        self.contacts, self.invoicing = contacts, invoicing
        invoicing.peers = Neighbours(contacts)
        self.owner = Caller(contacts, OWNER)

    def examine(self):
        """What the doctor finds: (what, service, table, row, reference) each."""
        examined = [Examined(service, service.settings) for service in (self.contacts, self.invoicing)]
        found = examine(examined, patience=0)
        for each in examined:
            each.close()
        return [(each.what, each.service, each.table, each.row, each.reference) for each in found]

    def carry(self):
        """Lets everybody hear everything."""
        for speaker, listener in ((self.contacts, self.invoicing), (self.invoicing, self.contacts)):
            inbox = Inbox(listener)
            with speaker.engine.begin() as connection:
                rows = connection.execute(speaker.outbox.select().order_by(speaker.outbox.c.id)).all()
                connection.execute(text(MARK_AS_SENT))
            for row in rows:
                if row.subject in inbox.handlers:
                    inbox.handle(Heard(row.event_id, row.subject, row.payload, row.headers))

    def sql(self, service, statement, **values):
        """Does what no API would."""
        with service.engine.begin() as connection:
            connection.execute(text(statement), values)

    def contact(self, **more):
        """A contact that everybody has heard of."""
        made = self.owner.create_contact(contact={**PERSON, **more})
        self.carry()
        return made

    def invoice(self, contact):
        """An invoice for it."""
        line = {"description": "Work", "price": {"currency_code": "EUR", "units": 10}}
        invoice = {"client": contact.name, "currency_code": "EUR", "lines": [line]}
        made = Caller(self.invoicing, OWNER).create_invoice(invoice=invoice)
        self.carry()
        return made


@pytest.fixture
def world(contacts, invoicing):
    """An installation in which everything is well."""
    made = World(contacts, invoicing)
    peers = invoicing.peers
    yield made
    invoicing.peers = peers


def test_what_is_well_is_clean(world):
    company = world.contact(kind="COMPANY", first_name="", last_name="", company_name="Analytical Engines")
    person = world.contact(company=company.name, managers=["users/2", "groups/1"], sharing="PRIVATE")
    world.invoice(person)
    other = world.contact(last_name="King")
    world.owner.merge_contact(name=person.name, source=other.name)
    world.carry()

    assert world.examine() == []


def test_an_invoice_whose_client_is_not_there_is_found(world):
    invoice = world.invoice(world.contact())
    world.sql(world.invoicing, "UPDATE invoice SET client = 999")

    assert world.examine() == [("GONE", "invoicing", "invoice", invoice.name, "client → contacts/999")]


def test_an_invoice_that_did_not_follow_a_merge_is_found(world):
    source, target = world.contact(), world.contact(last_name="King")
    invoice = world.invoice(source)
    world.owner.merge_contact(name=target.name, source=source.name)
    world.carry()
    world.sql(world.invoicing, "UPDATE invoice SET client = :source", source=int(source.name.rpartition("/")[2]))

    assert world.examine() == [("MERGED", "invoicing", "invoice", invoice.name, f"client → {source.name}")]


def test_a_value_in_a_field_that_is_not_there_is_found(world):
    contact = world.contact()
    world.sql(world.contacts, """UPDATE contact SET custom = '{"contactFields/7": "x"}'""")

    assert world.examine() == [("GONE", "contacts", "contact", contact.name, "custom → contactFields/7")]


def test_a_photo_of_nobody_is_found(world):
    world.sql(world.contacts, "INSERT INTO contact_photo VALUES ('contacts/5', 'x')")

    assert world.examine() == [("GONE", "contacts", "contact_photo", "contacts/5", "subject → contacts/5")]


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("UPDATE contact_ref SET title = 'Somebody else'", "COPY_DIFFERS"),
        ("UPDATE contact_ref SET readers = '{users/2}'", "COPY_DIFFERS"),
        ("UPDATE contact_ref SET deleted = true", "COPY_DIFFERS"),
        ("DELETE FROM contact_ref", "COPY_MISSING"),
    ],
)
def test_a_copy_that_is_not_what_its_owner_has_is_found(world, fault, found):
    contact = world.contact()
    world.sql(world.invoicing, fault)

    assert world.examine() == [(found, "invoicing", "contact_ref", contact.name, "of contacts")]


def test_a_copy_of_what_is_gone_is_found(world):
    world.sql(world.invoicing, "INSERT INTO contact_ref VALUES (5, 'Ada', '{}', 1, false)")

    assert world.examine() == [("COPY_LEFT", "invoicing", "contact_ref", "contacts/5", "of contacts")]


def test_an_event_that_was_put_aside_is_found(world):
    world.sql(world.invoicing, "INSERT INTO parked VALUES ('e1', 'crm.contacts.contact_created', '', '{}', 'why')")

    assert world.examine() == [("PARKED", "invoicing", "parked", "e1", "crm.contacts.contact_created")]


def test_what_is_on_its_way_is_no_fault_but_said(world):
    world.owner.create_contact(contact=PERSON)

    assert world.examine() == [("UNHEARD", "contacts", "outbox", "1 events", "not sent yet")]


def test_what_is_sent_and_not_yet_heard_is_no_fault_either(world):
    world.owner.create_contact(contact=PERSON)
    world.sql(world.contacts, MARK_AS_SENT)

    assert world.examine() == [("UNHEARD", "invoicing", "inbox", "1 events", "of contacts, not heard yet")]


def test_what_is_heard_while_the_doctor_waits_is_no_fault(world, monkeypatch):
    world.owner.create_contact(contact=PERSON)
    monkeypatch.setattr(doctor.time, "sleep", lambda seconds: world.carry())
    examined = [Examined(service, service.settings) for service in (world.contacts, world.invoicing)]

    assert examine(examined) == []


def test_many_are_read_a_few_at_a_time(world, monkeypatch):
    monkeypatch.setattr(doctor, "SLICE", 2)
    contacts = [world.contact() for _ in range(5)]
    world.sql(world.invoicing, "DELETE FROM contact_ref WHERE name = 3")
    world.sql(world.contacts, "UPDATE contact SET managers = '{users/2}', creator = 'users/3'")

    found = world.examine()

    assert [row for what, *_, row, _ in found if what == "COPY_MISSING"] == [contacts[2].name]


def test_a_file_that_is_lost_is_found(world):
    world.sql(
        world.contacts,
        "INSERT INTO export (kind, filter, q, order_by, with_files, state, row_count, expected, file_name, error, size,"
        " blob, asker, language, version, create_time, update_time, creator) VALUES ('CONTACTS', '', '', '', false,"
        " 'SUCCEEDED', 0, 0, 'x', '', 0, 'contacts/lost', '{}', 'en', 1, now(), now(), 'users/1')",
    )

    assert world.examine() == [("BLOB_MISSING", "contacts", "export", "1", "contacts/lost")]


def test_an_old_file_that_nothing_names_is_found_and_a_young_one_is_not(world):
    old, young = (world.contacts.blobs.put([b"x"]) for _ in range(2))
    since = (datetime.now(UTC) - timedelta(days=3)).timestamp()
    os.utime(world.contacts.blobs.folder / old, (since, since))

    found = world.examine()
    world.contacts.blobs.delete(old)
    world.contacts.blobs.delete(young)

    assert found == [("BLOB_UNUSED", "contacts", "", "", old)]
