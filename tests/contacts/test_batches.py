"""The same done to many contacts: at once, as a job, stopped, gone on with."""

import threading

import pytest
from crm.contacts.v1.bulk_pb2 import ContactBatch
from crm.invoicing.v1 import domain_events_pb2 as invoicing_events
from crm.type.v1 import deletion_pb2
from sqlalchemy import text

from chassis.testing import OWNER, Caller, announced, eventually, hear, refused
from services.contacts import batching, jobs

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}


def state(batch):
    """The name of its state."""
    return ContactBatch.State.Name(batch.state)


def reasons(batch):
    """Contact → why it was refused."""
    return {refusal.contact: refusal.reason for refusal in batch.refusals}


def test_what_one_may_change_is_changed_and_the_rest_is_refused_with_its_reason(ada, bob):
    mine = [ada.create_contact(contact={**PERSON, "tags": ["old", "kept"]}).name for _ in range(2)]
    read = bob.create_contact(contact={**PERSON, "sharing": "READ"}).name
    hidden = bob.create_contact(contact=PERSON).name

    change = {"add_tags": ["VIP"], "remove_tags": ["OLD"]}
    batch = ada.batch_update_contacts(names=[*mine, read, hidden, "contacts/99", "contacts/0"], change=change)

    assert (state(batch), batch.matched_count, batch.changed_count, batch.refused_count) == ("SUCCEEDED", 6, 2, 4)
    assert reasons(batch) == {
        read: "PERMISSION_DENIED",
        hidden: "NOT_FOUND",
        "contacts/99": "NOT_FOUND",
        "contacts/0": "NOT_FOUND",
    }
    assert [refusal.title for refusal in batch.refusals] == ["Ada Lovelace", "", "", ""]
    assert [list(ada.get_contact(name=name).tags) for name in mine] == [["kept", "VIP"]] * 2


def test_managers_and_sharing_change_only_by_those_who_have_a_say(contacts, ada, bob):
    mine = ada.create_contact(contact=PERSON).name
    open_to_all = bob.create_contact(contact={**PERSON, "sharing": "READ_WRITE"}).name

    change = {"add_managers": ["users/3"], "remove_managers": ["users/2"], "sharing": "READ"}
    batch = ada.batch_update_contacts(names=[mine, open_to_all], change=change)

    assert reasons(batch) == {open_to_all: "MANAGER_REQUIRED"}
    assert list(bob.get_contact(name=mine).managers) == ["users/3"]
    told = [message for subject, message, _ in announced(contacts) if subject.endswith("contact_assigned")]
    assert [list(message.recipients) for message in told] == [["users/3"]]
    last = ada.batch_update_contacts(names=[open_to_all], change={"remove_managers": ["users/3"]})
    assert reasons(last) == {open_to_all: "MANAGER_REQUIRED"}
    nobody = bob.batch_update_contacts(names=[mine], change={"remove_managers": ["users/3"]})
    assert reasons(nobody) == {mine: "MANAGER_MISSING"}
    assert list(bob.get_contact(name=mine).managers) == ["users/3"]


def test_types_and_temperatures_are_set_and_taken_away(contacts, ada):
    owner = Caller(contacts, OWNER)
    level = owner.create_temperature_level(temperature_level={"title": "Hot"}).name
    kind = owner.create_contact_type(contact_type={"title": "Client"}).name
    name = ada.create_contact(contact=PERSON).name

    ada.batch_update_contacts(names=[name], change={"type": kind, "temperature": level})
    changed = ada.get_contact(name=name)
    ada.batch_update_contacts(names=[name], change={"type": "", "temperature": ""})
    bare = ada.get_contact(name=name)

    assert (changed.type, changed.temperature, bare.type, bare.temperature) == (kind, level, "", "")


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"change": {"add_tags": ["x"]}}, "NAMES_OR_SELECTION"),
        ({"names": ["contacts/1"], "selection": {}, "change": {"add_tags": ["x"]}}, "NAMES_OR_SELECTION"),
        ({"names": ["contacts/1"], "change": {}}, "NOTHING_TO_CHANGE"),
        ({"names": ["contacts/1"], "change": {"type": "contactTypes/9"}}, "ENTRY_NOT_FOUND"),
        ({"names": ["contacts/1"], "change": {"add_managers": ["users/99"]}}, "PERSON_NOT_FOUND"),
        ({"selection": {"filter": "nonsense = 1"}, "change": {"add_tags": ["x"]}}, "INVALID_FILTER"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_done(ada, request_, reason):
    with refused(reason, "INVALID_ARGUMENT"):
        ada.batch_update_contacts(**request_)


def test_all_that_match_are_changed_by_a_job_that_goes_on_where_it_was_stopped(contacts, monkeypatch, ada, bob):
    monkeypatch.setattr(batching, "STEP", 2)
    for _ in range(5):
        ada.create_contact(contact=PERSON)
    bob.create_contact(contact=PERSON)
    ada.create_contact(contact={**PERSON, "first_name": "Eve"})

    batch = ada.batch_update_contacts(selection={"filter": 'first_name = "Ada"'}, change={"add_tags": ["vip"]})
    assert (state(batch), batch.matched_count) == ("QUEUED", 5)
    batching._next(contacts.job_context())
    half = ada.get_contact_batch(name=batch.name)
    jobs.carry_out_batches(contacts.job_context())
    whole = ada.get_contact_batch(name=batch.name)

    assert (state(half), half.progress_percent, half.changed_count) == ("RUNNING", 40, 2)
    assert (state(whole), whole.progress_percent, whole.changed_count, whole.refused_count) == ("SUCCEEDED", 100, 5, 0)
    assert ada.list_contacts(filter="tags:vip").total_size == 5
    assert {headers["Crm-Actor"] for _, _, headers in announced(contacts)[-6:]} == {"users/2"}
    with refused("NOT_FOUND"):
        bob.get_contact_batch(name=batch.name)
    assert ada.list_contact_batches(filter="state = SUCCEEDED").total_size == 1
    assert bob.list_contact_batches().total_size == 0


def test_a_batch_that_is_stopped_keeps_what_was_done(contacts, monkeypatch, ada):
    monkeypatch.setattr(batching, "STEP", 2)
    names = [ada.create_contact(contact=PERSON).name for _ in range(5)]
    batch = ada.batch_update_contacts(names=names, change={"add_tags": ["vip"]})
    batching._next(contacts.job_context())

    stopped = ada.cancel_contact_batch(name=batch.name)
    jobs.carry_out_batches(contacts.job_context())

    assert (state(stopped), ada.list_contacts(filter="tags:vip").total_size) == ("CANCELLED", 2)
    assert ada.cancel_contact_batch(name=batch.name) == ada.get_contact_batch(name=batch.name)


def test_who_has_left_changes_nothing_more(contacts, monkeypatch, ada):
    monkeypatch.setattr(batching, "STEP", 1)
    names = [ada.create_contact(contact=PERSON).name for _ in range(2)]
    batch = ada.batch_update_contacts(names=names, change={"add_tags": ["vip"]})
    with contacts.engine.begin() as connection:
        connection.execute(text("UPDATE principal SET standing = 'GONE' WHERE name = 'users/2'"))

    jobs.carry_out_batches(contacts.job_context())

    failed = Caller(contacts, OWNER).get_contact_batch(name=batch.name)
    assert (state(failed), failed.changed_count) == ("FAILED", 0)


def votes(contacts, names, objections):
    """Invoicing's answers to the attempts that stand now."""
    for name in names:
        attempt = Caller(contacts, OWNER).get_contact(name=name).deletion
        held = objections.get(name, [])
        vote = deletion_pb2.DeletionVote(
            deletion=attempt,
            subject=name,
            objections=[deletion_pb2.Objection(type="Invoice", name=each, title=each) for each in held],
            objection_count=len(held),
        )
        hear(contacts, invoicing_events.ContactDeletionVoted(vote=vote), event_id=attempt)


def test_of_many_contacts_those_go_that_nobody_needs(contacts, ada, bob):
    names = [ada.create_contact(contact=PERSON).name for _ in range(3)]
    read = bob.create_contact(contact={**PERSON, "sharing": "READ"}).name
    answers = []
    thread = threading.Thread(target=lambda: answers.append(ada.batch_delete_contacts(names=[*names, read])))
    thread.start()
    eventually(lambda: ada.get_contact(name=names[2]).deletion)
    votes(contacts, names, {names[1]: ["invoices/7"]})
    thread.join()

    [batch] = answers
    assert (state(batch), batch.changed_count, batch.refused_count) == ("SUCCEEDED", 2, 2)
    assert reasons(batch) == {read: "PERMISSION_DENIED", names[1]: "CONTACT_IN_USE"}
    [kept] = [refusal for refusal in batch.refusals if refusal.contact == names[1]]
    assert ([each.name for each in kept.obstacles], kept.title) == (["invoices/7"], "Ada Lovelace")
    assert [contact.name for contact in ada.list_contacts().contacts] == [names[1], read]


def test_whom_nobody_answers_for_is_kept(contacts, monkeypatch, ada):
    monkeypatch.setattr(batching, "PATIENCE", batching.PATIENCE / 100)
    names = [ada.create_contact(contact=PERSON).name for _ in range(2)]

    batch = ada.batch_delete_contacts(names=names)

    assert reasons(batch) == dict.fromkeys(names, "DELETION_UNCONFIRMED")
    assert [ada.get_contact(name=name).deletion for name in names] == ["", ""]


def test_many_are_deleted_by_a_job_that_was_killed_in_between(contacts, monkeypatch, ada):
    monkeypatch.setattr(batching, "STEP", 2)
    names = [ada.create_contact(contact=PERSON).name for _ in range(3)]
    batch = ada.batch_delete_contacts(selection={})
    assert state(batch) == "QUEUED"

    # Each step is a transaction of its own: whoever comes after a kill finds the attempts, and asks nobody twice.
    batching._next(contacts.job_context())
    votes(contacts, names[:2], {})
    batching._next(contacts.job_context())
    batching._next(contacts.job_context())
    votes(contacts, names[2:], {})
    batching._next(contacts.job_context())

    done = ada.get_contact_batch(name=batch.name)
    assert (state(done), done.changed_count, done.refused_count) == ("SUCCEEDED", 3, 0)
    assert ada.list_contacts().total_size == 0


def test_a_batch_whose_type_is_gone_ends_and_the_next_one_goes_on(contacts, monkeypatch, ada):
    monkeypatch.setattr(batching, "STEP", 2)
    owner = Caller(contacts, OWNER)
    kind, _ = (owner.create_contact_type(contact_type={"title": title}).name for title in ("Brief", "Lasting"))
    for _ in range(5):
        ada.create_contact(contact=PERSON)
    every = {"filter": 'first_name = "Ada"'}
    first = ada.batch_update_contacts(selection=every, change={"type": kind})
    second = ada.batch_update_contacts(selection=every, change={"add_tags": ["vip"]})
    owner.delete_contact_type(name=kind)
    batching.carry_out(contacts.job_context())

    assert [state(ada.get_contact_batch(name=each.name)) for each in (first, second)] == ["FAILED", "SUCCEEDED"]
    assert ada.get_contact_batch(name=first.name).error.endswith(f"there is no {kind}")


def test_a_batch_that_fails_over_and_over_ends_and_says_so(contacts, monkeypatch, ada):
    monkeypatch.setattr(batching, "STEP", 2)
    for _ in range(5):
        ada.create_contact(contact=PERSON)
    batch = ada.batch_update_contacts(selection={"filter": ""}, change={"add_tags": ["vip"]})
    monkeypatch.setattr(batching, "update_some", lambda *_: 1 / 0)
    for _ in range(batching.TRIES - 1):
        with pytest.raises(ZeroDivisionError):
            batching.carry_out(contacts.job_context())
    batching.carry_out(contacts.job_context())

    ended = ada.get_contact_batch(name=batch.name)
    assert (state(ended), ended.error) == ("FAILED", "it cannot be done; an administrator finds why in the log")
