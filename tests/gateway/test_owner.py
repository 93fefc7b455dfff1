"""The owner whom the operator names is made when the gateway starts."""

from pydantic import SecretStr
from sqlalchemy import func, select

from gateway import owner
from gateway.identity.model import Portal, User
from tests.gateway.conftest import PASSWORD, set_up, sign_in


def named(identity, password=PASSWORD):
    return identity.settings.model_copy(
        update={"owner_email": "olga@example.com", "owner_password": SecretStr(password)}
    )


def test_the_owner_of_the_environment_can_sign_in(app, identity):
    owner.set_up(identity, named(identity))
    owner.set_up(identity, named(identity))

    assert sign_in(app, "olga@example.com")[1].json["user"]["role"] == "OWNER"


def test_an_owner_who_exists_is_not_replaced(browser, identity):
    set_up(browser)

    owner.set_up(identity, named(identity))

    assert browser.get("/v1/users").json["totalSize"] == 1


def test_a_password_that_is_refused_leaves_the_portal_as_it_was(identity):
    owner.set_up(identity, named(identity, "password1234"))

    with identity.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Portal)).scalar() == 0
        assert connection.execute(select(func.count()).select_from(User)).scalar() == 0
