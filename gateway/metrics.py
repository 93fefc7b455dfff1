"""The gateway's metrics: its workers share one internal port, and one of them answers for all."""

import errno
import os

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

from chassis import telemetry


def serve(listen, ready):
    """Serves metrics and probes at an internal address, unless another worker does."""
    if not listen:
        return
    try:
        telemetry.serve(listen, ready, registry())
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise


def registry():
    """What all workers count, where gunicorn gave them a folder for it."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    everybody = CollectorRegistry()
    MultiProcessCollector(everybody)
    return everybody
