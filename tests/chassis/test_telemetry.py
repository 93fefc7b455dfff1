"""Traces: off unless an operator turns them on, and then every statement is in them."""

import os
import subprocess
import sys

import pytest

# In a process of its own: tracing cannot be turned off again.
SCRIPT = """
import sys
from opentelemetry import trace
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import text
from chassis import telemetry
from chassis.db import engine, reading_engine
from chassis.prepared import Prepared
from chassis.settings import Settings

settings, spans = Settings(), InMemorySpanExporter()
url = settings.database_url.get_secret_value()
orm, reading = engine(url, 1, "traced"), reading_engine(url, 1, "traced")
telemetry.trace(settings, "test", orm)
if settings.otel_enabled:
    trace.get_tracer_provider().add_span_processor(SimpleSpanProcessor(spans))
with orm.connect() as connection:
    connection.execute(text("SELECT 1"))
Prepared("SELECT 2").fetch(reading, {})
print(" ".join(span.attributes.get("db.statement", "") for span in spans.get_finished_spans()))
sys.stdout.flush()
__import__("os")._exit(0)
"""


@pytest.mark.parametrize(("enabled", "statements"), [("true", ["SELECT 1", "SELECT 2"]), ("false", [])])
def test_statements_are_traced_if_tracing_is_on(contacts, enabled, statements):
    url = contacts.settings.database_url.get_secret_value()
    settings = {
        "CRM_DATABASE_URL": url,
        "CRM_OTEL_ENABLED": enabled,
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
    }

    traced = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=os.environ | settings, capture_output=True, text=True, check=True
    )

    assert [statement for statement in ("SELECT 1", "SELECT 2") if statement in traced.stdout] == statements
