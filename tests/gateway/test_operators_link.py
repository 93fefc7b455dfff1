"""`crm link`: whoever has the machine lets somebody in again who forgot his password, the owner too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from chassis.testing import announced
from gateway.identity.outgoing import OutgoingMail
from tests.gateway.conftest import WRITE, add_user, sign_in
from tests.gateway.test_identity_links import NEW, accept, complete, invite


@pytest.fixture
def crm_link(identity):
    """The command, with the settings of a container."""
    settings = identity.settings
    environment = {
        "CRM_DATABASE_URL": settings.database_url.get_secret_value(),
        "CRM_SIGNING_KEY_FILE": str(settings.signing_key_file),
        "CRM_KEYS_FILE": str(settings.keys_file),
        "CRM_SECRET_KEY_FILE": str(settings.secret_key_file),
    }
    program = [Path(sys.prefix) / "bin" / "crm", "link"]
    return lambda email: subprocess.run(
        [*program, email], env=os.environ | environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_the_owner_who_forgot_his_password_gets_in_again_without_mail(app, owner, identity, crm_link):
    link = crm_link("Owner@example.com").stdout.strip()

    assert link.startswith("/password-reset#")
    assert complete(app, link).status_code == 200
    assert sign_in(app, "owner@example.com", NEW)[1].status_code == 200
    with identity.engine.connect() as connection:
        templates = connection.execute(select(OutgoingMail.template)).scalars().all()
    assert templates == ["SECURITY_NOTICE"]


def test_the_audit_says_that_the_operator_made_the_link(app, owner, identity, crm_link):
    complete(app, crm_link("owner@example.com").stdout.strip())

    told = {headers["Crm-Event"]: (event, headers["Crm-Actor"]) for _, event, headers in announced(identity)}
    assert told["PasswordResetIssued"][1] == "operator"
    assert told["PasswordResetCompleted"][0].issuer == "operator"


def test_the_invited_get_a_link_to_join(app, owner, identity, crm_link):
    invite(owner)

    link = crm_link("ada@example.com").stdout.strip()

    assert accept(app, link)[1].status_code == 200


def test_there_is_no_link_for_nobody_nor_for_the_disabled(owner, identity, crm_link):
    user = add_user(owner)
    owner.patch(f"/v1/{user['name']}", json={"state": "DISABLED"}, headers=WRITE)

    for email in ("ada@example.com", "nobody@example.com"):
        told = crm_link(email)
        assert (told.returncode, told.stdout) == (1, "")
        assert told.stderr.strip() == f"crm: nobody who may sign in has the address {email}"
