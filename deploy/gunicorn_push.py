"""gunicorn for push: one process and one event loop hold the streams of all browsers."""

import os
import signal

bind = os.environ["CRM_LISTEN"]
worker_class = "asgi"
workers = 1
timeout = 30
graceful_timeout = 10
keepalive = 5
worker_tmp_dir = "/dev/shm"  # noqa: S108 heartbeats are not for a disk
control_socket_disable = True
accesslog = None
errorlog = "-"


def post_worker_init(worker):
    """Ends all streams when told to stop: gunicorn would wait for them."""
    from gateway.push import app

    def stop():
        app.end_streams()
        worker.handle_exit_signal()

    worker.loop.add_signal_handler(signal.SIGTERM, stop)
