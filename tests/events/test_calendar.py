"""Events as calendar programs read them: files are read by the library that many of them are made with."""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from chassis.testing import refused, statements
from tests.events.guests import SITE


def entries(download):
    """The events of a file."""
    return Calendar.from_ical(b"".join(download.parts)).walk("VEVENT")


def test_an_event_is_what_it_says(house):
    start = datetime(2036, 1, 1, 10, tzinfo=UTC)
    fields = {"title": "Fair; with, signs", "description": "Первая\nВторая", "place": "Room 3, Hall B" * 10}
    name = house.event(start_time=start, end_time=start + timedelta(hours=2), **fields)
    download = house.owner.download_event_calendar(name=name)
    [entry] = entries(download)

    assert download.content_type == "text/calendar; charset=utf-8"
    assert (entry["SUMMARY"], entry["DESCRIPTION"], entry["LOCATION"]) == tuple(fields.values())
    assert (entry.decoded("DTSTART"), entry.decoded("DTEND")) == (start, start + timedelta(hours=2))
    assert (entry["URL"], entry["STATUS"]) == (f"{SITE}/{name}", "CONFIRMED")
    raw = b"".join(house.owner.download_event_calendar(name=name).parts)
    assert b"DTSTART:20360101T100000Z" in raw
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))


def test_a_change_keeps_its_uid_and_has_a_later_sequence(house):
    name = house.event()
    [before] = entries(house.owner.download_event_calendar(name=name))
    house.owner.update_event(event={"name": name, "title": "Fair, moved"})
    house.events.settings.public_url = "https://elsewhere.example.com"
    [after] = entries(house.owner.download_event_calendar(name=name))

    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_the_calendar_has_what_its_reader_may_see_from_ninety_days_ago_on(house, ada, bob):
    now = datetime.now(UTC)
    house.event(title="Old", start_time=now - timedelta(days=91), end_time=None)
    house.event(title="Long", start_time=now - timedelta(days=100), end_time=now + timedelta(days=5))
    house.event(title="Recent", start_time=now - timedelta(days=89), end_time=None)
    house.event(title="Tagged", tags=["seminar"])
    house.owner.create_event(event={"title": "Sometime"})
    ada.create_event(event={"title": "Secret", "start_time": now, "access": {"is_private": True}})

    def titles(caller, **how):
        return sorted(str(entry["SUMMARY"]) for entry in entries(caller.download_calendar(**how)))

    assert titles(bob) == ["Long", "Recent", "Tagged"]
    assert titles(ada) == ["Long", "Recent", "Secret", "Tagged"]
    assert titles(bob, filter="tags:seminar") == ["Tagged"]
    with refused("INVALID_FILTER"):
        bob.download_calendar(filter="nothing = 1")
    with statements(house.events) as seen:
        titles(bob)
    assert len(seen) == 1


def test_what_has_no_time_is_in_no_calendar(house, bob):
    name = house.owner.create_event(event={"title": "Sometime"}).name
    with refused("START_REQUIRED"):
        bob.download_event_calendar(name=name)
    hidden = house.event(access={"is_private": True})
    with refused("NOT_FOUND"):
        bob.download_event_calendar(name=hidden)


def test_a_guest_takes_his_event_along_with_the_page_on_which_he_answers(house):
    name = house.event(participants=[house.person()])
    house.owner.invite_event_participants(name=name)
    house.send()
    link = house.link("ada@example.com")
    [entry] = entries(house.guest.download_event_invitation_calendar(name=link))

    assert entry["URL"] == f"{SITE}/rsvp/{link.partition('/')[2]}"
    with refused("NOT_FOUND"):
        house.guest.download_event_invitation_calendar(name="eventInvitations/forged")


def test_calendar_programs_are_told_what_the_calendar_is_called(house):
    house.event()

    def names(**how):
        calendar = Calendar.from_ical(b"".join(house.owner.download_calendar(**how).parts))
        return calendar["name"], calendar["x-wr-calname"]

    assert names(title="Acme") == ("Acme", "Acme")
    assert names() == ("Rapport", "Rapport")
