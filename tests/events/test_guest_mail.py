"""Mail to guests: whom it reaches, and what neither stops nor doubles it."""

from datetime import UTC, datetime

import pytest

from chassis import moments
from chassis.testing import refused
from services.events.guests import mailing


def subjects(house, to=None):
    return [subject for address, subject, _ in house.letters() if to in (None, address)]


@pytest.mark.parametrize("year", [2, 1899, 9000, 9999])
def test_events_are_within_years_that_every_calendar_has(house, year):
    start = datetime(year, 6, 1, tzinfo=UTC)
    with refused("INVALID_FIELDS"):
        house.event(start_time=start, end_time=None, reminders=[40320])
    with refused("INVALID_FIELDS"):
        house.event(end_time=start)


def test_a_mail_that_cannot_be_written_stops_no_other(house, monkeypatch):
    ada, bob = house.person(), house.person("Bob", "bob@example.com")
    odd, good = house.event(title="Odd", participants=[ada]), house.event(title="Good", participants=[bob])
    real = moments.told

    def told(start, end, *more):
        if end is None:
            raise OverflowError("date value out of range")
        return real(start, end, *more)

    monkeypatch.setattr(mailing.moments, "told", told)
    house.owner.update_event(event={"name": odd}, update_mask={"paths": ["end_time"]})
    for name in (odd, good):
        house.owner.invite_event_participants(name=name)
    house.send()

    assert subjects(house) == ["Invitation: Good"]
    [guest] = house.owner.list_event_participants(name=odd).participants
    assert guest.delivery == 4
    assert "out of range" in guest.delivery_message
