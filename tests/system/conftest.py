"""A small cluster in one process: the real broker, the real databases, both services with their gRPC servers."""

import asyncio
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from nats import connect
from pydantic import SecretStr

from chassis import server, stream, testing
from chassis.background import Background
from chassis.errors import Error, reason_of, status_of
from chassis.identity import Signer
from chassis.peers import Peers
from chassis.rpc import Client, request_class
from deploy import broker
from tests.installation import free_port, running

ROOT = Path(__file__).resolve().parents[2]


def apart(act):
    """Acts on a thread of its own: after a browser test an event loop stays at work in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(act).result()


class Broker:
    """A nats-server of our own, with the users and rights of production."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.process = None

    def url(self, user):
        """The address for one of its users."""
        return f"nats://{user}:secret@127.0.0.1:{self.port}"

    def start(self):
        """Starts it on what it has on disk, and waits until it answers."""
        program = Path(sys.prefix) / "bin" / "nats-server"
        config = ROOT / "deploy" / "nats" / "local.conf"
        passwords = {broker.password_variable(user): "secret" for user in broker.permissions()}
        self.process = subprocess.Popen(
            [program, "-c", config, "-a", "127.0.0.1", "-p", str(self.port), "--store_dir", str(self.folder)],
            env=os.environ | passwords,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        testing.eventually(self._answers)

    def _answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def empty(self):
        """Forgets all events, so that no test hears another's."""

        async def purge():
            connection = await connect(self.url(broker.BOOT))
            await connection.jetstream().purge_stream(stream.STREAM)
            await connection.close()

        apart(lambda: asyncio.run(purge()))

    def kill(self):
        """Ends it as a power cut would."""
        self.process.kill()
        self.process.wait()


class Running:
    """A service that serves, relays, hears and runs its jobs."""

    def __init__(self, service):
        self.service = service
        self.background = None

    def start(self, port):
        """Starts it on a port."""
        self.server, _, _ = server.serve(self.service, f"127.0.0.1:{port}")
        self.background = Background(self.service)
        self.background.start()

    def stop(self):
        """Stops it."""
        if self.background:
            self.server.stop(0).wait()
            self.background.stop()
            self.background = None


class Remote:
    """A service as one actor calls it over gRPC: `remote.create_contact(contact={…})`."""

    def __init__(self, clients, token):
        self.clients = clients
        self.token = token

    def __getattr__(self, function):
        name = "".join(word.capitalize() for word in function.split("_"))
        client, method = next(
            (client, rpc.method) for client, service in self.clients for rpc in [service.rpcs.get(name)] if rpc
        )

        def call(**fields):
            metadata = [("authorization", self.token())]
            try:
                return client.call(method, request_class(method)(**fields), timeout=10, metadata=metadata)
            except grpc.RpcError as error:
                raise Refusal(error) from error

        return call


class Refusal(Error):
    """What a remote service refused."""

    def __init__(self, error):
        self.status_message = status_of(error)
        super().__init__(self.status_message.message.replace("{", "("), reason_of(self.status_message))
        self.code = error.code()


class Cluster:
    """Contacts and invoicing, talking to each other as they do in production."""

    def __init__(self, nats, services, ports, key_folder):
        self.nats = nats
        self.services = services
        self.ports = ports
        self.running = {name: Running(service) for name, service in services.items()}
        self.signer = Signer(key_folder / "gateway.json")
        self.clients = []

    def start(self):
        """Starts both services."""
        for name in self.services:
            self.running[name].start(self.ports[name])
        self.clients = [(Client(f"127.0.0.1:{self.ports[name]}"), each) for name, each in self.services.items()]

    def stop(self):
        """Stops both."""
        for client, _ in self.clients:
            client.close()
        for each in self.running.values():
            each.stop()

    def as_(self, actor):
        """Returns all services as `actor` calls them."""
        return Remote(self.clients, lambda: self.signer.token(actor))

    @contextmanager
    def without(self, name):
        """Takes a service away for a while."""
        self.running[name].stop()
        try:
            yield
        finally:
            self.running[name].start(self.ports[name])


@pytest.fixture(scope="session")
def nats(tmp_path_factory):
    """The broker."""
    running = Broker(tmp_path_factory.mktemp("nats"))
    running.start()
    apart(lambda: stream.provision(running.url(broker.BOOT), max_bytes=100 * 1024**2))
    yield running
    running.kill()


@pytest.fixture
def cluster(nats, contacts, invoicing, key_folder):
    """Both services, empty and running."""
    nats.empty()
    services = {"contacts": contacts, "invoicing": invoicing}
    ports = {name: free_port() for name in services}
    for name, service in services.items():
        service.settings.nats_url = SecretStr(nats.url(name))
        service.settings.services = {each: f"127.0.0.1:{port}" for each, port in ports.items()}
        service.peers = Peers(service.settings.services, service.signer)
    made = Cluster(nats, services, ports, key_folder)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def installation():
    """A whole installation without a mail server: what is sent lies in a folder."""
    with running() as made:
        yield made
