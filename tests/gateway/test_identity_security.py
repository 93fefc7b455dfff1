"""What an attacker tries on identity besides guessing, and what it costs."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from chassis.testing import eventually, statements
from gateway.identity import passwords
from gateway.identity.proofs import Attempt
from tests.gateway.conftest import PASSWORD, WRITE, add_user, reason, sign_in
from tests.gateway.test_identity_groups import make
from tests.gateway.test_identity_links import dump, invite


@pytest.fixture
def hashes(monkeypatch):
    """The hashes that are checked."""
    seen, verify = [], passwords.PasswordHasher.verify

    def noted(hasher, kept, password):
        seen.append(kept)
        return verify(hasher, kept, password)

    monkeypatch.setattr(passwords.PasswordHasher, "verify", noted)
    return seen


def test_a_refused_sign_in_does_the_same_work_for_everybody(app, owner, identity, hashes):
    add_user(owner)
    disabled = add_user(owner, "bob@example.com")
    owner.patch(f"/v1/{disabled['name']}", json={"state": "DISABLED"}, headers=WRITE)
    invite(owner, "invited@example.com")
    tries = ["ada@example.com", "bob@example.com", "invited@example.com", "nobody@example.com", "no address"]

    work, answers = [], []
    for email in tries:
        with statements(identity) as seen:
            answers.append(sign_in(app, email, "a wrong password")[1])
        work.append(seen)

    assert all(each == work[0] for each in work)
    assert len(hashes) == len(tries)
    assert {kept.rpartition("$")[0].rpartition("$")[0] for kept in hashes} == {"$argon2id$v=19$m=19456,t=2,p=1"}
    assert {(answer.status_code, answer.data, str(answer.headers.getlist("Set-Cookie"))) for answer in answers} == {
        (401, answers[0].data, "[]")
    }


def test_the_right_password_of_a_disabled_user_looks_like_a_wrong_one(app, owner, identity, hashes):
    user = add_user(owner)
    owner.patch(f"/v1/{user['name']}", json={"state": "DISABLED"}, headers=WRITE)

    right, wrong = sign_in(app)[1], sign_in(app, password="a wrong password")[1]

    assert (right.status_code, right.data) == (wrong.status_code, wrong.data)


def test_those_who_sign_in_wait_without_stopping_pages(app, owner, identity, monkeypatch):
    gate, busy, most = threading.Event(), [], []

    def slow(*_):
        busy.append(1)
        most.append(len(busy))
        gate.wait(20)
        busy.pop()
        return True

    sign_in(app, "nobody@example.com")
    monkeypatch.setattr(passwords.PasswordHasher, "verify", slow)
    with ThreadPoolExecutor(20) as pool:
        tries = [pool.submit(lambda n=n: sign_in(app, f"n{n}@example.com")[1]) for n in range(20)]
        try:
            eventually(lambda: busy and sum(each.done() for each in tries) == 8)
            # Twelve wait for one hash, and none of them with a connection in his hand.
            assert eventually(lambda: identity.engine.pool.checkedout() == 0)
            assert owner.get("/v1/users/me").status_code == 200
        finally:
            gate.set()
        answers = [each.result() for each in tries]

    assert max(most) == 1
    assert sorted(answer.status_code for answer in answers) == [401] * 12 + [503] * 8
    assert {reason(answer) for answer in answers if answer.status_code == 503} == {"BUSY"}


def test_who_was_told_to_wait_has_not_failed(app, owner, identity, monkeypatch):
    add_user(owner)
    monkeypatch.setattr(passwords, "PLACES", threading.BoundedSemaphore(1))
    with passwords.in_turn():
        answer = sign_in(app)[1]

    assert (answer.status_code, reason(answer)) == (503, "BUSY")
    with identity.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Attempt)).scalar() == 0


ADMINISTRATIVE = [
    ("POST", "/v1/users", {"email": "x@example.com", "displayName": "X"}),
    ("PATCH", "/v1/users/1", {"displayName": "Mallory"}),
    ("PATCH", "/v1/users/3", {"password": PASSWORD}),
    ("PATCH", "/v1/users/me", {"role": "PORTAL_ADMIN"}),
    ("PATCH", "/v1/users/me", {"state": "DISABLED"}),
    ("PATCH", "/v1/users/me", {"email": "x@example.com"}),
    ("POST", "/v1/users/1:deletePhoto", {}),
    ("POST", "/v1/users/4:invite", {}),
    ("POST", "/v1/users/3:sendPasswordReset", {}),
    ("POST", "/v1/users/3:handOver", {"to": "users/2"}),
    ("POST", "/v1/users/3:removeTotp", {}),
    ("POST", "/v1/groups", {"title": "X"}),
    ("PATCH", "/v1/groups/1", {"members": ["users/2"]}),
    ("DELETE", "/v1/groups/1", None),
    ("PATCH", "/v1/portalSettings", {"crmMembers": ["users/2"]}),
    ("POST", "/v1/portalSettings:deleteLogo", {}),
    ("GET", "/v1/portalSettings", None),
]


@pytest.mark.parametrize("role", ["USER", "CRM_ADMIN"])
def test_what_administrators_do_others_cannot_and_a_refusal_changes_nothing(app, owner, identity, role):
    add_user(owner, role=role)
    add_user(owner, "bob@example.com")
    invite(owner, "invited@example.com")
    make(owner)
    ada = sign_in(app)[0]
    before = dump(identity)

    answers = [ada.open(path, method=verb, json=body, headers=WRITE) for verb, path, body in ADMINISTRATIVE]

    assert {answer.status_code for answer in answers} == {403}
    assert dump(identity) == before


@pytest.mark.parametrize("path", ["/v1/sessions/{}", "/v1/apiKeys/{}"])
def test_what_belongs_to_another_looks_like_nothing(app, owner, identity, path):
    owner.post("/v1/apiKeys", json={"title": "sync", "password": PASSWORD}, headers=WRITE)
    add_user(owner)
    ada = sign_in(app)[0]

    others, nothing = (ada.delete(path.format(number), headers=WRITE) for number in (1, 999))

    assert (others.status_code, others.data.replace(b"/1", b"/N")) == (404, nothing.data.replace(b"/999", b"/N"))


@pytest.mark.parametrize(
    ("call", "most"),
    [
        (("GET", "/v1/users/me", None), 2),
        (("GET", "/v1/users", None), 2),
        (("GET", "/v1/groups", None), 2),
        (("GET", "/v1/portalSettings", None), 2),
        (("GET", "/v1/portal", None), 2),
        (("GET", "/v1/sessions", None), 2),
        (("GET", "/v1/apiKeys", None), 2),
        (("GET", "/v1/users/me:totp", None), 3),
        (("PATCH", "/v1/users/2", {"displayName": "New"}), 7),
        (("PATCH", "/v1/groups/1", {"members": ["users/1"]}), 8),
        (("PATCH", "/v1/portalSettings", {"crmMembers": ["users/1"]}), 5),
        (("POST", "/v1/users/2:handOver", {"to": "users/1"}), 4),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_a_call_costs_so_many_statements(app, owner, identity, call, most):
    user = add_user(owner)
    make(owner, members=[user["name"]])
    verb, path, body = call

    with statements(identity) as seen:
        assert owner.open(path, method=verb, json=body, headers=WRITE).status_code == 200

    assert len(seen) == most, seen
