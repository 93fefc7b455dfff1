"""What every call goes through: validation, request ids, transactions, and how many statements it takes."""

import hashlib
import json
import threading
from contextlib import suppress

import pytest
from crm.contacts.v1 import contacts_pb2 as pb
from crm.contacts.v1 import domain_events_pb2
from sqlalchemy import NullPool, create_engine, text

from chassis.errors import Error, FailedPrecondition, InvalidArgument
from chassis.prepared import Prepared
from chassis.testing import ADA, BOB, Caller, announced, refused, statements
from chassis.tx import Cause
from services.contacts import model as contacts_model

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}


def test_the_same_request_id_gives_the_same_answer_and_one_record(contacts):
    ada = Caller(contacts, ADA)

    first = ada.create_contact(contact=PERSON, request_id="r1")
    again = ada.create_contact(contact=PERSON, request_id="r1")

    assert again == first
    assert ada.list_contacts().total_size == 1
    assert len(announced(contacts)) == 1


def test_a_request_id_is_not_good_for_another_request(contacts):
    ada = Caller(contacts, ADA)
    ada.create_contact(contact=PERSON, request_id="r1")

    with refused("REQUEST_ID_REUSED", "FAILED_PRECONDITION"):
        ada.create_contact(contact={**PERSON, "first_name": "Eve"}, request_id="r1")

    assert ada.list_contacts().total_size == 1


def test_request_ids_of_others_are_others(contacts):
    Caller(contacts, ADA).create_contact(contact=PERSON, request_id="r1")

    Caller(contacts, BOB).create_contact(contact={**PERSON, "first_name": "Eve"}, request_id="r1")

    assert Caller(contacts, BOB).list_contacts().total_size == 1


def test_a_refused_request_may_be_repeated_under_its_id(contacts):
    ada = Caller(contacts, ADA)
    with refused("NAME_REQUIRED"):
        ada.create_contact(contact={"kind": "PERSON"}, request_id="r1")

    ada.create_contact(contact=PERSON, request_id="r1")

    assert ada.list_contacts().total_size == 1


def test_ten_parallel_calls_with_one_request_id_make_one_record(contacts):
    ada, answers = Caller(contacts, ADA), []

    def call():
        answers.append(ada.create_contact(contact=PERSON, request_id="same").name)

    threads = [threading.Thread(target=call) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(answers) == {"contacts/1"}
    assert len(answers) == 10


def test_a_refusal_names_every_field_and_changes_nothing(contacts):
    ada = Caller(contacts, ADA)

    with refused("INVALID_FIELDS", "INVALID_ARGUMENT") as caught:
        ada.create_contact(contact={**PERSON, "first_name": "x" * 256, "emails": [{"value": "nobody"}]})

    assert {violation.field for violation in caught[0].violations} == {"first_name", "emails[0].value"}
    assert ada.list_contacts().total_size == 0


def test_a_refusal_speaks_the_callers_language(contacts):
    with refused("INVALID_FIELDS") as caught:
        Caller(contacts, ADA).create_contact(contact={**PERSON, "first_name": "x" * 256})

    assert caught[0].status("ru").message == "first_name: не длиннее 255 символов"
    assert caught[0].status("en").message == "first_name: must be at most 255 characters"


@pytest.mark.parametrize(
    "field",
    [{"creator": "users/9"}, {"state": "DELETING"}, {"display_name": "X"}, {"deletion": "contacts/1/deletions/1"}],
)
def test_what_the_server_sets_cannot_be_sent(contacts, field):
    with refused("READ_ONLY_FIELD"):
        Caller(contacts, ADA).create_contact(contact={**PERSON, **field})


def test_what_the_server_sets_may_be_sent_back_unchanged(contacts):
    ada = Caller(contacts, ADA)
    contact = ada.create_contact(contact=PERSON)
    contact.job_title = "Analyst"

    ada.update_contact(contact=contact)

    assert ada.get_contact(name=contact.name).job_title == "Analyst"


def test_an_update_without_a_mask_changes_what_was_sent_and_nothing_else(contacts):
    ada = Caller(contacts, ADA)
    contact = ada.create_contact(contact={**PERSON, "job_title": "Analyst"})

    changed = ada.update_contact(contact={"name": contact.name, "first_name": "Augusta"})

    assert (changed.first_name, changed.job_title, changed.etag) == ("Augusta", "Analyst", '"2"')


def test_a_mask_can_empty_a_field(contacts):
    ada = Caller(contacts, ADA)
    contact = ada.create_contact(contact={**PERSON, "job_title": "Analyst", "emails": [{"value": "a@example.com"}]})

    changed = ada.update_contact(contact={"name": contact.name}, update_mask={"paths": ["job_title", "emails"]})

    assert (changed.job_title, list(changed.emails)) == ("", [])


def test_an_update_that_changes_nothing_announces_nothing(contacts):
    ada = Caller(contacts, ADA)
    contact = ada.create_contact(contact=PERSON)

    same = ada.update_contact(contact={"name": contact.name, "first_name": "Ada"})

    assert same == contact
    assert [subject for subject, _, _ in announced(contacts)] == ["crm.contacts.contact_created"]


def test_a_stale_etag_is_refused(contacts):
    ada = Caller(contacts, ADA)
    contact = ada.create_contact(contact=PERSON)
    ada.update_contact(contact={"name": contact.name, "first_name": "Augusta"})

    with refused("ETAG_MISMATCH", "ABORTED"):
        ada.update_contact(contact={"name": contact.name, "first_name": "Eve", "etag": contact.etag})

    assert ada.get_contact(name=contact.name).first_name == "Augusta"


def test_two_updates_at_once_do_not_lose_one(contacts):
    ada = Caller(contacts, ADA)
    contact = ada.create_contact(contact=PERSON)
    outcomes = []

    def change(field):
        try:
            ada.update_contact(contact={"name": contact.name, "etag": contact.etag, field: "changed"})
            outcomes.append("done")
        except Error as error:
            outcomes.append(error.reason)

    threads = [threading.Thread(target=change, args=(field,)) for field in ("first_name", "last_name", "job_title")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["ETAG_MISMATCH", "ETAG_MISMATCH", "done"]


@pytest.mark.parametrize("name", ["contacts/0", "contacts/999999999999999999"])
def test_an_unknown_name_is_not_found(contacts, name):
    with refused("NOT_FOUND", "NOT_FOUND"):
        Caller(contacts, ADA).get_contact(name=name)


@pytest.mark.parametrize("name", ["", "contacts", "contacts/x", "contacts/1/2", "users/1", "contacts/-1", "contacts/٣"])
def test_a_name_of_the_wrong_form_is_refused(contacts, name):
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT"):
        Caller(contacts, ADA).get_contact(name=name)


def test_after_the_callers_deadline_nothing_is_done(contacts):
    late = Caller(contacts, ADA, Cause(deadline=0.0))

    with refused("DEADLINE_EXCEEDED"):
        late.create_contact(contact=PERSON)

    assert Caller(contacts, ADA).list_contacts().total_size == 0


@pytest.mark.parametrize(
    ("what", "count"),
    [("get", 1), ("list", 1), ("page", 2), ("create", 1), ("create once", 4), ("update", 3), ("nothing", 1)],
)
def test_calls_take_so_many_statements(contacts, what, count):
    ada = Caller(contacts, ADA)
    contact = ada.create_contact(contact=PERSON)
    for number in range(3):
        ada.create_contact(contact={**PERSON, "last_name": f"Number {number}"})
    token = ada.list_contacts(page_size=2).next_page_token
    calls = {
        "get": lambda: ada.get_contact(name=contact.name),
        "list": lambda: ada.list_contacts(page_size=50),
        "page": lambda: ada.list_contacts(page_size=2, page_token=token),
        "create": lambda: ada.create_contact(contact=PERSON),
        "create once": lambda: ada.create_contact(contact=PERSON, request_id="once"),
        "update": lambda: ada.update_contact(contact={"name": contact.name, "first_name": "Augusta"}),
        "nothing": lambda: ada.update_contact(contact={"name": contact.name, "first_name": "Ada"}),
    }

    with statements(contacts) as seen:
        calls[what]()

    assert len(seen) == count, seen


def test_old_answers_are_forgotten_and_new_ones_kept(contacts):
    ada = Caller(contacts, ADA)
    ada.create_contact(contact=PERSON, request_id="old")
    ada.create_contact(contact=PERSON, request_id="new")
    with contacts.engine.begin() as connection:
        connection.execute(text("UPDATE reply SET create_time = now() - interval '49 hours' WHERE request_id = 'old'"))

    contacts.forget(contacts.job_context())

    with contacts.engine.connect() as connection:
        assert connection.execute(text("SELECT request_id FROM reply")).scalars().all() == ["new"]


def test_a_transaction_that_fails_announces_nothing(contacts):
    def fail():
        with contacts.begin(ADA) as tx:
            tx.announce(domain_events_pb2.ContactDeleted(), "contacts/1")
            raise InvalidArgument("no", "NO")

    with pytest.raises(InvalidArgument):
        fail()

    assert announced(contacts) == []


def test_a_refusal_is_a_google_status():
    status = FailedPrecondition(
        "it has {count} parts", "PARTS", count=3, resources=[("Part", "parts/1", "P1")]
    ).status()

    assert (status.code, status.message, len(status.details)) == (9, "it has 3 parts", 2)


def test_a_record_that_no_broker_would_carry_is_refused_before_it_is_kept(contacts):
    address = {"street": "ж" * 255, "city": "ж" * 255, "state": "ж" * 255, "country": "ж" * 255}

    with refused("RECORD_TOO_LARGE"), contacts.begin(ADA) as tx:
        event = domain_events_pb2.ContactDeleted()
        event.contact.description = "x" * 1_000_000
        tx.announce(event, "contacts/1")

    assert announced(contacts) == []
    # The largest contact that the contract allows fits.
    Caller(contacts, ADA).create_contact(contact={**PERSON, "addresses": [address] * 50, "description": "ж" * 65000})


def test_after_all_connections_were_cut_the_next_call_is_answered(contacts):
    ada = Caller(contacts, ADA)
    contact = ada.create_contact(contact=PERSON)
    for cut in ("get", "create", "get"):
        threads = [threading.Thread(target=ada.get_contact, kwargs={"name": contact.name}) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        _cut_all(contacts)

        if cut == "get":
            assert ada.get_contact(name=contact.name) == contact
        else:
            ada.create_contact(contact=PERSON)
    # The next test's own connections are not what is tried here.
    contacts.engine.dispose()
    contacts.reading.dispose()


def test_when_the_answer_to_a_commit_is_lost_nobody_claims_to_know_and_nobody_tries_again(contacts):
    ada = Caller(contacts, ADA)
    company = ada.create_contact(contact={"kind": "COMPANY", "company_name": "Acme"})
    cut = "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON contact DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    with contacts.engine.begin() as connection:
        body = "BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END"
        connection.execute(text(f"CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS '{body}'"))
        connection.execute(text(f"{cut} EXECUTE FUNCTION cut()"))
    try:
        # One statement that is a transaction of its own; and a transaction in which something was read before.
        for person in (PERSON, {**PERSON, "company": company.name}):
            with refused("OUTCOME_UNKNOWN", "DEADLINE_EXCEEDED"):
                ada.create_contact(contact=person)
    finally:
        with create_engine(contacts.engine.url).begin() as connection:
            connection.execute(text("DROP FUNCTION cut CASCADE"))

    assert ada.list_contacts().total_size == 1


def test_what_is_added_before_and_after_the_first_read_is_one_transaction(contacts):
    def add(tx, name):
        person = contacts_model.Contact(kind="PERSON", first_name=name, last_name="Lovelace", managers=["users/2"])
        person.check()
        return tx.add(person)

    with suppress(ZeroDivisionError), contacts.begin(ADA) as tx:
        names = [add(tx, "Ada").name, add(tx, "Augusta").name]
        assert [tx.get(contacts_model.Contact, name).name for name in names] == names
        add(tx, "Anne")
        raise ZeroDivisionError
    assert Caller(contacts, ADA).list_contacts().total_size == 0

    with contacts.begin(ADA) as tx:
        add(tx, "Ada")
        tx.get(contacts_model.Contact, add(tx, "Augusta").name)
        add(tx, "Anne")
    assert Caller(contacts, ADA).list_contacts().total_size == 3


def test_numbers_that_were_reserved_are_given_out_in_order_without_another_statement(contacts):
    contacts.numbers.next("contact")
    contacts.numbers.reserve("contact", 100)
    with statements(contacts) as seen:
        taken = [contacts.numbers.next("contact") for _ in range(100)]

    assert taken == sorted(set(taken))
    assert seen == []


def test_numbers_that_an_older_database_gives_out_again_are_let_go(contacts):
    ada = Caller(contacts, ADA)
    ada.create_contact(contact=PERSON)
    # What a standby that lagged behind does: the row is there, its number is not.
    with contacts.engine.begin() as connection:
        connection.execute(text("SELECT setval(pg_get_serial_sequence('contact', 'id'), 1, false)"))
    contacts.numbers.forget()

    names = [ada.create_contact(contact=PERSON).name for _ in range(2)]

    assert len({*names, "contacts/1"}) == 3


def test_what_is_kept_of_a_request_cannot_be_guessed(contacts):
    request = pb.CreateContactRequest(contact=PERSON)
    Caller(contacts, ADA).create_contact(contact=PERSON, request_id="r1")

    with contacts.engine.connect() as connection:
        kept = bytes(connection.execute(text("SELECT request_hash FROM reply")).scalar())
    method = contacts.rpcs["CreateContact"].method.full_name.encode()
    assert kept != hashlib.sha256(method + request.SerializeToString(deterministic=True)).digest()


def test_the_longest_description_can_be_edited_and_the_audit_has_its_beginning(contacts):
    ada = Caller(contacts, ADA)
    contact = ada.create_contact(contact={**PERSON, "description": "ж" * 65_000})

    ada.update_contact(contact={"name": contact.name, "description": "щ" * 65_000})

    [(field, before, after)] = json.loads(announced(contacts)[-1][2]["Crm-Audit"])["changes"]
    assert (field, before[:4000], after[:4000]) == ("description", "ж" * 4000, "щ" * 4000)
    assert "65000" in after


def test_what_prepared_statements_alone_did_is_committed(contacts):
    reads = Prepared("SELECT 1 AS one")
    person = contacts_model.Contact(kind="PERSON", first_name="Ada", last_name="Lovelace", managers=["users/2"])
    person.check()

    with contacts.begin(ADA) as tx:
        assert tx.rows(reads) == [(1,)]
        name = tx.add(person).name

    assert Caller(contacts, ADA).get_contact(name=name).first_name == "Ada"


def _cut_all(service):
    # Waits until they are gone: one that is going may still take what is sent to it.
    with create_engine(service.engine.url, poolclass=NullPool).connect() as connection:
        others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
        connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))


def test_what_waits_too_long_for_a_lock_is_told_so_in_every_kind_of_call(contacts):
    ada = Caller(contacts, ADA)
    contact = ada.create_contact(contact=PERSON)

    with contacts.engine.begin() as other:
        other.execute(text("SELECT 1 FROM contact FOR UPDATE"))
        with refused("BUSY", "UNAVAILABLE"):
            ada.delete_contact(name=contact.name)
        with refused("BUSY", "UNAVAILABLE"):
            ada.update_contact(contact={"name": contact.name, "first_name": "Eve"})
