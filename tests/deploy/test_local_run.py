"""`crm up` on this machine: it starts, heals, refuses a second self, and leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from deploy.local import supervision
from deploy.processes import PROGRAMS, ROOT
from tests.installation import Installation

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def place():
    """A folder that PostgreSQL's own user can reach; pytest's are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="rapport-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def run(place):
    run = Installation(place / "first")
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


def test_the_index_of_searched_texts_knows_every_alphabet(run):
    supervision.wait(run.ready, "Rapport", 60)
    with psycopg.connect(run.database("contacts")) as database:
        (parts,) = database.execute("SELECT show_trgm('щука')").fetchone()
    assert len(parts) == len("щука") + 1


def test_secrets_are_closed_to_others(run):
    for folder in (run.folder.secrets, run.folder.env, run.folder.logs):
        assert folder.stat().st_mode & 0o077 == 0
        assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())


def test_a_killed_run_is_cleared_up_by_the_next_and_the_other_instance_stays(run, place):
    other = Installation(place / "second")
    other.start()
    other.process.kill()
    other.process.wait()

    other.start()

    assert run.ready()
    assert other.stop() == 0
    assert supervision.left_over(other.folder) == []
    assert run.ready()


def test_a_run_whose_supervisor_died_starts_again_and_still_stops_when_asked(place):
    other = Installation(place / "third")
    other.start()
    os.kill(int((other.folder.root / "supervisor.pid").read_text()), signal.SIGKILL)
    assert any("ready at" in line for line in other.process.stdout)

    assert other.stop() == 0

    assert supervision.left_over(other.folder) == []
