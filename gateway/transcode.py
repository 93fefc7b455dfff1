"""REST to gRPC: one view for every route of the contract."""

import threading
from contextlib import ExitStack, contextmanager
from urllib.parse import unquote

import grpc
import orjson
from crm.type.v1 import options_pb2
from flask import Response, g, request
from werkzeug.exceptions import ClientDisconnected, MethodNotAllowed, NotFound

from chassis.errors import ResourceExhausted
from gateway.binding import HTTP_BODY, Binding
from gateway.encoding import encode
from gateway.routes import Table

CHUNK = 64 * 1024
UNLIMITED = 2**40
# A file of somebody with a slow line holds a thread for minutes: so many do, the others are for who only asks.
FILES = threading.BoundedSemaphore(10)
FILES_SECONDS = 5.0
# What a download says of itself: initial metadata of the call → header.
FILE_HEADERS = {
    "http-cache-control": "Cache-Control",
    "http-content-disposition": "Content-Disposition",
    "http-content-length": "Content-Length",
    "http-etag": "ETag",
}


class Transcoder:
    """Answers REST requests by calling RPCs."""

    def __init__(self, routes, backends, authenticate):
        self.table = Table(routes)
        self.bindings = {route: Binding(route) for route in routes}
        self.backends = backends
        self.authenticate = authenticate

    def view(self, **_):
        """Answers the current request."""
        route, values = self._route()
        made = g.caller
        made.service, made.rpc = route.service, route.method.name
        self.authenticate(public=route.method.GetOptions().Extensions[options_pb2.public])
        binding = self.bindings[route]
        if binding.is_upload:
            # The limit on JSON is none for files; the edge has one, and so have the services that keep them.
            request.max_content_length = UNLIMITED
        message = binding.bind(values)
        with ExitStack() as held:
            if route.method.client_streaming or route.method.server_streaming:
                held.enter_context(_file_on_its_way())
            if route.method.client_streaming:
                message = _parts(binding, message, _Body(request.stream, request.content_length), request.mimetype)
            answer = self.backends.call(route, message, made)
            if route.method.server_streaming:
                response = _download(answer)
                response.call_on_close(held.pop_all().close)
                return response
        made.answer = answer
        return Response(orjson.dumps(encode(answer)), content_type="application/json")

    def _route(self):
        """The route of the current request. A path has one spelling: whatever had to be decoded is another one."""
        path, environ = request.path, request.environ
        raw = (environ.get("RAW_URI") or environ.get("REQUEST_URI") or path).partition("?")[0]
        if unquote(raw) != raw:
            raise NotFound
        route, found = self.table.find(environ["REQUEST_METHOD"], path)
        if route is None:
            raise MethodNotAllowed(valid_methods=found) if found else NotFound
        return route, found


@contextmanager
def _file_on_its_way():
    """Waits for a place among the files that are on their way. Refuses with BUSY."""
    if not FILES.acquire(timeout=FILES_SECONDS):
        raise ResourceExhausted("too many files are on their way; try again", "BUSY", retry_after=5)
    try:
        yield
    finally:
        FILES.release()


class _Body:
    """The bytes of an upload. A client that goes away in the middle has sent no file, though its stream just ends."""

    def __init__(self, stream, length):
        self.stream, self.left = stream, length

    def read(self):
        """Returns the next bytes; none at the end. Raises ClientDisconnected if that came too early."""
        chunk = self.stream.read(CHUNK)
        if self.left is not None:
            self.left -= len(chunk)
            if not chunk and self.left:
                raise ClientDisconnected
        return chunk


def _parts(binding, first, body, content_type):
    """The messages of an upload: the first also says what the file is for, the others only go on."""
    name = binding.body_field.name
    getattr(first, name).content_type = content_type
    getattr(first, name).data = body.read()
    yield first
    while chunk := body.read():
        message = binding.message_class()
        getattr(message, name).data = chunk
        yield message


def _download(call):
    """The parts of a file as a response; a client that goes away cancels the call."""
    try:
        first = next(call)
    except StopIteration:
        return Response(status=200)
    assert first.DESCRIPTOR.full_name == HTTP_BODY  # noqa: S101 - the contract has no other streams
    headers = {FILE_HEADERS[key]: value for key, value in call.initial_metadata() or () if key in FILE_HEADERS}

    def parts():
        yield first.data
        try:
            for part in call:
                yield part.data
        except grpc.RpcError:
            # Half a file is no file: the connection breaks off, so that nobody takes it for a whole one.
            raise ConnectionAbortedError("the service stopped in the middle of a file") from None

    response = Response(parts(), content_type=first.content_type or "application/octet-stream", headers=headers)
    response.headers.setdefault("Content-Disposition", "attachment")
    response.call_on_close(call.cancel)
    return response
