"""Telephone numbers: kept as the whole world writes them, shown as the country does where the CRM is at home."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

NO_DIGITS = re.compile(r"\D+")


def settled(entry, region):
    """Returns a phone with its number in E.164 where it can be read, and as it is shown in `region`."""
    typed = entry.get("value", "").strip()
    number = _read(typed, region)
    if number is None:
        return {**entry, "value": typed, "national": typed}
    at_home = phonenumbers.region_code_for_number(number) == region
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    extension, number.extension = number.extension, None
    value = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    shown = phonenumbers.format_number(number, form)
    if extension:
        value, shown = f"{value};ext={extension}", f"{shown} ext. {extension}"
    return {**entry, "value": value, "national": shown}


def _read(typed, region):
    """Returns what the library makes of a number; None if it is none that can exist."""
    # `;ext=` is how we keep it ourselves.
    try:
        number = phonenumbers.parse(typed, region or None)
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def digits(entry):
    """Returns the digits by which a phone is found: of its number, and as people type it at home."""
    found = {NO_DIGITS.sub("", entry.get(part, "")) for part in ("value", "national")}
    return sorted(found - {""})
