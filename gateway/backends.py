"""Who fulfils the RPCs: the services at their addresses, and identity in this process."""

import functools
import time
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from sqlalchemy import text

from chassis import errors
from chassis.rpc import Client
from gateway import contract

IDENTITY = "identity"
HEALTH_SECONDS = 1.0
# What takes nothing from anybody who is known.
ONLY_ADD = frozenset({"CreateSession", "SetUpPortal", "CreateUser", "CreateApiKey", "CreatePasswordReset"})


class Backends:
    """Calls any RPC of the contract for a caller. Make it after a process has forked."""

    def __init__(self, identity, addresses, signer, good_seconds=0.0):
        self.identity = identity
        self.good_seconds = good_seconds
        self.signer = signer
        known = contract.services()
        self.clients = {name: Client(address) for name, address in addresses.items() if name in known}

    def call(self, route, request, caller):
        """Calls the RPC of a route; returns its answer, or the running call if it streams."""
        if route.service == IDENTITY:
            return self._call_identity(route, request, caller)
        client = self.clients.get(route.service)
        if client is None:
            raise errors.Unavailable("{service} is not installed here", "SERVICE_UNAVAILABLE", service=route.service)
        metadata = [
            ("accept-language", caller.language),
            ("traceparent", caller.traceparent),
            ("client-address", caller.address),
        ]
        if caller.actor.user:
            metadata.append(("authorization", self.signer.token(caller.actor)))
        streams = route.method.client_streaming or route.method.server_streaming
        return client.call(route.method, request, timeout=caller.time_left(streams), metadata=metadata)

    def _call_identity(self, route, request, caller):
        """Calls identity, which is in this process."""
        answer = self.identity.call(route.method.name, request, caller.actor, caller.visit())
        if route.verb != "GET" and route.method.name not in ONLY_ADD:
            # Answered is what nobody takes for otherwise any more: no worker remembers longer who was who.
            time.sleep(self.good_seconds)
        return Running(answer, getattr(request, "version", "")) if route.method.server_streaming else answer

    def problems(self):
        """What is wrong with each dependency, by name; "" where nothing is."""
        asked = {name: functools.partial(_service_problem, client) for name, client in self.clients.items()}
        return {"database": self._database_problem(), **{name: ask() for name, ask in asked.items()}}

    def _database_problem(self):
        try:
            with self.identity.reading.connect() as connection:
                connection.execute(text("SELECT 1"))
        except Exception as error:
            return type(error).__name__
        return ""


class Running:
    """A download out of this process, as if it were a running call."""

    def __init__(self, download, version):
        self.download = download
        self.messages = download.messages()
        self.version = version

    def __iter__(self):
        return self.messages

    def __next__(self):
        return next(self.messages)

    def initial_metadata(self):
        """What the answer says of the file; one that was asked for by its version never changes."""
        kept = [("http-cache-control", "private, max-age=86400")] if self.version else []
        return [*self.download.metadata(), *kept]

    def cancel(self):
        """Nobody reads on."""
        self.messages.close()


def _service_problem(client):
    stub: Any = health_pb2_grpc.HealthStub(client.channel)
    try:
        answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=HEALTH_SECONDS)
    except grpc.RpcError as error:
        return error.code().name
    return "" if answer.status == health_pb2.HealthCheckResponse.SERVING else "NOT_SERVING"
