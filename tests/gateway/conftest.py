"""The gateway with its identity on a real database, and services that a test makes up."""

from contextlib import contextmanager

import pytest
from sqlalchemy import NullPool, create_engine, text

from chassis import testing
from gateway.app import build
from tests.conftest import opened

PASSWORD = "a quite long sentence"
WRITE = {"X-CSRF-Protection": "1"}


@pytest.fixture(scope="session")
def identity_process(databases, worker, key_folder):
    """The identity service on its test database."""
    from gateway.identity.service import service

    yield opened(service, "gateway.identity", databases, worker, key_folder, "gateway")
    service.close()


@pytest.fixture
def identity(identity_process):
    """The identity service, empty."""
    testing.clean(identity_process)
    return identity_process


@pytest.fixture
def app(identity):
    """The gateway with no service running beside it."""
    identity.settings.services = {"contacts": "127.0.0.1:1", "invoicing": "127.0.0.1:1"}
    return build(identity.settings, identity)


@pytest.fixture
def browser(app):
    """A browser that has not signed in."""
    return app.test_client()


def set_up(client, email="owner@example.com"):
    """Makes the owner, who is signed in afterwards; returns the answer."""
    return client.post("/v1/portal:setUp", json={"email": email, "password": PASSWORD, "displayName": "Olga Owner"})


@pytest.fixture
def owner(browser):
    """A browser in which the owner has signed in."""
    assert set_up(browser).status_code == 200
    return browser


def add_user(owner, email="ada@example.com", **more):
    """Adds a user as the owner."""
    user = {"email": email, "displayName": "Ada", "password": PASSWORD, **more}
    response = owner.post("/v1/users", json=user, headers=WRITE)
    assert response.status_code == 200, response.json
    return response.json


def sign_in(app, email="ada@example.com", password=PASSWORD, **options):
    """A new browser after an attempt to sign in, and the answer to it."""
    client = app.test_client()
    return client, client.post("/v1/sessions", json={"email": email, "password": password}, **options)


def _administer(identity, statement):
    url = identity.engine.url.set(database="postgres")
    with create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(statement.format(database=identity.engine.url.database)))


def cut_connections(identity):
    """Cuts every connection to identity's database, as a restart of PostgreSQL does."""
    _administer(identity, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")


@contextmanager
def without_database(identity):
    """Has identity's database let nobody in meanwhile."""
    _administer(identity, 'ALTER DATABASE "{database}" ALLOW_CONNECTIONS false')
    cut_connections(identity)
    try:
        yield
    finally:
        _administer(identity, 'ALTER DATABASE "{database}" ALLOW_CONNECTIONS true')
        identity.close()


def reason(response):
    """Why a response refuses."""
    details = response.json["error"]["details"]
    violations = [each["reason"] for detail in details for each in detail.get("fieldViolations", ())]
    return violations[0] if violations else details[0]["reason"]
