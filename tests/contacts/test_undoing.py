"""An import is taken back whole, except where somebody was there since; and nothing is done twice, whoever dies."""

import pytest
from crm.invoicing.v1 import domain_events_pb2 as invoicing_events
from google.protobuf.struct_pb2 import Value
from sqlalchemy import text

from chassis.kit.importing import running
from chassis.testing import ADA, OWNER, Caller, announced, hear, refused
from services.contacts import deciding, jobs
from services.contacts.importing import running as mounted
from services.contacts.importing.batch import Batch
from services.contacts.importing.running import carry_out_imports
from tests.contacts.importing import change, counts, disable, people, run, state, upload

TEXT = "First name,Last name,Company,E-mail\n" + "".join(
    f"Ada{i},Lovelace,Company {i % 3},ada{i}@example.com\n" for i in range(12)
)


def undo(caller, job, *, held=(), answers=True):
    """Takes an import back; invoicing, if it answers, holds the contacts `held`."""
    caller.undo_contact_import(name=job.name)
    answered: set = set()
    while True:
        with pytest.MonkeyPatch.context() as patch:
            # The job does not wait for answers: they are given between two of its turns.
            patch.setattr("chassis.kit.importing.running.SLICE", 0.05)
            carry_out_imports(caller.service.job_context())
        job = caller.get_contact_import(name=job.name)
        if state(job) in ("UNDONE", "FAILED"):
            return job
        if not answers:
            give_up_asking(caller.service)
            continue
        for _, message, headers in announced(caller.service):
            if headers["Crm-Event"] == "ContactDeletionsRequested" and message.deletions[0].name not in answered:
                answered.add(message.deletions[0].name)
                votes = [_vote(deletion, deletion.subject in held) for deletion in message.deletions]
                event = invoicing_events.ContactDeletionsVoted(votes=votes)
                hear(caller.service, event, event_id=message.deletions[0].name, actor="services/invoicing")


def give_up_asking(service):
    """Lets the time of all who are asked run out."""
    with service.engine.begin() as connection:
        connection.execute(text("UPDATE deletion SET expire_time = now() - interval '1 second'"))
    with service.begin(service.actor) as tx:
        jobs.cancel_expired_deletions(tx)


def deleted(service, name):
    """Deletes a contact, as nobody objects."""
    with service.begin(OWNER) as tx:
        number = deciding.request_deletion(tx, name, "")
    vote = {"deletion": f"{name}/deletions/{number}", "subject": name}
    event = invoicing_events.ContactDeletionsVoted(votes=[vote])
    hear(service, event, event_id=f"gone-{name}", actor="services/invoicing")


def _vote(deletion, objects):
    vote = {"deletion": deletion.name, "subject": deletion.subject, "objection_count": int(objects)}
    if objects:
        vote["objections"] = [{"type": "Invoice", "name": "invoices/1", "title": "INV1"}]
    return vote


def test_an_import_is_taken_back_updates_included(ada):
    known = ada.create_contact(contact={"kind": "PERSON", "first_name": "Ada", "last_name": "B", "tags": ["old"]})
    mails = [{"value": "ada3@example.com"}, {"value": "b@example.com", "primary": True}]
    ada.update_contact(contact={"name": known.name, "emails": mails})
    before = ada.get_contact(name=known.name)
    job = change(ada, upload(ada, TEXT), duplicates="OVERWRITE", tags=["new"])
    done = run(ada, job)
    assert counts(done) == (14, 1, 0, 0)
    assert ada.get_contact(name=known.name).last_name == "Lovelace"

    undone = undo(ada, done)

    assert (undone.undone_count, undone.kept_count) == (15, 0)
    after = ada.get_contact(name=known.name)
    for volatile in ("etag", "update_time"):
        before.ClearField(volatile)
        after.ClearField(volatile)
    assert after == before
    assert {*people(ada)} == {"Ada B"}


def test_several_rows_that_changed_one_contact_are_taken_back_in_turn(ada, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 1)
    ada.create_contact(contact={"kind": "COMPANY", "company_name": "Acme", "emails": [{"value": "a@a.ch"}]})
    rows = "Company,E-mail,Notes\nAcme,a@a.ch,one\nAcme 2,a@a.ch,two\nAcme 3,a@a.ch,three\n"
    done = run(ada, change(ada, upload(ada, rows), duplicates="OVERWRITE"))
    assert {*people(ada)} == {"Acme 3"}

    undone = undo(ada, done)

    assert (undone.undone_count, undone.kept_count) == (3, 0)
    [acme] = people(ada).values()
    assert (acme.display_name, ada.get_contact(name=acme.name).description) == ("Acme", "")


def test_what_somebody_changed_since_stays(ada):
    done = run(ada, upload(ada, TEXT))
    changed = people(ada)["Ada5 Lovelace"]
    ada.update_contact(contact={"name": changed.name, "job_title": "countess"})

    undone = undo(ada, done)

    # She works for a company of the import, which therefore stays too.
    assert undone.kept_count >= 1
    assert "Ada5 Lovelace" in people(ada)
    file = b"".join(ada.download_rejected_rows(name=done.name).parts).decode()
    assert "Ada5,Lovelace,Company 2,ada5@example.com,somebody has changed it since" in file
    assert "Ada6" not in file


def test_a_contact_that_an_invoice_names_stays_and_may_be_tried_again(ada):
    done = run(ada, upload(ada, TEXT))
    held = people(ada)["Ada7 Lovelace"].name

    undone = undo(ada, done, held={held})

    # So does the company she works for.
    assert (undone.undone_count, undone.kept_count) == (13, 2)
    assert undo(ada, undone).kept_count == 0
    assert not people(ada)


def test_what_nobody_could_say_is_not_told_as_use(ada):
    done = run(ada, upload(ada, "First name,Last name\nAda,Lovelace\n"))

    assert undo(ada, done, answers=False).kept_count == 1

    file = b"".join(ada.download_rejected_rows(name=done.name).parts).decode()
    assert "nobody could confirm that contacts/" in file


def test_what_a_contact_pointed_to_may_be_gone_when_it_is_restored(ada, contacts):
    owner = Caller(contacts, OWNER)
    kind = owner.create_contact_type(contact_type={"title": "Old type"}).name
    level = owner.create_temperature_level(temperature_level={"title": "Old level"}).name
    field = owner.create_contact_field(contact_field={"label": "Vip", "kind": "CHECKBOX"}).name
    company = ada.create_contact(contact={"kind": "COMPANY", "company_name": "Old"}).name
    pointing = {"company": company, "type": kind, "temperature": level, "custom": {field: Value(bool_value=True)}}
    mail = [{"value": "ada@example.com"}]
    known = ada.create_contact(
        contact={"kind": "PERSON", "first_name": "Ada", "last_name": "L", "emails": mail, **pointing}
    )
    rows = "First name,Last name,Company,Contact type,Temperature level,E-mail\nAda,King,New,N,N,ada@example.com\n"
    done = run(ada, change(ada, upload(ada, rows), duplicates="OVERWRITE"))
    deleted(contacts, company)
    owner.delete_contact_type(name=kind)
    owner.delete_temperature_level(name=level)

    undone = undo(ada, done)

    assert (state(undone), undone.undone_count, undone.kept_count) == ("UNDONE", 2, 0)
    found = ada.get_contact(name=known.name)
    assert (found.last_name, found.company, found.type, found.temperature) == ("L", "", "", "")
    assert found.custom[field].bool_value


def test_a_field_that_was_deleted_since_has_no_value_again(ada, contacts):
    owner = Caller(contacts, OWNER)
    field = owner.create_contact_field(contact_field={"label": "Vip", "kind": "CHECKBOX"}).name
    ticked = {"custom": {field: Value(bool_value=True)}, "emails": [{"value": "ada@example.com"}]}
    known = ada.create_contact(contact={"kind": "PERSON", "first_name": "Ada", "last_name": "L", **ticked})
    rows = "First name,Last name,Vip,E-mail\nAda,King,no,ada@example.com\n"
    done = run(ada, change(ada, upload(ada, rows), duplicates="OVERWRITE"))
    assert not ada.get_contact(name=known.name).custom
    owner.delete_contact_field(name=field)
    jobs.clear_what_was_deleted(contacts.job_context())

    undo(ada, done)

    found = ada.get_contact(name=known.name)
    assert (found.last_name, dict(found.custom)) == ("L", {})


def test_a_company_that_was_merged_is_the_survivor_when_a_person_is_restored(ada):
    old, survivor = (ada.create_contact(contact={"kind": "COMPANY", "company_name": name}).name for name in "AB")
    person = {"kind": "PERSON", "first_name": "Ada", "last_name": "L", "company": old}
    known = ada.create_contact(contact={**person, "emails": [{"value": "ada@example.com"}]})
    rows = "First name,Last name,Company,E-mail\nAda,L,New,ada@example.com\n"
    done = run(ada, change(ada, upload(ada, rows), duplicates="OVERWRITE"))
    ada.merge_contact(name=survivor, source=old)

    undo(ada, done)

    assert ada.get_contact(name=known.name).company == survivor


def test_what_cannot_be_taken_back_holds_up_nobody(ada, contacts, monkeypatch):
    done = run(ada, upload(ada, TEXT))
    monkeypatch.setattr("services.contacts.importing.undoing._take_back", lambda *_: 1 / 0)

    failed = undo(ada, done)

    assert (state(failed), failed.error) == ("FAILED", "it cannot be done; an administrator finds why in the log")
    assert state(run(ada, upload(ada, "First name,Last name\nBob,B\n"))) == "SUCCEEDED"
    monkeypatch.undo()
    assert undo(ada, failed).undone_count == 15


def test_nothing_is_taken_back_for_somebody_who_is_disabled_meanwhile(ada, contacts):
    done = run(ada, upload(ada, TEXT))
    ada.undo_contact_import(name=done.name)
    disable(contacts, ADA.user)

    carry_out_imports(contacts.job_context())

    ended = ada.get_contact_import(name=done.name)
    assert (state(ended), ended.undone_count) == ("FAILED", 0)
    assert ended.error == "whoever asked for it does not work here any more"


def test_what_was_merged_into_an_imported_contact_is_not_taken_back(ada):
    mine = {"kind": "PERSON", "first_name": "Ada", "last_name": "L", "emails": [{"value": "ada@example.com"}]}
    old = ada.create_contact(contact=mine).name
    rows = "First name,Last name,E-mail\nAda,L,ada@example.com\n"
    done = run(ada, change(ada, upload(ada, rows), duplicates="CREATE"))
    [double] = [each.name for each in ada.list_contacts().contacts if each.name != old]
    ada.merge_contact(name=double, source=old)

    undone = undo(ada, done)

    assert (undone.undone_count, undone.kept_count) == (0, 1)
    assert ada.get_contact(name=old).name == double
    assert "merged into it since" in b"".join(ada.download_rejected_rows(name=done.name).parts).decode()


def test_a_company_that_others_work_for_stays(ada, bob):
    bad = TEXT.replace("Ada0,Lovelace,Company 0", "Ada0,,Company 0")
    done = run(ada, change(ada, upload(ada, bad), sharing="READ"))
    company = people(ada)["Company 1"].name
    person = {"kind": "PERSON", "first_name": "Bob", "last_name": "B", "company": company}
    bob.create_contact(contact=person)

    undone = undo(ada, done)

    assert undone.kept_count == 1
    assert {*people(ada)} == {"Company 1"}
    file = b"".join(ada.download_rejected_rows(name=done.name).parts).decode("utf-8-sig").splitlines()
    assert file[1:] == [
        ",,Company 1,,somebody works there",
        "Ada0,,Company 0,ada0@example.com,Last name: fill it in",
    ]


def test_a_dry_run_and_a_draft_have_nothing_to_take_back(ada):
    job = upload(ada, TEXT)

    with refused("NOTHING_TO_UNDO"):
        ada.undo_contact_import(name=job.name)
    run(ada, job, dry_run=True)
    with refused("NOTHING_TO_UNDO"):
        ada.undo_contact_import(name=job.name)


class KilledError(BaseException):
    """What a kill is to a test: nothing after it happens."""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whoever_is_killed_in_the_middle_of_a_batch_doubles_nothing(ada, contacts, monkeypatch, moment):
    monkeypatch.setattr(running, "BATCH", 5)
    job = upload(ada, TEXT)
    ada.start_contact_import(name=job.name)
    carry_out = Batch.carry_out
    batches = iter(range(100))

    def killed(batch, tx, row):
        if next(batches) == 1:
            if moment == "after":
                carry_out(batch, tx, row)
            raise KilledError
        return carry_out(batch, tx, row)

    monkeypatch.setattr(Batch, "carry_out", killed)
    with pytest.raises(KilledError):
        carry_out_imports(contacts.job_context())
    # Another process leads now; it knows nothing.
    monkeypatch.setattr(mounted, "RUNS", running.Runs(mounted.IMPORTS))

    carry_out_imports(contacts.job_context())

    done = ada.get_contact_import(name=job.name)
    assert (state(done), counts(done)) == ("SUCCEEDED", (15, 0, 0, 0))
    assert len(people(ada)) == 15
    created = [headers for _, _, headers in announced(contacts) if headers["Crm-Event"] == "ContactCreated"]
    assert len(created) == 15


def test_a_cancelled_import_keeps_what_it_did_and_can_be_taken_back(ada, contacts, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 5)
    monkeypatch.setattr(running, "SLICE", 0.0001)
    job = upload(ada, TEXT)
    ada.start_contact_import(name=job.name)
    carry_out_imports(contacts.job_context())

    stopped = ada.cancel_contact_import(name=job.name)
    monkeypatch.setattr(running, "SLICE", 2.0)
    carry_out_imports(contacts.job_context())

    assert state(stopped) == "CANCELLED"
    assert 0 < stopped.created_count < 15
    assert len(people(ada)) == stopped.created_count
    assert undo(ada, stopped).undone_count == stopped.created_count
    assert not people(ada)
