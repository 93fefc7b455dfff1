"""Signing in at another provider: who is proven there is who he is here, and nobody else gets in by it."""

import pytest
import requests
from joserfc.jwk import RSAKey
from sqlalchemy import select

from chassis.testing import announced
from gateway.app import build
from gateway.identity.model import User
from gateway.identity.outgoing import OutgoingMail
from gateway.identity.proofs import ProvenElsewhere
from gateway.oidc import COOKIE
from tests.gateway import provider as elsewhere
from tests.gateway.conftest import WRITE, add_user, reason, sign_in
from tests.gateway.test_identity_links import accept, invite
from tests.gateway.test_identity_totp import Authenticator


@pytest.fixture(scope="module")
def running():
    with elsewhere.running() as provider:
        yield provider


@pytest.fixture
def provider(running):
    running.tell(sub="1001", email="ada@example.com", email_verified=True, name="Ada at work")
    return running


@pytest.fixture
def app(identity, provider, monkeypatch):
    """A gateway whose people may sign in there too."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    for name, value in {
        "services": {"contacts": "127.0.0.1:1"},
        "oidc_issuer": provider.issuer,
        "oidc_client_id": elsewhere.CLIENT,
        "oidc_client_secret": type(identity.settings.oidc_client_secret)(elsewhere.SECRET),
        "oidc_sign_up": False,
        "public_url": "https://crm.example",
    }.items():
        monkeypatch.setattr(identity.settings, name, value)
    return build(identity.settings, identity)


def leave(app, client=None):
    """A browser that goes to the provider, and where it is sent back to."""
    client = client or app.test_client()
    there = requests.get(client.get("/v1/oidc:start").location, allow_redirects=False, timeout=5)
    back = there.headers["Location"]
    assert back.startswith("https://crm.example/v1/oidc:callback?")
    return client, back.removeprefix("https://crm.example")


def walk(app, client=None):
    """A browser that went there and back, and the answer it got."""
    client, back = leave(app, client)
    return client, client.get(back)


def linked(app, owner):
    """A user who has linked his account there in a session of his."""
    user = add_user(owner)
    assert walk(app, sign_in(app)[0])[1].location == "/"
    return user


def refused(answer):
    """Why nobody is signed in."""
    assert "rapport_session" not in str(answer.headers.getlist("Set-Cookie"))
    return answer.location.removeprefix("/?signInError=")


def rows(identity, statement):
    with identity.engine.connect() as connection:
        return connection.execute(statement).all()


def test_the_page_is_told_that_there_is_another_way(app, identity, provider, monkeypatch):
    app.test_client().post(
        "/v1/portal:setUp", json={"email": "o@example.com", "password": "a quite long sentence", "displayName": "O"}
    )
    assert app.test_client().get("/v1/portal").json["oidcTitle"] == provider.issuer.removeprefix("http://")
    monkeypatch.setattr(identity.settings, "oidc_title", "Acme ID")
    assert app.test_client().get("/v1/portal").json["oidcTitle"] == "Acme ID"


def test_without_a_provider_there_is_no_way(owner, identity, monkeypatch):
    monkeypatch.setattr(identity.settings, "oidc_issuer", "")
    plain = build(identity.settings, identity).test_client()

    assert plain.get("/v1/portal").json["oidcTitle"] == ""
    assert [plain.get(f"/v1/oidc:{what}").status_code for what in ("start", "callback")] == [404, 404]


def test_who_linked_his_account_signs_in(app, owner, identity):
    user = linked(app, owner)

    ada, answer = walk(app)

    assert (answer.status_code, answer.location) == (302, "/")
    assert ada.get("/v1/users/me").json["name"] == user["name"]
    assert "HttpOnly" in next(each for each in answer.headers.getlist("Set-Cookie") if "rapport_session=" in each)


def test_afterwards_he_is_known_by_his_number_there_whatever_his_address(app, owner, provider):
    user = linked(app, owner)
    owner.patch(f"/v1/{user['name']}", json={"email": "lovelace@example.com"}, headers=WRITE)
    provider.tell(sub="1001", email="other@example.com", email_verified=True)

    assert walk(app)[0].get("/v1/users/me").json["name"] == user["name"]


def test_who_gets_the_address_of_another_does_not_become_him(app, owner, provider):
    linked(app, owner)
    provider.tell(sub="2002", email="ada@example.com", email_verified=True)

    assert refused(walk(app)[1]) == "OIDC_UNKNOWN_USER"


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_nobody_verified_proves_nothing(app, owner, provider, verified):
    add_user(owner)
    provider.tell(sub="1001", email="ada@example.com", email_verified=verified)

    assert refused(walk(app)[1]) == "OIDC_UNKNOWN_USER"


def test_strangers_are_not_added_unless_the_operator_says_so(app, owner, identity, monkeypatch):
    assert refused(walk(app)[1]) == "OIDC_UNKNOWN_USER"

    monkeypatch.setattr(identity.settings, "oidc_sign_up", True)
    me = walk(app)[0].get("/v1/users/me").json

    expected = {"email": "ada@example.com", "displayName": "Ada at work", "role": "USER", "state": "ACTIVE"}
    assert me.items() >= expected.items()
    assert walk(app)[0].get("/v1/users/me").json["name"] == me["name"]
    assert len(rows(identity, select(User.id))) == 2


def test_the_invited_join_by_it_and_their_link_ends(app, owner):
    user = invite(owner)

    ada = walk(app)[0]

    assert ada.get("/v1/users/me").json.items() >= {"name": user["name"], "state": "ACTIVE"}.items()
    assert reason(accept(app, user["invitationLink"])[1]) == "LINK_INVALID"
    assert sign_in(app)[1].status_code == 401


def test_the_disabled_stay_outside(app, owner, identity):
    user = linked(app, owner)
    owner.patch(f"/v1/{user['name']}", json={"state": "DISABLED"}, headers=WRITE)

    assert refused(walk(app)[1]) == "SIGN_IN_FAILED"


def test_the_disabled_are_not_even_linked(app, owner, identity):
    user = add_user(owner)
    owner.patch(f"/v1/{user['name']}", json={"state": "DISABLED"}, headers=WRITE)

    assert refused(walk(app)[1]) == "SIGN_IN_FAILED"
    assert rows(identity, select(ProvenElsewhere.subject)) == []


LIES = {
    "another key": lambda: {"key": RSAKey.generate_key(2048, {"kid": "1"})},
    "the public key as a shared secret": lambda: {"forges": True},
    "another issuer": lambda: {"issuer": "https://evil.example"},
    "another audience": lambda: {"aud": "somebody else"},
    "for somebody else too": lambda: {"aud": [elsewhere.CLIENT, "x"], "azp": "x"},
    "another nonce": lambda: {"nonce": "x"},
    "no nonce": lambda: {"nonce": None},
    "too old": lambda: {"exp": 1_000_000_000},
    "without an end": lambda: {"exp": None},
    "of nobody": lambda: {"sub": ""},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_quite_right_proves_nobody(app, owner, provider, lie):
    add_user(owner)
    person = {"sub": "1001", "email": "ada@example.com", "email_verified": True}
    provider.tell(**{**person, **LIES[lie]()})

    assert refused(walk(app)[1]) in ("OIDC_FAILED", "INVALID_FIELDS")


def test_only_the_browser_that_left_comes_back(app, owner):
    linked(app, owner)
    client, back = leave(app)

    assert refused(app.test_client().get(back)) == "OIDC_FAILED"
    other = leave(app)[0]
    assert refused(other.get(back)) == "OIDC_FAILED"
    assert client.get(back).location == "/"


def test_one_comes_back_once(app, owner):
    linked(app, owner)
    client, back = leave(app)
    memory = client.get_cookie(COOKIE, path="/v1/oidc:callback").value
    client.get(back)
    assert client.get_cookie(COOKIE, path="/v1/oidc:callback") is None

    client.set_cookie(COOKIE, memory, path="/v1/oidc:callback")
    assert refused(client.get(back)) == "OIDC_FAILED"


@pytest.mark.parametrize("query", ["", "?state=x", "?code=x", "?error=access_denied&state=x", "?state=&code="])
@pytest.mark.parametrize("memory", ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
def test_whatever_comes_back_nobody_is_signed_in_by_it(app, owner, query, memory):
    client = app.test_client()
    client.set_cookie(COOKIE, memory, path="/v1/oidc:callback")

    assert refused(client.get(f"/v1/oidc:callback{query}")) == "OIDC_FAILED"


def test_a_provider_that_is_away_is_told_of_on_the_page(app, identity, monkeypatch):
    monkeypatch.setattr(identity.settings, "oidc_issuer", "http://127.0.0.1:1")

    assert refused(build(identity.settings, identity).test_client().get("/v1/oidc:start")) == "OIDC_UNAVAILABLE"


def test_what_waits_in_the_browser_cannot_be_read_there(app):
    client = app.test_client()
    answer = client.get("/v1/oidc:start")

    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/v1/oidc:callback"))
    state = answer.location.partition("state=")[2].partition("&")[0]
    assert state not in cookie


def test_an_address_alone_opens_no_account_that_is_there(app, owner, identity):
    add_user(owner)
    add_user(owner, "bob@example.com")
    bob = sign_in(app, "bob@example.com")[0]

    assert refused(walk(app)[1]) == "OIDC_LINK_FIRST"
    assert refused(walk(app, bob)[1]) == "OIDC_LINK_FIRST"
    assert rows(identity, select(ProvenElsewhere.subject)) == []


def test_linking_goes_on_in_the_session_and_is_told_and_announced(app, owner, identity):
    add_user(owner)
    ada = sign_in(app)[0]
    before = ada.get_cookie("rapport_session").value

    walk(app, ada)

    assert ada.get_cookie("rapport_session").value == before
    assert rows(identity, select(OutgoingMail.values["event"].astext)) == [("PROVIDER_LINKED",)]
    _, event, headers = announced(identity)[-1]
    assert (headers["Crm-Event"], headers["Crm-Actor"]) == ("ProviderLinked", "users/2")
    assert event.issuer == identity.settings.oidc_issuer


def test_an_authenticator_is_asked_for_its_code_there_too(app, owner, identity):
    linked(app, owner)
    phone = Authenticator(sign_in(app)[0])

    ada, answer = walk(app)

    def show(code):
        return ada.post("/v1/oidc:callback", json={"totp": code})

    assert refused(answer) == "TOTP_REQUIRED"
    assert ada.get("/v1/users/me").status_code == 401
    assert reason(show("000000")) == "TOTP_WRONG"
    assert show(phone.recovery[0]).status_code == 200
    assert ada.get("/v1/users/me").json["name"] == "users/2"
    assert reason(show(phone.recovery[1])) == "OIDC_FAILED"


def test_codes_that_are_guessed_there_are_counted(app, owner):
    linked(app, owner)
    phone = Authenticator(sign_in(app)[0])
    ada = walk(app)[0]

    for _ in range(5):
        ada.post("/v1/oidc:callback", json={"totp": "000000"})

    assert reason(ada.post("/v1/oidc:callback", json={"totp": phone.recovery[0]})) == "TOO_MANY_ATTEMPTS"


@pytest.mark.parametrize("body", [{"totp": "000000"}, {}, [], None])
def test_a_code_without_having_been_there_is_nothing(app, owner, body):
    linked(app, owner)
    client, _ = leave(app)

    assert reason(client.post("/v1/oidc:callback", json=body)) == "OIDC_FAILED"


def test_no_other_site_sends_a_code(app, owner):
    linked(app, owner)
    Authenticator(sign_in(app)[0])
    ada = walk(app)[0]

    answer = ada.post("/v1/oidc:callback", json={"totp": "000000"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert reason(answer) == "CSRF_REQUIRED"
