"""People delete, merge and part contacts while services are killed; afterwards nothing names what is gone."""

import io
import os
import random
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from PIL import Image

from chassis.testing import eventually
from deploy.local import supervision
from deploy.processes import PROGRAMS, ROOT

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
VICTIMS = ("contacts", "invoicing", "nats", "contacts", "postgres", "invoicing")
PATIENCE = 60
PEOPLE, COMPANIES, CHANGES, HANDS = 600, 60, 600, 4


class Hands:
    """Several people at work in one customer base."""

    def __init__(self, installation, token):
        self.installation, self.token = installation, token
        self.chance = random.Random(7)  # noqa: S311
        self.lock = threading.Lock()
        self.contacts: dict = {}
        self.merges: list = []
        self.done = 0
        self.answers: dict = {}

    def call(self, method, path, body=None):
        """Calls until the answer is clear; returns it, or None if it was refused."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                status, answer = self.installation.call(method, path, body, self.token)
            except (OSError, ValueError):
                status, answer = 0, {}
            assert status not in (500, 501), answer
            if status == 200 or (400 <= status < 500 and status != 429):
                with self.lock:
                    key = "done" if status == 200 else answer["error"]["details"][0].get("reason", "")
                    self.answers[key] = self.answers.get(key, 0) + 1
                return answer if status == 200 else None
            time.sleep(0.1)  # a pause between tries, as a client's
        raise AssertionError(f"{method} {path}: {status} {answer}")

    def add(self, **more):
        """Adds a person, unless the company is gone in the meantime."""
        made = self.call("POST", "/v1/contacts", {"kind": "PERSON", "firstName": "Ada", "lastName": "King", **more})
        with self.lock:
            self.contacts |= {made["name"]: "PERSON"} if made else {}

    def invoice(self, contact):
        """Adds an invoice for a contact."""
        line = {"description": "Work", "price": {"currencyCode": "EUR", "units": "1"}}
        self.call("POST", "/v1/invoices", {"client": contact, "currencyCode": "EUR", "lines": [line]})

    def change(self, number):
        """Does one thing of those that may leave something behind."""
        with self.lock:
            kind = self.chance.choice(("PERSON", "PERSON", "PERSON", "COMPANY"))
            some = [name for name, each in self.contacts.items() if each == kind]
            one, other = self.chance.sample(some, 2)
            what = self.chance.choices(("delete", "merge", "part", "add", "invoice"), (45, 20, 5, 20, 10))[0]
            merge = self.merges.pop(self.chance.randrange(len(self.merges))) if what == "part" and self.merges else ""
        if what == "delete":
            if self.call("DELETE", f"/v1/{one}") is not None:
                with self.lock:
                    self.contacts.pop(one, None)
        elif what == "merge":
            answer = self.call("POST", f"/v1/{one}:merge", {"source": other})
            if answer is not None:
                with self.lock:
                    self.contacts.pop(other, None)
                    self.merges.append(answer["merge"]["name"])
        elif what == "part" and merge:
            answer = self.call("POST", f"/v1/{merge}:undo", {})
            if answer is not None:
                with self.lock:
                    self.contacts[answer["source"]["name"]] = kind
        elif what == "invoice":
            self.invoice(one)
        else:
            self.add(company=one if kind == "COMPANY" else "")
        with self.lock:
            self.done += 1


def fill(hands, crowd):
    """People and the companies that they work for, out of a file; invoices for every fifth, photos for some."""
    rows = "".join(f"Ada,Lovelace {number},Works {number % COMPANIES}\n" for number in range(PEOPLE))
    path, data = "/v1/contactImports:upload?fileName=people.csv", f"First name,Last name,Company\n{rows}".encode()
    _, job = hands.installation.send("POST", path, data, "text/csv", hands.token)
    hands.call("POST", f"/v1/{job['name']}:start", {})
    eventually(lambda: hands.call("GET", f"/v1/{job['name']}")["state"] == "SUCCEEDED", 60, pause=0.5)
    with psycopg.connect(hands.installation.database("contacts")) as database:
        hands.contacts = {f"contacts/{row[0]}": row[1] for row in database.execute("SELECT id, kind FROM contact")}
    names = sorted(hands.contacts)
    assert len(names) == PEOPLE + COMPANIES
    [*crowd.map(hands.invoice, names[::5])]
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(drawn, "PNG")
    for name in names[1::100]:
        path = f"/v1/{name}:uploadPhoto"
        status, answer = hands.installation.send("POST", path, drawn.getvalue(), "image/png", hands.token)
        assert status == 200, answer


def kill_now_and_then(installation, hands):
    """Kills one service after the other, each when a good part of the work has been done since the last."""
    for turn, name in enumerate(VICTIMS, 1):
        eventually(lambda: hands.done >= turn * CHANGES // (len(VICTIMS) + 2), 120)  # noqa: B023
        before = installation.pid(name)
        os.kill(before, signal.SIGKILL)
        supervision.wait(lambda: installation.pid(name) not in (0, before), name, 30)  # noqa: B023


def test_nothing_names_what_is_gone_whoever_died_meanwhile(installation):
    hands = Hands(installation, installation.sign_in())
    with ThreadPoolExecutor(HANDS) as crowd:
        fill(hands, crowd)
        killing = threading.Thread(target=kill_now_and_then, args=(installation, hands))
        killing.start()
        [*crowd.map(hands.change, range(CHANGES))]
        killing.join()
    supervision.wait(installation.ready, "Rapport", 60)

    command = [PROGRAMS / "crm", "doctor", "--data", installation.folder.root]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (told.returncode, told.stdout) == (0, "everything fits together\n"), told.stdout + told.stderr
    billed = clients(installation)
    assert billed <= there(installation)
    assert hands.answers["CONTACT_IN_USE"] > 0
    assert hands.answers["done"] > CHANGES // 2
    print(f"nothing dangles: {hands.answers}, {len(billed)} contacts with invoices")  # noqa: T201


def clients(installation):
    """The numbers of the contacts that invoices name."""
    with psycopg.connect(installation.database("invoicing")) as database:
        return {number for (number,) in database.execute("SELECT client FROM invoice")}


def there(installation):
    """The numbers of the contacts that there are."""
    with psycopg.connect(installation.database("contacts")) as database:
        return {number for (number,) in database.execute("SELECT id FROM contact")}
