"""A list of events as a file: exactly what one sees, in one's own time and language."""

import csv
import io

import pytest

from chassis.testing import ADA, OWNER, Caller, announced, refused
from chassis.tx import Cause
from services.events.exporting.running import MAKER, delete_expired_files, make_event_exports
from services.events.model import EventExport

FAIR = {
    "title": "=Fair",
    "description": "About\nall",
    "start_time": {"seconds": 1_796_108_400},
    "end_time": {"seconds": 1_796_115_600},
    "place": "Hall 1",
    "tags": ["autumn", "trade"],
}


def export(caller, **which):
    """Takes events along; returns the export and its file."""
    made = caller.create_event_export(event_export=which)
    make_event_exports(caller.service.job_context())
    if MAKER.thread:
        MAKER.thread.join(10)
    made = caller.get_event_export(name=made.name)
    assert type(made).State.Name(made.state) == "SUCCEEDED", made.error
    return made, b"".join(caller.download_event_export(name=made.name).parts)


def rows(file, delimiter=","):
    """The rows of a CSV file, as header → cell."""
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig")), delimiter=delimiter))


def test_an_event_is_a_row_with_all_that_it_has(events, ada, people, known):
    known(17, "Grace Hopper")
    known(18, "Secret", sharing="PRIVATE", managers=["users/3"])
    field = Caller(events, OWNER).create_event_field(event_field={"label": "Speaker", "kind": "TEXT"})
    custom = {field.name: {"string_value": "Vera"}}
    event = ada.create_event(event={**FAIR, "participants": ["contacts/17"], "custom": custom})
    Caller(events, OWNER).add_event_participants(name=event.name, contacts=["contacts/18"])

    made, file = export(ada, time_zone="Europe/Zurich")

    [row] = rows(file)
    assert row["Title"] == "'=Fair"
    assert (row["Start"], row["End"]) == ("01/12/2026 08:00", "01/12/2026 10:00")
    assert (row["Place"], row["State"], row["Tags"]) == ("Hall 1", "open", "autumn, trade")
    assert (row["Participants"], row["Number of participants"]) == ("Grace Hopper", "2")
    assert (row["Description"], row["Speaker"]) == ("About\nall", "Vera")
    assert (made.row_count, made.progress_percent, made.size) == (1, 100, len(file))
    assert made.file_name.startswith("events-")


def test_exactly_the_list_that_one_sees_is_taken_along(ada, bob, people):
    ada.create_event(event={"title": "Fair"})
    ada.create_event(event={"title": "Talk"})
    bob.create_event(event={"title": "Secret", "access": {"is_private": True}})

    assert [row["Title"] for row in rows(export(ada, order_by="title desc")[1])] == ["Talk", "Fair"]
    assert [row["Title"] for row in rows(export(ada, q="tal")[1])] == ["Talk"]
    assert [row["Title"] for row in rows(export(bob, filter='title = "Secret"')[1])] == ["Secret"]


def test_a_russian_spreadsheet_opens_it(events, ada, people):
    ada.create_event(event=FAIR)

    _, file = export(Caller(events, ADA, Cause(language="ru")))

    [row] = rows(file, ";")
    assert (row["Название"], row["Начало"], row["Состояние"]) == ("'=Fair", "01/12/2026 07:00", "открыто")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [({"filter": "nonsense ="}, "INVALID_FILTER"), ({"time_zone": "Mars/Base"}, "UNKNOWN_TIME_ZONE")],
)
def test_a_list_that_cannot_be_is_refused_at_once(ada, wrong, reason):
    with refused(reason):
        ada.create_event_export(event_export=wrong)


def test_an_export_is_nobody_elses_and_its_file_goes_with_it(ada, bob, owner, events, people):
    ada.create_event(event=FAIR)
    made, _ = export(ada)
    with events.begin(events.actor) as tx:
        blob = tx.session.get(EventExport, 1).blob

    for other in (bob, owner):
        with refused("NOT_FOUND"):
            other.download_event_export(name=made.name)
        assert not other.list_event_exports().event_exports
    ada.delete_event_export(name=made.name)

    with pytest.raises(FileNotFoundError):
        list(events.blobs.get(blob))
    delete_expired_files(events.job_context())


def test_a_cancelled_export_is_not_made(ada, events, people):
    made = ada.create_event_export(event_export={})
    ada.cancel_event_export(name=made.name)
    make_event_exports(events.job_context())

    with refused("EXPORT_NOT_READY"):
        ada.download_event_export(name=made.name)


def test_whoever_wants_it_is_told_when_it_is_there(ada, events, people):
    made, _ = export(ada)

    finished = [message for _, message, headers in announced(events) if headers["Crm-Event"] == "EventExportFinished"]

    assert [(each.event_export.name, list(each.recipients)) for each in finished] == [(made.name, ["users/2"])]


def test_only_contacts_is_given_everything(ada, owner):
    for caller in (ada, owner):
        with refused("INTERNAL_RPC"):
            caller.export_records(kind="EVENTS")
