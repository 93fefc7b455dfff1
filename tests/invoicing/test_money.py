"""Amounts: exact, in the currency's own smallest unit, rounded half up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.testing import refused
from services.invoicing.money import MAXIMUM, minor, money, times


@pytest.mark.parametrize(
    ("currency", "amount", "units", "nanos"),
    [
        ("EUR", 1250, 12, 500_000_000),
        ("EUR", 5, 0, 50_000_000),
        ("JPY", 12, 12, 0),
        ("TND", 1, 0, 1_000_000),
        ("EUR", -1250, -12, -500_000_000),
        ("EUR", 0, 0, 0),
    ],
)
def test_an_amount_is_shown_in_units_and_nanos(currency, amount, units, nanos):
    shown = money(amount, currency)

    assert (shown.currency_code, shown.units, shown.nanos) == (currency, units, nanos)


@given(st.integers(0, MAXIMUM), st.sampled_from(["EUR", "JPY", "TND", "RUB"]))
def test_what_is_shown_is_read_back(amount, currency):
    shown = money(amount, currency)
    record = {"currency_code": shown.currency_code, "units": str(shown.units), "nanos": shown.nanos}

    assert minor(record, currency, "price") == amount


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [("1", 100, 100), ("0.5", 101, 51), ("0.5", 100, 50), ("1.5", 333, 500), ("0.01", 49, 0), ("0.01", 50, 1)],
)
def test_products_are_rounded_half_up(quantity, price, amount):
    assert times(Decimal(quantity), price) == amount


@pytest.mark.parametrize(
    ("record", "currency", "reason"),
    [
        ({"units": 1, "currency_code": "USD"}, "EUR", "CURRENCY_MISMATCH"),
        ({"nanos": 5_000_000}, "EUR", "TOO_PRECISE"),
        ({"nanos": 500_000_000}, "JPY", "TOO_PRECISE"),
        ({"units": -1}, "EUR", "AMOUNT_RANGE"),
        ({"units": 10**18}, "EUR", "AMOUNT_RANGE"),
        ({"units": 1}, "XYZ", "CURRENCY_UNKNOWN"),
    ],
)
def test_an_amount_that_the_currency_does_not_have_is_refused(record, currency, reason):
    with refused(reason):
        minor(record, currency, "price")
