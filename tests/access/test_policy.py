"""Who may do what: every route, as everybody, against a whole installation.

policy.csv is written by hand from the rules of the product; nothing in it is made from the code. A route that it does
not name fails the build. What is refused must change no row in any database.
"""

import csv
import re
from pathlib import Path

import pytest

from gateway import contract
from gateway.routes import routes_of
from tests.access.bodies import bodies
from tests.access.world import World
from tests.installation import running

CONTACTS = ("shared", "open", "photographed")
pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
with (Path(__file__).with_name("policy.csv")).open(encoding="utf-8", newline="") as file:
    POLICY = list(csv.DictReader(file))
CALLERS = [column for column in POLICY[0] if column not in ("rpc", "request")]


# What keeps no record of itself, or, as it is asked here, changes nothing.
NOT_RECORDED = {
    *("CreatePasswordReset", "DeleteOtherSessions", "CancelContactBatch", "TellEventGuests"),
    *("PreviewContactForm", "FindDuplicates", "ReorderContactFields", "RemoveMailingAttachment"),
    *("BatchDeleteEvents", "ReorderEventFields", "ReopenEvent", "RemoveEventParticipants", "DismissContactDuplicates"),
}


def test_every_route_is_in_the_policy():
    routes = {route.method.name: route for route in routes_of(contract.services())}

    assert {row["rpc"] for row in POLICY} == set(routes)
    for rpc, request in ((row["rpc"], row["request"]) for row in POLICY):
        verb, _, path = request.partition(" ")
        assert routes[rpc].verb == verb, rpc
        assert routes[rpc].regex.fullmatch(re.sub(r"\{\w+\}", _collection, path.partition("?")[0])), rpc


def _collection(placeholder):
    names = {"invited": "users", "pictured": "users", "api_key": "apiKeys"} | dict.fromkeys(CONTACTS, "contacts")
    names |= {"contact_type": "contactTypes", "temperature_level": "temperatureLevels"}
    names |= {"contact_field": "contactFields", "contact_tag": "contactTags", "contact_batch": "contactBatches"}
    names |= {"contact_merge": "contactMerges", "contact_import": "contactImports"}
    names |= {"contact_form": "contactForms", "public_form": "publicForms", "mailing": "mailings"}
    names |= {"history_entry": "historyEntries", "deleted_file": "files", "event_tag": "eventTags"}
    names |= {"event_field": "eventFields", "history_category": "historyCategories", "saved_view": "savedViews"}
    names |= {"event_export": "eventExports", "event_import": "eventImports"}
    names |= {"gathering": "events"}
    thing = placeholder[0].strip("{}")
    return f"{names.get(thing, thing + 's')}/1"


def test_everybody_may_do_what_the_policy_says_and_nothing_else():
    with running() as installation:
        world = World(installation)
        # What is allowed changes what there is; so it comes last.
        refuse(world)
        allow(world)


def refuse(world):
    """What is refused is refused, and changes nothing."""
    assert world.usual
    before, wrong = world.quiet(), []
    for row in POLICY:
        for who in CALLERS:
            if row[who] != "200":
                wrong += tried(world, row, who, world.usual)

    assert not wrong, "\n".join(wrong)
    changed = {
        (database, table)
        for database, tables in world.quiet().items()
        for table, digest in tables.items()
        if digest != before[database][table]
    }
    assert changed == set()


def allow(world):
    """What is allowed works; what changes something is announced for the audit."""
    wrong, silent = [], []
    for row in POLICY:
        heard = row["request"].startswith("GET") or row["rpc"] in NOT_RECORDED
        for who in [caller for caller in CALLERS if row[caller] == "200"]:
            things = things_for(world, row)
            before = None if heard else world.announced()
            wrong += tried(world, row, who, things)
            heard = heard or world.announced() != before
        silent += [] if heard or "200" not in row.values() else [row["rpc"]]

    assert not wrong, "\n".join(wrong)
    assert not silent, silent


def things_for(world, row):
    """Returns what a call is about: what it changes is made for it."""
    thing = re.search(r"\{(\w+)\}", row["request"])
    things = dict(world.usual)
    if thing and not row["request"].startswith("GET") and thing[1] not in ("mail", "notification"):
        things[thing[1]] = world.fresh(thing[1])
    world.number += 1
    return things


def tried(world, row, who, things):
    """Calls as the policy says; returns what came of it, in a list, unless it is what the policy says."""
    expected = row[who]
    method, _, path = row["request"].partition(" ")
    body = None if method in ("GET", "DELETE") else bodies(world, things)[row["rpc"]]
    status, answer = world.ask(who, method, path.format(**things), body)
    came = str(status) if status == 200 else f"{status} {answer['error']['details'][0]['reason']}"
    if ":" in expected:
        thing = expected.partition(":")[2]
        [records] = [value for value in answer.values() if isinstance(value, list)] or [[]]
        found = any(record["name"] == things[thing] for record in records)
        came = f"{'shown' if found else 'hidden'}:{thing}"
    return [] if came == expected else [f"{row['rpc']} as {who}: {came} instead of {expected}: {str(answer)[:200]}"]
