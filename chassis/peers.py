"""Other services, as an RPC or a job asks them."""

import threading
import time

import grpc

from chassis import errors
from chassis.rpc import Client

TIMEOUT = 2.0
FILE_TIMEOUT = 600.0
BY_CODE = {kind.code.value[0]: kind for kind in errors.Error.__subclasses__()}


class Peers:
    """The services that this one may ask, by name; connections are made when first needed."""

    def __init__(self, addresses, signer):
        self.addresses = addresses
        self.signer = signer
        self.clients: dict[str, Client] = {}
        self.lock = threading.Lock()

    def ask(self, request, cause, actor, seconds=TIMEOUT):
        """Calls the RPC that takes `request` on behalf of whoever asked us, or of ourselves; returns its answer.

        Waits so many seconds at most. Raises the refusal as a chassis error of the same code and reason.
        """
        method = _method_for(request.DESCRIPTOR)
        token = cause.token if actor.user else self.signer.token(actor)
        timeout = seconds if cause.deadline is None else max(0.05, min(seconds, cause.deadline - time.monotonic()))
        metadata = [("authorization", token), ("accept-language", cause.language)]
        if cause.traceparent:
            metadata.append(("traceparent", cause.traceparent))
        try:
            return self._client(method).call(method, request, timeout=timeout, metadata=metadata)
        except grpc.RpcError as error:
            raise _refusal(error, method) from error

    def download(self, request, actor):
        """Gives the parts of the file with which the RPC that takes `request` answers; it takes as long as it takes."""
        method = _method_for(request.DESCRIPTOR)
        metadata = [("authorization", self.signer.token(actor))]
        try:
            for part in self._client(method).call(method, request, timeout=FILE_TIMEOUT, metadata=metadata):
                yield part.data
        except grpc.RpcError as error:
            raise _refusal(error, method) from error

    def _client(self, method):
        name = method.full_name.split(".")[1]
        with self.lock:
            if name not in self.clients:
                self.clients[name] = Client(self.addresses[name])
            return self.clients[name]


def _method_for(request):
    """Returns the method that takes a request type: every request message belongs to one RPC."""
    for service in request.file.services_by_name.values():
        for method in service.methods:
            if method.input_type == request:
                return method
    raise LookupError(f"no RPC takes {request.full_name}")


def _refusal(error, method):
    """Returns the chassis error that a failed call says."""
    status = errors.status_of(error)
    kind = BY_CODE.get(status.code, errors.Unavailable)
    if kind in (errors.Unavailable, errors.DeadlineExceeded):
        service = method.containing_service.full_name.split(".")[1]
        return errors.Unavailable("{service} does not answer; try again soon", "SERVICE_UNAVAILABLE", service=service)
    return kind.received(status)
