"""Codes of an authenticator (RFC 6238), and those to recover with. Each works once, and wrong ones are counted."""

import hashlib
import hmac
import secrets

import pyotp
from sqlalchemy import delete, insert

from chassis import sealing
from chassis.errors import FailedPrecondition, PermissionDenied, Unauthenticated
from gateway.identity import attempts
from gateway.identity.model import Portal, User
from gateway.identity.people import PORTAL
from gateway.identity.proofs import RecoveryCode, Totp

STEP = 30
DIGITS = 6
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def of(tx, user, *, enabled):
    """The authenticator of a user, to change it. Refuses with TOTP_NOT_ENABLED or TOTP_NOT_STARTED.

    Its user is locked before, everywhere: two who wait for each other would wait for ever.
    """
    found = tx.session.get(Totp, user.id, with_for_update=True)
    if enabled and not (found and found.enabled):
        raise FailedPrecondition("no authenticator is asked for", "TOTP_NOT_ENABLED")
    if not enabled and (found is None or found.enabled):
        raise FailedPrecondition("start with a new secret", "TOTP_NOT_STARTED")
    return found


def start(tx, user):
    """Makes a secret for a locked user's authenticator; returns it and the address that a QR code shows."""
    found = tx.session.get(Totp, user.id, with_for_update=True)
    if found and found.enabled:
        raise FailedPrecondition("switch off the present authenticator first", "TOTP_ENABLED")
    secret = pyotp.random_base32()
    tx.session.merge(Totp(user_id=user.id, sealed=sealing.seal(tx.service.settings, _purpose(user), secret)))
    issuer = tx.session.get(Portal, PORTAL).title or "Rapport"
    return secret, pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=issuer)


def new_recovery_codes(tx, user):
    """Makes recovery codes in place of those before; only their digests are kept."""
    codes = ["-".join(_letters(5) for _ in range(3)) for _ in range(RECOVERY_CODES)]
    forget_recovery_codes(tx, user)
    tx.session.execute(insert(RecoveryCode), [{"user_id": user.id, "digest": _digest(code)} for code in codes])
    return codes


def forget_recovery_codes(tx, user):
    """Has no recovery code of a user work any more."""
    tx.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def refusal(tx, user, code):
    """Why somebody whose password is right may not sign in yet, or None. The try is counted, so it must be kept."""
    found = tx.session.get(Totp, user.id, with_for_update=True)
    if found is None or not found.enabled:
        return None
    if not code.strip():
        return Unauthenticated("a code of your authenticator is needed", "TOTP_REQUIRED")
    return None if passes(tx, user, found, code) else Unauthenticated(*WRONG)


def with_code(begin, user, code, work, *, enabled=True):
    """Does `work(tx, authenticator)` if a code is right. A wrong one is counted, therefore refused outside."""
    with begin() as tx:
        user = tx.get(User, user.name, lock=True)
        found = of(tx, user, enabled=enabled)
        if passes(tx, user, found, code):
            return work(tx, found)
    raise PermissionDenied(*WRONG)


WRONG = ("the code is wrong or was used", "TOTP_WRONG")


def passes(tx, user, authenticator, code):
    """Whether a code is right; then it is used up. Refuses with TOO_MANY_ATTEMPTS."""
    attempt = attempts.count(tx, attempts.Kind.TOTP, user.email)
    plain = "".join(code.split()).replace("-", "").casefold()
    right = _spend_code(tx, user, authenticator, plain) or _spend_recovery_code(tx, user, plain)
    if right:
        attempts.forgive(tx, attempt)
    return right


def _spend_code(tx, user, authenticator, code):
    """Takes a code of this half minute, the one before or the one after, if it is later than the last one taken."""
    if not (code.isascii() and code.isdigit() and len(code) == DIGITS):
        return False
    made = pyotp.TOTP(sealing.unseal(tx.service.settings, _purpose(user), authenticator.sealed))
    now = int(tx.now.timestamp()) // STEP
    for step in (now - 1, now, now + 1):
        if step > authenticator.last_step and hmac.compare_digest(made.generate_otp(step), code):
            authenticator.last_step = step
            return True
    return False


def _spend_recovery_code(tx, user, code):
    mine = (RecoveryCode.user_id == user.id) & (RecoveryCode.digest == _digest(code))
    return tx.session.execute(delete(RecoveryCode).where(mine).returning(RecoveryCode.digest)).first() is not None


def _letters(count):
    return "".join(secrets.choice(LETTERS) for _ in range(count))


def _digest(code):
    return hashlib.sha256(code.replace("-", "").encode()).digest()


def _purpose(user):
    return f"totp of {user.name}"
