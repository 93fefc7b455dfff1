"""Groups: who is in them, and what follows from it at once."""

import pytest
from sqlalchemy import text

from chassis.testing import announced
from gateway.identity import credentials
from tests.gateway.conftest import WRITE, add_user, reason, sign_in


def make(owner, title="Sales", members=()):
    """Makes a group; returns the answer."""
    return owner.post("/v1/groups", json={"title": title, "members": [*members]}, headers=WRITE)


def actor(identity, client):
    """Whom the session of a browser speaks for."""
    return credentials.actor_of(identity.reading, client.get_cookie("rapport_session").value)


def test_members_are_in_the_group_from_the_next_request_on(app, owner, identity):
    user = add_user(owner)
    ada = sign_in(app)[0]

    group = make(owner, members=[user["name"]]).json

    assert group["members"] == [user["name"]]
    assert ada.get("/v1/users/me").json["groups"] == [group["name"]]
    assert actor(identity, ada).groups == (group["name"],)
    assert actor(identity, ada).principals == [user["name"], group["name"], "everyone"]

    owner.patch(f"/v1/{group['name']}", json={"members": ["users/1"]}, headers=WRITE)

    assert actor(identity, ada).groups == ()
    assert actor(identity, owner).groups == (group["name"],)


def test_who_is_in_which_groups_follows_from_the_members_of_each(owner, identity):
    users = [add_user(owner, f"n{number}@example.com")["name"] for number in range(3)]
    first, second = make(owner, "A", users[:2]).json["name"], make(owner, "B", users[1:]).json["name"]
    owner.patch(f"/v1/{first}", json={"members": [users[0], users[2]]}, headers=WRITE)
    owner.patch(f"/v1/{second}", json={"title": "C"}, headers=WRITE)

    with identity.engine.connect() as connection:
        told = connection.execute(text('SELECT id, groups FROM "user" ORDER BY id')).all()
        meant = connection.execute(
            text("""
                SELECT u.id, array(SELECT 'groups/' || g.id FROM "group" g
                                   WHERE 'users/' || u.id = ANY(g.members) ORDER BY g.id) FROM "user" u ORDER BY id
            """)
        ).all()
    assert [(number, sorted(groups)) for number, groups in told] == [tuple(row) for row in meant]


def test_a_deleted_group_gives_nobody_anything(app, owner, identity):
    user = add_user(owner)
    ada = sign_in(app)[0]
    group = make(owner, members=[user["name"]]).json
    access = {"crmAccess": "LISTED", "crmMembers": [group["name"]]}
    owner.patch("/v1/portalSettings", json=access, headers=WRITE)
    assert actor(identity, ada).crm_access

    assert owner.delete(f"/v1/{group['name']}", headers=WRITE).status_code == 200

    assert not actor(identity, ada).crm_access
    assert ada.get("/v1/users/me").json["groups"] == []
    assert owner.get("/v1/portalSettings").json["crmMembers"] == []
    assert make(owner).json["name"] != group["name"]


@pytest.mark.parametrize("title", ["sales", " SALES ", "Sales"])
def test_no_two_groups_have_the_same_title_in_whatever_case(owner, title):
    make(owner)
    other = make(owner, "Support").json

    made = make(owner, title)
    renamed = owner.patch(f"/v1/{other['name']}", json={"title": title}, headers=WRITE)

    assert (made.status_code, reason(made)) == (409, "GROUP_TITLE_TAKEN")
    assert (renamed.status_code, reason(renamed)) == (409, "GROUP_TITLE_TAKEN")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"title": "  "}, "string.min_len"),
        ({"title": "A", "members": ["users/999"]}, "UNKNOWN_MEMBER"),
        ({"title": "A", "members": ["users/01"]}, "UNKNOWN_MEMBER"),
        ({"title": "A", "members": ["groups/1"]}, "string.pattern"),
        ({"title": "A", "members": ["users/1", "users/1"]}, "repeated.unique"),
    ],
)
def test_a_group_of_nobody_we_know_is_refused(owner, fields, why):
    response = owner.post("/v1/groups", json=fields, headers=WRITE)

    assert (response.status_code, reason(response)) == (400, why)


@pytest.mark.parametrize("role", ["USER", "CRM_ADMIN"])
def test_only_administrators_of_the_portal_make_groups_and_everybody_sees_them(app, owner, role):
    add_user(owner, role=role)
    group = make(owner).json
    ada = sign_in(app)[0]

    assert reason(make(ada, "Mine")) == "PORTAL_ADMIN_REQUIRED"
    assert reason(ada.patch(f"/v1/{group['name']}", json={"title": "X"}, headers=WRITE)) == "PORTAL_ADMIN_REQUIRED"
    assert reason(ada.delete(f"/v1/{group['name']}", headers=WRITE)) == "PORTAL_ADMIN_REQUIRED"
    assert ada.get("/v1/groups").json["groups"] == [group]
    assert ada.get(f"/v1/{group['name']}").json == group


def test_groups_are_sorted_searched_and_found_by_member(owner):
    user = add_user(owner)
    for title in ("Ёлки", "sales", "Support"):
        make(owner, title, [user["name"]] if title == "sales" else [])

    def titles(query):
        return [group["title"] for group in owner.get(f"/v1/groups?{query}").json["groups"]]

    assert titles("") == ["sales", "Support", "Ёлки"]
    assert titles("q=елк") == ["Ёлки"]
    assert titles(f"filter=members:{user['name']}") == ["sales"]


def test_a_stale_change_of_a_group_is_refused(owner):
    group = make(owner).json
    owner.patch(f"/v1/{group['name']}", json={"title": "New"}, headers=WRITE)

    late = {**WRITE, "If-Match": group["etag"]}
    assert reason(owner.patch(f"/v1/{group['name']}", json={"title": "Late"}, headers=late)) == "ETAG_MISMATCH"
    assert reason(owner.delete(f"/v1/{group['name']}", headers=late)) == "ETAG_MISMATCH"


def test_groups_are_announced(owner, identity):
    group = make(owner, members=["users/1"]).json
    owner.patch(f"/v1/{group['name']}", json={"title": "New"}, headers=WRITE)
    owner.delete(f"/v1/{group['name']}", headers=WRITE)

    events = [each for each in announced(identity) if each[0].startswith("crm.identity.group")]

    assert [subject for subject, *_ in events] == [
        f"crm.identity.group_{what}" for what in ("created", "updated", "deleted")
    ]
    assert [*events[0][1].group.members] == ["users/1"]


def test_records_are_handed_over_by_an_announcement(owner, identity):
    ada, bob = add_user(owner)["name"], add_user(owner, "bob@example.com")["name"]
    owner.patch(f"/v1/{ada}", json={"state": "DISABLED"}, headers=WRITE)

    answer = owner.post(f"/v1/{ada}:handOver", json={"to": bob}, headers=WRITE)

    assert (answer.status_code, answer.json) == (200, {})
    subject, event, headers = announced(identity)[-1]
    assert subject == "crm.identity.user_handed_over"
    assert (getattr(event, "from"), event.to) == (ada, bob)
    assert headers["Crm-Actor"] == "users/1"


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("users/2", "HAND_OVER_TO_SELF"),
        ("users/3", "USER_NOT_ACTIVE"),
        ("users/99", "NOT_FOUND"),
        ("users/02", "NOT_FOUND"),
        ("x", "string.pattern"),
    ],
)
def test_records_are_handed_to_somebody_who_can_have_them(owner, to, why):
    add_user(owner)
    add_user(owner, "bob@example.com", password="")

    response = owner.post("/v1/users/2:handOver", json={"to": to}, headers=WRITE)

    assert reason(response) == why


@pytest.mark.parametrize("role", ["USER", "CRM_ADMIN"])
def test_only_administrators_of_the_portal_hand_over(app, owner, role):
    add_user(owner, role=role)

    response = sign_in(app)[0].post("/v1/users/1:handOver", json={"to": "users/2"}, headers=WRITE)

    assert reason(response) == "PORTAL_ADMIN_REQUIRED"
