"""When something takes place, as people are told: in their language, and in a time zone that is named."""

from datetime import UTC
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_time, get_timezone_name


def told(start, end, zone, language):
    """Returns from when to when something takes place; `end` may be None.

    `Tuesday, December 1, 2026, 10:00–12:00 (Central European Standard Time)`
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
    return f"{text} ({get_timezone_name(first, locale=language)})"


def _day(moment, language):
    return format_date(moment, "full", locale=language)


def _hour(moment, language):
    return format_time(moment, "HH:mm", locale=language)
