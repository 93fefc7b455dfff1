"""`python -m tests.load.timeline`: long histories of contacts, and large documents, in an installation of its own.

Four people at a time look at the timeline of a contact and of a company whose persons have as much, among ten times
as many entries of others. Then a document goes in and out, and what the processes in its way need for it is told.
"""

import argparse
import json
import os
import tempfile
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from chassis.standard import fold
from tests.load.client import request
from tests.load.stack import Stack

CLIENTS, WANTED, ALLOWED = 4, 150, 40
PERSONS = 50
PASSWORD = "a password for the bench"
WORDS = ("договор", "meeting", "счёт", "call", "образцы", "price list", "доставка", "visit", "претензия", "offer")
RARE = "кетцалькоатль"
COLUMNS = (
    "category, time, text, kind, values, related, files, notify, pinned, search_text, contact, event, version,"
    " create_time, update_time, creator"
)
PROCESSES = {"gateway": "gateway.app", "events": "services.events"}


def seed(url, contact, persons, event, count):
    """Puts entries into the database: `count` of a contact, of persons together, and of an event; ten times as many of
    others."""
    whose = [(contact, None)] * count + [(persons[n % len(persons)], None) for n in range(count)]
    whose += [(None, event)] * count + [(1_000_000 + n % 5000, None) for n in range(10 * count)]
    with psycopg.connect(url, autocommit=True, options="-c statement_timeout=0") as database:
        categories = [row[0] for row in database.execute("SELECT id FROM history_category ORDER BY position")]
        with database.cursor() as cursor, cursor.copy(f"COPY history_entry ({COLUMNS}) FROM STDIN") as copy:
            for number, (of_contact, of_event) in enumerate(whose):
                copy.write_row(_entry(number, number % count, of_contact, of_event, categories))
        database.execute("VACUUM ANALYZE history_entry")


def _entry(number, place, contact, event, categories):
    """One row: of three entries two are notes, one was written by the system; one of a thousand is pinned."""
    made = datetime.now(UTC) - timedelta(minutes=place)
    word = RARE if place == 5000 else WORDS[number % len(WORDS)]
    note = number % 3 > 0
    text = f"<p>{word} № {number}, <strong>{WORDS[number % 7]}</strong></p>" if note else ""
    values = {} if note else {"number": f"INV{number:07}"}
    said = f"{word} № {number} {WORDS[number % 7]}" if note else values["number"]
    about = ("NOTE", "{}", "") if note else ("INVOICE_CREATED", json.dumps(values), f"invoices/{number + 1}")
    category = categories[number % len(categories)] if note else None
    pinned = place % 1000 == 7
    whose = (contact, event, 1, made, made, f"users/{1 + number % 2}")
    return (category, made, text, *about, "{}", "{}", pinned, fold(said), *whose)


def people(stack, owner):
    """Adds a company with persons, whom everybody may see, and an event; returns their names."""
    common = {"sharing": "READ"}
    company = stack.call("POST", "/v1/contacts", {"kind": "COMPANY", "companyName": "Насосы", **common}, owner)["name"]
    person = {"kind": "PERSON", "firstName": "Ada", "company": company, **common}
    made = [
        stack.call("POST", "/v1/contacts", {**person, "lastName": f"L{n}"}, owner)["name"] for n in range(PERSONS + 1)
    ]
    event = stack.call("POST", "/v1/events", {"title": "Семинар", "participants": made}, owner)["name"]
    return company, made, event


def lines(stack, token, company, person, event):
    """Returns what is measured: name → requests."""
    who = {"Authorization": f"Bearer {token}"}

    def page(subject, more="", **asked):
        query = {"filter": f'subject = "{subject}"{more}', "pageSize": 50, **asked}
        return f"/v1/historyEntries?{urlencode(query)}"

    far = ""
    for _ in range(25):
        path = page(person, pageSize=200, pageToken=far)
        far = stack.call("GET", path, token=token)["nextPageToken"]
    asked = {
        "timeline of a contact": page(person),
        "the same at row 5 000": page(person, pageToken=far),
        "notes of a category": page(person, ' AND category = "historyCategories/1"'),
        "of an author": page(person, ' AND creator = "users/2"'),
        "of a time long ago": page(person, f' AND time < "{(datetime.now(UTC) - timedelta(days=5)).isoformat()}"'),
        "search, rare": page(person, q=RARE),
        "search, common": page(person, q="договор"),
        "timeline of a company, with its persons'": page(company),
        "the same, search, rare": page(company, q=RARE),
        "timeline of an event": page(event),
        "everything that happened": "/v1/historyEntries?pageSize=50",
    }
    return {name: [request("GET", path, who)] for name, path in asked.items()}


def look(stack, measure, seconds, tokens, subjects):
    """Measures every line as an administrator and as somebody, and prints a table."""
    print("| what, at 4 clients | administrator p50 ms | p95 ms | somebody p50 ms | p95 ms | wanted p95 |")
    print("|---|---:|---:|---:|---:|---:|")
    both = [lines(stack, token, *subjects) for token in tokens]
    for name in both[0]:
        rounds = [measure(stack.ports()["gateway"], each[name], CLIENTS, seconds) for each in both]
        cells = " | ".join(f"{found['p50']:.0f} | {found['p95']:.0f}" for found in rounds)
        late = " **late**" if max(found["p95"] for found in rounds) > WANTED else ""
        print(f"| {name} | {cells} | ≤ {WANTED}{late} |", flush=True)


def carry(stack, token, subject, megabytes):
    """Sends a document in and out; prints how much more memory the processes in its way took at most."""
    there = {name: found for name, word in PROCESSES.items() for found in [_processes(stack, word)]}
    before = {name: [_memory(each, forget=True) for each in found] for name, found in there.items()}
    made = _timed("in", lambda: _upload(stack, token, subject, megabytes))
    _timed("out", lambda: _download(stack, token, made["name"], megabytes))
    for name, found in there.items():
        pairs = zip(before[name], [_memory(each) for each in found], strict=True)
        grown = max(after - first for first, after in pairs) / 1024
        print(f"{name}: {grown:.0f} MB more at most (wanted: {ALLOWED}){'' if grown <= ALLOWED else ' **more**'}")


def _timed(which, do):
    began = time.monotonic()
    result = do()
    print(f"a large document {which}: {time.monotonic() - began:.1f} s")
    return result


def _upload(stack, token, subject, megabytes):
    piece = os.urandom(1024 * 1024)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream"}
    headers["Content-Length"] = str(megabytes * len(piece))
    address = f"{stack.base}/v1/files:upload?{urlencode({'subject': subject, 'title': 'large.bin'})}"
    asked = urllib.request.Request(address, (piece for _ in range(megabytes)), headers, method="POST")
    with urllib.request.urlopen(asked, timeout=120) as answer:
        return json.loads(answer.read())


def _download(stack, token, name, megabytes):
    asked = urllib.request.Request(f"{stack.base}/v1/{name}:download", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(asked, timeout=120) as answer:
        size = sum(len(piece) for piece in iter(lambda: answer.read(65536), b""))
    assert size == megabytes * 1024 * 1024


def _processes(stack, word):
    """Returns the folders in /proc of the installation's processes whose command has a word."""
    root = str(stack.folder.root).encode()
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            mine = root in (each / "environ").read_bytes() and word.encode() in (each / "cmdline").read_bytes()
        except OSError:
            continue
        if mine:
            found.append(each)
    return found


def _memory(process, *, forget=False):
    """Returns the most memory a process has had, in kB; with `forget`, what it has now, from which on it is counted."""
    if forget:
        (process / "clear_refs").write_text("5")
    status = (process / "status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def main():
    """Measures, and prints a line each."""
    from tests.load.__main__ import measure

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each line; 0 for documents alone")
    parser.add_argument("--megabytes", type=int, default=100)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder, Stack(folder).running() as stack:
        owner = stack.sign_in()
        user = {"email": "p@example.com", "displayName": "P", "role": "USER", "password": PASSWORD}
        stack.call("POST", "/v1/users", user, owner)
        somebody = stack.call("POST", "/v1/sessions", {"email": user["email"], "password": PASSWORD})["accessToken"]
        company, made, event = people(stack, owner)
        numbers = [int(name.partition("/")[2]) for name in (*made, event)]
        seed(stack.database("events"), numbers[0], numbers[1:-1], numbers[-1], given.entries)
        if given.seconds:
            look(stack, measure, given.seconds, (owner, somebody), (company, made[0], event))
        carry(stack, owner, made[0], given.megabytes)


if __name__ == "__main__":
    main()
