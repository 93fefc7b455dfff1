"""What may be asked of the invoicing service, and by whom."""

import threading
from contextlib import suppress

import pytest
from crm.invoicing.v1 import invoicing_pb2
from sqlalchemy import text

from chassis.identity import Actor
from chassis.testing import ADA, BOB, OWNER, Caller, announced, refused, statements

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}
LINES = [{"description": "Work", "quantity": "1.5", "price": {"currency_code": "EUR", "units": 100}}]

DOLLAR = {"currency_code": "USD", "units": 1}


@pytest.fixture
def client(contacts):
    """A private contact of Ada's."""
    return Caller(contacts, ADA).create_contact(contact=PERSON).name


@pytest.fixture
def ada(invoicing):
    """Ada."""
    return Caller(invoicing, ADA)


def draft(contact, **fields):
    """What an invoice takes at least."""
    return {"client": contact, "currency_code": "EUR", "lines": LINES, **fields}


def test_an_invoice_has_a_number_a_state_days_and_a_total(ada, client):
    invoice = ada.create_invoice(invoice=draft(client, issue_date="2026-11-23"))

    assert (invoice.number, invoice.State.Name(invoice.state)) == ("INV0000001", "DRAFT")
    assert (invoice.issue_date, invoice.due_date) == ("2026-11-23", "2026-12-23")
    assert (invoice.total.currency_code, invoice.total.units) == ("EUR", 150)
    assert invoice.client_display_name == "Ada Lovelace"
    assert ada.get_invoice(name=invoice.name) == invoice


def test_numbers_follow_each_other(ada, client):
    numbers = [ada.create_invoice(invoice=draft(client)).number for _ in range(3)]

    assert numbers == ["INV0000001", "INV0000002", "INV0000003"]


def test_a_deleted_invoices_number_is_not_given_out_again(ada, client):
    first = ada.create_invoice(invoice=draft(client))
    ada.delete_invoice(name=first.name)

    assert ada.create_invoice(invoice=draft(client)).number == "INV0000002"


def test_numbers_have_no_gaps_whatever_fails_at_the_same_time(ada, client, invoicing):
    def make(number):
        with suppress(Undone), invoicing.begin(ADA) as tx:
            invoicing.rpcs["CreateInvoice"].function(request(client), tx)
            if number % 3 == 0:
                raise Undone

    threads = [threading.Thread(target=make, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with invoicing.engine.connect() as connection:
        found = connection.execute(text("SELECT number FROM invoice ORDER BY number")).scalars().all()
    assert found == [f"INV{number:07d}" for number in range(1, 17)]


class Undone(Exception):
    """What goes wrong after an invoice got its number."""


def request(client):
    """A CreateInvoiceRequest."""
    return invoicing_pb2.CreateInvoiceRequest(invoice=draft(client))


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({"client": "contacts/999"}, "CLIENT_NOT_FOUND", "client"),
        ({"currency_code": "XYZ"}, "CURRENCY_UNKNOWN", "currency_code"),
        ({"currency_code": "eur"}, "string.pattern", "currency_code"),
        ({"lines": []}, "repeated.min_items", "lines"),
        ({"issue_date": "2026-02-30"}, "INVALID_DATE", "issue_date"),
        ({"issue_date": "23.11.2026"}, "string.pattern", "issue_date"),
        ({"issue_date": "2026-11-23", "due_date": "2026-11-22"}, "DUE_BEFORE_ISSUE", "due_date"),
        ({"lines": [{**LINES[0], "quantity": "-1"}]}, "string.pattern", "lines[0].quantity"),
        ({"lines": [{**LINES[0], "price": DOLLAR}]}, "CURRENCY_MISMATCH", "lines[0].price"),
        ({"lines": [{"description": "x"}]}, "required", "lines[0].price"),
        ({"number": "INV7"}, "READ_ONLY_FIELD", "number"),
        ({"state": "PAID"}, "READ_ONLY_FIELD", "state"),
        ({"total": {"units": 1}}, "READ_ONLY_FIELD", "total"),
    ],
)
def test_a_wrong_field_is_named_and_no_number_is_used_up(ada, client, fields, reason, field):
    with refused(reason, "INVALID_ARGUMENT") as caught:
        ada.create_invoice(invoice=draft(client, **fields))

    assert caught[0].violations[0].field == field
    assert ada.create_invoice(invoice=draft(client)).number == "INV0000001"


def test_somebody_elses_private_contact_cannot_be_invoiced(invoicing, client):
    with refused("CLIENT_NOT_FOUND"):
        Caller(invoicing, BOB).create_invoice(invoice=draft(client))


def test_an_invoice_of_a_private_contact_is_private(ada, invoicing, client, tell):
    invoice = ada.create_invoice(invoice=draft(client))
    tell()
    bob = Caller(invoicing, BOB)

    with refused("NOT_FOUND"):
        bob.get_invoice(name=invoice.name)
    assert bob.list_invoices().total_size == 0
    assert bob.list_invoices(q="inv").total_size == 0


def test_who_may_see_the_client_may_see_the_invoice_but_not_change_it(ada, contacts, invoicing, client, tell):
    Caller(contacts, ADA).update_contact(contact={"name": client, "sharing": "READ_WRITE"})
    tell()
    invoice = ada.create_invoice(invoice=draft(client))
    bob = Caller(invoicing, BOB)

    assert bob.get_invoice(name=invoice.name) == invoice
    with refused("PERMISSION_DENIED"):
        bob.update_invoice(invoice={"name": invoice.name, "notes": "x"})
    with refused("PERMISSION_DENIED"):
        bob.delete_invoice(name=invoice.name)


def test_administrators_see_and_change_all_invoices(ada, invoicing, client):
    invoice = ada.create_invoice(invoice=draft(client))
    owner = Caller(invoicing, OWNER)

    owner.update_invoice(invoice={"name": invoice.name, "notes": "x"})

    assert owner.get_invoice(name=invoice.name).notes == "x"


def test_new_lines_make_a_new_total(ada, client):
    invoice = ada.create_invoice(invoice=draft(client))

    changed = ada.update_invoice(invoice={"name": invoice.name, "etag": invoice.etag, "lines": LINES * 2})

    assert (changed.total.units, changed.number, len(changed.lines)) == (300, invoice.number, 2)


def test_what_is_read_may_be_sent_back(ada, client):
    invoice = ada.create_invoice(invoice=draft(client))

    assert ada.update_invoice(invoice=invoice) == invoice


def test_an_invoice_can_go_to_another_client(ada, contacts, client):
    other = Caller(contacts, ADA).create_contact(contact={"kind": "COMPANY", "company_name": "Acme"})
    invoice = ada.create_invoice(invoice=draft(client))

    moved = ada.update_invoice(invoice={"name": invoice.name, "client": other.name})

    assert moved.client_display_name == "Acme"


def test_an_invoice_keeps_the_name_its_client_had(ada, contacts, client):
    invoice = ada.create_invoice(invoice=draft(client))

    Caller(contacts, ADA).update_contact(contact={"name": client, "last_name": "King"})

    assert ada.get_invoice(name=invoice.name).client_display_name == "Ada Lovelace"


def test_invoices_are_listed_newest_number_first_and_without_their_lines(ada, client):
    for _ in range(3):
        ada.create_invoice(invoice=draft(client))

    listed = ada.list_invoices().invoices

    assert [invoice.number for invoice in listed] == ["INV0000003", "INV0000002", "INV0000001"]
    assert not any(invoice.lines for invoice in listed)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"q": "lovelace 0001"}, 1),
        ({"q": "nobody"}, 0),
        ({"filter": 'client = "contacts/1"'}, 2),
        ({"filter": "state = PAID"}, 0),
        ({"filter": 'due_date < "2026-01-02"'}, 1),
        ({"filter": "due_date < 2026-01-02 OR currency_code = USD"}, 1),
    ],
)
def test_invoices_are_found_by_what_they_are(ada, client, asked, count):
    ada.create_invoice(invoice=draft(client))
    ada.create_invoice(invoice=draft(client, issue_date="2026-01-01", due_date="2026-01-01"))

    assert ada.list_invoices(**asked).total_size == count


def test_an_invoices_announcement_reaches_those_who_may_see_it(ada, contacts, invoicing, client, tell):
    Caller(contacts, ADA).update_contact(contact={"name": client, "managers": ["users/2", "users/3"]})
    tell()

    ada.create_invoice(invoice=draft(client))

    assert announced(invoicing)[-1][2]["Crm-Readers"] == '["users/2","users/3"]'


@pytest.mark.parametrize(
    ("what", "count"), [("get", 1), ("list", 1), ("create", 6), ("create once", 8), ("update", 4), ("delete", 4)]
)
def test_calls_take_so_many_statements(ada, invoicing, client, what, count):
    invoice = ada.create_invoice(invoice=draft(client))
    calls = {
        "get": lambda: ada.get_invoice(name=invoice.name),
        "list": lambda: ada.list_invoices(page_size=50),
        "create": lambda: ada.create_invoice(invoice=draft(client)),
        "create once": lambda: ada.create_invoice(invoice=draft(client), request_id="once"),
        "update": lambda: ada.update_invoice(invoice={"name": invoice.name, "notes": "x"}),
        "delete": lambda: ada.delete_invoice(name=invoice.name),
    }

    with statements(invoicing) as seen:
        calls[what]()

    assert len(seen) == count, seen


def test_contacts_and_nobody_else_learns_what_keeps_a_contact(ada, invoicing, client):
    numbers = [ada.create_invoice(invoice=draft(client)).number for _ in range(2)]
    service = Caller(invoicing, Actor(service="services/contacts"))

    (impact,) = service.get_contact_impact(contact=client).impacts

    assert (impact.type, impact.count, impact.blocking, impact.effect) == ("Invoice", 2, True, impact.BLOCKS)
    assert [example.title for example in impact.examples] == numbers
    assert not service.get_contact_impact(contact="contacts/999").impacts
    with refused("INTERNAL_RPC", "PERMISSION_DENIED"):
        ada.get_contact_impact(contact=client)
