"""What is taken along is what one may see, safe to open, and comes back as it was."""

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from crm.identity.v1 import domain_events_pb2 as identity_events

from chassis.testing import ADA, BOB, OWNER, Caller, Neighbours, announced, hear, refused
from chassis.tx import Cause
from services.contacts.exporting.columns import Columns
from services.contacts.exporting.model import Export
from services.contacts.exporting.running import MAKER, delete_expired_files, make_exports
from services.contacts.importing.meanings import proposed
from tests.contacts.importing import counts, disable, people, run, upload

PERSON = {
    "kind": "PERSON",
    "first_name": "Ada",
    "last_name": "=cmd|' /C calc'!A0",
    "job_title": "@countess",
    "description": "+1\nнет",
    "tags": ["vip", "друг"],
    "emails": [{"value": "a@example.com", "category": "HOME"}, {"value": "b@example.com", "primary": True}],
    "phones": [{"value": "+41791234567", "category": "MOBILE"}],
    "websites": [{"value": "https://example.com"}],
    "socials": [{"value": "@ada", "network": "TELEGRAM"}],
    "addresses": [{"street": "Main St. 1", "city": "Basel", "category": "BILLING"}],
    "currency": "EUR",
    "language": "ru",
}


@pytest.fixture
def bob(contacts):
    """Bob, who reads Russian."""
    return Caller(contacts, BOB, Cause(language="ru"))


def export(caller, **which):
    """Takes records along; returns the export and its file."""
    made = caller.create_export(export={"kind": "CONTACTS", **which})
    make_exports(caller.service.job_context())
    MAKER.thread.join(10)
    made = caller.get_export(name=made.name)
    assert type(made).State.Name(made.state) == "SUCCEEDED", made.error
    return made, b"".join(caller.download_export(name=made.name).parts)


def rows(file, delimiter=","):
    """The rows of a CSV file, as header → cell."""
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig")), delimiter=delimiter))


def test_exactly_the_list_that_one_sees_is_taken_along(ada, bob):
    ada.create_contact(contact=PERSON)
    ada.create_contact(contact={"kind": "COMPANY", "company_name": "Acme"})
    bob.create_contact(contact={**PERSON, "last_name": "Secret"})

    made, file = export(ada, filter="kind = PERSON")

    assert [row["First name"] for row in rows(file)] == ["Ada"]
    assert (made.row_count, made.progress_percent, made.size) == (1, 100, len(file))
    assert made.file_name.startswith("contacts-")
    assert len(rows(export(ada)[1])) == 2
    assert not rows(export(ada, q="nobody")[1])


def test_nothing_in_it_is_a_formula_and_it_comes_back_as_it_was(ada, contacts):
    before = ada.create_contact(contact=PERSON)
    _, file = export(ada)
    [row] = rows(file)
    dangerous = [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    assert all(cell.removeprefix("+").isdigit() for cell in dangerous)
    assert row["Last name"] == "'=cmd|' /C calc'!A0"
    ada.update_contact(contact={"name": before.name, "emails": []})

    done = run(ada, upload(ada, file.replace(b"b@example.com, ", b""), name="contacts.csv"))

    assert counts(done) == (0, 0, 1, 0)
    again = ada.get_contact(name=before.name)
    copy = next(ada.get_contact(name=each.name) for each in [again])
    assert copy.last_name == PERSON["last_name"]


def test_what_was_exported_is_imported_without_a_mapping(ada, bob):
    ada.create_contact(contact=PERSON)
    _, file = export(ada)

    job = upload(bob, file, name="contacts.csv")
    assert counts(run(bob, job)) == (1, 0, 0, 0)

    [copied] = people(bob).values()
    copied = bob.get_contact(name=copied.name)
    for name in ("first_name", "last_name", "job_title", "description", "tags", "currency", "language"):
        assert getattr(copied, name) == PERSON[name], name
    assert [(each.value, each.primary) for each in copied.emails] == [("b@example.com", True), ("a@example.com", False)]
    assert copied.phones[0].value == "+41791234567"
    assert copied.socials[0].value == "@ada"
    assert (copied.addresses[0].city, copied.addresses[0].category) == ("Basel", 4)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_import_understands_every_header(language):
    headers = Columns(language, {}, {}).headers()

    understood = dict(zip(headers, proposed(headers, {}), strict=True))

    assert [header for header, field in understood.items() if not field] == [headers[0], *headers[-6:]]
    assert len({*understood.values()}) == len(headers) - len(headers[-6:])


def test_a_russian_spreadsheet_opens_it(bob):
    bob.create_contact(contact={**PERSON, "last_name": "Щукина"})

    _, file = export(bob)

    assert file.startswith(b"\xef\xbb\xbf")
    [row] = rows(file, ";")
    assert (row["Фамилия"], row["Телефон (мобильный)"]) == ("Щукина", "+41791234567")


def test_everything_is_a_zip_for_administrators(ada, contacts, invoicing, events, monkeypatch):
    owner = Caller(contacts, OWNER)
    contact = ada.create_contact(contact=PERSON)
    monkeypatch.setattr(contacts, "peers", Neighbours(invoicing, events))
    monkeypatch.setattr(events, "peers", Neighbours(contacts))
    monkeypatch.setattr(invoicing, "peers", Neighbours(contacts))
    grace = {
        "name": "users/2",
        "etag": '"2"',
        "display_name": "Grace",
        "email": "grace@example.com",
        "state": "INVITED",
    }
    hear(contacts, identity_events.UserUpdated(user=grace))
    line = {"description": "Work", "quantity": "1", "price": {"currency_code": "EUR", "units": 5}}
    Caller(invoicing, ADA).create_invoice(invoice={"client": contact.name, "currency_code": "EUR", "lines": [line]})
    fair = Caller(events, ADA).create_event(event={"title": "Fair", "description": "long", "tags": ["autumn"]})
    document(Caller(events, ADA), contact.name, "price/list.txt", b"ten")
    with refused("CRM_ADMIN_REQUIRED"):
        ada.create_export(export={"kind": "EVERYTHING"})

    _, file = export(owner, kind="EVERYTHING", with_files=True)

    archive = zipfile.ZipFile(io.BytesIO(file))
    assert archive.testzip() is None
    assert [row["Id"] for row in rows(archive.read("contacts.csv"))] == [contact.name]
    people = [(row["name"], row["display_name"], row["email"], row["state"]) for row in rows(archive.read("users.csv"))]
    assert people[0][0] == "users/1"
    assert people[1] == ("users/2", "Grace", "grace@example.com", "INVITED")
    [invoice] = rows(archive.read("invoices.csv"))
    assert (invoice["client"], invoice["state"]) == (contact.name, "DRAFT")
    assert {row["title"] for row in rows(archive.read("tags.csv"))} >= {"vip", "друг"}
    [event] = rows(archive.read("events.csv"))
    assert (event["name"], event["description"], event["tags"]) == (fair.name, "long", "autumn")
    [file] = rows(archive.read("files.csv"))
    assert (file["title"], file["size"], file["subject"]) == ("price/list.txt", "3", contact.name)
    assert archive.read("files/1-price-list.txt") == b"ten"
    assert {row["kind"] for row in rows(archive.read("history.csv"))} == {"RECORD_CREATED", "FILE_ADDED"}
    assert [row["title"] for row in rows(archive.read("event-tags.csv"))] == ["autumn"]
    assert {"event-fields.csv", "history-categories.csv"} <= {*archive.namelist()}


def document(caller, subject, title, content):
    """Adds a document to a record."""
    request = caller.service.rpcs["UploadFile"].method.input_type._concrete_class
    parts = iter([request(subject=subject, title=title, file={"data": content})])
    return caller.service.call("UploadFile", parts, caller.actor, caller.cause)


def test_an_export_is_nobody_elses(ada, bob, contacts):
    made, _ = export(ada)

    for other in (bob, Caller(contacts, OWNER)):
        with refused("NOT_FOUND"):
            other.download_export(name=made.name)
        assert not other.list_exports().exports


def test_an_export_is_kept_for_a_day(ada, contacts):
    made, _ = export(ada)
    with contacts.begin(contacts.actor) as tx:
        row = tx.session.get(Export, 1)
        row.expire_time = datetime.now(UTC) - timedelta(seconds=1)
        blob = row.blob

    with refused("EXPORT_EXPIRED"):
        ada.download_export(name=made.name)
    delete_expired_files(contacts.job_context())

    with pytest.raises(FileNotFoundError):
        list(contacts.blobs.get(blob))


def test_a_cancelled_export_is_not_made(ada, contacts):
    made = ada.create_export(export={"kind": "CONTACTS"})
    with refused("EXPORT_NOT_READY"):
        ada.download_export(name=made.name)
    with refused("EXPORT_RUNNING"):
        ada.delete_export(name=made.name)

    ada.cancel_export(name=made.name)
    make_exports(contacts.job_context())

    with refused("EXPORT_NOT_READY"):
        ada.download_export(name=made.name)
    ada.delete_export(name=made.name)
    assert not ada.list_exports().exports


def test_whoever_wants_it_is_told_when_it_is_there(ada, contacts):
    made, _ = export(ada)

    [finished] = [message for _, message, headers in announced(contacts) if headers["Crm-Event"] == "ExportFinished"]

    assert (finished.export.name, list(finished.recipients)) == (made.name, ["users/2"])


def test_a_list_that_cannot_be_is_refused_at_once(ada):
    with refused("INVALID_FILTER"):
        ada.create_export(export={"kind": "CONTACTS", "filter": "nonsense ="})


def test_nothing_is_taken_along_by_somebody_who_is_disabled_meanwhile(ada, contacts):
    ada.create_contact(contact=PERSON)
    made = ada.create_export(export={"kind": "CONTACTS"})
    disable(contacts, ADA.user)

    make_exports(contacts.job_context())
    MAKER.thread.join(10)

    ended = ada.get_export(name=made.name)
    assert type(ended).State.Name(ended.state) == "FAILED"
    assert ended.error == "whoever asked for it does not work here any more"
