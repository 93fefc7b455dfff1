"""The process of a service: a gRPC server in front, the leader's work behind, a graceful end."""

import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import grpc
import structlog
from crm.type.v1 import options_pb2
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from grpc_status import rpc_status

from chassis import errors, garbage, logs, telemetry
from chassis.background import Background
from chassis.identity import Actor, Verifier
from chassis.rpc import SERVER_OPTIONS, handlers
from chassis.settings import Settings
from chassis.tx import Cause

log = structlog.get_logger()
GRACE = 8
# Who has not signed in; only RPCs that are public answer him.
NOBODY = Actor()
INTERNAL = errors.Error("internal error", "INTERNAL")


def run(service):
    """Runs a service until it is told to stop."""
    settings = Settings()
    logs.configure(settings, service.name)
    service.open(settings)
    telemetry.trace(settings, service.name, service.engine)
    background = Background(service)
    server, port, doctor = serve(service, settings.listen)
    metrics = telemetry.serve(settings.metrics_listen, background.problems) if settings.metrics_listen else None
    background.start()
    garbage.settle()
    log.info("serving", port=port)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    log.info("stopping")
    doctor.enter_graceful_shutdown()
    server.stop(GRACE).wait()
    background.stop()
    if metrics:
        metrics.shutdown()
    service.close()


def serve(service, listen):
    """Starts a gRPC server for a service; returns it, the port it got, and what tells its health."""
    settings = service.settings
    server = grpc.server(
        ThreadPoolExecutor(settings.rpc_threads, thread_name_prefix="rpc"),
        options=SERVER_OPTIONS,
        maximum_concurrent_rpcs=settings.maximum_concurrent_rpcs,
    )
    verifier = Verifier(settings.keys_file)
    names = []
    for descriptor in service.descriptors:
        server.add_generic_rpc_handlers([handlers(descriptor, lambda method: _served(service, method, verifier))])
        names.append(descriptor.full_name)
    doctor = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(doctor, server)
    for name in ("", *names):
        doctor.set(name, health_pb2.HealthCheckResponse.SERVING)
    reflection.enable_server_reflection([*names, reflection.SERVICE_NAME, health.SERVICE_NAME], server)
    port = server.add_insecure_port(listen)
    server.start()
    return server, port, doctor


def _served(service, method, verifier):
    """Returns the gRPC function of one method: who asks, what is refused, how long it took."""
    name = method.name
    public = method.GetOptions().Extensions[options_pb2.public]
    seconds = {}

    @contextmanager
    def call(request, context):
        started = time.perf_counter()
        metadata = dict(context.invocation_metadata())
        language, code = metadata.get("accept-language", "en"), "OK"
        try:
            token = metadata.get("authorization", "")
            actor = verifier.actor(token) if token or not public else NOBODY
            yield service.call(name, request, actor, _cause(context, metadata, token, language))
        except errors.Error as error:
            code = error.code.name
            context.abort_with_status(rpc_status.to_status(error.status(language)))
        except Exception:
            code = "INTERNAL"
            log.exception("rpc_failed", rpc=name, traceparent=metadata.get("traceparent", ""))
            context.abort_with_status(rpc_status.to_status(INTERNAL.status(language)))
        finally:
            if code not in seconds:
                seconds[code] = telemetry.RPC_SECONDS.labels(service.name, name, code)
            seconds[code].observe(time.perf_counter() - started)

    def answer(request, context):
        with call(request, context) as message:
            return message

    def answer_parts(request, context):
        with call(request, context) as download:
            context.send_initial_metadata(download.metadata())
            yield from download.messages()

    return answer_parts if method.server_streaming else answer


def _cause(context, metadata, token, language):
    """Returns what is known about a call besides its request."""
    remaining = context.time_remaining()
    deadline = None if remaining is None else time.monotonic() + remaining
    address = metadata.get("client-address", "")
    return Cause(metadata.get("traceparent", ""), token, deadline, language, address=address)
