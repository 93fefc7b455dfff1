"""A contact goes only when invoicing has agreed, and then for good."""

import random
import threading
import time
from collections import Counter

import pytest
from sqlalchemy import text

from chassis.errors import Error
from chassis.testing import ADA, BOB, OWNER, eventually, refused

pytestmark = pytest.mark.system

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}


def invoice_for(contact):
    """What an invoice for a contact takes at least."""
    price = {"currency_code": "EUR", "units": 10}
    return {"client": contact.name, "currency_code": "EUR", "lines": [{"description": "Work", "price": price}]}


def test_a_contact_without_invoices_is_deleted(cluster):
    ada = cluster.as_(ADA)
    contact = ada.create_contact(contact=PERSON)

    ada.delete_contact(name=contact.name)

    with refused("NOT_FOUND"):
        ada.get_contact(name=contact.name)


def test_an_invoiced_contact_is_kept_and_the_refusal_names_the_invoice(cluster):
    ada = cluster.as_(ADA)
    contact = ada.create_contact(contact=PERSON)
    invoice = ada.create_invoice(invoice=invoice_for(contact))

    with refused("CONTACT_IN_USE", "FAILED_PRECONDITION") as caught:
        ada.delete_contact(name=contact.name)

    assert invoice.number in str(caught[0].status_message.details)
    assert ada.get_contact(name=contact.name).State.Name(ada.get_contact(name=contact.name).state) == "ACTIVE"


def test_once_its_invoice_is_deleted_the_contact_can_be_deleted(cluster):
    ada = cluster.as_(ADA)
    contact = ada.create_contact(contact=PERSON)
    invoice = ada.create_invoice(invoice=invoice_for(contact))
    with refused("CONTACT_IN_USE"):
        ada.delete_contact(name=contact.name)

    ada.delete_invoice(name=invoice.name)
    ada.delete_contact(name=contact.name)

    with refused("NOT_FOUND"):
        ada.get_contact(name=contact.name)


def test_a_deleted_contact_gets_no_invoice(cluster):
    ada = cluster.as_(ADA)
    contact = ada.create_contact(contact=PERSON)
    ada.delete_contact(name=contact.name)

    with refused("CLIENT_NOT_FOUND"):
        ada.create_invoice(invoice=invoice_for(contact))


def test_a_kept_contact_can_be_invoiced_again(cluster):
    ada = cluster.as_(ADA)
    contact = ada.create_contact(contact=PERSON)
    first = ada.create_invoice(invoice=invoice_for(contact))
    with refused("CONTACT_IN_USE"):
        ada.delete_contact(name=contact.name)

    second = ada.create_invoice(invoice=invoice_for(contact))

    assert (first.number, second.number) == ("INV0000001", "INV0000002")


def test_with_invoicing_down_a_contact_is_kept_and_can_be_changed(cluster):
    ada = cluster.as_(ADA)
    contact = ada.create_contact(contact=PERSON)

    with cluster.without("invoicing"), refused("DELETION_UNCONFIRMED", "UNAVAILABLE"):
        ada.delete_contact(name=contact.name)

    ada.update_contact(contact={"name": contact.name, "job_title": "Analyst"}, update_mask={"paths": ["job_title"]})
    eventually(lambda: ada.create_invoice(invoice=invoice_for(contact)))


def test_with_the_broker_down_writes_work_and_events_follow(cluster):
    ada = cluster.as_(ADA)
    cluster.nats.kill()

    contact = ada.create_contact(contact={**PERSON, "sharing": "READ"})

    cluster.nats.start()
    known = text("SELECT title FROM contact_ref WHERE name = :number")
    number = int(contact.name.rpartition("/")[2])
    engine = cluster.services["invoicing"].reading

    def title():
        with engine.connect() as connection:
            return connection.execute(known, {"number": number}).scalar()

    assert eventually(title, 30) == "Ada Lovelace"


def test_somebody_else_cannot_delete_a_private_contact(cluster):
    contact = cluster.as_(ADA).create_contact(contact=PERSON)

    with refused("NOT_FOUND"):
        cluster.as_(BOB).delete_contact(name=contact.name)


def test_deleting_and_invoicing_at_once_never_leaves_an_invoice_without_its_contact(cluster):
    owner = cluster.as_(OWNER)
    contacts = [owner.create_contact(contact=PERSON) for _ in range(60)]
    outcomes: Counter = Counter()

    def work(seed):
        chance = random.Random(seed)  # noqa: S311 not for secrets
        for _ in range(40):
            contact = chance.choice(contacts)
            try:
                outcomes[act(owner, contact, chance.random())] += 1
            except Error as error:
                outcomes[error.reason] += 1

    in_parallel(6, work)
    eventually(lambda: not deleting(cluster), 40)

    assert invoiced(cluster) <= alive(cluster)
    assert set(outcomes) <= {"deleted", "invoiced", "freed", "nothing", *REFUSALS}, outcomes
    assert outcomes["deleted"], outcomes
    assert outcomes["invoiced"], outcomes
    print("deletion race:", dict(outcomes))  # noqa: T201


REFUSALS = ("CONTACT_IN_USE", "CONTACT_DELETING", "CLIENT_NOT_FOUND", "NOT_FOUND", "BUSY", "DELETION_UNCONFIRMED")


def act(owner, contact, what):
    """Deletes a contact, invoices it, or deletes one of its invoices; returns what was done."""
    if what < 0.45:
        owner.delete_contact(name=contact.name)
        return "deleted"
    if what < 0.8:
        owner.create_invoice(invoice=invoice_for(contact))
        return "invoiced"
    for invoice in owner.list_invoices(filter=f'client = "{contact.name}"', page_size=1).invoices:
        owner.delete_invoice(name=invoice.name)
        return "freed"
    return "nothing"


def in_parallel(count, work):
    """Runs `work(number)` in so many threads."""
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def numbers(service, statement):
    """Returns the first column of what a statement finds in a service's database."""
    with service.reading.connect() as connection:
        return set(connection.execute(text(statement)).scalars())


def alive(cluster):
    """The contacts there are."""
    return numbers(cluster.services["contacts"], "SELECT id FROM contact")


def deleting(cluster):
    """The contacts about which nothing is decided."""
    return numbers(cluster.services["contacts"], "SELECT id FROM contact WHERE state <> 'ACTIVE'")


def invoiced(cluster):
    """The contacts that invoices name."""
    return numbers(cluster.services["invoicing"], "SELECT client FROM invoice")


def test_a_deletion_is_decided_at_once_also_after_a_quiet_while(cluster):
    ada = cluster.as_(ADA)
    times = []

    for _ in range(5):
        contact = ada.create_contact(contact=PERSON)
        threading.Event().wait(0.3)  # the quiet that is the point
        began = time.monotonic()
        ada.delete_contact(name=contact.name)
        times.append(time.monotonic() - began)

    # Silence is broken after three seconds; an answer that waits for anything but the work takes at least one.
    assert sorted(times)[2] < 1, times
