"""The data folder of a local run: what it keeps between starts, and where each thing lies."""

import fcntl
import json
import os
import random
import shlex
import socket
from contextlib import contextmanager
from pathlib import Path

from deploy import secrets

# Below the range that outgoing connections take their ports from: there one could sit on ours while we restart.
PORTS = range(10_240, 32_000)


class AlreadyRunningError(Exception):
    """Another `crm up` holds the folder."""


class NotReadyError(Exception):
    """Something that everything else needs could not be brought up."""


class Folder:
    """A data folder; everything a local run writes is in it."""

    def __init__(self, root):
        self.root = Path(root).expanduser().absolute()
        self.secrets = self.root / "secrets"
        self.env = self.root / "env"
        self.logs = self.root / "logs"
        self.nats = self.root / "nats"
        self.caddy = self.root / "caddy"
        self.mail = self.root / "mail"
        self.blobs = self.root / "blobs"
        self.settings = self.root / "settings.json"
        self.supervisor_conf = self.root / "supervisor.conf"
        self.held_by = self.root / "crm-up.pid"
        # What keeps our ports from other installations.
        self.claims: list = []

    def prepare(self):
        """Makes the folders and secrets that are missing."""
        self.root.mkdir(parents=True, exist_ok=True)
        # Root's PostgreSQL runs as another user, who must pass through; what is inside stays closed to him.
        self.root.chmod(0o711 if os.geteuid() == 0 else 0o700)
        for folder in (self.env, self.logs, self.nats, self.caddy, self.blobs):
            folder.mkdir(mode=0o700, exist_ok=True)
        secrets.make(self.secrets)

    @contextmanager
    def held(self):
        """Holds the folder for this process, until it ends in whatever way."""
        self.root.mkdir(parents=True, exist_ok=True)
        with open(self.held_by, "a+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunningError(f"Rapport already runs with the data in {self.root}") from None
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield

    def holder(self):
        """Returns the process id of the `crm up` that holds the folder, or 0."""
        if not self.held_by.exists():
            return 0
        with open(self.held_by, encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read() or 0)
        return 0

    def secret(self, name):
        """Returns one of the secrets."""
        return secrets.read(self.secrets, name)

    def remembered(self):
        """Returns the settings of the last start: where each process listens, and the public address."""
        return json.loads(self.settings.read_text("utf-8")) if self.settings.exists() else {}

    def remember(self, **settings):
        """Keeps settings for the next start and for other commands."""
        secrets.write_private(self.settings, json.dumps(self.remembered() | settings, indent=1))

    def choose_ports(self, names):
        """Returns name → port: those of the last start, or others where somebody has taken them since.

        No other installation of this machine chooses one of them while this process lives, though nobody listens yet.
        """
        ports = {name: port for name, port in self.remembered().get("ports", {}).items() if name in names}
        for name in names:
            while name not in ports or not self._claim(ports[name]):
                ports[name] = random.choice([port for port in PORTS if port not in ports.values()])  # noqa: S311
        self.remember(ports=ports)
        return ports

    def _claim(self, port):
        """Keeps a port for this process; returns whether it could."""
        claim = socket.socket(socket.AF_UNIX)
        try:
            # An abstract name: it is gone with the process, whatever ends it.
            claim.bind(f"\0rapport-port-{port}")
        except OSError:
            claim.close()
            return False
        if not is_free(port):
            claim.close()
            return False
        self.claims.append(claim)
        return True

    def write_environment(self, name, variables):
        """Writes the environment of one process, as a file that a shell can read."""
        lines = (f"{key}={shlex.quote(str(value))}\n" for key, value in variables.items())
        secrets.write_private(self.env_file(name), "".join(lines))

    def environment(self, name):
        """Returns the environment of one process."""
        words = shlex.split(self.env_file(name).read_text("utf-8"))
        return dict(word.split("=", 1) for word in words)

    def env_file(self, name):
        """Where the environment of a process is kept."""
        return self.env / f"{name}.env"

    def log(self, name):
        """Where a process writes."""
        return self.logs / f"{name}.log"

    def last_words(self, name):
        """Returns the last line of a process, for a reader who has one line."""
        log = self.log(name)
        if not log.exists():
            return ""
        with open(log, "rb") as file:
            file.seek(max(0, log.stat().st_size - 4096))
            lines = file.read().decode("utf-8", "replace").split("\n")
        return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")


def is_free(port, host="127.0.0.1"):
    """Whether nobody listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
