"""What identity has mailed: handed to the notifications service once, however often that is away."""

from datetime import timedelta

import pytest
from crm.notifications.v1 import notifications_pb2 as notifications
from sqlalchemy import func, select, update

from chassis import errors
from chassis.identity import Verifier
from chassis.peers import Peers
from gateway.identity import jobs
from gateway.identity.outgoing import OutgoingMail
from gateway.identity.proofs import Attempt
from tests.gateway.conftest import PASSWORD, WRITE, add_user, sign_in
from tests.gateway.services import serve
from tests.gateway.test_identity_links import NEW, accept, complete, invite

TEMPLATE = notifications.Mail.Template


@pytest.fixture
def post(app, identity, monkeypatch):
    """The notifications service, as identity sees it."""
    with serve(notifications.DESCRIPTOR.services_by_name["NotificationsService"]) as fake:
        monkeypatch.setattr(identity.settings, "services", {"notifications": fake.address})
        monkeypatch.setattr(identity.settings, "public_url", "https://crm.example")
        monkeypatch.setattr(identity, "peers", Peers(identity.settings.services, identity.signer))
        yield fake


def work(identity):
    """What the jobs do when their time comes."""
    jobs.make_password_resets(identity.job_context())
    jobs.hand_over_mail(identity.job_context())


def waiting(identity):
    with identity.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(OutgoingMail)).scalar()


def due(identity):
    """Lets time pass until everything that was put off is due."""
    with identity.engine.begin() as connection:
        connection.execute(update(OutgoingMail).values(try_time=func.now() - timedelta(seconds=1)))


def test_an_invitation_is_mailed_with_a_link_that_works(app, owner, identity, post):
    invite(owner, language="ru")

    work(identity)

    (mail,) = post.asked
    assert (mail.to, mail.language, mail.template) == ("ada@example.com", "ru", TEMPLATE.INVITATION)
    assert (mail.values["inviter"], mail.values["display_name"]) == ("Olga Owner", "Ada")
    assert mail.values["link"].startswith("https://crm.example/invitation#")
    assert accept(app, mail.values["link"])[1].status_code == 200


def test_a_mail_is_handed_over_once(owner, identity, post):
    invite(owner)

    work(identity)
    work(identity)

    assert (len(post.asked), waiting(identity)) == (1, 0)


def test_identity_asks_as_the_service_it_is(owner, identity, post):
    invite(owner)

    work(identity)

    actor = Verifier(identity.settings.keys_file).actor(post.metadata[0]["authorization"])
    assert actor.name == "services/identity"


@pytest.mark.parametrize(
    "refusal", [errors.Unavailable("away", "X"), errors.NotFound("no such RPC", "X"), RuntimeError("a bug")]
)
def test_mail_waits_while_the_service_is_away_and_is_the_same_then(owner, identity, post, refusal):
    invite(owner)
    post.refusal = refusal
    work(identity)
    work(identity)
    assert (len(post.asked), waiting(identity)) == (1, 1)

    post.refusal = None
    due(identity)
    work(identity)

    assert post.asked[0] == post.asked[1]
    assert post.asked[0].request_id
    assert waiting(identity) == 0


def test_without_the_service_mail_waits_and_nobody_else_does(app, owner, identity):
    user = invite(owner)
    jobs.hand_over_mail(identity.job_context())

    assert waiting(identity) == 1
    assert accept(app, user["invitationLink"])[1].status_code == 200


def test_a_link_is_not_mailed_while_nobody_knows_where_it_leads(owner, identity, post, monkeypatch):
    monkeypatch.setattr(identity.settings, "public_url", "")
    invite(owner)
    work(identity)
    assert (len(post.asked), waiting(identity)) == (0, 1)

    monkeypatch.setattr(identity.settings, "public_url", "https://crm.example")
    due(identity)
    work(identity)

    assert post.asked[0].values["link"].startswith("https://crm.example/")


def test_a_forgotten_password_is_mailed_to_whoever_has_the_address(app, owner, identity, post):
    add_user(owner)
    for email in (" ADA@example.com", "nobody@example.com"):
        app.test_client().post("/v1/passwordResets", json={"email": email})

    work(identity)

    (mail,) = post.asked
    assert (mail.to, mail.template) == ("ada@example.com", TEMPLATE.PASSWORD_RESET)
    assert mail.values["link"].startswith("https://crm.example/password-reset#")
    assert complete(app, mail.values["link"]).status_code == 200
    assert sign_in(app, password=NEW)[1].status_code == 200


def test_security_notices_say_what_happened_and_where(app, owner, identity, post):
    user = add_user(owner)
    ada = sign_in(app)[0]
    away = {"X-Forwarded-For": "9.9.9.9", "User-Agent": "Firefox"}
    sign_in(app, headers=away)
    sign_in(app, headers=away)
    ada.post("/v1/apiKeys", json={"title": "sync", "password": PASSWORD}, headers=WRITE)
    ada.post("/v1/users/me:changePassword", json={"password": PASSWORD, "newPassword": NEW}, headers=WRITE)

    work(identity)

    assert [mail.values["event"] for mail in post.asked] == ["NEW_SIGN_IN", "API_KEY_CREATED", "PASSWORD_CHANGED"]
    assert {(mail.template, mail.user) for mail in post.asked} == {(TEMPLATE.SECURITY_NOTICE, user["name"])}
    assert post.asked[0].values.items() >= {"address": "9.9.9.9", "user_agent": "Firefox"}.items()
    assert post.asked[1].values["title"] == "sync"


def test_what_nobody_took_in_time_is_forgotten(app, owner, identity):
    invite(owner)
    sign_in(app)
    with identity.engine.begin() as connection:
        connection.execute(update(OutgoingMail).values(expire_time=func.now()))
        connection.execute(update(Attempt).values(time=func.now() - timedelta(days=2)))

    with identity.begin(identity.actor) as tx:
        jobs.forget_the_past(tx)

    assert waiting(identity) == 0
    with identity.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Attempt)).scalar() == 0


def test_a_link_that_cannot_be_read_holds_up_no_other_mail(app, owner, identity, post, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(identity.settings, "secret_key", b"another one, before a restore")
        invite(owner)
    invite(owner, "eve@example.com")

    work(identity)

    assert [mail.to for mail in post.asked] == ["eve@example.com"]
