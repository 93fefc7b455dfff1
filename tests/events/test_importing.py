"""Files of events: what is detected, what is wrong with a cell, and what comes of the rows."""

import csv
import io
from datetime import UTC, datetime

import pytest
from crm.identity.v1 import domain_events_pb2 as identity

from chassis.errors import Unavailable
from chassis.kit.importing import running as kit
from chassis.testing import ADA, OWNER, Caller, announced, hear, refused, statements
from chassis.tx import Cause
from services.events.importing import running
from services.events.importing.batch import Batch
from tests.contacts.importing import spreadsheet
from tests.events.importing import change, counts, finish, gatherings, meant, run, state, upload
from tests.events.test_exporting import export

HEADER = "Title;Start;End;Place;Tags;State;Participants;Description\n"
ROW = 'Fair;01/12/2026 10:00;01.12.2026 12:30;Hall 1;autumn, Trade;closed;Grace Hopper;"two\nlines"\n'


@pytest.fixture
def grace(contacts, known):
    """Grace, whom everybody sees, and whom contacts knows too."""
    person = {"kind": "PERSON", "first_name": "Grace", "last_name": "Hopper", "sharing": "READ"}
    made = Caller(contacts, OWNER).create_contact(contact={**person, "emails": [{"value": "grace@example.com"}]})
    known(int(made.name.partition("/")[2]), "Grace Hopper")
    return made.name


def said(answer):
    """What is wrong with the rows of a preview: (row, column, reason) each."""
    return [(row.row, problem.column, problem.reason) for row in answer.rows for problem in row.problems]


def rejected(caller, job):
    """The rejected rows, as header → cell."""
    parts = caller.download_rejected_event_rows(name=job.name).parts
    return list(csv.DictReader(io.StringIO(b"".join(parts).decode("utf-8-sig"))))


def test_a_row_is_an_event_with_all_that_it_says(ada, people, grace):
    job = upload(ada, HEADER + ROW)

    done = run(ada, job)

    assert (state(done), counts(done)) == ("SUCCEEDED", (1, 0))
    event = gatherings(ada)["Fair"]
    assert (event.start_time.ToJsonString(), event.end_time.ToJsonString()) == (
        "2026-12-01T09:00:00Z",
        "2026-12-01T11:30:00Z",
    )
    assert (event.place, list(event.tags), event.description) == ("Hall 1", ["autumn", "Trade"], "two\nlines")
    assert type(event).State.Name(event.state) == "CLOSED"
    assert (list(event.participants), event.creator) == ([grace], "users/2")
    history = ada.list_history_entries(filter=f'subject = "{grace}"').history_entries
    assert [entry.related for entry in history] == [event.name]


@pytest.mark.parametrize(
    "headers",
    [
        "Название;Описание;Начало;Окончание;Место;Теги;Состояние;Участники",
        "Event name;Notes;Start date;End date;Location;Categories;Status;Attendees",
        "title;description;start_time;end_time;place;tags;state;participants",
    ],
)
def test_columns_are_known_by_their_headers(ada, people, headers):
    job = upload(ada, headers + "\nFair;;;;;;;\n")

    assert meant(job) == ["title", "description", "start_time", "end_time", "place", "tags", "state", "participants"]


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("01/12/2026 10:00", "2026-12-01T09:00:00Z"),
        ("1.12.2026 10:00", "2026-12-01T09:00:00Z"),
        ("2026-12-01 10:00:30", "2026-12-01T09:00:30Z"),
        ("2026-12-01T10:00", "2026-12-01T09:00:00Z"),
        ("2026-12-01T10:00:00Z", "2026-12-01T10:00:00Z"),
        ("2026-07-01T10:00:00+05:00", "2026-07-01T05:00:00Z"),
        ("01/07/2026 10:00", "2026-07-01T08:00:00Z"),
        ("01/12/2026", "2026-11-30T23:00:00Z"),
    ],
)
def test_times_are_in_the_time_of_whoever_imports_unless_they_say_another(ada, people, cell, moment):
    run(ada, upload(ada, f"Title;Start\nFair;{cell}\n"))

    assert gatherings(ada)["Fair"].start_time.ToJsonString() == moment


def test_a_spreadsheet_of_moments_is_read(ada, people):
    done = run(ada, upload(ada, spreadsheet(("Title", "Start"), ("Fair", datetime(2026, 12, 1, 10))), name="a.xlsx"))  # noqa: DTZ001

    assert counts(done) == (1, 0)
    assert gatherings(ada)["Fair"].start_time.ToJsonString() == "2026-12-01T09:00:00Z"


def test_vcards_are_no_table_of_events(ada, people):
    with refused("FILE_NOT_READABLE"):
        upload(ada, "BEGIN:VCARD\nFN:Ada\nEND:VCARD\n", name="ada.vcf")


def test_what_is_wrong_stands_in_its_cell_and_is_mended_there(ada, people):
    rows = "Fair;soon;;;;;;\n;;;;;;;\nTalk;02/12/2026;01/12/2026;;;maybe;;\n;x;;Hall;;;;\n"
    job = upload(ada, HEADER + rows)

    answer = ada.preview_event_import(name=job.name)
    mended = ada.correct_event_import(name=job.name, row=1, column=1, value="01/12/2026 10:00")

    assert said(answer) == [
        (1, 1, "NO_MOMENT"),
        (2, 5, "UNKNOWN_STATE"),
        (2, 2, "END_BEFORE_START"),
        (3, 1, "NO_MOMENT"),
        (3, 0, "TITLE_REQUIRED"),
    ]
    assert (list(mended.corrected), len(mended.problems)) == ([1], 0)
    assert counts(run(ada, job)) == (1, 2)


def test_a_trial_says_what_would_happen_and_adds_nothing(ada, people, grace):
    job = upload(ada, HEADER + ROW + "Talk;;;;;;Nobody;\n")

    tried = run(ada, job, dry_run=True)

    assert (state(tried), counts(tried)) == ("SUCCEEDED", (1, 1))
    assert not gatherings(ada)
    assert not ada.list_event_tags().event_tags
    assert counts(run(ada, job)) == (1, 1)


def test_who_takes_part_is_found_by_address_or_by_name_among_those_one_sees(ada, people, grace, known):
    known(90, "Acme, Inc.")
    known(91, "Secret Smith", sharing="PRIVATE", managers=["users/3"])
    known(92, "John Smith")
    known(93, "John Smith")
    rows = [
        "A;GRACE@example.com",
        "B;Grace Hopper; Acme, Inc.",
        "C;grace@example.com, Acme\\, Inc.",
        "D;Secret Smith",
        "E;John Smith",
        "F;grace@example.com, Grace Hopper",
        "G;grace hopper",
    ]
    text = "Title|Participants\n" + "\n".join(row.replace("\\", "").replace(";", "|", 1) for row in rows)

    done = run(ada, upload(ada, text))

    found = {title: [*event.participants] for title, event in gatherings(ada).items()}
    assert found == {"A": [grace], "B": sorted([grace, "contacts/90"], key=len), "F": [grace]}
    assert [row["reason"] for row in rejected(ada, done)] == [
        "Participants: there is no contact Acme; Participants: there is no contact Inc.",
        "Participants: there is no contact Secret Smith",
        "Participants: several contacts are called John Smith",
        "Participants: there is no contact grace hopper",
    ]


def test_who_cannot_take_part_is_told_before_anything_is_tried(ada, people, grace, known):
    known(92, "John Smith")
    known(93, "John Smith")
    job = upload(ada, "Title;Participants\nA;grace@example.com\nB;Nobody\nC;John Smith\n;Nobody\n")

    wrong = [(2, 1, "NO_SUCH_CONTACT"), (3, 1, "SEVERAL_CONTACTS"), (4, 0, "TITLE_REQUIRED")]
    assert said(ada.preview_event_import(name=job.name)) == wrong
    only = ada.preview_event_import(name=job.name, only_problems=True)
    assert [row.row for row in only.rows] == [2, 3, 4]
    mended = ada.correct_event_import(name=job.name, row=2, column=1, value="Grace Hopper")
    assert not mended.problems
    change(ada, job, bad_cells="DROP_CELL")
    assert said(ada.preview_event_import(name=job.name)) == [(4, 0, "TITLE_REQUIRED")]


def test_a_preview_shows_what_else_is_wrong_while_contacts_are_away(ada, events, people):
    job = upload(ada, "Title;Place;Participants\nA;Hall;grace@example.com\n;Hall;\n")
    events.peers = Away()

    assert said(ada.preview_event_import(name=job.name)) == [(2, 0, "TITLE_REQUIRED")]


class Away:
    """Other services, none of which answers."""

    def ask(self, *_):
        """Refuses."""
        raise Unavailable("contacts does not answer", "SERVICE_UNAVAILABLE")


def test_places_and_reminders_come_back_as_they_were_taken_along(ada, people):
    event = {"title": "Fair", "start_time": datetime(2026, 12, 1, 10, tzinfo=UTC), "capacity": 40}
    before = ada.create_event(event={**event, "reminders": [1440, 60]})
    job = upload(ada, export(ada, time_zone="Europe/Zurich")[1])
    ada.delete_event(name=before.name)

    assert counts(run(ada, job)) == (1, 0)
    after = gatherings(ada)["Fair"]
    assert (after.start_time, after.capacity, list(after.reminders)) == (before.start_time, 40, [1440, 60])


@pytest.mark.parametrize(
    ("places", "reminders", "wrong"),
    [
        ("many", "", (1, 1, "NO_NUMBER")),
        ("2000000", "", (1, 1, "int32.gte_lte")),
        ("4", "60, soon", (1, 2, "NO_NUMBER")),
        ("4", "99999999999", (1, 2, "NO_NUMBER")),
    ],
)
def test_places_and_reminders_are_numbers(ada, people, places, reminders, wrong):
    job = upload(ada, f"Title;Capacity;Reminders\nFair;{places};{reminders}\n")

    assert said(ada.preview_event_import(name=job.name)) == [wrong]


def test_what_an_import_opens_to_somebody_who_leaves_it_opens_to_who_takes_over(ada, events, people):
    job, done = upload(ada, HEADER + ROW), upload(ada, "Title\nTalk\n")
    for each in (job, done):
        change(ada, each, access={"is_private": True, "readers": ["users/3", "users/1"]})
    run(ada, done)
    handed = {"from": "users/3", "to": "users/1"}
    hear(events, identity.UserHandedOver(**{**handed, "to": "users/99"}), event_id="to-nobody")
    assert list(ada.get_event_import(name=job.name).access.readers) == ["users/3", "users/1"]

    hear(events, identity.UserHandedOver(**handed), event_id="to-the-owner")

    assert list(ada.get_event_import(name=job.name).access.readers) == ["users/1"]
    assert list(ada.get_event_import(name=done.name).access.readers) == ["users/3", "users/1"]


def test_whoever_is_not_found_is_left_out_where_bad_cells_are(ada, people, grace):
    job = upload(ada, "Title;Start;Participants\nFair;soon;Nobody, Grace Hopper\n")
    change(ada, job, bad_cells="DROP_CELL")

    assert counts(run(ada, job)) == (1, 0)

    event = gatherings(ada)["Fair"]
    assert (list(event.participants), event.HasField("start_time")) == ([grace], False)


def test_fields_of_ones_own_are_known_by_their_labels(ada, owner, people):
    speaker = owner.create_event_field(event_field={"label": "Speaker", "kind": "TEXT"}).name
    paid = owner.create_event_field(event_field={"label": "Paid", "kind": "CHECKBOX"}).name
    job = upload(ada, "Title;Speaker;Paid\nFair;Vera;yes\nTalk;Boris;perhaps\n")

    assert counts(run(ada, job)) == (1, 1)
    custom = gatherings(ada)["Fair"].custom
    assert (custom[speaker].string_value, custom[paid].bool_value) == ("Vera", True)


def test_events_are_for_those_whom_the_import_lists(ada, bob, people):
    job = change(ada, upload(ada, "Title\nFair\n"), access={"is_private": True, "readers": ["groups/1"]})

    assert counts(run(ada, job)) == (1, 0)

    assert list(gatherings(ada)["Fair"].access.readers) == ["users/2", "groups/1"]
    assert not gatherings(bob)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"time_zone": "Mars/Base"}, "UNKNOWN_TIME_ZONE"),
        ({"access": {"is_private": True, "readers": ["users/77"]}}, "PERSON_NOT_FOUND"),
        ({"columns": [{"index": 0, "field": "price"}]}, "UNKNOWN_IMPORT_FIELD"),
        ({"columns": [{"index": 0, "field": "custom.eventFields/9"}]}, "UNKNOWN_IMPORT_FIELD"),
        ({"columns": [{"index": 0, "field": "place"}, {"index": 1, "field": "place"}]}, "FIELD_TWICE"),
        ({"encoding": "klingon"}, "UNKNOWN_ENCODING"),
    ],
)
def test_what_an_import_cannot_be_told_is_refused(ada, people, wrong, reason):
    job = upload(ada, "Title;Place\nFair;Hall\n")

    with refused(reason):
        change(ada, job, **wrong)


def test_no_import_begins_without_titles(ada, people):
    job = upload(ada, "Where;When\nHall;01/12/2026\n")

    with refused("TITLE_COLUMN_MISSING"):
        ada.start_event_import(name=job.name)


def test_what_columns_mean_is_remembered_for_the_same_headers(ada, people):
    job = upload(ada, "Thing;Spot\nFair;Hall\n")
    change(ada, job, columns=[{"index": 0, "field": "title"}, {"index": 1, "field": "place"}])
    run(ada, job)

    assert meant(upload(ada, "Thing;Spot\nTalk;Hall\n")) == ["title", "place"]


def test_what_was_exported_is_imported_without_a_mapping(events, ada, people, grace, owner):
    field = owner.create_event_field(event_field={"label": "Доклад", "kind": "TEXT"}).name
    made = ada.create_event(
        event={
            "title": "=Ярмарка",
            "start_time": {"seconds": 1_796_108_400},
            "participants": [grace],
            "tags": ["осень"],
            "custom": {field: {"string_value": "+1 да"}},
        }
    )
    ada.close_event(name=made.name)
    russian = Caller(events, ADA, Cause(language="ru"))
    _, file = export(russian, time_zone="Asia/Tokyo")
    ada.delete_event(name=made.name)

    assert counts(run(ada, upload(ada, file, time_zone="Asia/Tokyo"))) == (1, 0)

    again = gatherings(ada)["=Ярмарка"]
    for name in ("title", "start_time", "participants", "tags", "custom", "state"):
        assert getattr(again, name) == getattr(ada_closed(made, again), name), name


def ada_closed(made, again):
    """What was exported, closed."""
    made.state = again.state
    return made


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_is_killed_in_the_middle_of_a_batch_doubles_nothing(ada, events, people, monkeypatch, moment):
    monkeypatch.setattr(kit, "BATCH", 5)
    job = upload(ada, "Title\n" + "".join(f"Fair {number}\n" for number in range(15)))
    ada.start_event_import(name=job.name)
    carry_out, batches = Batch.carry_out, iter(range(100))

    class KilledError(BaseException):
        """What a kill is to a test: nothing after it happens."""

    def killed(batch, tx, row):
        if next(batches) == 1:
            if moment == "after":
                carry_out(batch, tx, row)
            raise KilledError
        return carry_out(batch, tx, row)

    monkeypatch.setattr(Batch, "carry_out", killed)
    with pytest.raises(KilledError):
        running.carry_out_imports(events.job_context())
    # Another process leads now; it knows nothing.
    monkeypatch.setattr(running, "RUNS", kit.Runs(running.IMPORTS))

    done = finish(ada, job)

    assert (state(done), counts(done)) == ("SUCCEEDED", (15, 0))
    assert len(gatherings(ada)) == 15
    created = [headers for _, _, headers in announced(events) if headers["Crm-Event"] == "EventCreated"]
    assert len(created) == 15


def test_a_cancelled_import_keeps_what_it_did_and_can_be_taken_back(ada, events, people, monkeypatch):
    monkeypatch.setattr(kit, "BATCH", 5)
    monkeypatch.setattr(kit, "SLICE", 0.0001)
    job = upload(ada, "Title\n" + "".join(f"Fair {number}\n" for number in range(15)))
    ada.start_event_import(name=job.name)
    running.carry_out_imports(events.job_context())

    stopped = ada.cancel_event_import(name=job.name)
    monkeypatch.setattr(kit, "SLICE", 2.0)

    assert (state(stopped), len(gatherings(ada))) == ("CANCELLED", 5)
    ada.undo_event_import(name=job.name)
    assert finish(ada, job).undone_count == 5
    assert not gatherings(ada)


def test_taking_back_leaves_what_somebody_changed_or_wrote_about(ada, bob, events, people, known):
    known(17, "Grace Hopper")
    done = run(ada, upload(ada, "Title;Participants\nFair;Grace Hopper\nTalk;\nWalk;\nDance;Grace Hopper\n"))
    there = gatherings(ada)
    bob.update_event(event={"name": there["Talk"].name, "place": "Hall"})
    bob.create_history_entry(history_entry={"subject": there["Walk"].name, "text": "It rained"})

    bob.mark_event_attendance(name=there["Dance"].name, contacts=["contacts/17"], attendance="ATTENDED")

    ada.undo_event_import(name=done.name)
    undone = finish(ada, done)

    assert (state(undone), undone.undone_count, undone.kept_count) == ("UNDONE", 1, 3)
    assert {*gatherings(ada)} == {"Talk", "Walk", "Dance"}
    assert [(row["Title"], row["reason"]) for row in rejected(ada, done)] == [
        ("Talk", "somebody has changed it since"),
        ("Walk", "somebody has invited guests, written about it or uploaded something since"),
        ("Dance", "somebody has invited guests, written about it or uploaded something since"),
    ]
    gone = [headers for _, _, headers in announced(events) if headers["Crm-Event"] == "EventDeleted"]
    assert [headers["Crm-Resource"] for headers in gone] == [there["Fair"].name]


def test_imports_are_seen_by_whoever_made_them_and_by_administrators(ada, bob, owner, people):
    job = upload(ada, "Title\nFair\n")

    with refused("NOT_FOUND"):
        bob.get_event_import(name=job.name)
    assert not bob.list_event_imports().event_imports
    assert [each.name for each in owner.list_event_imports().event_imports] == [job.name]
    ada.delete_event_import(name=job.name)
    assert not ada.list_event_imports().event_imports


def test_whoever_started_it_is_told_when_it_is_over_and_pages_of_the_import_alone(ada, events, people):
    done = run(ada, upload(ada, "Title\nFair\n"))

    told = [(headers["Crm-Event"], message, headers) for _, message, headers in announced(events)]
    finished = [message for event, message, _ in told if event == "EventImportFinished"]
    assert [(each.event_import.name, list(each.recipients)) for each in finished] == [(done.name, ["users/2"])]
    [created] = [headers for event, _, headers in told if event == "EventCreated"]
    assert (created["Crm-Bulk"], created["Crm-Actor"]) == (done.name, "users/2")


def test_a_hundred_rows_are_few_statements(ada, events, people, grace):
    rows = "".join(f"Fair {number};autumn;grace@example.com, Grace Hopper\n" for number in range(100))
    job = upload(ada, "Title;Tags;Participants\n" + rows)
    ada.start_event_import(name=job.name)

    with statements(events) as seen:
        finish(ada, job)

    assert len(seen) < 60, seen
    assert gatherings(ada)["Fair 99"].participant_count == 1
