"""Who a credential speaks for is good for a moment, and what takes a right away answers after that moment."""

import time

import pytest

from chassis.testing import statements
from gateway.app import build
from tests.gateway.conftest import PASSWORD, WRITE, add_user, set_up

SECONDS = 0.3


@pytest.fixture
def workers(identity):
    """Two workers of one gateway, each with a memory of its own."""
    identity.settings.services = {"contacts": "127.0.0.1:1", "invoicing": "127.0.0.1:1"}
    return [build(identity.settings, identity, good_seconds=SECONDS) for _ in range(2)]


def signed_in(worker, email="ada@example.com"):
    client = worker.test_client()
    assert client.post("/v1/sessions", json={"email": email, "password": PASSWORD}).status_code == 200
    return client


def same(client, worker):
    """The same browser at another worker."""
    other = worker.test_client()
    for cookie in client._cookies.values():
        other._cookies[cookie._storage_key] = cookie
    return other


@pytest.fixture
def owner(workers):
    """The owner's browser, and Ada, a user."""
    client = workers[0].test_client()
    assert set_up(client).status_code == 200
    add_user(client)
    return client


def test_many_requests_of_a_page_ask_the_database_once_who_asks(workers, owner, identity):
    ada = signed_in(workers[0])

    with statements(identity) as seen:
        for _ in range(5):
            assert ada.get("/v1/portal").status_code == 200

    assert sum("FROM session s" in statement for statement in seen) == 1, seen


@pytest.mark.parametrize("taken", ["session", "person", "access"])
def test_what_was_taken_away_is_gone_with_the_answer_at_every_worker(workers, owner, taken):
    ada = signed_in(workers[0])
    elsewhere = same(ada, workers[1])
    me = ada.get("/v1/users/me").get_json()["name"]
    assert elsewhere.get("/v1/contacts").status_code == 503

    if taken == "session":
        answer = elsewhere.delete("/v1/sessions/current", headers=WRITE)
    elif taken == "person":
        answer = owner.patch(f"/v1/{me}", json={"state": "DISABLED"}, headers=WRITE)
    else:
        answer = owner.patch("/v1/portalSettings", json={"crmEnabled": False}, headers=WRITE)

    assert answer.status_code == 200
    expected = 403 if taken == "access" else 401
    assert [client.get("/v1/contacts").status_code for client in (ada, same(ada, workers[1]))] == [expected] * 2


def test_reading_and_signing_in_do_not_wait(workers, owner):
    began = time.monotonic()
    for _ in range(20):
        assert owner.get("/v1/users/me").status_code == 200

    assert time.monotonic() - began < 20 * SECONDS


def test_nobody_is_remembered_longer_than_he_should_be(workers, owner, identity):
    ada = signed_in(workers[0])
    assert ada.get("/v1/users/me").status_code == 200
    with identity.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM session")

    time.sleep(SECONDS)

    assert ada.get("/v1/users/me").status_code == 401
