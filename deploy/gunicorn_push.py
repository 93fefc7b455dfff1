"""gunicorn for push: one process and one event loop hold the streams of all browsers."""

import os

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
