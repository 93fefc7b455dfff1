"""What is true of events, entries and files."""

from datetime import UTC, datetime

import pytest

from chassis.testing import refused
from services.events.files.keeping import kind_of
from services.events.model import Event, File, HistoryEntry, State

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def test_an_event_is_closed_once():
    event = Event(title="Fair", state=State.OPEN)

    assert event.move_to(State.CLOSED, NOW)
    assert event.close_time == NOW
    assert not event.move_to(State.CLOSED, NOW)
    assert event.move_to(State.OPEN, NOW)
    assert event.close_time is None


def test_whoever_made_a_private_event_is_listed():
    event = Event(title="Fair")
    event.access = {"is_private": True, "readers": ["users/3"]}
    event.settle_access("users/2")
    assert event.listed == ["users/2", "users/3"]
    event.access = {"is_private": False, "readers": ["users/3"]}
    event.settle_access("users/2")
    assert event.listed == []


def test_an_entry_is_about_one_record():
    entry = HistoryEntry(contact="contacts/1")
    entry.subject = "events/3"
    assert (entry.contact, entry.event, entry.subject) == (None, "events/3", "events/3")


@pytest.mark.parametrize("title", ["", "  ", ".", ".."])
def test_a_file_has_a_name(title):
    with refused("TITLE_REQUIRED"):
        File(title=title).check()


@pytest.mark.parametrize(
    ("title", "beginning", "kind"),
    [
        ("a.pdf", b"%PDF-1.7", "application/pdf"),
        ("a", b"%PDF-1.7", "application/pdf"),
        ("a.txt", "привет".encode(), "text/plain"),
        ("a.txt", b"\xff\xfe\x00", "application/octet-stream"),
        ("a.html", b"<html><script>x()</script>", "application/octet-stream"),
        ("a.svg", b"<svg onload='x()'/>", "application/octet-stream"),
        ("a.txt", b"x" * 8191 + "я".encode(), "text/plain"),
    ],
)
def test_a_file_is_what_it_begins_like(title, beginning, kind):
    assert kind_of(title, beginning) == kind
