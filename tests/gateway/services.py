"""Services that a test makes up: real gRPC servers that answer what they are told to."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_status import rpc_status

from chassis import errors
from chassis.rpc import SERVER_OPTIONS, handlers, response_class


class Fake:
    """What a service was asked, and what it is to say."""

    def __init__(self):
        self.address = ""
        self.forget()

    def forget(self):
        """Starts anew."""
        self.asked, self.metadata, self.time_left, self.refusal = [], [], [], None

    def serve(self, method):
        """The function of one method."""

        def answer(request, context):
            self.asked.append(request)
            self.metadata.append(dict(context.invocation_metadata()))
            self.time_left.append(context.time_remaining())
            if isinstance(self.refusal, errors.Error):
                language = self.metadata[-1]["accept-language"]
                context.abort_with_status(rpc_status.to_status(self.refusal.status(language)))
            if self.refusal:
                raise self.refusal
            return response_class(method)()

        return answer


@contextmanager
def serve(descriptor, functions=None):
    """Runs a service; `functions(method)` gives the function of each method, or a Fake does."""
    fake = Fake()
    server = grpc.server(ThreadPoolExecutor(4), options=SERVER_OPTIONS)
    server.add_generic_rpc_handlers([handlers(descriptor, functions or fake.serve)])
    doctor = health.HealthServicer()
    doctor.set("", health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(doctor, server)
    fake.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield fake
    finally:
        server.stop(None).wait()
