"""Every process is killed while people write; afterwards everything that was acknowledged is there, once."""

import os
import signal
import threading
import time
import uuid
from collections import Counter

import psycopg
import pytest

from chassis.testing import eventually
from chassis.tx import subject_of
from deploy.local import supervision
from services.invoicing.service import service as invoicing

pytestmark = [pytest.mark.system, pytest.mark.timeout(400)]
VICTIMS = ("contacts", "nats", "invoicing", "audit", "gateway", "notifications", "postgres", "push")
WRITERS = 4
# What contacts announces and invoicing hears.
HEARD = [name for name in map(subject_of, (kind.DESCRIPTOR for kind in invoicing.handlers)) if ".contacts." in name]


class Writer(threading.Thread):
    """Adds contacts and invoices for them until told to stop.

    An unknown outcome is asked again under the same key; who has no keys leaves it unknown.
    """

    def __init__(self, installation, token, over, has_keys):
        super().__init__()
        self.has_keys = has_keys
        self.installation, self.token, self.over = installation, token, over
        self.contacts: dict = {}
        self.invoices: dict = {}
        self.unclear = 0
        self.problems: list = []

    def run(self):
        """Writes."""
        while not self.over.is_set():
            mark = uuid.uuid4().hex
            company = {"kind": "COMPANY", "companyName": mark}
            contact = self._insist("/v1/contacts", company) if self.has_keys else self._try("/v1/contacts", company)
            if contact is None:
                continue
            self.contacts[mark] = contact["name"]
            line = {"description": mark, "price": {"currencyCode": "EUR", "units": "1"}}
            invoice = {"client": contact["name"], "currencyCode": "EUR", "lines": [line]}
            made = self._insist("/v1/invoices", invoice)
            if made is not None:
                self.invoices[made["number"]] = contact["name"]

    def _insist(self, path, body):
        """Posts until the answer is clear; None if the test ended before."""
        key = {"Idempotency-Key": uuid.uuid4().hex}
        while (answer := self._try(path, body, key)) is None:
            self.unclear += 1
            if self.over.is_set() and self.unclear > 1000:
                return None
        return answer

    def _try(self, path, body, headers=None):
        """Posts once; None if it is not known what came of it."""
        try:
            status, answer = self.installation.call("POST", path, body, self.token, headers)
        except (OSError, ValueError):
            status, answer = 0, {}
        if status == 200:
            return answer
        if 400 <= status < 500 and status != 429:
            self.problems.append((status, answer))
        time.sleep(0.1)  # a pause between tries, as a client's
        return None


def test_what_was_acknowledged_survives_the_death_of_every_process(installation):
    token, over = installation.sign_in(), threading.Event()
    writers = [Writer(installation, token, over, has_keys=number % 2 == 0) for number in range(WRITERS)]
    for writer in writers:
        writer.start()

    for name in VICTIMS:
        kill(installation, name, writers)
    over.set()
    for writer in writers:
        writer.join(120)

    acknowledged = {mark: name for writer in writers for mark, name in writer.contacts.items()}
    invoices = {number: client for writer in writers for number, client in writer.invoices.items()}
    assert [problem for writer in writers for problem in writer.problems] == []
    assert len(acknowledged) > len(VICTIMS) * WRITERS
    check_contacts(installation, acknowledged)
    check_invoices(installation, invoices)
    eventually(lambda: everybody_knows(installation), 60)
    eventually(lambda: the_audit_is_whole(installation), 60)
    print(f"nothing lost: {len(acknowledged)} contacts, {len(invoices)} invoices")  # noqa: T201


def kill(installation, name, writers):
    """Kills a process while everybody writes; waits until it is back and everybody has written since."""
    before = installation.pid(name)
    os.kill(before, signal.SIGKILL)
    supervision.wait(lambda: installation.pid(name) not in (0, before), name, 20)
    supervision.wait(installation.ready, "Rapport", 60)
    written = [len(writer.invoices) for writer in writers]
    eventually(
        lambda: all(len(writer.invoices) > count + 1 for writer, count in zip(writers, written, strict=True)), 60
    )


def check_contacts(installation, acknowledged):
    """Every acknowledged contact is there, under its name, once."""
    with psycopg.connect(installation.database("contacts")) as database:
        rows = database.execute("SELECT company_name, 'contacts/' || id FROM contact").fetchall()
    stored = Counter(mark for mark, _ in rows)

    assert acknowledged.items() <= dict(rows).items()
    assert max(stored.values()) == 1


def check_invoices(installation, acknowledged):
    """Every acknowledged invoice is there; numbers are unique and without gaps."""
    with psycopg.connect(installation.database("invoicing")) as database:
        rows = database.execute("SELECT number, 'contacts/' || client FROM invoice ORDER BY number").fetchall()

    assert acknowledged.items() <= dict(rows).items()
    assert [number for number, _ in rows] == [f"INV{number:07d}" for number in range(1, len(rows) + 1)]


def everybody_knows(installation):
    """Whether every announcement has left, and had its effect in the other service, once."""
    with psycopg.connect(installation.database("contacts")) as database:
        (waiting,) = database.execute("SELECT count(*) FROM outbox WHERE sent_time IS NULL").fetchone()
        told = "SELECT event_id FROM outbox WHERE subject = ANY(%s)"
        said = {row[0] for row in database.execute(told, [HEARD])}
        contacts = {row[0] for row in database.execute("SELECT id FROM contact")}
    with psycopg.connect(installation.database("invoicing")) as database:
        heard = {row[0] for row in database.execute("SELECT event_id FROM inbox")}
        known = {row[0] for row in database.execute("SELECT name FROM contact_ref")}
        (parked,) = database.execute("SELECT count(*) FROM parked").fetchone()
    return waiting == 0 and heard == said and known == contacts and parked == 0


def the_audit_is_whole(installation):
    """Whether every contact and invoice was written down once, in a chain without a gap."""
    made = set()
    for service, names in (
        ("contacts", "SELECT 'contacts/' || id FROM contact"),
        ("invoicing", "SELECT 'invoices/' || id FROM invoice"),
    ):
        with psycopg.connect(installation.database(service)) as database:
            made |= {name for (name,) in database.execute(names)}
    with psycopg.connect(installation.database("audit")) as database:
        created = "SELECT resource FROM audit_entry WHERE action = 'CREATED' AND resource ~ '^(contacts|invoices)/'"
        told = [resource for (resource,) in database.execute(created)]
        chain = database.execute("SELECT number, previous_hash, hash FROM audit_entry ORDER BY number").fetchall()
    assert [number for number, _, _ in chain] == list(range(1, len(chain) + 1))
    assert [previous for _, previous, _ in chain] == ["", *(own for _, _, own in chain[:-1])]
    return Counter(told) == Counter(made)
