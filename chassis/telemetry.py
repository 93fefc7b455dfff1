"""Metrics for Prometheus, always; traces for OpenTelemetry, where an operator turns them on."""

import secrets
import threading
from contextlib import nullcontext
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, generate_latest

RPC_SECONDS = Histogram("rapport_rpc_seconds", "How long RPCs take", ["service", "method", "code"])
EVENTS_SENT = Counter("rapport_events_sent_total", "Announcements the broker has taken", ["service"])
EVENTS_HANDLED = Counter("rapport_events_handled_total", "Events handled", ["service", "event", "outcome"])
EVENTS_WAITING = Gauge("rapport_events_waiting", "Announcements the broker has not taken yet", ["service"])
_tracer: Any = None
LEADER = Gauge("rapport_leader", "Whether this process relays, listens and runs jobs", ["service"])


def traceparent():
    """Returns the W3C trace context of a call that has none yet."""
    drawn = secrets.token_hex(24)
    return f"00-{drawn[:32]}-{drawn[32:]}-01"


def serve(listen, ready, registry=REGISTRY):
    """Serves /metrics, /healthz and /readyz on an internal address; `ready()` gives {what: problem or ""}."""

    def answer(environ, start_response):
        if environ["PATH_INFO"] == "/metrics":
            start_response("200 OK", [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")])
            return [generate_latest(registry)]
        problems = {what: why for what, why in ready().items() if why} if environ["PATH_INFO"] == "/readyz" else {}
        start_response("503 Service Unavailable" if problems else "200 OK", [("Content-Type", "text/plain")])
        return ["".join(f"{what}: {why}\n" for what, why in problems.items()).encode() or b"ok\n"]

    host, _, port = listen.rpartition(":")
    server = make_server(host, int(port), answer, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


class _Quiet(WSGIRequestHandler):
    """Answers scrapes without a line in the log for each."""

    def log_message(self, format, *arguments):
        """Says nothing."""


def statement(text):
    """Returns the span of a statement that runs past SQLAlchemy; nothing where tracing is off."""
    if _tracer is None:
        return nullcontext()
    return _tracer.start_as_current_span(
        text.split(" ", 1)[0], attributes={"db.system": "postgresql", "db.statement": text}
    )


def trace(settings, process, engine=None):
    """Turns tracing on: spans for calls and statements, exported as OTEL_EXPORTER_OTLP_ENDPOINT says."""
    if not settings.otel_enabled:
        return
    from opentelemetry import trace as api
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.grpc import GrpcInstrumentorClient, GrpcInstrumentorServer
    from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"rapport-{process}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    api.set_tracer_provider(provider)
    global _tracer  # noqa: PLW0603 one process is traced or not
    _tracer = api.get_tracer("rapport")
    GrpcInstrumentorServer().instrument()
    GrpcInstrumentorClient().instrument()
    if engine is not None:
        # The package declares an older SQLAlchemy and would silently do nothing.
        SQLAlchemyInstrumentor().instrument(engine=engine, skip_dep_check=True)
