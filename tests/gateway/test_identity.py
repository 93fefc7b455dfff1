"""Users, sessions, API keys: who may sign in, for how long, and what each may do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update

from chassis.testing import announced
from gateway.identity import passwords
from gateway.identity.model import User
from gateway.identity.proofs import Attempt, Session
from tests.gateway.conftest import PASSWORD, WRITE, add_user, reason, set_up, sign_in


def rows(identity, statement):
    with identity.engine.connect() as connection:
        return connection.execute(statement).all()


def change(identity, statement):
    with identity.engine.begin() as connection:
        connection.execute(statement)


def test_the_owner_is_made_once_and_signed_in(browser, identity):
    nobody = {"name": "portal", "setUp": False, "language": "en", "currencyCode": ""}
    assert browser.get("/v1/portal").json.items() >= nobody.items()

    first = set_up(browser)

    assert first.json["user"]["role"] == "OWNER"
    assert first.json["user"]["creator"] == first.json["user"]["name"] == "users/1"
    assert browser.get("/v1/users/me").json["email"] == "owner@example.com"
    assert browser.get("/v1/portal").json["currencyCode"] == "USD"
    again = set_up(browser, "second@example.com")
    assert (again.status_code, reason(again)) == (400, "PORTAL_ALREADY_SET_UP")


def test_two_set_ups_at_once_make_one_owner(app, identity):
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda n: set_up(app.test_client(), f"owner{n}@example.com").status_code, range(2)))

    assert sorted(answers) == [200, 400]
    assert rows(identity, select(func.count()).select_from(User)) == [(1,)]


def test_a_session_is_a_cookie_that_pages_cannot_read(app, owner):
    add_user(owner)

    _, response = sign_in(app, base_url="https://crm.example")

    cookie = response.headers["Set-Cookie"]
    assert all(part in cookie for part in ("rapport_session=", "HttpOnly", "SameSite=Lax", "Path=/", "Secure"))
    assert "Domain" not in cookie


def test_sessions_are_kept_as_digests(owner, identity):
    token = owner.get_cookie("rapport_session").value

    dump = str(rows(identity, text('SELECT s.*, u.* FROM session s, "user" u')))

    assert token not in dump
    assert PASSWORD not in dump


def test_signing_in_makes_a_new_session_whatever_cookie_came_along(app, owner):
    add_user(owner)
    client = app.test_client()
    client.set_cookie("rapport_session", "planted")

    client.post("/v1/sessions", json={"email": "ada@example.com", "password": PASSWORD})

    assert client.get_cookie("rapport_session").value != "planted"


def test_signing_out_ends_the_session_for_good(owner):
    cookie = owner.get_cookie("rapport_session").value

    assert owner.delete("/v1/sessions/current", headers=WRITE).status_code == 200

    assert owner.get_cookie("rapport_session") is None
    owner.set_cookie("rapport_session", cookie)
    assert owner.get("/v1/users/me").status_code == 401


@pytest.mark.parametrize(
    "values", [{"expire_time": timedelta(seconds=-1)}, {"last_use_time": timedelta(hours=-12, seconds=-1)}]
)
def test_a_session_ends_by_itself(owner, identity, values):
    change(identity, update(Session).values({name: func.now() + delta for name, delta in values.items()}))

    assert owner.get("/v1/users/me").status_code == 401


def test_using_a_session_is_noted_to_the_minute(owner, identity):
    change(identity, update(Session).values(last_use_time=func.now() - timedelta(hours=11)))

    owner.get("/v1/users/me")

    assert rows(identity, select(Session.last_use_time > func.now() - timedelta(minutes=1))) == [(True,)]


def test_unknown_disabled_and_wrong_answer_alike(app, owner):
    add_user(owner)
    disabled = add_user(owner, "bob@example.com")
    owner.patch(f"/v1/{disabled['name']}", json={"state": "DISABLED"}, headers=WRITE)

    answers = [
        sign_in(app, "nobody@example.com")[1],
        sign_in(app, "ada@example.com", "a wrong password")[1],
        sign_in(app, "bob@example.com")[1],
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.data for answer in answers}) == 1
    assert not any("Set-Cookie" in answer.headers for answer in answers)


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_ten_failures_lock_an_account_even_for_the_right_password(app, owner, identity, email):
    add_user(owner)
    for _ in range(10):
        assert sign_in(app, email, "a wrong password")[1].status_code == 401

    locked = sign_in(app, email.upper())[1]

    assert (locked.status_code, reason(locked)) == (429, "TOO_MANY_ATTEMPTS")
    assert 1 <= int(locked.headers["Retry-After"]) <= 301
    assert owner.get("/v1/users/me").status_code == 200
    change(identity, update(Attempt).values(time=func.now() - timedelta(minutes=6)))
    if email == "ada@example.com":
        assert sign_in(app)[1].status_code == 200


def test_right_passwords_do_not_count(app, owner):
    add_user(owner)

    answers = [sign_in(app)[1].status_code for _ in range(11)]

    assert set(answers) == {200}


def test_guesses_at_the_same_moment_count_each(app, owner):
    add_user(owner)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: sign_in(app, password="a wrong password")[1].status_code, range(24)))

    assert (answers.count(401), answers.count(429)) == (10, 14)


def test_fifty_failures_lock_an_address_of_which_only_the_edge_speaks(app, owner, monkeypatch):
    monkeypatch.setattr(passwords, "matches", lambda *_: False)
    proxied = {"headers": {"X-Forwarded-For": "9.9.9.9"}}
    for number in range(50):
        assert sign_in(app, f"n{number}@example.com", **proxied)[1].status_code == 401

    assert sign_in(app, "another@example.com", **proxied)[1].status_code == 429
    assert sign_in(app, "another@example.com", headers={"X-Forwarded-For": "8.8.8.8"})[1].status_code == 401
    # Somebody who reaches us past the edge cannot say that he is somebody else.
    direct = {"environ_base": {"REMOTE_ADDR": "9.9.9.9"}, "headers": {"X-Forwarded-For": "7.7.7.7"}}
    assert sign_in(app, "another@example.com", **direct)[1].status_code == 429


def test_an_ipv6_household_is_one_address(app, owner, identity):
    for host in ("1", "2"):
        sign_in(app, "x@example.com", headers={"X-Forwarded-For": f"2001:db8:1:2::{host}"})

    assert set(rows(identity, select(Attempt.network))) == {("2001:db8:1:2::/64",)}


def test_an_old_hash_is_renewed_when_its_owner_signs_in(app, owner, identity):
    add_user(owner)
    weak = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    change(identity, update(User).where(User.email == "ada@example.com").values(password_hash=weak))

    assert sign_in(app)[1].status_code == 200

    kept = rows(identity, select(User.password_hash).where(User.email == "ada@example.com"))[0][0]
    assert "m=19456,t=2,p=1" in kept


@pytest.mark.parametrize(
    "password",
    ["password1234", "aaaaaaaaaaaa", "123456789012", "rapport-2026", "ada@example1", "qwertyuiop12", "short"],
)
def test_a_password_that_is_guessed_first_is_refused(owner, password):
    user = {"email": "ada@example.com", "displayName": "Ada", "password": password}

    response = owner.post("/v1/users", json=user, headers=WRITE)

    assert response.status_code == 400
    assert response.json["error"]["details"][1]["fieldViolations"][0]["field"] == "password"


def test_long_passwords_count_to_their_last_character(app, owner):
    long = "correct horse battery staple " * 4
    add_user(owner, password=long + "x")

    assert sign_in(app, password=long + "y")[1].status_code == 401
    assert sign_in(app, password=long + "x")[1].status_code == 200


def test_a_new_password_ends_the_other_sessions(app, owner):
    add_user(owner)
    here, there = sign_in(app)[0], sign_in(app)[0]

    words = {"password": PASSWORD, "newPassword": "another quite long one"}
    changed = here.post("/v1/users/me:changePassword", json=words, headers=WRITE)

    assert (changed.status_code, changed.json) == (200, {})
    assert here.get("/v1/users/me").status_code == 200
    assert there.get("/v1/users/me").status_code == 401


def test_a_disabled_user_stops_at_the_next_request(app, owner):
    user = add_user(owner)
    ada = sign_in(app)[0]
    key = ada.post("/v1/apiKeys", json={"title": "sync", "password": PASSWORD}, headers=WRITE).json["secret"]
    program = {"Authorization": f"Bearer {key}"}
    assert app.test_client().get("/v1/users/me", headers=program).status_code == 200

    owner.patch(f"/v1/{user['name']}", json={"state": "DISABLED"}, headers=WRITE)

    assert ada.get("/v1/users/me").status_code == 401
    assert app.test_client().get("/v1/users/me", headers=program).status_code == 401


def test_a_role_counts_from_the_next_request_on(app, owner):
    user = add_user(owner)
    ada = sign_in(app)[0]
    new = {"email": "c@example.com", "displayName": "C"}
    assert ada.post("/v1/users", json=new, headers=WRITE).status_code == 403

    owner.patch(f"/v1/{user['name']}", json={"role": "PORTAL_ADMIN"}, headers=WRITE)

    assert ada.post("/v1/users", json=new, headers=WRITE).status_code == 200


@pytest.mark.parametrize("role", ["USER", "CRM_ADMIN"])
@pytest.mark.parametrize("fields", [{"role": "PORTAL_ADMIN"}, {"state": "DISABLED"}, {"email": "x@example.com"}])
def test_what_administrators_decide_nobody_decides_for_himself(app, owner, role, fields):
    add_user(owner, role=role)
    ada = sign_in(app)[0]

    response = ada.patch("/v1/users/me", json=fields, headers=WRITE)

    assert (response.status_code, reason(response)) == (403, "PORTAL_ADMIN_REQUIRED")


def test_everybody_changes_their_own_name_and_nobody_elses(app, owner):
    add_user(owner)
    ada = sign_in(app)[0]

    fields = {"displayName": "Ada L.", "jobTitle": "Engineer", "language": "ru", "timeZone": "Asia/Tokyo"}
    own = ada.patch("/v1/users/me", json={**fields, "theme": "DARK"}, headers=WRITE)
    others = ada.patch("/v1/users/1", json={"displayName": "Mallory"}, headers=WRITE)

    assert own.json.items() >= {**fields, "theme": "DARK"}.items()
    assert others.status_code == 403


@pytest.mark.parametrize(
    "fields", [{"role": "USER"}, {"state": "DISABLED"}, {"password": PASSWORD}, {"email": "e@x.org"}]
)
def test_the_owner_stays_the_owner(app, owner, fields):
    add_user(owner, role="PORTAL_ADMIN")
    admin = sign_in(app)[0]

    response = admin.patch("/v1/users/1", json=fields, headers=WRITE)

    assert reason(response) == "OWNER_PROTECTED"
    assert owner.get("/v1/users/me").json["role"] == "OWNER"


def test_nobody_becomes_a_second_owner(owner):
    user = add_user(owner)

    changed = owner.patch(f"/v1/{user['name']}", json={"role": "OWNER"}, headers=WRITE)
    made = owner.post("/v1/users", json={"email": "b@example.com", "displayName": "B", "role": "OWNER"}, headers=WRITE)

    assert reason(changed) == reason(made) == "OWNER_PROTECTED"


def test_nobody_is_called_nothing(owner):
    blank = owner.post("/v1/users", json={"email": "b@example.com", "displayName": " \t "}, headers=WRITE)
    emptied = owner.patch("/v1/users/1", json={"displayName": " "}, headers=WRITE)

    assert [blank.status_code, emptied.status_code] == [400, 400]
    assert owner.get("/v1/users").json["totalSize"] == 1


def test_an_email_belongs_to_one_user_in_any_case(owner):
    add_user(owner)

    everything = {"language": "en", "timeZone": "UTC", "password": PASSWORD}
    for more in ({}, everything):
        again = owner.post("/v1/users", json={"email": "ADA@Example.com", "displayName": "A", **more}, headers=WRITE)
        assert (again.status_code, reason(again)) == (409, "EMAIL_TAKEN")
        blamed = next(each for each in again.json["error"]["details"] if "fieldViolations" in each)
        assert [each["field"] for each in blamed["fieldViolations"]] == ["email"]
    taken = owner.patch("/v1/users/1", json={"email": "ADA@Example.com"}, headers=WRITE)
    assert (taken.status_code, reason(taken)) == (409, "EMAIL_TAKEN")


def test_api_keys_are_shown_once_and_revoked_by_their_owner_only(app, owner, identity):
    add_user(owner)
    made = owner.post("/v1/apiKeys", json={"title": "sync", "password": PASSWORD}, headers=WRITE).json
    assert made["secret"].startswith("rk_")
    assert owner.get("/v1/apiKeys").json["apiKeys"][0]["secret"] == ""
    assert made["secret"] not in str(rows(identity, text("SELECT * FROM api_key")))
    ada = sign_in(app)[0]

    assert ada.delete(f"/v1/{made['name']}", headers=WRITE).status_code == 404
    assert owner.delete(f"/v1/{made['name']}", headers=WRITE).status_code == 200

    program = {"Authorization": f"Bearer {made['secret']}"}
    assert app.test_client().get("/v1/users/me", headers=program).status_code == 401


def test_everybody_lists_and_ends_their_own_sessions_only(app, owner):
    add_user(owner)
    ada, _ = sign_in(app)
    sign_in(app)

    sessions = ada.get("/v1/sessions?pageSize=1").json
    rest = ada.get(f"/v1/sessions?pageSize=1&pageToken={sessions['nextPageToken']}").json

    assert [each["current"] for each in (*sessions["sessions"], *rest["sessions"])] == [False, True]
    assert ada.delete("/v1/sessions/1", headers=WRITE).status_code == 404
    assert ada.delete(f"/v1/{sessions['sessions'][0]['name']}", headers=WRITE).status_code == 200


def test_users_are_announced_without_secrets(owner, identity):
    add_user(owner)
    owner.patch("/v1/users/2", json={"displayName": "Ada L."}, headers=WRITE)

    events = [each for each in announced(identity) if each[0].startswith("crm.identity.user")]

    assert [subject for subject, *_ in events] == [
        "crm.identity.user_created",
        "crm.identity.user_created",
        "crm.identity.user_updated",
    ]
    assert not any(event.user.password for _, event, _ in events)


def test_a_stale_change_of_a_user_is_refused(owner):
    user = add_user(owner)
    owner.patch(f"/v1/{user['name']}", json={"displayName": "New"}, headers=WRITE)

    late = owner.patch(f"/v1/{user['name']}", json={"displayName": "Late"}, headers={**WRITE, "If-Match": user["etag"]})

    assert (late.status_code, reason(late)) == (409, "ETAG_MISMATCH")


def test_users_are_filtered_searched_and_sorted(owner):
    for number, name in enumerate(("Bea", "Ёлка", "adam")):
        add_user(owner, f"n{number}@example.com", displayName=name)
    owner.patch("/v1/users/2", json={"state": "DISABLED"}, headers=WRITE)

    def names(query):
        return [user["displayName"] for user in owner.get(f"/v1/users?{query}").json["users"]]

    assert names("") == ["adam", "Bea", "Olga Owner", "Ёлка"]
    assert names("filter=state%20%3D%20DISABLED") == ["Bea"]
    assert names("q=елка") == ["Ёлка"]
    assert names("orderBy=create_time%20desc&pageSize=1") == ["adam"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"timeZone": "Mars/Olympus"}, "UNKNOWN_TIME_ZONE"),
        ({"language": "fr"}, "string.in"),
        ({"displayName": ""}, "string.min_len"),
        ({"password": "short"}, "string.min_len"),
        ({"theme": "PINK"}, "UNKNOWN_VALUE"),
        ({"jobTitle": "x" * 256}, "string.max_len"),
        ({"groups": ["groups/1"]}, "READ_ONLY_FIELD"),
        ({"crmAccess": False}, "READ_ONLY_FIELD"),
        ({"totpEnabled": True}, "READ_ONLY_FIELD"),
        ({"invitationLink": "x"}, "READ_ONLY_FIELD"),
        ({"creator": "users/9"}, "READ_ONLY_FIELD"),
    ],
)
def test_a_user_cannot_be_what_there_is_not(owner, fields, why):
    response = owner.patch("/v1/users/me", json=fields, headers=WRITE)

    assert (response.status_code, reason(response)) == (400, why)


def test_a_program_has_no_session_to_end(app, owner):
    key = owner.post(
        "/v1/apiKeys", json={"title": "x", "password": PASSWORD, "scopes": ["read", "identity.write"]}, headers=WRITE
    ).json["secret"]
    program = {"Authorization": f"Bearer {key}"}

    assert app.test_client().delete("/v1/sessions/current", headers=program).status_code == 404
    assert app.test_client().get("/v1/users/me", headers=program).status_code == 200


def test_a_user_who_is_not_there_is_not_found(owner):
    assert owner.get("/v1/users/999").status_code == 404
