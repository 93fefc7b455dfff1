"""Invitations and password resets: links that work once, for one purpose, for a while."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from chassis.testing import announced, statements
from gateway.identity import jobs
from gateway.identity.proofs import Link, Session
from tests.gateway.conftest import PASSWORD, WRITE, add_user, reason, sign_in

NEW = "another quite long one"


def invite(owner, email="ada@example.com", **more):
    """Adds a user without a password; returns the answer."""
    response = owner.post("/v1/users", json={"email": email, "displayName": "Ada", **more}, headers=WRITE)
    assert response.status_code == 200, response.json
    return response.json


def token(link):
    return link.partition("#")[2]


def accept(app, link, password=PASSWORD, **more):
    client = app.test_client()
    return client, client.post("/v1/invitations:accept", json={"token": token(link), "password": password, **more})


def reset_link(owner, user):
    return owner.post(f"/v1/{user['name']}:sendPasswordReset", headers=WRITE).json["passwordResetLink"]


def complete(app, link, password=NEW):
    return app.test_client().post("/v1/passwordResets:complete", json={"token": token(link), "password": password})


def change(identity, statement):
    with identity.engine.begin() as connection:
        connection.execute(statement)


def dump(identity):
    """Everything that identity keeps, as one text."""
    with identity.engine.connect() as connection:
        return "".join(str(connection.execute(table.select()).all()) for table in identity.metadata.tables.values())


def test_who_is_added_without_a_password_joins_by_a_link(app, owner):
    user = invite(owner)
    assert user["state"] == "INVITED"
    assert user["invitationLink"].startswith("/invitation#")

    chosen = {"displayName": "Ada Lovelace", "language": "ru"}
    ada, answer = accept(app, user["invitationLink"], **chosen)

    assert answer.json["user"].items() >= {"state": "ACTIVE", **chosen}.items()
    assert ada.get("/v1/users/me").json["name"] == user["name"]
    assert sign_in(app)[1].status_code == 200


def test_an_invited_user_has_no_password_to_guess(app, owner):
    invite(owner)

    assert sign_in(app, password="")[1].status_code == 400
    assert sign_in(app)[1].status_code == 401


def test_a_link_works_once_even_for_twenty_at_a_time(app, owner, identity):
    link = invite(owner)["invitationLink"]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: accept(app, link)[1].status_code, range(20)))

    assert (answers.count(200), answers.count(400)) == (1, 19)


def test_a_new_invitation_ends_the_one_before(app, owner):
    user = invite(owner)
    again = owner.post(f"/v1/{user['name']}:invite", headers=WRITE).json["invitationLink"]

    assert reason(accept(app, user["invitationLink"])[1]) == "LINK_INVALID"
    assert accept(app, again)[1].status_code == 200


@pytest.mark.parametrize("kind", ["invitation", "reset"])
def test_a_link_ends_by_itself(app, owner, identity, kind):
    user = invite(owner) if kind == "invitation" else add_user(owner)
    link = user["invitationLink"] or reset_link(owner, user)
    days = {"invitation": timedelta(days=7), "reset": timedelta(hours=1)}[kind]
    with identity.engine.connect() as connection:
        left = connection.execute(select(Link.expire_time - func.now())).scalar()
    assert days - timedelta(minutes=1) < left <= days

    change(identity, update(Link).values(expire_time=func.now()))

    answer = accept(app, link)[1] if kind == "invitation" else complete(app, link)
    assert reason(answer) == "LINK_INVALID"


def test_a_link_is_good_for_its_own_purpose_only(app, owner):
    invited, active = invite(owner), add_user(owner, "bob@example.com")
    invitation, reset = invited["invitationLink"], reset_link(owner, active)

    assert reason(complete(app, invitation)) == "LINK_INVALID"
    assert reason(accept(app, reset)[1]) == "LINK_INVALID"
    for secret in (token(invitation), token(reset)):
        assert app.test_client().get("/v1/users/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_a_session_or_key_is_no_link(app, owner):
    key = owner.post("/v1/apiKeys", json={"title": "sync", "password": PASSWORD}, headers=WRITE).json["secret"]
    session = owner.get_cookie("rapport_session").value

    for secret in (key, session):
        assert reason(complete(app, f"#{secret}")) == "LINK_INVALID"
        assert reason(accept(app, f"#{secret}")[1]) == "LINK_INVALID"


def test_nothing_that_is_kept_holds_the_secret_of_a_link(owner, identity):
    link = invite(owner)["invitationLink"]

    assert token(link) not in dump(identity)


def test_an_answer_that_is_remembered_holds_no_link(owner, identity):
    body = {"email": "ada@example.com", "displayName": "Ada"}
    answers = [owner.post("/v1/users", json=body, headers={**WRITE, "Idempotency-Key": "k"}).json for _ in range(2)]

    assert answers[0] == answers[1]
    assert answers[0]["invitationLink"] == ""


def test_a_link_in_full_has_the_address_of_the_settings_not_that_of_the_request(owner, identity, monkeypatch):
    monkeypatch.setattr(identity.settings, "public_url", "https://crm.example/")

    response = owner.post(
        "/v1/users",
        json={"email": "a@example.com", "displayName": "A"},
        headers={**WRITE, "X-Forwarded-Host": "evil.example"},
    )

    assert response.json["invitationLink"].startswith("https://crm.example/invitation#")


def test_a_disabled_user_cannot_join(app, owner):
    user = invite(owner)
    owner.patch(f"/v1/{user['name']}", json={"state": "DISABLED"}, headers=WRITE)
    assert reason(owner.post(f"/v1/{user['name']}:invite", headers=WRITE)) == "USER_NOT_INVITED"
    assert reason(accept(app, user["invitationLink"])[1]) == "LINK_INVALID"

    back = owner.patch(f"/v1/{user['name']}", json={"state": "ACTIVE"}, headers=WRITE)

    assert back.json["state"] == "INVITED"


def test_a_link_that_went_to_the_old_address_ends_with_it(app, owner):
    user = invite(owner)
    owner.patch(f"/v1/{user['name']}", json={"email": "right@example.com"}, headers=WRITE)

    assert reason(accept(app, user["invitationLink"])[1]) == "LINK_INVALID"


def test_a_weak_password_leaves_the_invitation_as_it_was(app, owner):
    link = invite(owner)["invitationLink"]

    assert reason(accept(app, link, "ada@example1")[1]) == "PASSWORD_TOO_COMMON"
    assert accept(app, link)[1].status_code == 200


@pytest.mark.parametrize("role", ["USER", "CRM_ADMIN"])
@pytest.mark.parametrize("verb", ["invite", "sendPasswordReset"])
def test_only_administrators_of_the_portal_send_links(app, owner, role, verb):
    add_user(owner, role=role)
    invited = invite(owner, "bob@example.com")
    ada = sign_in(app)[0]

    assert reason(ada.post(f"/v1/{invited['name']}:{verb}", headers=WRITE)) == "PORTAL_ADMIN_REQUIRED"


def test_nobody_gets_a_link_for_the_owner_or_for_himself(app, owner):
    add_user(owner, role="PORTAL_ADMIN")
    admin = sign_in(app)[0]

    assert reason(admin.post("/v1/users/1:sendPasswordReset", headers=WRITE)) == "OWNER_PROTECTED"
    for client, name in ((owner, "users/1"), (admin, "users/2")):
        own = client.post(f"/v1/{name}:sendPasswordReset", headers=WRITE)
        assert reason(own) == "PASSWORD_CHANGE_REQUIRED"


def test_a_reset_ends_sessions_and_api_keys(app, owner):
    user = add_user(owner)
    ada = sign_in(app)[0]
    key = ada.post("/v1/apiKeys", json={"title": "sync", "password": PASSWORD}, headers=WRITE).json["secret"]
    link = reset_link(owner, user)

    answer = complete(app, link)

    assert (answer.status_code, answer.json) == (200, {})
    assert "Set-Cookie" not in answer.headers
    assert ada.get("/v1/users/me").status_code == 401
    assert app.test_client().get("/v1/users/me", headers={"Authorization": f"Bearer {key}"}).status_code == 401
    assert sign_in(app)[1].status_code == 401
    assert sign_in(app, password=NEW)[1].status_code == 200
    assert reason(complete(app, link)) == "LINK_INVALID"


def test_a_changed_password_ends_reset_links(app, owner):
    user = add_user(owner)
    link = reset_link(owner, user)
    ada = sign_in(app)[0]
    ada.post("/v1/users/me:changePassword", json={"password": PASSWORD, "newPassword": NEW}, headers=WRITE)

    assert reason(complete(app, link, "yet another long one")) == "LINK_INVALID"


def test_who_holds_the_mailbox_is_not_locked_out_by_those_who_guess(app, owner):
    user = add_user(owner)
    for _ in range(10):
        sign_in(app, password="a wrong password")
    assert sign_in(app)[1].status_code == 429

    complete(app, reset_link(owner, user))

    assert sign_in(app, password=NEW)[1].status_code == 200


def test_asking_for_a_reset_tells_nothing_of_who_is_here(app, owner, identity):
    add_user(owner)
    invite(owner, "invited@example.com")
    addresses = ("ada@example.com", "nobody@example.com", "invited@example.com", "owner@example.com")

    answers = [app.test_client().post("/v1/passwordResets", json={"email": each}) for each in addresses]

    assert {(answer.status_code, answer.data) for answer in answers} == {(200, b"{}")}
    with identity.engine.connect() as connection:
        assert connection.execute(select(Link.user_id).where(Link.purpose == "PASSWORD_RESET")).all() == []


def test_asking_for_a_reset_does_the_same_work_for_everybody(app, owner, identity):
    add_user(owner)
    work = []
    for email in ("ada@example.com", "nobody@example.com"):
        with statements(identity) as seen:
            app.test_client().post("/v1/passwordResets", json={"email": email})
        work.append(seen)

    assert work[0] == work[1]


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_resets_are_limited_alike_for_everybody(app, owner, email):
    add_user(owner)
    ask = [app.test_client().post("/v1/passwordResets", json={"email": email}) for _ in range(6)]

    assert [each.status_code for each in ask] == [200] * 5 + [429]
    assert reason(ask[-1]) == "TOO_MANY_ATTEMPTS"
    assert int(ask[-1].headers["Retry-After"]) > 3000


def test_the_job_makes_links_for_active_users_only(app, owner, identity):
    ada = add_user(owner)
    invite(owner, "invited@example.com")
    for email in ("ADA@example.com", "nobody@example.com", "invited@example.com"):
        app.test_client().post("/v1/passwordResets", json={"email": email})

    jobs.make_password_resets(identity.job_context())

    with identity.engine.connect() as connection:
        links = connection.execute(select(Link.user_id).where(Link.purpose == "PASSWORD_RESET")).scalars().all()
    assert [f"users/{number}" for number in links] == [ada["name"]]


def test_joining_is_announced_as_a_change_of_the_user(app, owner, identity):
    user = invite(owner)
    accept(app, user["invitationLink"])

    [(_, event, headers)] = [each for each in announced(identity) if each[0] == "crm.identity.user_updated"]

    assert list(event.changed.paths) == ["state"]
    assert headers["Crm-Actor"] == user["name"]
    assert not event.user.invitation_link


@pytest.mark.parametrize("password", ["a wrong password", NEW])
def test_a_password_is_changed_by_the_present_one_only(app, owner, password):
    add_user(owner)
    ada = sign_in(app)[0]

    refused = ada.post("/v1/users/me:changePassword", json={"password": password, "newPassword": NEW}, headers=WRITE)
    plain = ada.patch("/v1/users/me", json={"password": NEW}, headers=WRITE)

    assert (refused.status_code, reason(refused)) == (403, "PASSWORD_WRONG")
    assert (plain.status_code, reason(plain)) == (403, "PASSWORD_CHANGE_REQUIRED")


def test_guesses_in_a_stolen_session_count(app, owner):
    add_user(owner)
    ada = sign_in(app)[0]
    guess = {"password": "a wrong password", "newPassword": NEW}
    codes = [ada.post("/v1/users/me:changePassword", json=guess, headers=WRITE).status_code for _ in range(11)]

    assert codes == [403] * 10 + [429]


def test_a_weak_new_password_is_refused_by_its_field(app, owner):
    words = {"password": PASSWORD, "newPassword": "owner@example1"}
    response = owner.post("/v1/users/me:changePassword", json=words, headers=WRITE)

    assert response.json["error"]["details"][1]["fieldViolations"][0]["field"] == "newPassword"


def test_administrators_give_a_password_to_the_invited_only(app, owner):
    invited, joined = invite(owner), add_user(owner, "bob@example.com")

    given = owner.patch(f"/v1/{invited['name']}", json={"password": NEW}, headers=WRITE)
    refused = owner.patch(f"/v1/{joined['name']}", json={"password": NEW}, headers=WRITE)

    assert given.json["state"] == "ACTIVE"
    assert sign_in(app, password=NEW)[1].status_code == 200
    assert reason(accept(app, invited["invitationLink"])[1]) == "LINK_INVALID"
    assert (refused.status_code, reason(refused)) == (403, "PASSWORD_NOT_YOURS")


def test_signing_out_everywhere_else_leaves_this_session(app, owner, identity):
    add_user(owner)
    here, there = sign_in(app)[0], sign_in(app)[0]

    assert here.post("/v1/sessions:deleteOthers", headers=WRITE).status_code == 200

    assert (here.get("/v1/users/me").status_code, there.get("/v1/users/me").status_code) == (200, 401)
    assert owner.get("/v1/users/me").status_code == 200


def test_a_session_says_where_it_is_from(app, owner, identity):
    add_user(owner)
    ada = sign_in(app, headers={"X-Forwarded-For": "9.9.9.9", "User-Agent": "Firefox"})[0]

    assert ada.get("/v1/sessions").json["sessions"][0].items() >= {"address": "9.9.9.9", "userAgent": "Firefox"}.items()
    with identity.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Session)).scalar() == 2


def test_strangers_elsewhere_do_not_lock_somebody_out_where_he_is_known(app, owner, identity):
    add_user(owner)
    home = {"headers": {"X-Forwarded-For": "9.9.9.9"}}
    assert sign_in(app, **home)[1].status_code == 200

    for number in range(10):
        sign_in(app, password="a wrong password", headers={"X-Forwarded-For": f"8.8.8.{number}"})

    assert sign_in(app, headers={"X-Forwarded-For": "7.7.7.7"})[1].status_code == 429
    assert sign_in(app, **home)[1].status_code == 200
    for _ in range(10):
        sign_in(app, password="a wrong password", **home)
    assert sign_in(app, **home)[1].status_code == 429
