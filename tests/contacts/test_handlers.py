"""What contacts does when invoicing votes on a deletion."""

import threading

import pytest
from crm.identity.v1 import domain_events_pb2 as identity_events
from crm.identity.v1 import identity_pb2
from crm.invoicing.v1 import domain_events_pb2
from crm.type.v1 import deletion_pb2
from sqlalchemy import text

from chassis.kit import deletion as deletion_kit
from chassis.testing import ADA, OWNER, Caller, announced, eventually, hear, refused
from services.contacts import deciding, jobs

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}


@pytest.fixture
def ada(contacts, monkeypatch):
    """Ada, who waits a tenth of the usual time."""
    monkeypatch.setattr(deletion_kit, "await_decision", _patient(deletion_kit.await_decision))
    return Caller(contacts, ADA)


def _patient(await_decision):
    return lambda begin, model, number: await_decision(begin, model, number, patience=0.3)


def request(contacts, contact):
    """Opens an attempt as DeleteContact does; returns its name."""
    with contacts.begin(ADA) as tx:
        number = deciding.request_deletion(tx, contact.name, "")
    return f"{contact.name}/deletions/{number}"


def vote(attempt, *objections):
    """Invoicing's vote."""
    return domain_events_pb2.ContactDeletionVoted(
        vote=deletion_pb2.DeletionVote(
            deletion=attempt,
            subject=attempt.rpartition("/deletions/")[0],
            objections=[deletion_pb2.Objection(type="Invoice", name=name, title=name) for name in objections],
            objection_count=len(objections),
        )
    )


def kinds(contacts):
    """What was announced so far."""
    return [subject.rpartition(".")[2] for subject, _, _ in announced(contacts)]


def test_a_clear_vote_deletes(ada, contacts):
    attempt = request(contacts, ada.create_contact(contact=PERSON))

    hear(contacts, vote(attempt))

    assert ada.list_contacts().total_size == 0
    assert kinds(contacts) == ["contact_created", "contact_deletion_requested", "contact_deleted"]


def test_an_objection_keeps_the_contact(ada, contacts):
    contact = ada.create_contact(contact=PERSON)

    hear(contacts, vote(request(contacts, contact), "invoices/1"))

    kept = ada.get_contact(name=contact.name)
    assert (kept.State.Name(kept.state), kept.deletion) == ("ACTIVE", "")
    assert kinds(contacts)[-1] == "contact_deletion_cancelled"


def test_whoever_waits_hears_what_holds_the_contact(ada, contacts):
    contact = ada.create_contact(contact=PERSON)
    outcome = []

    def delete():
        with refused("CONTACT_IN_USE") as caught:
            ada.delete_contact(name=contact.name)
        outcome.extend(caught)

    thread = threading.Thread(target=delete)
    thread.start()
    attempt = eventually(lambda: ada.get_contact(name=contact.name).deletion)
    hear(contacts, vote(attempt, "invoices/7"))
    thread.join()

    assert outcome[0].resources[0] == ["Invoice", "invoices/7", "invoices/7"]


def test_silence_is_a_no(ada, contacts):
    contact = ada.create_contact(contact=PERSON)

    with refused("DELETION_UNCONFIRMED", "UNAVAILABLE"):
        ada.delete_contact(name=contact.name)

    assert ada.get_contact(name=contact.name).deletion == ""


def test_a_vote_on_an_attempt_that_is_over_changes_nothing(ada, contacts):
    contact = ada.create_contact(contact=PERSON)
    old = request(contacts, contact)
    hear(contacts, vote(old, "invoices/1"), event_id="1")
    new = request(contacts, contact)

    hear(contacts, vote(old), event_id="2")

    assert ada.get_contact(name=contact.name).deletion == new


def test_a_contact_being_deleted_cannot_be_changed_or_deleted_again(ada, contacts):
    contact = ada.create_contact(contact=PERSON)
    request(contacts, contact)

    with refused("CONTACT_DELETING"):
        ada.update_contact(contact={"name": contact.name, "first_name": "Eve"})
    with refused("CONTACT_DELETING"):
        ada.delete_contact(name=contact.name)


def test_a_company_being_deleted_gets_no_persons(ada, contacts):
    company = ada.create_contact(contact={"kind": "COMPANY", "company_name": "Acme"})
    request(contacts, company)

    with refused("COMPANY_NOT_FOUND"):
        ada.create_contact(contact={**PERSON, "company": company.name})


def test_the_persons_of_a_deleted_company_stay(ada, contacts):
    company = ada.create_contact(contact={"kind": "COMPANY", "company_name": "Acme"})
    person = ada.create_contact(contact={**PERSON, "company": company.name})

    hear(contacts, vote(request(contacts, company)))

    assert ada.get_contact(name=person.name).company == ""
    assert kinds(contacts)[-2:] == ["contact_updated", "contact_deleted"]


def test_a_stale_etag_stops_a_deletion_before_it_begins(ada, contacts):
    contact = ada.create_contact(contact=PERSON)

    with refused("ETAG_MISMATCH"):
        ada.delete_contact(name=contact.name, etag='"7"')

    assert kinds(contacts) == ["contact_created"]


def test_an_attempt_that_nobody_waits_for_is_cancelled_when_its_time_is_over(ada, contacts):
    contact = ada.create_contact(contact=PERSON)
    request(contacts, contact)
    with contacts.engine.begin() as connection:
        connection.execute(text("UPDATE deletion SET expire_time = now() - interval '1 second'"))

    with contacts.begin(contacts.actor) as tx:
        jobs.cancel_expired_deletions(tx)

    assert ada.get_contact(name=contact.name).deletion == ""
    assert kinds(contacts)[-1] == "contact_deletion_cancelled"


def test_an_attempt_whose_time_is_not_over_is_left_alone(ada, contacts):
    contact = ada.create_contact(contact=PERSON)
    attempt = request(contacts, contact)

    with contacts.begin(contacts.actor) as tx:
        jobs.cancel_expired_deletions(tx)

    assert ada.get_contact(name=contact.name).deletion == attempt


def test_a_refused_deletion_is_no_change(ada, contacts):
    contact = ada.create_contact(contact=PERSON)

    hear(contacts, vote(request(contacts, contact), "invoices/1"))

    assert ada.get_contact(name=contact.name) == contact
    assert [headers["Crm-Readers"] for _, _, headers in announced(contacts)[1:]] == ["[]", "[]"]


def test_a_group_that_is_gone_is_taken_from_contacts_and_forms(contacts):
    owner = Caller(contacts, OWNER)
    kept = owner.create_contact(contact={**PERSON, "managers": ["users/2", "groups/1"]})
    bare = owner.create_contact(contact={**PERSON, "managers": ["groups/1"]})
    fields = [{"field": "full_name", "label": "Name"}]
    both = {"managers": ["groups/1", "users/2"], "recipients": ["groups/1"]}
    form = owner.create_contact_form(contact_form={"title": "Us", "kind": "PERSON", "fields": fields, **both})

    hear(contacts, identity_events.GroupDeleted(group=identity_pb2.Group(name="groups/1")), actor="users/3")
    jobs.clear_what_was_deleted(contacts.job_context())

    assert list(owner.get_contact(name=kept.name).managers) == ["users/2"]
    assert list(owner.get_contact(name=bare.name).managers) == []
    form = owner.get_contact_form(name=form.name)
    assert (list(form.managers), list(form.recipients)) == (["users/2"], [])
    with refused("PERSON_NOT_FOUND"):
        owner.create_contact(contact={**PERSON, "managers": ["groups/1"]})
    changed = [headers for subject, _, headers in announced(contacts) if subject == "crm.contacts.contact_updated"]
    assert {headers["Crm-Actor"] for headers in changed} == {"users/3"}
