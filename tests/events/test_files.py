"""Documents of records."""

from datetime import UTC, datetime, timedelta

import pytest
from crm.contacts.v1 import contacts_pb2
from crm.contacts.v1 import domain_events_pb2 as contacts
from crm.events.v1.files_pb2 import UploadFileRequest
from google.api.httpbody_pb2 import HttpBody
from sqlalchemy import update

from chassis.errors import DeadlineExceeded
from chassis.testing import ADA, hear, refused
from chassis.tx import Tx
from services.events import jobs
from services.events.model import File

pytestmark = pytest.mark.usefixtures("people")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
PDF = b"%PDF-1.7\n" + b"x" * 100
ZIP = b"PK\x03\x04" + b"\0" * 200


def upload(who, title, data, subject="contacts/17", **fields):
    """Uploads a file as the gateway does, in two parts."""
    half = len(data) // 2
    first = UploadFileRequest(title=title, subject=subject, file=HttpBody(data=data[:half]), **fields)
    parts = iter([first, UploadFileRequest(file=HttpBody(data=data[half:]))])
    return who.service.call("UploadFile", parts, who.actor, who.cause)


def held(who, name, **asked):
    return b"".join(who.download_file(name=name, **asked).parts)


def blobs(events):
    folder = events.blobs.folder / "events"
    return sorted(path.name for path in folder.glob("*")) if folder.exists() else []


@pytest.fixture(autouse=True)
def subject(events, known):
    """A contact, and no blob."""
    for name in blobs(events):
        events.blobs.delete(f"events/{name}")
    return known(17, "Ada", managers=["users/1", ADA.user])


def test_a_file_comes_back_as_it_was(events, ada):
    made = upload(ada, "Договор № 5.pdf", PDF)
    download = ada.download_file(name=made.name)

    assert (made.title, made.size, made.content_type, made.subject) == (
        "Договор № 5.pdf",
        len(PDF),
        "application/pdf",
        "contacts/17",
    )
    assert (b"".join(download.parts), download.title, download.size) == (PDF, made.title, len(PDF))
    assert [each.title for each in ada.list_files(filter='subject = "contacts/17"').files] == [made.title]
    [entry] = ada.list_history_entries().history_entries
    assert (entry.Kind.Name(entry.kind), entry.related, dict(entry.values)) == (
        "FILE_ADDED",
        made.name,
        {"title": made.title},
    )


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", ""),
        ("cp1251", "; charset=windows-1251"),
        ("koi8-r", "; charset=koi8-r"),
        ("cp866", "; charset=ibm866"),
        ("utf-16", "; charset=utf-16"),
        ("utf-16-be-marked", "; charset=utf-16be"),
    ],
)
def test_it_is_known_how_a_text_is_written(ada, known, encoding, said):
    known(17, "Ada", sharing=contacts_pb2.Contact.READ_WRITE)
    text = "Договор поставки насосов. Срок: три недели.\n" * 400
    data = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-marked" else text.encode(encoding)
    made = upload(ada, "договор.txt", data)

    assert made.content_type == f"text/plain{said}"


@pytest.mark.parametrize(
    ("title", "data", "fields", "reason"),
    [
        ("a.txt", b"", {}, "FILE_EMPTY"),
        ("a.pdf", PNG, {}, "FILE_TYPE_WRONG"),
        ("a.png", PDF, {}, "FILE_TYPE_WRONG"),
        ("offer.pdf", ZIP, {}, "FILE_TYPE_WRONG"),
        ("..", PDF, {}, "TITLE_REQUIRED"),
        ("a.pdf", PDF, {"subject": "contacts/99"}, "SUBJECT_NOT_FOUND"),
        ("a.pdf", PDF, {"subject": ""}, "SUBJECT_OR_NAME"),
        ("a.pdf", PDF, {"name": "files/1"}, "SUBJECT_OR_NAME"),
        ("a.pdf", PDF, {"subject": "", "name": "files/99"}, "NOT_FOUND"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(events, ada, title, data, fields, reason):
    with refused(reason):
        upload(ada, title, data, **fields)
    assert (blobs(events), ada.list_files().total_size) == ([], 0)


def test_a_file_that_is_too_large_leaves_nothing_behind(events, ada, monkeypatch):
    monkeypatch.setattr(events.settings, "maximum_file_mb", 1)
    with refused("FILE_TOO_LARGE"):
        upload(ada, "a.bin", b"x" * (1024 * 1024 + 1))
    assert blobs(events) == []
    assert upload(ada, "a.bin", b"x" * 1024 * 1024).size == 1024 * 1024


def test_an_upload_that_breaks_off_leaves_nothing_behind(events, ada):
    def half():
        yield UploadFileRequest(title="a.bin", subject="contacts/17", file=HttpBody(data=b"x" * 10_000))
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        events.call("UploadFile", half(), ada.actor, ada.cause)
    assert (blobs(events), ada.list_files().total_size) == ([], 0)


def test_a_file_has_versions(ada):
    name = upload(ada, "a.txt", b"one").name
    upload(ada, "a.txt", b"second", subject="", name=name)

    file = ada.get_file(name=name)
    assert [(each.number, each.size) for each in file.versions] == [(1, 3), (2, 6)]
    assert (held(ada, name), held(ada, name, version=1), file.size) == (b"second", b"one", 6)
    with refused("NOT_FOUND"):
        ada.download_file(name=name, version=3)


def test_a_new_version_is_what_the_name_of_the_file_says(ada):
    name = upload(ada, "offer.pdf", PDF).name
    with refused("FILE_TYPE_WRONG"):
        upload(ada, "x.png", PNG, subject="", name=name)
    assert upload(ada, "letter.docx", ZIP).content_type.endswith("wordprocessingml.document")


def test_what_is_deleted_is_not_found_by_its_title_nor_downloaded(ada):
    name = upload(ada, "real estate: state=1.pdf", PDF).name
    ada.delete_file(name=name)

    assert ada.list_files(filter='title = "real estate: state=1.pdf"').total_size == 0
    assert ada.list_files(filter='state = DELETED AND title = "real estate: state=1.pdf"').total_size == 1
    with refused("FILE_DELETED"):
        ada.download_file(name=name)


def test_a_file_whose_commit_was_not_answered_is_whole(ada, monkeypatch):
    def commit(tx, real=Tx.commit):
        real(tx)
        if tx.announced:
            raise DeadlineExceeded("whether it was done is unknown", "OUTCOME_UNKNOWN")

    with monkeypatch.context() as patch, refused("OUTCOME_UNKNOWN"):
        patch.setattr(Tx, "commit", commit)
        upload(ada, "a.pdf", PDF)
    [file] = ada.list_files().files
    assert held(ada, file.name) == PDF


def test_what_is_deleted_can_be_restored_for_a_while(events, ada):
    name = upload(ada, "a.txt", b"one").name
    ada.delete_file(name=name)
    assert ada.list_files().total_size == 0
    assert [each.name for each in ada.list_files(filter="state = DELETED").files] == [name]
    with refused("FILE_DELETED"):
        ada.update_file(file={"name": name, "title": "b.txt"})
    ada.restore_file(name=name)
    with refused("FILE_NOT_DELETED"):
        ada.restore_file(name=name)
    assert held(ada, name) == b"one"

    note = ada.create_history_entry(history_entry={"subject": "contacts/17", "text": "x", "files": [name]}).name
    ada.delete_file(name=name)
    with events.engine.begin() as connection:
        connection.execute(update(File).values(delete_time=datetime.now(UTC) - timedelta(days=31)))
    with events.job_context()() as tx:
        jobs.delete_for_good(tx)
    jobs.delete_dead_blobs(events.job_context())
    assert (blobs(events), list(ada.get_history_entry(name=note).files)) == ([], [])
    with refused("NOT_FOUND"):
        ada.get_file(name=name)


def test_access_is_that_of_the_record(ada, bob, known):
    known(18, "Secret", sharing=contacts_pb2.Contact.PRIVATE, managers=[ada.actor.user])
    name = upload(ada, "a.txt", b"one", subject="contacts/18").name
    shared = upload(ada, "b.txt", b"two").name

    assert [each.name for each in bob.list_files().files] == [shared]
    for call in (bob.get_file, bob.download_file, bob.delete_file, bob.restore_file):
        with refused("NOT_FOUND"):
            call(name=name)
    assert held(bob, shared) == b"two"
    with refused("PERMISSION_DENIED"):
        bob.delete_file(name=shared)
    with refused("PERMISSION_DENIED"):
        upload(bob, "c.txt", b"three")


def test_files_go_with_their_contact(events, owner):
    upload(owner, "a.txt", b"one")
    hear(events, contacts.ContactDeleted(contact={"name": "contacts/17"}), event_id="gone")
    jobs.delete_dead_blobs(events.job_context())

    assert (blobs(events), owner.list_files().total_size) == ([], 0)


def test_a_note_names_files_of_its_subject_only(ada, known):
    known(18, "Other", managers=[ada.actor.user])
    mine, other = upload(ada, "a.txt", b"one").name, upload(ada, "b.txt", b"two", subject="contacts/18").name

    made = ada.create_history_entry(history_entry={"subject": "contacts/17", "text": "x", "files": [mine]})
    assert list(made.files) == [mine]
    with refused("FILE_NOT_FOUND"):
        ada.create_history_entry(history_entry={"subject": "contacts/17", "text": "x", "files": [other]})
