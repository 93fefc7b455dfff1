"""API keys: what each is for, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, update

from gateway.identity.proofs import ApiKey
from tests.gateway.conftest import PASSWORD, WRITE, add_user, reason, sign_in


def make(owner, **more):
    return owner.post("/v1/apiKeys", json={"title": "sync", "password": PASSWORD, **more}, headers=WRITE)


def key(owner, *scopes, **more):
    """The headers of a program with a new key."""
    made = make(owner, scopes=scopes, **more)
    assert made.status_code == 200, made.json
    return {"Authorization": f"Bearer {made.json['secret']}"}


READ_CONTACTS, WRITE_CONTACTS = ("GET", "/v1/contacts"), ("POST", "/v1/contacts")
READ_INVOICES = ("GET", "/v1/invoices")
READ_PEOPLE, WRITE_PEOPLE, WRITE_PORTAL = ("GET", "/v1/users"), ("POST", "/v1/groups"), ("PATCH", "/v1/portalSettings")
READ_MAIL, WRITE_MAIL, TEST_MAIL = (
    ("GET", "/v1/mailSettings"),
    ("PATCH", "/v1/mailSettings"),
    ("POST", "/v1/mailSettings:test"),
)
WRITE_OWN = ("PATCH", "/v1/notificationSettings")
ADMINISTRATION = {WRITE_PEOPLE, WRITE_PORTAL, WRITE_MAIL, TEST_MAIL}
EVERYTHING = {READ_CONTACTS, WRITE_CONTACTS, READ_INVOICES, READ_PEOPLE, READ_MAIL, WRITE_OWN, *ADMINISTRATION}


@pytest.mark.parametrize(
    ("scopes", "may"),
    [
        ([], EVERYTHING - ADMINISTRATION),
        (["read"], {READ_CONTACTS, READ_INVOICES, READ_PEOPLE, READ_MAIL}),
        (["write"], {WRITE_CONTACTS, WRITE_OWN}),
        (["read", "write"], EVERYTHING - ADMINISTRATION),
        (["contacts.read"], {READ_CONTACTS}),
        (["contacts.write", "invoicing.read"], {WRITE_CONTACTS, READ_INVOICES}),
        (["identity.read"], {READ_PEOPLE}),
        (["identity.write"], {WRITE_PEOPLE, WRITE_PORTAL}),
        (["notifications.write"], {WRITE_MAIL, TEST_MAIL, WRITE_OWN}),
    ],
    ids=lambda value: ",".join(value) or "none" if isinstance(value, list) else "",
)
def test_a_key_does_what_its_scopes_say(app, owner, scopes, may):
    program, client = key(owner, *scopes), app.test_client()

    refused = set()
    for verb, path in EVERYTHING:
        answer = client.open(path, method=verb, json={} if verb != "GET" else None, headers=program)
        if answer.status_code == 403:
            assert reason(answer) == "SCOPE_MISSING"
            refused.add((verb, path))
        else:
            assert answer.status_code in (200, 400, 503)

    assert refused == EVERYTHING - may


def test_the_refusal_names_the_scope(app, owner):
    answer = app.test_client().post("/v1/contacts", json={}, headers=key(owner, "contacts.read"))

    assert answer.json["error"]["details"][0]["metadata"] == {"scope": "contacts.write"}


def test_a_session_has_every_scope(owner):
    assert owner.post("/v1/groups", json={"title": "Sales"}, headers=WRITE).status_code == 200


@pytest.mark.parametrize("scope", ["everything", "Contacts.read", "contacts.delete", "contacts.", ".read", "a.b.read"])
def test_what_is_no_scope_is_refused(owner, scope):
    answer = make(owner, scopes=[scope])

    assert reason(answer) == "string.pattern"


def test_a_scope_of_a_service_that_there_is_not_is_refused(owner):
    answer = make(owner, scopes=["weather.read"])

    assert reason(answer) == "UNKNOWN_SCOPE"


def test_a_key_ends_when_it_was_to_end(app, owner, identity):
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    program, client = key(owner, expireTime=soon), app.test_client()
    assert client.get("/v1/users/me", headers=program).status_code == 200
    assert owner.get("/v1/apiKeys").json["apiKeys"][0]["expireTime"][:16] == soon[:16]

    with identity.engine.begin() as connection:
        connection.execute(update(ApiKey).values(expire_time=func.now()))

    assert client.get("/v1/users/me", headers=program).status_code == 401


def test_a_key_cannot_have_ended_before_it_begins(owner):
    answer = make(owner, expireTime="2020-01-01T00:00:00Z")

    assert reason(answer) == "EXPIRE_TIME_PAST"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/apiKeys", {"title": "more"}),
        ("/v1/users/me:changePassword", {"password": PASSWORD, "newPassword": "another quite long one"}),
        ("/v1/users/me:startTotp", {}),
        ("/v1/users/me:enableTotp", {"code": "000000", "password": PASSWORD}),
        ("/v1/users/me:disableTotp", {"password": PASSWORD, "code": "000000"}),
        ("/v1/users/me:renewRecoveryCodes", {"code": "000000"}),
        ("/v1/sessions:deleteOthers", {}),
    ],
)
def test_programs_do_not_change_how_one_signs_in(app, owner, path, body):
    answer = app.test_client().post(path, json=body, headers=key(owner, "identity.write"))

    assert (answer.status_code, reason(answer)) == (403, "SESSION_REQUIRED")


def test_a_key_is_no_session(app, owner):
    program = key(owner)
    client = app.test_client()
    client.set_cookie("rapport_session", program["Authorization"].removeprefix("Bearer ").removeprefix("rk_"))

    assert client.get("/v1/users/me").status_code == 401


@pytest.mark.parametrize("password", ["", "not the right one"])
def test_an_open_session_is_not_enough_to_make_a_key(owner, password):
    answer = make(owner, password=password)

    assert (answer.status_code, reason(answer)) == (403, "PASSWORD_WRONG")
    assert not owner.get("/v1/apiKeys").json["apiKeys"]


def test_guesses_of_the_password_for_a_key_are_counted(owner):
    for _ in range(10):
        make(owner, password="a guess")

    assert reason(make(owner)) == "TOO_MANY_ATTEMPTS"


def test_an_administrator_sees_and_ends_what_others_sign_in_with(app, owner):
    user = add_user(owner)
    ada, _ = sign_in(app)
    made = make(ada)
    assert made.status_code == 200
    his = f"?user={user['name']}"

    (key_seen,) = owner.get(f"/v1/apiKeys{his}").json["apiKeys"]
    (session,) = owner.get(f"/v1/sessions{his}").json["sessions"]
    assert key_seen["name"] == made.json["name"]
    assert not key_seen["secret"]
    assert owner.delete(f"/v1/{key_seen['name']}", headers=WRITE).status_code == 200
    bearer = {"Authorization": f"Bearer {made.json['secret']}"}
    assert app.test_client().get("/v1/users/me", headers=bearer).status_code == 401
    assert owner.delete(f"/v1/{session['name']}", headers=WRITE).status_code == 200
    assert ada.get("/v1/users/me").status_code == 401


def test_nobody_else_does_and_nobody_ends_the_owners(app, owner):
    add_user(owner)
    add_user(owner, "boss@example.com", role="PORTAL_ADMIN")
    ada, _ = sign_in(app)
    boss, _ = sign_in(app, "boss@example.com")
    made = make(owner).json

    assert reason(ada.get("/v1/apiKeys?user=users/1")) == "PORTAL_ADMIN_REQUIRED"
    assert reason(ada.get("/v1/sessions?user=users/1")) == "PORTAL_ADMIN_REQUIRED"
    for other in (ada, boss):
        assert other.delete(f"/v1/{made['name']}", headers=WRITE).status_code == 404
    assert len(owner.get("/v1/apiKeys").json["apiKeys"]) == 1
