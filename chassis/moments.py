"""When something takes place, as people are told: in their language, and in a time zone that is named."""

from datetime import UTC
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_time, get_timezone_gmt, get_timezone_location


def told(start, end, zone, language):
    """Returns from when to when something takes place; `end` may be None.

    `Tuesday, December 1, 2026, 10:00–12:00 (GMT+01:00, Berlin)`
    """
    try:
        there = ZoneInfo(zone or "UTC")
        first, last = start.astimezone(there), (end or start).astimezone(there)
    except (ZoneInfoNotFoundError, ValueError, OverflowError):
        # There is no such zone, or no such moment in it: the calendar ends with the year 9999.
        first, last = start.astimezone(UTC), (end or start).astimezone(UTC)
    text = f"{_day(first, language)}, {_hour(first, language)}"
    if end is not None and end > start:
        same_day = last.date() == first.date()
        text += f"–{_hour(last, language)}" if same_day else f" – {_day(last, language)}, {_hour(last, language)}"
    return f"{text} ({_place(first, language)})"


def _place(moment, language):
    """Returns where clocks show a moment, with how far they are from those in Greenwich on that day."""
    city = get_timezone_location(moment, locale=language, return_city=True)
    return city if city == "UTC" else f"{get_timezone_gmt(moment, locale=language)}, {city}"


def _day(moment, language):
    return format_date(moment, "full", locale=language)


def _hour(moment, language):
    return format_time(moment, "HH:mm", locale=language)
