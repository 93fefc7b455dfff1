"""Tokens: who may speak for whom, and for how long."""

import base64
import json
import time

import pytest
import time_machine
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from chassis.identity import LEEWAY, LIFETIME, Actor, Signer, Verifier
from chassis.testing import ADA, refused

CLAIMS = {"iss": "gateway", "sub": "users/2", "grp": [], "role": "OWNER", "sid": "s", "lang": "en"}


@pytest.fixture
def verifier(key_folder):
    """The verifier of any service."""
    return Verifier(key_folder / "keys.json")


def signed(key_folder, issuer, claims, header=None):
    """A token with these claims, signed with an issuer's key."""
    key = OKPKey.import_key(json.loads((key_folder / f"{issuer.replace('/', '-')}.json").read_text()))
    head = {"alg": "Ed25519", "kid": issuer} | (header or {})
    return jwt.encode(head, {"exp": int(time.time()) + 60} | claims, key, algorithms=["Ed25519"])


def test_the_gateways_token_carries_its_actor(key_folder, verifier):
    actor = Actor(user="users/2", groups=("groups/1",), role="USER", session="sessions/5", language="ru")

    assert verifier.actor(Signer(key_folder / "gateway.json").token(actor)) == actor


def test_a_service_speaks_for_itself(key_folder, verifier):
    token = Signer(key_folder / "services-contacts.json").token(Actor(service="services/contacts"))

    assert verifier.actor(token) == Actor(service="services/contacts")


def test_a_service_cannot_pass_for_a_user_or_another_service(key_folder, verifier):
    signer = Signer(key_folder / "services-contacts.json")

    for actor in (ADA, Actor(service="services/invoicing"), Actor(service="gateway")):
        with refused("UNAUTHENTICATED"):
            verifier.actor(signer.token(actor))


@pytest.mark.parametrize(
    "change",
    [
        {"exp": 1},
        {"exp": "tomorrow"},
        {"exp": None},
        {"iss": "services/contacts"},
        {"iss": None},
        {"sub": "services/contacts"},
        {"sub": None},
    ],
)
def test_wrong_claims_are_refused(key_folder, verifier, change):
    with refused("UNAUTHENTICATED"):
        verifier.actor(signed(key_folder, "gateway", {**CLAIMS, **change}))


def test_a_token_signed_by_nobody_or_by_another_key_is_refused(key_folder, verifier):
    good = signed(key_folder, "gateway", CLAIMS)
    header, payload, signature = good.split(".")
    other = OKPKey.generate_key("Ed25519", {"kid": "gateway"})
    public = json.loads((key_folder / "keys.json").read_text())["keys"][0]["x"]

    forged = [
        "",
        "x",
        "a.b.c",
        f"{header}.{payload}.",
        f"{_encoded({'alg': 'none', 'kid': 'gateway'})}.{payload}.",
        f"{header}.{_encoded(CLAIMS | {'exp': 4102444800, 'sub': 'users/1'})}.{signature}",
        jwt.encode({"alg": "Ed25519", "kid": "gateway"}, CLAIMS | {"exp": 4102444800}, other, algorithms=["Ed25519"]),
        jwt.encode({"alg": "HS256", "kid": "gateway"}, CLAIMS | {"exp": 4102444800}, OctKey.import_key(public)),
        signed(key_folder, "gateway", CLAIMS, {"kid": "services/contacts"}),
    ]

    for token in forged:
        with refused("UNAUTHENTICATED"):
            verifier.actor(token)


def test_a_token_lives_a_minute_also_when_it_was_seen_before(key_folder, verifier):
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        token = Signer(key_folder / "gateway.json").token(ADA)
        assert verifier.actor(token) == ADA

        clock.shift(LIFETIME + LEEWAY - 1)
        assert verifier.actor(token) == ADA

        clock.shift(1)
        with refused("UNAUTHENTICATED"):
            verifier.actor(token)


def test_administrators_are_those_with_the_role():
    roles = {role: Actor(user="users/1", role=role).is_admin for role in ("OWNER", "PORTAL_ADMIN", "CRM_ADMIN", "USER")}

    assert roles == {"OWNER": True, "PORTAL_ADMIN": True, "CRM_ADMIN": True, "USER": False}


def _encoded(part):
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def test_who_administers_the_portal_is_decided_in_one_place():
    roles = {role: Actor(user="users/1", role=role) for role in ("OWNER", "PORTAL_ADMIN", "CRM_ADMIN", "USER", "")}

    assert [role for role, actor in roles.items() if actor.is_portal_admin] == ["OWNER", "PORTAL_ADMIN"]
    roles["OWNER"].require_portal_admin()
    for actor in (roles["CRM_ADMIN"], Actor(service="services/contacts")):
        with refused("PORTAL_ADMIN_REQUIRED", "PERMISSION_DENIED"):
            actor.require_portal_admin()
