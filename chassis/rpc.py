"""gRPC from descriptors: servers and clients without generated stubs."""

import grpc
from google.protobuf import message_factory

SERVER_OPTIONS = (
    # A letter with its attachments is the largest.
    ("grpc.max_receive_message_length", 16 * 1024 * 1024),
    ("grpc.so_reuseport", 0),
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
)
# A service that comes back is found again within a second or two, not after gRPC's two minutes.
CHANNEL_OPTIONS = (
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2000),
    ("grpc.max_receive_message_length", 16 * 1024 * 1024),
)


def path(method):
    """Returns the path under which gRPC knows a method."""
    return f"/{method.containing_service.full_name}/{method.name}"


def request_class(method):
    """Returns the message class that a method takes."""
    return message_factory.GetMessageClass(method.input_type)


def response_class(method):
    """Returns the message class that a method answers with."""
    return message_factory.GetMessageClass(method.output_type)


def _kind(method):
    """Returns which of the four kinds of gRPC methods this is: `unary_stream`."""
    streams = {False: "unary", True: "stream"}
    return f"{streams[method.client_streaming]}_{streams[method.server_streaming]}"


def handlers(service_descriptor, serve):
    """Returns the gRPC handler of a whole service; `serve(method)` gives the function for each method."""
    table = {}
    for method in service_descriptor.methods:
        table[method.name] = getattr(grpc, f"{_kind(method)}_rpc_method_handler")(
            serve(method),
            request_deserializer=request_class(method).FromString,
            response_serializer=response_class(method).SerializeToString,
        )
    return grpc.method_handlers_generic_handler(service_descriptor.full_name, table)


class Client:
    """Calls the methods of whatever is served at one address. Make it after a process has forked."""

    def __init__(self, address):
        self.address = address
        self.channel = grpc.insecure_channel(address, options=CHANNEL_OPTIONS)
        self.calls: dict = {}

    def _callable(self, method):
        return getattr(self.channel, _kind(method))(
            path(method),
            request_serializer=request_class(method).SerializeToString,
            response_deserializer=response_class(method).FromString,
        )

    def call(self, method, request, *, timeout, metadata=()):
        """Calls a method with a request (an iterator of them if it streams); returns its answer, or its stream.

        Raises grpc.RpcError; `chassis.errors.status_of` tells what it says.
        """
        ask = self.calls.get(method.full_name)
        if ask is None:
            ask = self.calls.setdefault(method.full_name, self._callable(method))
        return ask(request, timeout=timeout, metadata=metadata)

    def close(self):
        """Closes the connection."""
        self.channel.close()
