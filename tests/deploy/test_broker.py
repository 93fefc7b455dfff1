"""Who may say and hear what, on a real nats-server with the users we ship."""

import asyncio
import json
import os
import subprocess
import urllib.request
from typing import NamedTuple

import nats
import pytest
from nats.js.api import ConsumerConfig

from chassis import stream
from deploy import broker
from deploy.local.supervision import wait
from deploy.processes import PROGRAMS, ROOT
from tests.installation import free_port

NATS = PROGRAMS / "nats-server"
PASSWORD = "p0123456789"


class Address(NamedTuple):
    """Where a broker listens."""

    clients: str
    monitor: str


def healthy(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
            return True
    except OSError:
        return False


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a broker with the users and the stream of an installation."""
    port, monitor = free_port(), free_port()
    passwords = {broker.password_variable(user): PASSWORD for user in broker.permissions()}
    process = subprocess.Popen(
        [
            *(NATS, "--config", ROOT / "deploy/nats/local.conf", "--store_dir", tmp_path_factory.mktemp("nats")),
            *("--addr", "127.0.0.1", "--port", str(port), "--http_port", str(monitor)),
        ],
        env=os.environ | passwords,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait(lambda: healthy(monitor), "NATS", 20)
        stream.provision(f"nats://boot:{PASSWORD}@127.0.0.1:{port}")
        yield Address(f"127.0.0.1:{port}", f"127.0.0.1:{monitor}")
    finally:
        process.terminate()
        process.wait()


def as_user(address, user, act, inbox=None):
    """Returns what `act(connection)` returns for a user of the broker."""

    async def main():
        refusals = asyncio.Queue()
        connection = await nats.connect(
            f"nats://{user}:{PASSWORD}@{address.clients}", inbox_prefix=inbox or f"_INBOX_{user}", error_cb=refusals.put
        )
        connection.refusals = refusals
        try:
            return await act(connection)
        finally:
            await connection.close()

    return asyncio.run(main())


def refused(address, user, act, **options):
    """Whether the broker refuses what `act(connection)` does; an answer of any kind means that it does not."""

    async def attempt(connection):
        answer = asyncio.ensure_future(act(connection))
        refusal = asyncio.ensure_future(connection.refusals.get())
        done, _ = await asyncio.wait({answer, refusal}, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        if answer in done and answer.exception() is None and refusal not in done:
            # Publishing and subscribing are not answered; the broker's word comes after them, in order.
            await connection.flush()
            await asyncio.wait({refusal}, timeout=0.2)
        answer.cancel()
        return refusal.done() and "permissions violation" in str(refusal.result()).lower()

    return as_user(address, user, attempt, **options)


async def announce(connection, subject):
    return await connection.jetstream().publish(subject, b"x")


def test_a_service_announces_and_hears_events(address):
    async def speak(connection):
        return await announce(connection, "crm.contacts.contact_created")

    async def listen(connection):
        log = connection.jetstream(timeout=5)
        await log.add_consumer("CRM", stream.consumer_config("invoicing", ["crm.contacts.contact_created"], 1))
        subscription = await log.pull_subscribe_bind(consumer="invoicing", stream="CRM")
        return await subscription.fetch(1, timeout=5)

    sent = as_user(address, "contacts", speak)
    [heard] = as_user(address, "invoicing", listen)

    assert sent.stream == "CRM"
    assert heard.subject == "crm.contacts.contact_created"


def test_push_reads_the_log_in_order(address):
    async def listen(connection):
        log = connection.jetstream(timeout=5)
        subscription = await log.subscribe("crm.>", stream="CRM", ordered_consumer=True)
        return (await subscription.next_msg(timeout=5)).subject

    as_user(address, "contacts", lambda connection: announce(connection, "crm.contacts.contact_updated"))

    assert as_user(address, "push", listen).startswith("crm.")


def test_push_goes_on_reading_when_very_much_happens_at_once(address):
    """The broker sends some megabytes ahead, and waits then for whoever reads to say how far he is."""
    messages, size = 128, 64 * 1024

    async def burst(connection):
        log = connection.jetstream()
        await asyncio.gather(*(log.publish("crm.contacts.contact_updated", bytes(size)) for _ in range(messages)))

    async def listen(connection):
        heard, done = 0, asyncio.Event()

        async def take(message):
            nonlocal heard
            heard += len(message.data) == size
            if heard == messages:
                done.set()

        await connection.jetstream(timeout=5).subscribe("crm.>", stream="CRM", ordered_consumer=True, cb=take)
        await asyncio.wait_for(done.wait(), 20)
        return heard

    as_user(address, "contacts", burst)

    assert as_user(address, "push", listen) == messages


@pytest.mark.parametrize(
    ("user", "subject"),
    [
        ("contacts", "crm.invoicing.invoice_created"),
        ("contacts", "wake.invoicing"),
        ("push", "crm.contacts.contact_created"),
        ("identity", "crm.contacts.contact_created"),
        ("contacts", "$JS.API.STREAM.PURGE.CRM"),
        ("contacts", "$JS.API.STREAM.DELETE.CRM"),
        ("contacts", "$JS.API.STREAM.CREATE.OTHER"),
        ("contacts", "$JS.API.CONSUMER.DELETE.CRM.invoicing"),
        ("contacts", "$JS.API.CONSUMER.MSG.NEXT.CRM.invoicing"),
        ("push", "$JS.API.CONSUMER.DELETE.CRM.contacts"),
        ("push", "$JS.API.STREAM.PURGE.CRM"),
    ],
)
def test_nobody_speaks_for_others_or_changes_the_log(address, user, subject):
    assert refused(address, user, lambda connection: connection.publish(subject, b"{}"))


@pytest.mark.parametrize("subject", [">", "crm.>", "_INBOX_invoicing.>", "_INBOX.>", "$JS.EVENT.>", "wake.invoicing"])
def test_a_service_cannot_overhear(address, subject):
    assert refused(address, "contacts", lambda connection: connection.subscribe(subject))


def test_a_service_cannot_make_another_ones_consumer(address):
    def make(connection):
        return connection.jetstream(timeout=1).add_consumer("CRM", ConsumerConfig(name="invoicing"))

    assert refused(address, "contacts", make)


def test_push_cannot_change_a_services_consumer(address):
    def make(connection):
        return connection.jetstream(timeout=1).add_consumer("CRM", ConsumerConfig(durable_name="invoicing"))

    assert refused(address, "push", make)


def test_a_service_may_do_what_is_its_own(address):
    assert not refused(address, "contacts", lambda connection: connection.publish("wake.contacts", b""))
    assert not refused(address, "contacts", lambda connection: connection.subscribe("wake.contacts"))


def test_what_is_acknowledged_is_on_the_disk(address):
    with urllib.request.urlopen(f"http://{address.monitor}/jsz", timeout=5) as answer:
        assert json.load(answer)["config"]["sync_always"] is True


def test_the_shipped_users_are_those_of_the_list_of_services():
    shipped = (ROOT / "deploy/nats/users.conf").read_text("utf-8")

    assert shipped == broker.users_file(), "run: python -m deploy.broker > deploy/nats/users.conf"
