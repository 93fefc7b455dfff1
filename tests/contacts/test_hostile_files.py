"""Whatever a file holds, it takes little memory, and says what is wrong with it."""

import io
import resource
import time
import zipfile

import pytest

from chassis.kit.importing import files, rows
from chassis.testing import ADA, Caller, refused
from tests.contacts.importing import counts, people, run, spreadsheet, upload

MEGABYTE = 1024 * 1024
HEADER = "First name,Last name,E-mail\n"
GOOD = "Ada,Lovelace,ada@example.com\n"


def reasons(ada, job):
    """What is wrong with each row."""
    return [[problem.reason for problem in row.problems] for row in ada.preview_contact_import(name=job.name).rows]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("a,b,c,d,e\n", "TOO_MANY_CELLS"),
        ("x," * 50_000 + "\n", "TOO_MANY_CELLS"),
        ('"never closed,b\n', "QUOTE_NOT_CLOSED"),
        ("x" * 2_000_000 + "\n", "ROW_TOO_LONG"),
        ("Ada\n", "NAME_REQUIRED"),
        ("Ada,Lovelace,\ufffd@example.com\n", "NOT_READABLE"),
        ("a" * 300 + ",b,\n", "string.max_len"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_read(ada, bad, reason):
    job = upload(ada, HEADER + bad + GOOD, piece=MEGABYTE)

    assert job.row_count == 2
    first, second = reasons(ada, job)
    assert reason in first
    assert second == []
    assert counts(run(ada, job)) == (1, 0, 0, 1)


def test_what_nobody_can_see_is_left_out(ada):
    run(ada, upload(ada, HEADER + "A\0d\x07a,Love\x1blace,ada@example.com\n"))

    assert {*people(ada)} == {"Ada Lovelace"}


def test_scripts_and_formulas_are_text(ada):
    run(ada, upload(ada, HEADER + "<script>alert(1)</script>,=HYPERLINK(1),a@example.com\n"))

    [contact] = people(ada).values()
    assert contact.display_name == "<script>alert(1)</script> =HYPERLINK(1)"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "FILE_EMPTY"),
        (b" \n\n ", "FILE_EMPTY"),
        (b"PK\x03\x04 no zip", "FILE_NOT_READABLE"),
        (("h," * 50_000 + "\n").encode(), "TOO_MANY_COLUMNS"),
    ],
)
def test_what_is_no_table_is_refused_and_not_kept(ada, contacts, data, reason):
    before = {path for path in contacts.blobs.folder.rglob("*") if path.is_file()}

    with refused(reason):
        upload(ada, data, piece=MEGABYTE)

    assert {path for path in contacts.blobs.folder.rglob("*") if path.is_file()} == before


def test_a_file_that_is_too_large_is_refused_while_it_comes(ada, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", MEGABYTE)

    with refused("FILE_TOO_LARGE"):
        upload(ada, "x,y\n" * MEGABYTE, piece=MEGABYTE)


def test_a_hopeless_file_comes_to_an_end(ada, monkeypatch):
    monkeypatch.setattr(rows, "LONGEST", 100)

    job = upload(ada, HEADER + ("x" * 200 + "\n") * 500 + GOOD)

    assert job.row_count == rows.HOPELESS
    assert counts(run(ada, job)) == (0, 0, 0, rows.HOPELESS)


def bomb(megabytes):
    """A spreadsheet with a cell that unfolds to so many megabytes."""
    made, plain = io.BytesIO(), zipfile.ZipFile(io.BytesIO(spreadsheet(["bomb"])))
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in plain.namelist():
            before, found, after = plain.read(name).partition(b"bomb")
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(before)
                for _ in range(megabytes if found else 0):
                    file.write(b"A" * MEGABYTE)
                file.write(after)
    return made.getvalue()


def test_a_spreadsheet_that_unfolds_without_end_is_refused_in_time(ada):
    began = time.monotonic()

    with refused("FILE_NOT_READABLE"):
        upload(ada, bomb(1500), name="bomb.xlsx", piece=MEGABYTE)

    assert time.monotonic() - began < 60


def test_a_line_of_two_hundred_megabytes_takes_little_memory(ada, contacts):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    request = contacts.rpcs["UploadContactImport"].method.input_type._concrete_class

    def messages():
        yield request(file_name="long.csv", file={"data": (HEADER + GOOD).encode()})
        for _ in range(200):
            yield request(file={"data": b"x" * MEGABYTE})
        yield request(file={"data": b"\n" + GOOD.encode()})

    job = contacts.call("UploadContactImport", messages(), ADA)

    assert reasons(ada, job) == [[], ["ROW_TOO_LONG"], []]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 250 * 1024


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 50, b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)) * 40, b"\x7fELF" + b"\x01\x02\x03" * 999],
    ids=["everything", "picture", "program"],
)
def test_what_is_no_text_is_no_table_whatever_its_name(contacts, data):
    with refused("FILE_NOT_READABLE"):
        upload(Caller(contacts, ADA), data)
