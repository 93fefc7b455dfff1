"""gunicorn for the gateway: a few threads, always behind the edge, which meets the slow clients."""

import os
import shutil
import tempfile

# The workers count into files of one folder, so that whichever is asked answers for both.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="rapport-metrics-"))

bind = os.environ["CRM_LISTEN"]
worker_class = "gthread"
workers = 2
threads = 16
timeout = 30
graceful_timeout = 10
keepalive = 5
# A filter in Russian is long once it is percent-encoded.
limit_request_line = 8190
# Whatever leaks is gone now and then, and never in both workers at once.
max_requests = 100_000
max_requests_jitter = 10_000
worker_tmp_dir = "/dev/shm"  # noqa: S108 heartbeats are not for a disk
control_socket_disable = True
accesslog = None
errorlog = "-"


def post_worker_init(worker):
    """Leaves alone what was imported."""
    from chassis import garbage

    garbage.settle()


def child_exit(server, worker):
    """Forgets the gauges of a worker that is gone."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    """Removes the folder of the counts."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
