"""What happens to accounts is announced, for the audit and one's own pages: who did it, and never a secret."""

import pytest
from sqlalchemy import select

from chassis.testing import announced
from gateway.identity import jobs
from gateway.identity.outgoing import OutgoingMail
from tests.gateway.conftest import PASSWORD, WRITE, add_user, sign_in
from tests.gateway.test_identity_links import accept, complete, invite, reset_link, token


def since(identity, before):
    """What was announced after the first `before`: (event, resource, actor) each."""
    found = announced(identity)[before:]
    return [(headers["Crm-Event"], headers["Crm-Resource"], headers["Crm-Actor"]) for _, _, headers in found]


def told(identity, event):
    """The last announcement of a kind and what the audit is told of it."""
    found = [(message, headers) for _, message, headers in announced(identity) if headers["Crm-Event"] == event]
    return found[-1][0], found[-1][1]["Crm-Audit"]


@pytest.fixture
def ada(app, owner):
    add_user(owner)
    return sign_in(app)[0]


def test_signing_in_and_out_is_announced_as_done_by_who_did_it(app, owner, identity):
    add_user(owner)
    before = len(announced(identity))

    ada = sign_in(app)[0]
    ada.delete("/v1/sessions/current", headers=WRITE)

    assert since(identity, before) == [
        ("SessionCreated", "sessions/2", "users/2"),
        ("SessionDeleted", "sessions/2", "users/2"),
    ]
    event, audit = told(identity, "SessionCreated")
    assert (event.session.name, event.user) == ("sessions/2", "users/2")
    assert '"session":"sessions/2"' in audit


def test_whoever_fails_to_sign_in_is_announced_and_what_he_typed_is_not(app, owner, identity):
    add_user(owner)
    before = len(announced(identity))

    sign_in(app, password="a wrong password")
    sign_in(app, "a secret typed into the wrong field")

    assert since(identity, before) == [("SignInFailed", "users/2", ""), ("SignInFailed", "users/0", "")]
    assert not any("secret" in str(each) or "wrong password" in str(each) for each in announced(identity)[before:])


def test_a_hand_over_says_from_whom_and_to_whom(owner, identity):
    add_user(owner)
    add_user(owner, "bob@example.com")

    owner.post("/v1/users/2:handOver", json={"to": "users/3"}, headers=WRITE)

    assert (
        '"label":"Ada","changes":[["from",null,"users/2"],["to",null,"users/3"]]' in told(identity, "UserHandedOver")[1]
    )


def test_each_session_that_is_ended_for_somebody_is_announced(app, owner, ada, identity):
    sign_in(app)
    before = len(announced(identity))

    owner.patch("/v1/users/2", json={"state": "DISABLED"}, headers=WRITE)
    ended = since(identity, before)

    assert {one for one in ended if one[0] == "SessionDeleted"} == {
        ("SessionDeleted", "sessions/2", "users/1"),
        ("SessionDeleted", "sessions/3", "users/1"),
    }


def test_keys_are_announced_without_their_secret(owner, identity):
    before = len(announced(identity))
    wanted = {"title": "sync", "scopes": ["read"], "password": PASSWORD}
    key = owner.post("/v1/apiKeys", json=wanted, headers=WRITE).json
    owner.delete(f"/v1/{key['name']}", headers=WRITE)

    assert since(identity, before) == [
        ("ApiKeyCreated", "apiKeys/1", "users/1"),
        ("ApiKeyDeleted", "apiKeys/1", "users/1"),
    ]
    event, _ = told(identity, "ApiKeyCreated")
    assert (event.api_key.title, [*event.api_key.scopes]) == ("sync", ["read"])
    assert (event.api_key.secret, event.api_key.password) == ("", "")


def test_who_made_the_link_stands_beside_who_used_it(app, owner, ada, identity):
    link, before = reset_link(owner, {"name": "users/2"}), len(announced(identity))

    complete(app, link)

    assert ("PasswordResetIssued", "users/2", "users/1") in since(identity, 0)
    assert ("PasswordResetCompleted", "users/2", "users/2") in since(identity, before)
    event, audit = told(identity, "PasswordResetCompleted")
    assert event.issuer == "users/1"
    assert '"changes":[["issuer",null,"users/1"]]' in audit


def test_a_reset_that_was_asked_for_by_address_was_made_by_identity(app, owner, ada, identity):
    app.test_client().post("/v1/passwordResets", json={"email": "ada@example.com"})

    jobs.make_password_resets(identity.job_context())

    assert since(identity, 0)[-1] == ("PasswordResetIssued", "users/2", "services/identity")


def test_being_invited_again_and_joining_are_announced(app, owner, identity):
    user = invite(owner)
    before = len(announced(identity))

    again = owner.post(f"/v1/{user['name']}:invite", headers=WRITE).json["invitationLink"]
    accept(app, again)

    assert since(identity, before) == [
        ("UserInvited", "users/2", "users/1"),
        ("UserUpdated", "users/2", "users/2"),
        ("InvitationAccepted", "users/2", "users/2"),
        ("SessionCreated", "sessions/2", "users/2"),
    ]
    assert told(identity, "InvitationAccepted")[0].issuer == "users/1"
    assert token(again) not in str(announced(identity))


def test_whoever_had_the_old_address_is_told_of_the_new_one(owner, ada, identity):
    owner.patch("/v1/users/2", json={"email": "thief@example.com"}, headers=WRITE)

    with identity.engine.connect() as connection:
        mails = connection.execute(select(OutgoingMail.email, OutgoingMail.values["event"].astext)).all()
    assert mails == [("ada@example.com", "EMAIL_CHANGED")]


def test_nobody_is_told_that_an_invitation_goes_elsewhere(owner, identity):
    user = invite(owner, "adda@example.com")

    owner.patch(f"/v1/{user['name']}", json={"email": "ada@example.com"}, headers=WRITE)

    with identity.engine.connect() as connection:
        assert connection.execute(select(OutgoingMail.template)).scalars().all() == ["INVITATION"]
