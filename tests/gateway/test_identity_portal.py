"""What administrators decide for everybody, and who may use the CRM."""

import pytest

from chassis.testing import announced, statements
from gateway.identity import credentials
from tests.gateway.conftest import PASSWORD, WRITE, add_user, reason, sign_in
from tests.gateway.test_identity_groups import make
from tests.gateway.test_identity_photos import picture


def settle(owner, **fields):
    """Changes settings; returns the answer."""
    return owner.patch("/v1/portalSettings", json=fields, headers=WRITE)


def test_settings_are_what_was_set(owner, browser):
    fields = {
        "title": "Acme",
        "language": "ru",
        "timeZone": "Europe/Moscow",
        "firstDayOfWeek": "SUNDAY",
        "dateFormat": "dd.MM.yyyy",
        "currencyCode": "EUR",
    }

    changed = settle(owner, **fields).json

    assert changed.items() >= {**fields, "name": "portalSettings", "etag": '"2"'}.items()
    assert owner.get("/v1/portalSettings").json == changed
    shown = owner.get("/v1/portal").json
    assert {name: shown[name] for name in fields} == fields


def test_strangers_see_the_title_and_nothing_that_is_for_colleagues(app, owner):
    settle(owner, title="Acme", timeZone="Europe/Moscow")

    portal = app.test_client().get("/v1/portal").json

    assert portal.items() >= {"title": "Acme", "setUp": True, "timeZone": "", "currencyCode": ""}.items()
    assert "crmMembers" not in portal


def test_new_people_have_the_portals_language_and_time_zone(owner):
    settle(owner, language="ru", timeZone="Asia/Tokyo")

    assert add_user(owner).items() >= {"language": "ru", "timeZone": "Asia/Tokyo"}.items()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"timeZone": "Mars/Olympus"}, "UNKNOWN_TIME_ZONE"),
        ({"language": "fr"}, "string.in"),
        ({"dateFormat": "yyyy"}, "string.in"),
        ({"firstDayOfWeek": "TUESDAY"}, "enum.in"),
        ({"currencyCode": "euro"}, "string.pattern"),
        ({"crmAccess": "CRM_ACCESS_UNSPECIFIED"}, "enum.not_in"),
        ({"crmMembers": ["contacts/1"]}, "string.pattern"),
        ({"crmMembers": ["users/99"]}, "UNKNOWN_MEMBER"),
        ({"crmMembers": ["users/01"]}, "UNKNOWN_MEMBER"),
        ({"crmMembers": ["groups/99"]}, "UNKNOWN_MEMBER"),
        ({"logo": "x"}, "READ_ONLY_FIELD"),
        ({"etag": '"7"', "title": "X"}, "ETAG_MISMATCH"),
    ],
)
def test_settings_that_cannot_be_are_refused(owner, fields, why):
    assert reason(settle(owner, **fields)) == why


@pytest.mark.parametrize("role", ["USER", "CRM_ADMIN"])
def test_only_administrators_of_the_portal_see_and_change_its_settings(app, owner, role):
    add_user(owner, role=role)
    ada = sign_in(app)[0]

    assert reason(ada.get("/v1/portalSettings")) == "PORTAL_ADMIN_REQUIRED"
    assert reason(settle(ada, title="Mine")) == "PORTAL_ADMIN_REQUIRED"
    sent = {"data": picture(), "content_type": "image/jpeg", "headers": WRITE}
    assert reason(ada.post("/v1/portalSettings:uploadLogo", **sent)) == "PORTAL_ADMIN_REQUIRED"
    assert reason(ada.post("/v1/portalSettings:deleteLogo", headers=WRITE)) == "PORTAL_ADMIN_REQUIRED"


def test_a_logo_is_for_everybody_to_see(app, owner):
    assert app.test_client().get("/v1/portal:logo").status_code == 404
    sent = {"data": picture("PNG", (1000, 500)), "content_type": "image/png", "headers": WRITE}

    settings = owner.post("/v1/portalSettings:uploadLogo", **sent).json

    stranger = app.test_client()
    assert stranger.get("/v1/portal").json["logo"] == settings["logo"] != ""
    assert stranger.get(f"/v1/portal:logo?version={settings['logo']}").headers["Content-Type"] == "image/webp"
    assert owner.post("/v1/portalSettings:deleteLogo", headers=WRITE).json["logo"] == ""
    assert stranger.get("/v1/portal:logo").status_code == 404


def test_changed_settings_are_announced(owner, identity):
    settle(owner, title="Acme")

    subject, event, headers = announced(identity)[-1]

    assert (subject, headers["Crm-Resource"]) == ("crm.identity.portal_settings_updated", "portalSettings")
    assert (event.portal_settings.title, [*event.changed.paths]) == ("Acme", ["title"])


CASES = [
    # role, settings, whether he may use the CRM
    ("USER", {}, True),
    ("CRM_ADMIN", {}, True),
    ("USER", {"crmEnabled": False}, False),
    ("CRM_ADMIN", {"crmEnabled": False}, False),
    ("PORTAL_ADMIN", {"crmEnabled": False}, True),
    ("USER", {"crmAccess": "LISTED"}, False),
    ("CRM_ADMIN", {"crmAccess": "LISTED"}, False),
    ("PORTAL_ADMIN", {"crmAccess": "LISTED"}, True),
    ("USER", {"crmAccess": "LISTED", "crmMembers": ["users/2"]}, True),
    ("USER", {"crmAccess": "LISTED", "crmMembers": ["groups/1"]}, True),
    ("CRM_ADMIN", {"crmAccess": "LISTED", "crmMembers": ["groups/1"]}, True),
    ("USER", {"crmAccess": "LISTED", "crmMembers": ["users/1", "groups/2"]}, False),
    ("USER", {"crmAccess": "LISTED", "crmMembers": ["users/2"], "crmEnabled": False}, False),
]


@pytest.mark.parametrize(("role", "fields", "may"), CASES)
def test_who_may_use_the_crm_counts_from_the_next_request_on(app, owner, identity, role, fields, may):
    user = add_user(owner, role=role)
    make(owner, "Members", [user["name"]])
    make(owner, "Others", ["users/1"])
    ada = sign_in(app)[0]
    assert ada.get("/v1/contacts").status_code == 503

    assert settle(owner, **fields).status_code in (200,)

    answers = [ada.get("/v1/contacts"), ada.post("/v1/invoices", json={}, headers=WRITE)]
    assert [each.status_code for each in answers] == ([503, 503] if may else [403, 403])
    assert may or {reason(each) for each in answers} == {"CRM_ACCESS_DENIED"}
    assert ada.get("/v1/users/me").json["crmAccess"] is may
    assert owner.get(f"/v1/{user['name']}").json["crmAccess"] is may
    assert ada.patch("/v1/users/me", json={"jobTitle": "Poet"}, headers=WRITE).json["crmAccess"] is may
    assert owner.get("/v1/contacts").status_code == 503


def test_who_may_not_use_the_crm_still_has_an_account(app, owner):
    add_user(owner)
    settle(owner, crmEnabled=False)
    ada, answer = sign_in(app)

    assert answer.json["user"]["crmAccess"] is False
    assert ada.get("/v1/users").status_code == 200
    assert ada.get("/v1/sessions").status_code == 200
    assert ada.get("/v1/notifications").status_code != 403


def test_the_actor_is_found_with_one_statement(app, owner, identity):
    user = add_user(owner)
    make(owner, members=[user["name"]])
    ada = sign_in(app)[0]
    settle(owner, crmAccess="LISTED", crmMembers=["groups/1"])

    with statements(identity) as seen:
        actor = credentials.actor_of(identity.reading, ada.get_cookie("rapport_session").value)

    assert len(seen) == 1
    assert (actor.groups, actor.crm_access) == (("groups/1",), True)


@pytest.mark.parametrize(
    "change",
    [
        {"/v1/portalSettings": {"crmEnabled": False}},
        {"/v1/groups/1": {"members": []}},
        {"/v1/users/2": {"role": "CRM_ADMIN"}},
        {"/v1/users/2": {"state": "DISABLED"}},
    ],
    ids=["access", "groups", "role", "state"],
)
def test_open_streams_are_found_to_speak_for_somebody_else(app, owner, identity, change):
    user = add_user(owner)
    make(owner, members=[user["name"]])
    ada = sign_in(app)[0]
    key = ada.post("/v1/apiKeys", json={"title": "sync", "password": PASSWORD}, headers=WRITE).json["secret"]
    secrets = (ada.get_cookie("rapport_session").value, key)
    before = [credentials.actor_of(identity.reading, secret) for secret in secrets]
    digests = [credentials.digest(secret) for secret in secrets]
    with statements(identity) as seen:
        assert credentials.still_valid(identity.reading, digests) == dict(zip(digests, before, strict=True))
    assert len(seen) == 1

    for path, fields in change.items():
        assert owner.patch(path, json=fields, headers=WRITE).status_code == 200

    now = credentials.still_valid(identity.reading, digests)
    assert all(now.get(digest) != actor for digest, actor in zip(digests, before, strict=True))
