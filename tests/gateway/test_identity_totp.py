"""Signing in with an authenticator: codes work once, wrong ones are counted, nothing goes round them."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import func, select, text, update

from chassis.testing import announced, eventually
from gateway.identity.proofs import Attempt, RecoveryCode, Totp
from tests.gateway.conftest import PASSWORD, WRITE, add_user, reason, sign_in
from tests.gateway.test_identity_links import NEW, complete, dump, reset_link

STEP = 30


@pytest.fixture(autouse=True)
def _early_in_a_step():
    """Codes do not change while a test looks at its clock."""
    with time_machine.travel((time.time() // STEP + 1) * STEP + 1):
        yield


class Authenticator:
    """What somebody has on his phone, and the recovery codes on paper."""

    def __init__(self, client):
        self.client = client
        started = client.post("/v1/users/me:startTotp", headers=WRITE).json
        self.uri, self.codes = started["uri"], pyotp.TOTP(started["secret"])
        self.secret = started["secret"]
        answer = self.enable(self.code(-1))
        assert answer.status_code == 200, answer.json
        self.recovery = answer.json["codes"]

    def code(self, steps=0):
        """The code that is shown now, or some half minutes away."""
        return self.codes.at(time.time() + steps * STEP)

    def enable(self, code):
        return self.client.post("/v1/users/me:enableTotp", json={"code": code, "password": PASSWORD}, headers=WRITE)


@pytest.fixture
def ada(app, owner):
    """A browser in which somebody has signed in who has an authenticator."""
    add_user(owner)
    client = sign_in(app)[0]
    client.phone = Authenticator(client)
    return client


def with_code(app, code, password=PASSWORD):
    client = app.test_client()
    return client.post("/v1/sessions", json={"email": "ada@example.com", "password": password, "totp": code})


def later(steps):
    return time_machine.travel(time.time() + steps * STEP)


def test_signing_in_takes_the_password_and_a_code(app, ada):
    assert reason(with_code(app, "")) == "TOTP_REQUIRED"
    assert with_code(app, "").status_code == 401
    assert with_code(app, ada.phone.code()).status_code == 200


def test_a_code_is_asked_for_only_after_the_right_password(app, ada):
    answers = [with_code(app, code, "a wrong password") for code in ("", ada.phone.code(), "000000")]

    assert {reason(answer) for answer in answers} == {"SIGN_IN_FAILED"}
    assert with_code(app, ada.phone.code()).status_code == 200


def test_asking_for_a_code_opens_nothing(app, ada):
    answer = with_code(app, "")

    assert "Set-Cookie" not in answer.headers
    assert "accessToken" not in answer.json


def test_asking_for_a_code_is_no_failure(app, ada):
    answers = [with_code(app, "") for _ in range(12)]

    assert {reason(answer) for answer in answers} == {"TOTP_REQUIRED"}


def spaced(code):
    return f" {code[:3]} {code[3:]}"


def test_a_code_is_good_once_however_it_is_written(app, ada):
    code = ada.phone.code()
    assert with_code(app, spaced(code)).status_code == 200

    assert reason(with_code(app, code)) == "TOTP_WRONG"
    assert reason(with_code(app, spaced(code))) == "TOTP_WRONG"
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert reason(with_code(app, full_width)) == "TOTP_WRONG"


def test_the_code_that_switched_it_on_does_not_sign_in(app, ada):
    assert reason(with_code(app, ada.phone.code(-1))) == "TOTP_WRONG"


def test_a_code_before_the_last_one_used_is_refused(app, ada):
    assert with_code(app, ada.phone.code(1)).status_code == 200

    assert reason(with_code(app, ada.phone.code())) == "TOTP_WRONG"


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
def test_clocks_may_differ_by_half_a_minute(app, ada, steps, status):
    with later(4):
        assert with_code(app, ada.phone.code(steps)).status_code == status


def test_of_ten_who_show_the_same_code_one_gets_in(app, ada, identity):
    code = ada.phone.code()

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: with_code(app, code).status_code, range(5)))

    assert sorted(answers) == [200, 401, 401, 401, 401]


def test_guessing_codes_is_limited_even_for_who_knows_the_password(app, ada, identity):
    for _ in range(5):
        assert reason(with_code(app, "000000")) == "TOTP_WRONG"
    assert with_code(app, ada.phone.code()).status_code == 429
    assert reason(with_code(app, ada.phone.recovery[0])) == "TOO_MANY_ATTEMPTS"
    assert ada.get("/v1/users/me").status_code == 200

    with identity.engine.begin() as connection:
        connection.execute(update(Attempt).values(time=func.now() - timedelta(minutes=6)))

    assert with_code(app, ada.phone.code()).status_code == 200


@pytest.mark.parametrize(("many", "ago"), [(20, timedelta(minutes=30)), (50, timedelta(hours=20))])
def test_patient_guessing_is_limited_too(app, ada, identity, many, ago):
    with_code(app, "000000")
    with identity.engine.begin() as connection:
        one = connection.execute(select(Attempt.account, Attempt.network).where(Attempt.kind == "TOTP")).one()
        rows = [{"kind": "TOTP", "account": one.account, "network": one.network} for _ in range(many - 1)]
        connection.execute(Attempt.__table__.insert().values(time=func.now() - ago), rows)

    assert with_code(app, ada.phone.code()).status_code == 429


def test_a_recovery_code_signs_in_once(app, ada):
    assert len(set(ada.phone.recovery)) == 10
    code = ada.phone.recovery[3]

    assert with_code(app, code.upper().replace("-", " ")).status_code == 200

    assert reason(with_code(app, code)) == "TOTP_WRONG"
    assert ada.get("/v1/users/me:totp").json == {"enabled": True, "recoveryCodesLeft": 9}


def test_new_recovery_codes_end_the_old_ones(app, ada):
    call = {"json": {"code": ada.phone.code()}, "headers": WRITE}
    fresh = ada.post("/v1/users/me:renewRecoveryCodes", **call).json["codes"]

    assert reason(with_code(app, ada.phone.recovery[0])) == "TOTP_WRONG"
    assert with_code(app, fresh[0]).status_code == 200


def test_recovery_codes_of_another_are_worth_nothing(app, owner, ada):
    codes = Authenticator(owner).recovery

    assert reason(with_code(app, codes[0])) == "TOTP_WRONG"


def test_the_database_holds_neither_secret_nor_codes(ada, identity):
    kept = dump(identity)

    assert ada.phone.secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in ada.phone.recovery)


def test_a_sealed_secret_is_good_for_its_owner_only(app, owner, ada, identity):
    other = Authenticator(owner)
    with identity.engine.begin() as connection:
        stolen = connection.execute(select(Totp.sealed).where(Totp.user_id == 1)).scalar()
        connection.execute(update(Totp).where(Totp.user_id == 2).values(sealed=stolen))

    assert with_code(app, other.code(1)).status_code != 200


def test_a_password_reset_does_not_go_round_the_code(app, owner, ada):
    complete(app, reset_link(owner, {"name": "users/2"}))

    assert reason(with_code(app, "", NEW)) == "TOTP_REQUIRED"
    assert with_code(app, ada.phone.code(), NEW).status_code == 200


def test_switching_it_on_ends_other_sessions_and_is_announced(app, owner, identity):
    add_user(owner)
    here, there = sign_in(app)[0], sign_in(app)[0]

    Authenticator(here)

    assert (here.get("/v1/users/me").status_code, there.get("/v1/users/me").status_code) == (200, 401)
    assert here.get("/v1/users/me").json["totpEnabled"] is True
    event = announced(identity)[-1][1]
    assert ([*event.changed.paths], event.user.totp_enabled) == (["totp_enabled"], True)


def test_nothing_changes_before_a_code_was_given(app, owner):
    add_user(owner)
    ada = sign_in(app)[0]
    ada.post("/v1/users/me:startTotp", headers=WRITE)
    wrong = ada.post("/v1/users/me:enableTotp", json={"code": "000000", "password": PASSWORD}, headers=WRITE)

    assert (wrong.status_code, reason(wrong)) == (403, "TOTP_WRONG")
    assert sign_in(app)[1].status_code == 200


def test_a_secret_is_replaced_only_when_the_present_one_is_switched_off(ada):
    assert reason(ada.post("/v1/users/me:startTotp", headers=WRITE)) == "TOTP_ENABLED"
    assert reason(ada.phone.enable(ada.phone.code())) == "TOTP_NOT_STARTED"


def test_switching_it_off_takes_the_password_and_a_code(app, ada):
    def switch_off(password, code):
        return ada.post("/v1/users/me:disableTotp", json={"password": password, "code": code}, headers=WRITE)

    assert reason(switch_off("a wrong password", ada.phone.code())) == "PASSWORD_WRONG"
    assert reason(switch_off(PASSWORD, "000000")) == "TOTP_WRONG"
    assert switch_off(PASSWORD, ada.phone.code()).status_code == 200
    assert sign_in(app)[1].status_code == 200
    assert reason(switch_off(PASSWORD, ada.phone.code(1))) == "TOTP_NOT_ENABLED"


def test_administrators_take_it_off_who_lost_it(app, owner, ada, identity):
    removed = owner.post("/v1/users/2:removeTotp", headers=WRITE)

    assert removed.json["totpEnabled"] is False
    assert sign_in(app)[1].status_code == 200
    assert ada.get("/v1/users/me").status_code == 401
    with identity.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(RecoveryCode)).scalar() == 0


def test_nobody_takes_off_the_owners_nor_his_own_without_a_code(app, owner):
    add_user(owner, role="PORTAL_ADMIN")
    admin = sign_in(app)[0]
    Authenticator(owner)
    Authenticator(admin)

    assert reason(admin.post("/v1/users/1:removeTotp", headers=WRITE)) == "OWNER_PROTECTED"
    assert reason(admin.post("/v1/users/2:removeTotp", headers=WRITE)) == "TOTP_CODE_REQUIRED"
    assert reason(owner.post("/v1/users/1:removeTotp", headers=WRITE)) == "TOTP_CODE_REQUIRED"


def test_only_administrators_see_who_else_has_one(app, owner, ada):
    add_user(owner, "bob@example.com")
    bob = sign_in(app, "bob@example.com")[0]

    assert owner.get("/v1/users/2").json["totpEnabled"] is True
    assert bob.get("/v1/users/2").json["totpEnabled"] is False
    assert reason(bob.post("/v1/users/2:removeTotp", headers=WRITE)) == "PORTAL_ADMIN_REQUIRED"


def test_the_address_for_the_qr_code_names_portal_and_person(ada):
    uri = ada.phone.uri

    assert uri.startswith("otpauth://totp/Rapport:ada%40example.com?")
    assert "issuer=Rapport" in uri


def test_another_secret_key_is_said_to_be_the_reason_and_recovery_codes_work(app, owner, ada, identity, monkeypatch):
    monkeypatch.setattr(identity.settings, "secret_key", b"another one, after a restore gone wrong")

    answer = with_code(app, ada.phone.code())

    assert (answer.status_code, reason(answer)) == (400, "SECRET_UNREADABLE")
    assert with_code(app, ada.phone.recovery[0]).status_code == 200


def test_a_password_reset_gives_no_more_guesses_at_codes(app, owner, ada):
    for _ in range(5):
        with_code(app, "000000")
    complete(app, reset_link(owner, {"name": "users/2"}))

    assert reason(with_code(app, ada.phone.code(), NEW)) == "TOO_MANY_ATTEMPTS"


def test_who_waits_for_the_user_holds_no_authenticator(app, owner, ada, identity):
    """Signing in locks the user first, then the authenticator; the other way round two would wait for ever."""
    code = {"code": ada.phone.recovery[0]}
    with ThreadPoolExecutor(2) as pool, identity.engine.begin() as signing_in:
        signing_in.execute(text('SELECT FROM "user" FOR UPDATE'))
        started = pool.submit(lambda: owner.post("/v1/users/me:startTotp", headers=WRITE))
        renewed = pool.submit(lambda: ada.post("/v1/users/me:renewRecoveryCodes", json=code, headers=WRITE))
        eventually(lambda: waiting_for_locks(identity) == 2)
        signing_in.execute(text("SELECT FROM totp FOR UPDATE NOWAIT"))
        signing_in.commit()

    assert (started.result().status_code, renewed.result().status_code) == (200, 200)


def waiting_for_locks(identity):
    with identity.reading.connect() as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        return connection.execute(text(asked)).scalar()


def test_an_open_session_is_not_enough_to_switch_it_on(app, owner):
    secret = owner.post("/v1/users/me:startTotp", headers=WRITE).json["secret"]
    body = {"code": pyotp.TOTP(secret).now(), "password": "not the right one"}

    answer = owner.post("/v1/users/me:enableTotp", json=body, headers=WRITE)

    assert (answer.status_code, reason(answer)) == (403, "PASSWORD_WRONG")
    assert owner.get("/v1/users/me:totp").json["enabled"] is False
