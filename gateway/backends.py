"""Who fulfils the RPCs: the services at their addresses, and identity in this process."""

import functools
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from sqlalchemy import text

from chassis import errors
from chassis.rpc import Client
from gateway import contract

IDENTITY = "identity"
HEALTH_SECONDS = 1.0


class Backends:
    """Calls any RPC of the contract for a caller. Make it after a process has forked."""

    def __init__(self, identity, addresses, signer):
        self.identity = identity
        self.signer = signer
        services = contract.services()
        self.clients = {
            name: Client(services[name], address) for name, address in addresses.items() if name in services
        }

    def call(self, route, request, caller):
        """Calls the RPC of a route; returns its answer, or the running call if it streams."""
        if route.service == IDENTITY:
            return self.identity.call(route.method.name, request, caller.actor, caller.visit())
        client = self.clients.get(route.service)
        if client is None:
            raise errors.Unavailable("{service} is not installed here", "SERVICE_UNAVAILABLE", service=route.service)
        metadata = [("accept-language", caller.language), ("traceparent", caller.traceparent)]
        if caller.actor.user:
            metadata.append(("authorization", self.signer.token(caller.actor)))
        streams = route.method.client_streaming or route.method.server_streaming
        return client.call(route.method, request, timeout=caller.time_left(streams), metadata=metadata)

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


def _service_problem(client):
    stub: Any = health_pb2_grpc.HealthStub(client.channel)
    try:
        answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=HEALTH_SECONDS)
    except grpc.RpcError as error:
        return error.code().name
    return "" if answer.status == health_pb2.HealthCheckResponse.SERVING else "NOT_SERVING"
