"""`python -m tests.load.lists`: lists of 200 000 contacts, filtered, sorted and searched, and the check for doubles.

Four people at a time look at them, one types, in an installation of its own: as an administrator, who sees all, and
as somebody who sees what is shared and what is his.
"""

import argparse
import json
import random
import tempfile
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import urlencode

import orjson
import psycopg

from chassis.standard import fold
from services.contacts.likeness import keys
from tests.load.client import request
from tests.load.stack import FIRST, LAST, Stack

CLIENTS = 4
WANTED, WANTED_TYPING = 150, 50
PASSWORD = "a password for the bench"
PEOPLE = 20
TITLES = ("Engineer", "Директор", "Buyer", "Бухгалтер", "")
STREETS = ("Lenina", "Баррикадная", "Main Street", "Bahnhofstrasse", "Невский")
TAGS = (("Клиент", 3), ("Lead", 6), ("VIP", 50), ("Выставка 2026", 400), ("Совет", 20_000))
LEVELS = (("Cold", 1), ("Warm", 2), ("Hot", 3))
TYPES = ("Client", "Supplier", "Partner", "Competitor")
COLUMNS = (
    "version, create_time, update_time, creator, kind, first_name, last_name, company_name, display_name, job_title,"
    " company, emails, phones, addresses, websites, socials, description, type, temperature, temperature_rank,"
    " currency, photo, custom, tags, tag_keys, managers, sharing, source, origin, state, sort_key, search_text, keys"
)


def seed(url, count):
    """Puts contacts with types, temperatures, tags, managers and companies into the database, through COPY."""
    chance, now = random.Random(1), datetime.now(UTC)
    with psycopg.connect(url, autocommit=True, options="-c statement_timeout=0") as database:
        made = "1, now(), now(), 'users/1'"
        for table, titles in (("contact_type", TYPES), ("temperature_level", [title for title, _ in LEVELS])):
            database.execute(f"DELETE FROM {table}")  # noqa: S608 a name of ours
            for place, title in enumerate(titles, 1):
                values = "(id, version, create_time, update_time, creator, position, title, key, color)"
                row = f"OVERRIDING SYSTEM VALUE VALUES (%s, {made}, %s, %s, %s, '')"
                database.execute(f"INSERT INTO {table} {values} {row}", [1000 + place, place, title, fold(title)])
        for title, _ in TAGS:
            row = f"VALUES ({made}, %s, %s) ON CONFLICT DO NOTHING"
            columns = "(version, create_time, update_time, creator, title, key)"
            database.execute(f"INSERT INTO contact_tag {columns} {row}", [title, fold(title)])
        with database.cursor() as cursor, cursor.copy(f"COPY contact ({COLUMNS}) FROM STDIN") as copy:
            for number in range(1, count + 1):
                copy.write_row(_contact(number, count, now, chance))
        database.execute("VACUUM ANALYZE contact")


def _contact(number, count, now, chance):
    """One row; each tenth is a company, and persons work for one of the hundred companies before them."""
    company, made = number % 10 == 1, now - timedelta(minutes=count - number)
    first, last = chance.choice(FIRST), f"{chance.choice(LAST)}{_syllables(chance)}"
    name = f"{last} {_syllables(chance)}".strip() if company else f"{first} {last}"
    email, phone = f"{fold(_syllables(chance))}{number}@example.com", f"+7916{number:07d}"
    work = {"category": "WORK", "primary": True}
    emails, phones = [{"value": email, **work}], [{"value": phone, **work}]
    street = f"{chance.choice(STREETS)} {number % 300}"
    tags = [title for title, one_in in TAGS if number % one_in == 0]
    named = ("", "", name) if company else (first, last, "")
    employer = None if company or number < 1000 else number - number % 1000 + 10 * chance.randrange(100) - 999
    level = chance.choice((None, *LEVELS))
    managers = [f"users/{chance.randint(1, PEOPLE)}"]
    draft = SimpleNamespace(emails=emails, phones=phones, display_name=name)
    return (
        *(1, made, made, "users/1", "COMPANY" if company else "PERSON", *named, name, chance.choice(TITLES)),
        *(employer, json.dumps(emails), json.dumps(phones), json.dumps([{"street": street, "city": "Basel"}])),
        *("[]", "[]", "", 1001 + number % len(TYPES), 1000 + level[1] if level else None, level[1] if level else 0),
        *("", "", "{}", tags, [fold(title) for title in tags], managers, chance.choice(("PRIVATE", "READ"))),
        *("MANUAL", "", "ACTIVE", fold(name), fold(f"{name} {email} {phone[1:]} {street} Basel"), keys(draft)),
    )


def _syllables(chance):
    return "".join(chance.choice(("ко", "ва", "ли", "син", "тор", "me", "ra", "qu")) for _ in range(2))


MIXED = 'tags:Клиент AND managers:users/2 AND type = "contactTypes/1001"'
# What is asked for → parameters of the list.
LISTS = {
    "by name": {},
    "newest first": {"orderBy": "create_time desc"},
    "last changed first": {"orderBy": "update_time desc"},
    "hottest first": {"orderBy": "temperature desc"},
    "by first name": {"orderBy": "first_name"},
    "companies": {"filter": "kind = COMPANY"},
    "of a type": {"filter": 'type = "contactTypes/1002"'},
    "of a type and temperature, newest first": {
        "filter": 'type = "contactTypes/1002" AND temperature = "temperatureLevels/1003"',
        "orderBy": "create_time desc",
    },
    "with a common tag": {"filter": "tags:Клиент"},
    "with a rare tag": {"filter": "tags:Совет"},
    "of a manager": {"filter": "managers:users/2"},
    "of a manager, newest first": {"filter": "managers:users/2", "orderBy": "create_time desc"},
    "of nobody": {"filter": "NOT managers:*"},
    "tag, manager and type": {"filter": MIXED},
    "tag, manager and type, newest first": {"filter": MIXED, "orderBy": "create_time desc"},
    "not tagged so": {"filter": "NOT tags:Клиент"},
    "of a month": {"filter": 'create_time > "2026-11-01T00:00:00Z"', "orderBy": "create_time desc"},
    "search, rare": {"q": "person199999"},
    "search, common": {"q": "иван"},
    "search, two words": {"q": "иван ко"},
    "search, two letters": {"q": "ва"},
    "search, e-mail": {"q": "@example.com"},
    "search, phone": {"q": "+7 916 0150"},
    "search, nothing found": {"q": "zzyzx"},
    "search, common, newest first": {"q": "иван", "orderBy": "create_time desc"},
    "search, common; tag, manager and type": {"q": "иван", "filter": MIXED},
    "search, rare; tag, manager and type": {"q": "199", "filter": MIXED},
}
TYPED = (
    {"firstName": "Иван"},
    {"firstName": "Иван", "lastName": "Ив"},
    {"firstName": "Иван", "lastName": "Ивановкова"},
    {"lastName": "Lovelace", "phones": [{"value": "+79160150000"}]},
    {"firstName": "Ada", "lastName": "Lovelaceсинме", "emails": [{"value": "nobody@example.com"}]},
)


def lines(who):
    """Returns what is measured: name → (requests, milliseconds wanted)."""
    made = {}
    for name, asked in LISTS.items():
        path = f"/v1/contacts?{urlencode({'pageSize': 50, **asked})}"
        made[name] = ([request("GET", path, who)], WANTED)
    typed = [orjson.dumps({"contact": {"kind": "PERSON", **each}}) for each in TYPED]
    checks = [request("POST", "/v1/contacts:findDuplicates", who, body) for body in typed]
    return made | {"doubles while typing": (checks, WANTED_TYPING)}


def somebody(stack, token):
    """Adds a person who is no administrator, and others who manage contacts; returns a token of his."""
    for number in range(2, PEOPLE + 1):
        user = {"email": f"p{number}@example.com", "displayName": f"P {number}", "role": "USER", "password": PASSWORD}
        stack.call("POST", "/v1/users", user, token)
    return stack.call("POST", "/v1/sessions", {"email": "p2@example.com", "password": PASSWORD})["accessToken"]


def run(stack, measure, seconds, only=""):
    """Measures every line as both people, and prints a table."""
    owner = stack.sign_in()
    person = somebody(stack, owner)
    seed(stack.database("contacts"), stack.count)
    print(
        "| what, at 4 clients (doubles at 1) | administrator p50 ms | p95 ms | somebody p50 ms | p95 ms | wanted p95 |"
    )
    print("|---|---:|---:|---:|---:|---:|")
    both = [lines({"Authorization": f"Bearer {token}"}) for token in (owner, person)]
    for name, (_, wanted) in both[0].items():
        if only in name:
            clients = 1 if wanted == WANTED_TYPING else CLIENTS
            rounds = [measure(stack.ports()["gateway"], each[name][0], clients, seconds) for each in both]
            cells = " | ".join(f"{found['p50']:.0f} | {found['p95']:.0f}" for found in rounds)
            late = " **late**" if max(found["p95"] for found in rounds) > wanted else ""
            print(f"| {name} | {cells} | ≤ {wanted}{late} |", flush=True)


def main():
    """Measures, and prints a line each."""
    from tests.load.__main__ import measure

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--contacts", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each line")
    parser.add_argument("--only", default="", help="a part of the lines' names")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder, Stack(folder).running() as stack:
        stack.count = given.contacts
        run(stack, measure, given.seconds, given.only)


if __name__ == "__main__":
    main()
