"""What is measured: the whole suite on a data folder of its own, and the bare skeleton beside it."""

import json
import os
import random
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from chassis.standard import fold
from deploy.local.folder import Folder
from services.contacts.likeness import keys
from services.contacts.model import Contact
from tests.installation import free_port

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.prefix) / "bin"
FIRST = ("Иван", "Пётр", "Анна", "Мария", "Ольга", "Ada", "Grace", "Alan", "Edsger", "Barbara", "Linus", "Margaret")
LAST = ("Иванов", "Петров", "Ёлкин", "Смирнов", "Кузнецов", "Lovelace", "Hopper", "Turing", "Liskov", "Hamilton")
RARE, COMMON = "quetzalcoatl", "иван"
OWNER = {"email": "bench@example.com", "password": "a password for the bench", "displayName": "Bench", "language": "en"}


def wait_for(url, seconds=120):
    """Waits until an address answers 200."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            if time.monotonic() > end:
                raise
        time.sleep(0.2)


class Stack:
    """The suite as `crm up` runs it."""

    def __init__(self, root):
        self.folder = Folder(root)
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self):
        """Runs it."""
        command = [BIN / "crm", "up", "--data", self.folder.root, "--port", str(self.port)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT)
        try:
            wait_for(f"{self.base}/readyz")
            yield self
        finally:
            process.terminate()
            process.wait(60)

    def ports(self):
        """Where each process listens."""
        return self.folder.remembered()["ports"]

    def database(self, name):
        """The address of a service's database, as psycopg wants it."""
        return self.folder.environment(name)["CRM_DATABASE_URL"].replace("+psycopg", "")

    def call(self, method, path, body=None, token=""):
        """Calls the API; returns its answer."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self.base + path, data, headers, method=method)
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.loads(answer.read())

    def sign_in(self):
        """Makes the owner; returns a token of his."""
        return self.call("POST", "/v1/portal:setUp", OWNER)["accessToken"]


def seed(url, count):
    """Puts contacts into the database, as many as asked, through COPY."""
    chance = random.Random(1)
    now = datetime.now(UTC)
    columns = (
        "version, create_time, update_time, creator, kind, first_name, last_name, company_name, display_name,"
        " job_title, emails, phones, addresses, description, managers, sharing, state, sort_key, search_text, keys"
    )
    with psycopg.connect(url, autocommit=True, options="-c statement_timeout=0") as database:
        with database.cursor() as cursor, cursor.copy(f"COPY contact ({columns}) FROM STDIN") as copy:
            for number in range(count):
                copy.write_row(_contact(number, count, now, chance))
        database.execute("VACUUM ANALYZE contact")


def _contact(number, count, now, chance):
    first, last = chance.choice(FIRST), f"{chance.choice(LAST)} {number:06d}"
    if number == count // 2:
        last = f"{RARE} {number:06d}"
    name, made = f"{first} {last}", now - timedelta(seconds=count - number)
    email, phone = f"person{number}@example.com", f"+7 916 {number % 10_000_000:07d}"
    work = {"category": "WORK", "primary": True}
    text = fold(f"{name} {email} {''.join(filter(str.isdigit, phone))}")
    draft = Contact(emails=[{"value": email, **work}], phones=[{"value": phone, **work}], display_name=name)
    emails, phones = json.dumps(draft.emails), json.dumps(draft.phones)
    person = ("users/1", "PERSON", first, last, "", name, "Engineer")
    rest = ("[]", "", ["users/1"], "PRIVATE", "ACTIVE", fold(name), text, keys(draft))
    return (1, made, made, *person, emails, phones, *rest)


class Skeleton:
    """The bare skeleton on the same database."""

    def __init__(self, stack):
        self.port, self.listen = free_port(), f"127.0.0.1:{free_port()}"
        self.environment = os.environ | {
            "SKELETON_DATABASE": stack.database("contacts"),
            "SKELETON_LISTEN": self.listen,
            "CRM_LISTEN": f"127.0.0.1:{self.port}",
        }

    @contextmanager
    def running(self):
        """Runs it."""
        commands = (
            [BIN / "python", "-m", "tests.load.skeleton"],
            [BIN / "gunicorn", "-c", "deploy/gunicorn.py", "tests.load.skeleton:create_app()"],
        )
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        processes = [subprocess.Popen(command, cwd=ROOT, env=self.environment, **quiet) for command in commands]
        try:
            wait_for(f"http://127.0.0.1:{self.port}/empty")
            wait_for(f"http://127.0.0.1:{self.port}/v1/contacts/1")
            yield self
        finally:
            for process in processes:
                process.terminate()
                process.wait(30)
