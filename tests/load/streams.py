"""Many open streams and idle sockets beside ordinary work, and how soon a change is seen."""

import asyncio
import json
import math
import socket
import threading
import time
from datetime import datetime

import psycopg

from chassis.testing import eventually
from gateway.identity import credentials
from tests.load.client import request

IDLE_SOCKETS = 200
CHANGES = 60


class Tabs:
    """Open event streams, in one thread and event loop."""

    def __init__(self, port, keys, count):
        self.port, self.keys, self.count = port, keys, count
        self.seen: dict = {}
        self.open = 0
        self.failed = 0
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        asyncio.run_coroutine_threadsafe(self._all(), self.loop)
        end = time.monotonic() + 60
        while self.open + self.failed < self.count and time.monotonic() < end:
            time.sleep(0.1)
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._close(), self.loop).result(30)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    async def _close(self):
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _all(self):
        self.tasks = []
        for number in range(self.count):
            self.tasks.append(asyncio.ensure_future(self._one(number)))
            if number % 20 == 19:
                await asyncio.sleep(0.05)

    async def _one(self, number):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        key = self.keys[number % len(self.keys)]
        writer.write(request("GET", "/v1/changes:watch", {"Authorization": f"Bearer {key}"}))
        if b" 200 " not in await reader.readline():
            self.failed += 1
            return
        self.open += 1
        while line := await reader.readline():
            if line.startswith(b"data: {") and b"name" in line:
                name = json.loads(line[6:])["name"]
                self.seen.setdefault(name, []).append(time.perf_counter())


def ratios(stack, token, options, measure):
    """Returns what many streams cost, and how soon changes arrive: (what, reached, wanted) each."""
    keys = _people(stack, token, 1 + options.streams // 20)
    path = "/v1/contacts?pageSize=50"
    asked = [request("GET", path, {"Authorization": f"Bearer {token}"})]
    alone = measure(stack.port, asked, 4, options.seconds)
    idle = [socket.create_connection(("127.0.0.1", stack.port)) for _ in range(IDLE_SOCKETS)]
    with Tabs(stack.port, keys, options.streams) as tabs:
        beside = measure(stack.port, asked, 4, options.seconds)
        seen = _seen(stack, token, tabs)
        opened = tabs.open
    for each in idle:
        each.close()
    handled = _handled(stack)
    return [
        (
            f"list p95 beside {opened} streams ({tabs.failed} refused) and {IDLE_SOCKETS} idle sockets / alone",
            f"{beside['p95'] / alone['p95']:.2f} ({beside['p95']:.0f} of {alone['p95']:.0f} ms)",
            "≤ 2",
        ),
        (
            f"written → seen in all {opened} streams, p95 s",
            f"{_share(seen, 0.95):.3f} ({len(seen)} of {CHANGES // 3 * opened} seen)",
            "≤ 1",
        ),
        ("committed → handled by the other service, p50 ms", f"{_share(handled, 0.5) * 1000:.1f}", "≤ 15"),
        ("committed → handled by the other service, p95 ms", f"{_share(handled, 0.95) * 1000:.1f}", ""),
    ]


def _people(stack, token, count):
    """Signs in so many administrators, past the sign-in that would take a second of work for each; returns tokens."""
    tokens = [credentials.new_secret() for _ in range(count)]
    session = (
        "INSERT INTO session (user_id, digest, user_agent, create_time, last_use_time, expire_time)"
        " VALUES (%s, %s, '', now(), now(), now() + interval '1 day')"
    )
    with psycopg.connect(stack.database("gateway")) as database:
        for number, each in enumerate(tokens):
            person = {"email": f"tab{number}@example.com", "displayName": f"Tab {number}", "role": "CRM_ADMIN"}
            user = stack.call("POST", "/v1/users", {**person, "password": "a password for the bench"}, token)
            database.execute(session, [user["name"].partition("/")[2], credentials.digest(each)])
    return tokens


def _seen(stack, token, tabs):
    """Returns, of every change and stream, the seconds from the answer's request to the stream."""
    began = {}
    for _ in range(CHANGES // 3):
        before = time.perf_counter()
        made = stack.call("POST", "/v1/contacts", {"kind": "COMPANY", "companyName": "Seen"}, token)
        began[made["name"]] = before
        time.sleep(0.1)
    end = time.monotonic() + 10
    while sum(len(tabs.seen.get(name, ())) for name in began) < len(began) * tabs.open and time.monotonic() < end:
        time.sleep(0.1)
    return [when - began[name] for name, all_seen in tabs.seen.items() if name in began for when in all_seen]


def _handled(stack):
    """Returns the seconds from commits in contacts to their effect in invoicing, as the databases noted them."""
    token = stack.call("POST", "/v1/sessions", {"email": "bench@example.com", "password": "a password for the bench"})
    for number in range(CHANGES):
        body = {"kind": "COMPANY", "companyName": f"Handled {number}"}
        stack.call("POST", "/v1/contacts", body, token["accessToken"])
        time.sleep(0.03)
    with psycopg.connect(stack.database("contacts")) as database:
        newest = "SELECT event_id, headers->>'Crm-Time' FROM outbox ORDER BY id DESC LIMIT %s"
        said = dict(database.execute(newest, [CHANGES]).fetchall())
    with psycopg.connect(stack.database("invoicing"), autocommit=True) as database:
        of_ours = "SELECT event_id, handled_time FROM inbox WHERE event_id = ANY(%s)"
        heard = eventually(lambda: _whole(database.execute(of_ours, [[*said]]).fetchall(), len(said)))
    return [(when - datetime.fromisoformat(said[event])).total_seconds() for event, when in heard]


def _whole(rows, count):
    return rows if len(rows) == count else None


def _share(values, share):
    """Returns the value below which that share of them lies; what never came took for ever."""
    ordered = sorted(values) or [math.inf]
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
