"""Amounts: whole numbers of a currency's smallest unit, rounded half up. The one place that computes them."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.core import get_global
from babel.numbers import get_currency_precision
from google.type.money_pb2 import Money

from chassis.errors import InvalidArgument

NANOS = 1_000_000_000
# What fits a 64-bit integer with room for the sum of 200 lines.
MAXIMUM = 10**15


@lru_cache
def digits(currency):
    """Returns how many decimals a currency has: 2 for EUR, 0 for JPY. Refuses a code that ISO 4217 does not have."""
    if currency not in get_global("all_currencies"):
        raise InvalidArgument(
            "there is no currency {currency}", "CURRENCY_UNKNOWN", field="currency_code", currency=currency
        )
    return get_currency_precision(currency)


def minor(money, currency, field):
    """Returns an amount in the smallest unit of `currency`. Refuses another currency and parts of that unit."""
    decimals = digits(currency)
    if money.get("currency_code", currency) not in ("", currency):
        raise InvalidArgument("it must be in {currency}", "CURRENCY_MISMATCH", field=field, currency=currency)
    if not 0 <= money.get("nanos", 0) < NANOS:
        raise InvalidArgument("nanos are between 0 and 999999999", "AMOUNT_RANGE", field=field)
    amount = (int(money.get("units", 0)) + Decimal(money.get("nanos", 0)) / NANOS).scaleb(decimals)
    if amount != amount.to_integral_value():
        raise InvalidArgument(
            "{currency} has {digits} decimals", "TOO_PRECISE", field=field, currency=currency, digits=decimals
        )
    if not 0 <= amount <= MAXIMUM:
        raise InvalidArgument("it must be between 0 and {maximum}", "AMOUNT_RANGE", field=field, maximum=MAXIMUM)
    return int(amount)


def times(quantity, price):
    """Returns quantity times price, in the smallest unit, rounded half up."""
    return int((Decimal(quantity) * price).to_integral_value(ROUND_HALF_UP))


def money(amount, currency):
    """Returns an amount in the smallest unit as google.type.Money."""
    scale = 10 ** digits(currency)
    sign = -1 if amount < 0 else 1
    units, rest = divmod(abs(amount), scale)
    return Money(currency_code=currency, units=sign * units, nanos=sign * rest * (NANOS // scale))
