"""What is true of invoices, without a database."""

from datetime import date

import pytest
from crm.contacts.v1 import contacts_pb2

from chassis.testing import refused
from services.invoicing.model import Invoice, State

LINE = {"description": "Work", "price": {"units": "10"}}


def invoice(**fields):
    """A draft over one line, checked."""
    made = Invoice(
        **{
            "number": "INV0000001",
            "client": "contacts/1",
            "client_display_name": "Ada",
            "currency_code": "EUR",
            "issue_date": date(2026, 11, 23),
            "lines": [LINE],
            **fields,
        }
    )
    made.check()
    return made


def test_an_invoice_is_due_after_thirty_days():
    assert invoice().due_date == date(2026, 12, 23)


def test_an_invoice_may_be_due_on_the_day_it_is_made_out_but_not_before():
    invoice(due_date=date(2026, 11, 23))
    with refused("DUE_BEFORE_ISSUE"):
        invoice(due_date=date(2026, 11, 22))


def test_the_total_is_the_sum_of_the_rounded_lines():
    line = {"description": "Third", "quantity": "0.33", "price": {"units": "10", "nanos": 50_000_000}}

    made = invoice(lines=[line, line])

    assert [each["amount"]["nanos"] for each in made.lines] == [320_000_000, 320_000_000]
    assert made.total_minor == 664


def test_a_line_is_for_one_unless_said_otherwise():
    assert invoice().lines[0]["quantity"] == "1"


@pytest.mark.parametrize(("typed", "kept"), [("1.50", "1.5"), ("100", "100"), ("0.01", "0.01")])
def test_quantities_are_kept_without_zeros_at_the_end(typed, kept):
    assert invoice(lines=[{**LINE, "quantity": typed}]).lines[0]["quantity"] == kept


def test_a_quantity_of_nothing_is_refused_by_its_place():
    with refused("QUANTITY_RANGE") as caught:
        invoice(lines=[LINE, {**LINE, "quantity": "0"}])

    assert caught[0].violations[0].field == "lines[1].quantity"


def test_an_amount_beyond_all_measure_is_refused():
    with refused("AMOUNT_RANGE"):
        invoice(lines=[{**LINE, "quantity": "99999999", "price": {"units": "9999999999999"}}])


def test_only_drafts_change():
    for state in (State.BILLED, State.PAID, State.REJECTED):
        with refused("INVOICE_NOT_DRAFT"):
            invoice(state=state).require_changeable()


def test_an_invoice_keeps_the_clients_name_and_primary_billing_address():
    address = contacts_pb2.PostalAddress
    contact = contacts_pb2.Contact(
        display_name="Ada Lovelace",
        addresses=[
            address(city="Paris", category="HOME", primary=True),
            address(city="London", category="BILLING"),
        ],
    )
    made = invoice()

    made.bill_to(contact)

    assert (made.client_display_name, made.billing_address["city"]) == ("Ada Lovelace", "London")


def test_without_a_billing_address_an_invoice_has_none():
    made = invoice()

    made.bill_to(contacts_pb2.Contact(display_name="Ada"))

    assert made.billing_address is None
