"""Changes reach the pages that may know of them, and no others; whatever breaks, nobody is left with a stale page."""

import asyncio
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import nats as nats_client
import pytest
from sqlalchemy import delete, update

from chassis import stream
from chassis.testing import eventually
from deploy import broker
from gateway.identity.model import User
from gateway.identity.proofs import Session
from tests.gateway.conftest import PASSWORD, WRITE, add_user, cut_connections, sign_in, without_database
from tests.installation import free_port
from tests.system.conftest import Broker

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def nats(tmp_path_factory):
    """A broker with the stream."""
    running = Broker(tmp_path_factory.mktemp("nats"))
    running.start()
    stream.provision(running.url(broker.BOOT), max_bytes=100 * 1024**2)
    yield running
    running.kill()


class Server:
    """The push process."""

    def __init__(self, identity, nats):
        self.port = free_port()
        settings = identity.settings
        env = {
            "CRM_LISTEN": f"127.0.0.1:{self.port}",
            "CRM_DATABASE_URL": settings.database_url.get_secret_value(),
            "CRM_NATS_URL": nats.url("push"),
            "CRM_KEYS_FILE": str(settings.keys_file),
        }
        program = [Path(sys.prefix) / "bin" / "gunicorn", "-c", "deploy/gunicorn_push.py", "gateway.push:app"]
        self.process = subprocess.Popen(
            program, cwd=ROOT, env=os.environ | env, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
        )

    @contextmanager
    def watch(self, headers):
        """A page that watches; gives its response to read from."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with closing(connection):
            connection.request("GET", "/v1/changes:watch", headers=headers)
            yield connection.getresponse()

    def status(self, headers):
        """The HTTP status of an attempt to watch."""
        with suppress(OSError), self.watch(headers) as response:
            return response.status
        return 0


@pytest.fixture(scope="module")
def server(identity_process, nats):
    """The push process, answering."""
    running = Server(identity_process, nats)
    eventually(lambda: running.status({}) == 401, 20)
    yield running
    running.process.kill()
    running.process.wait()


def cookie(client):
    return {"Cookie": f"rapport_session={client.get_cookie('rapport_session').value}"}


def announce(nats, name, readers=("everyone",), count=1):
    """Announces a change as the contacts service does."""

    async def publish():
        connection = await nats_client.connect(nats.url("contacts"), inbox_prefix="_INBOX_contacts")
        context = connection.jetstream()
        for _ in range(count):
            headers = {
                "Crm-Event": "ContactUpdated",
                "Crm-Resource": name,
                "Crm-Etag": '"2"',
                "Crm-Readers": json.dumps(readers),
            }
            sequence = (await context.publish("crm.contacts.contact_updated", b"secret", headers=headers)).seq
        await connection.close()
        return sequence

    return asyncio.run(publish())


def next_event(response):
    """The next event with data: (id, type, data); None when the stream has ended."""
    event = {}
    while line := response.readline():
        field, _, value = line.decode().rstrip("\n").partition(": ")
        if not field and "data" in event:
            return int(event["id"]), event.get("event", "message"), json.loads(event["data"])
        if field:
            event[field] = value
    return None


def started(response):
    """Waits until a stream has begun, which is when its place is known."""
    while line := response.readline():
        if line.startswith(b"id: "):
            return int(line[4:])
    return None


def test_a_change_is_named_and_not_shown(owner, server, nats):
    with server.watch(cookie(owner)) as response:
        started(response)

        sequence = announce(nats, "contacts/17")

        assert next_event(response) == (
            sequence,
            "message",
            {"name": "contacts/17", "event": "ContactUpdated", "etag": '"2"'},
        )
        assert response.headers["Content-Type"] == "text/event-stream"
        assert response.headers["Cache-Control"] == "no-store"


def test_who_may_not_read_a_record_does_not_hear_of_it(app, owner, server, nats):
    me = add_user(owner)["name"]
    ada, _ = sign_in(app)
    with server.watch(cookie(ada)) as mine, server.watch(cookie(owner)) as admins:
        started(mine)
        started(admins)

        announce(nats, "contacts/1", ["users/99"])
        announce(nats, "notifications/7", [me])
        announce(nats, "contacts/2", [me])

        assert [next_event(mine)[2]["name"] for _ in range(2)] == ["notifications/7", "contacts/2"]
        # What somebody else was told is no concern of theirs.
        assert [next_event(admins)[2]["name"] for _ in range(2)] == ["contacts/1", "contacts/2"]


def test_who_may_not_use_the_crm_hears_of_what_is_his_own(app, owner, server, nats):
    me = add_user(owner)["name"]
    ada, _ = sign_in(app)
    owner.patch("/v1/portalSettings", json={"crmEnabled": False}, headers=WRITE)
    with server.watch(cookie(ada)) as response:
        started(response)

        announce(nats, "contacts/1")
        announce(nats, "contacts/2", [me])
        announce(nats, "notifications/6", ["users/1"])
        announce(nats, "notifications/7", [me])

        assert next_event(response)[2]["name"] == "notifications/7"


def test_what_happened_in_between_is_told_later(owner, server, nats):
    last = announce(nats, "contacts/1")
    announce(nats, "contacts/2")
    announce(nats, "contacts/3")

    def heard():
        with server.watch({**cookie(owner), "Last-Event-ID": str(last)}) as response:
            return [next_event(response) for _ in range(2)]

    assert [event[:2] for event in heard()] == [(last + 1, "message"), (last + 2, "message")]


@pytest.mark.parametrize("distance", [1001, -5])
def test_who_was_away_too_long_starts_again(owner, server, nats, distance):
    last = announce(nats, "contacts/1", count=1002)
    with server.watch(cookie(owner)) as response:
        eventually(lambda: started(response) == last)

        with server.watch({**cookie(owner), "Last-Event-ID": str(last - distance)}) as late:
            assert next_event(late) == (last, "reset", {})


@pytest.mark.parametrize("headers", [{}, {"Cookie": "rapport_session=nonsense"}, {"Authorization": "Bearer rk_x"}])
def test_nobody_watches_without_signing_in(identity, server, headers):
    assert server.status(headers) == 401


def test_connections_that_were_cut_do_not_keep_a_page_from_watching(owner, identity, server):
    assert server.status(cookie(owner)) == 200
    cut_connections(identity)
    identity.close()

    assert server.status(cookie(owner)) == 200


def test_a_page_is_told_that_the_database_is_away(owner, identity, server):
    with without_database(identity):
        assert server.status(cookie(owner)) == 503

    assert server.status(cookie(owner)) == 200


def test_programs_watch_with_a_bearer_token(owner, server):
    key = owner.post("/v1/apiKeys", json={"title": "sync", "password": PASSWORD}, headers=WRITE).json["secret"]

    assert server.status({"Authorization": f"Bearer {key}"}) == 200


@pytest.mark.parametrize(
    "statement",
    [delete(Session), update(User).values(state="DISABLED"), update(User).values(role="USER")],
    ids=["signed out", "disabled", "role"],
)
def test_a_stream_ends_with_the_rights_it_was_opened_with(owner, identity, server, statement):
    with server.watch(cookie(owner)) as response:
        started(response)
        began = time.monotonic()

        with identity.engine.begin() as connection:
            connection.execute(statement)

        assert next_event(response) is None
        assert time.monotonic() - began < 7


def test_one_user_opens_only_so_many_streams(owner, server):
    with ExitStack() as pages:
        for _ in range(20):
            started(pages.enter_context(server.watch(cookie(owner))))

        assert server.status(cookie(owner)) == 429


def test_a_page_stays_open_while_the_broker_is_away(owner, server, nats):
    with server.watch(cookie(owner)) as response:
        started(response)

        nats.kill()
        nats.start()
        eventually(lambda: announce(nats, "contacts/5"), 20)

        assert next_event(response)[2] in ({}, {"name": "contacts/5", "event": "ContactUpdated", "etag": '"2"'})


def test_being_told_to_stop_ends_every_stream_at_once(owner, identity, nats):
    running = Server(identity, nats)
    eventually(lambda: running.status({}) == 401, 20)
    with running.watch(cookie(owner)) as one, running.watch(cookie(owner)) as other:
        started(one)
        started(other)
        began = time.monotonic()

        running.process.send_signal(signal.SIGTERM)

        assert next_event(one) is None
        assert next_event(other) is None
        running.process.wait(10)
        assert time.monotonic() - began < 5
