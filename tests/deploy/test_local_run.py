"""`crm up` on this machine: it starts, heals, refuses a second self, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from deploy.local import supervision
from deploy.local.folder import Folder
from deploy.local.run import fetched
from deploy.processes import PROGRAMS, ROOT

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Run:
    """A `crm up` with a data folder and a port of its own."""

    def __init__(self, root):
        self.folder = Folder(root)
        self.port = free_port()
        self.process = None

    def start(self):
        command = [PROGRAMS / "crm", "up", "--data", self.folder.root, "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        # Its own word counts: what a killed run left may still answer.
        assert any("ready at" in line for line in self.process.stdout)

    def ready(self):
        return fetched(f"http://127.0.0.1:{self.port}/readyz")

    def pid(self, name):
        return supervision.Remote(self.folder).states()[name]["pid"]

    def stop(self):
        self.process.terminate()
        return self.process.wait(60)


@pytest.fixture(scope="module")
def place():
    """A folder that PostgreSQL's own user can reach; pytest's are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="rapport-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def run(place):
    run = Run(place / "first")
    run.start()
    yield run
    run.stop()


@pytest.mark.parametrize("name", ["nats", "postgres", "contacts", "gateway", "push", "caddy"])
def test_what_is_killed_comes_back(run, name):
    before = run.pid(name)
    os.kill(before, signal.SIGKILL)

    supervision.wait(lambda: run.pid(name) not in (0, before), name, 20)
    supervision.wait(run.ready, "Rapport", 60)


def test_a_folder_is_run_once(run):
    again = subprocess.run(
        [PROGRAMS / "crm", "up", "--data", run.folder.root], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert again.returncode == 1
    assert "already runs" in again.stderr
    assert run.ready()


def test_a_service_reaches_its_own_database_only(run):
    port = run.folder.remembered()["ports"]["postgres"]
    password = run.folder.secret("database-contacts")

    def may_enter(database):
        address = {"host": "127.0.0.1", "port": port, "user": "contacts", "password": password}
        try:
            psycopg.connect(dbname=database, **address).close()
        except psycopg.OperationalError:
            return False
        return True

    # Another test may just have killed it.
    supervision.wait(lambda: may_enter("contacts"), "PostgreSQL", 30)
    assert not any(may_enter(other) for other in ("invoicing", "identity", "postgres"))


def test_secrets_are_closed_to_others(run):
    for folder in (run.folder.secrets, run.folder.env, run.folder.logs):
        assert folder.stat().st_mode & 0o077 == 0
        assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())


def test_a_killed_run_is_cleared_up_by_the_next_and_the_other_instance_stays(run, place):
    other = Run(place / "second")
    other.start()
    other.process.kill()
    other.process.wait()

    other.start()

    assert run.ready()
    assert other.stop() == 0
    assert supervision.left_over(other.folder) == []
    assert run.ready()
