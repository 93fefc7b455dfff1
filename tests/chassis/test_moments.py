"""When something takes place, as people are told."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.moments import told

START = datetime(2026, 12, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("end", "zone", "language", "expected"),
    [
        (None, "UTC", "en", "Tuesday, December 1, 2026, 10:00 (UTC)"),
        (2, "Europe/Berlin", "en", "Tuesday, December 1, 2026, 11:00–13:00 (GMT+01:00, Berlin)"),
        (2, "Europe/Moscow", "ru", "вторник, 1 декабря 2026\u202fг., 13:00–15:00 (GMT+03:00, Москва)"),
        (0, "", "en", "Tuesday, December 1, 2026, 10:00 (UTC)"),
        (2, "No/Where", "en", "Tuesday, December 1, 2026, 10:00–12:00 (UTC)"),
        (
            24,
            "UTC",
            "en",
            "Tuesday, December 1, 2026, 10:00 – Wednesday, December 2, 2026, 10:00 (UTC)",
        ),
    ],
)
def test_it_is_told_in_a_language_and_in_a_zone_that_is_named(end, zone, language, expected):
    until = None if end is None else START + timedelta(hours=end)
    # Which space stands before the г. depends on the edition of the data.
    assert told(START, until, zone, language).replace("\xa0", "\u202f").replace(" г.", "\u202fг.") == expected


def test_the_end_of_the_calendar_is_told_too_where_it_is_later():
    assert told(datetime(9999, 12, 31, 23, 59, tzinfo=UTC), None, "Europe/Moscow", "en") == (
        "Friday, December 31, 9999, 23:59 (UTC)"
    )
