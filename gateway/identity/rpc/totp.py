"""Authenticators: a second proof besides the password."""

from crm.identity.v1 import domain_events_pb2 as events
from crm.identity.v1 import identity_pb2 as pb
from google.protobuf.empty_pb2 import Empty
from sqlalchemy import func, select

from chassis.errors import PermissionDenied
from chassis.wiring import own_transactions
from gateway.identity import announcing, outgoing, passwords, totp
from gateway.identity.model import Role, User, require_session
from gateway.identity.people import changed, end_sessions, me
from gateway.identity.proofs import RecoveryCode, Totp
from gateway.identity.signing_in import prove_again


def get_totp(request, tx):
    """Returns whether the caller signs in with codes too."""
    found = tx.session.get(Totp, me(tx))
    left = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == me(tx))
    return pb.Totp(enabled=bool(found and found.enabled), recovery_codes_left=tx.session.execute(left).scalar())


def start_totp(request, tx):
    """Makes a secret; nothing else changes yet."""
    require_session(tx.actor)
    user = tx.get(User, tx.actor.user, lock=True)
    secret, uri = totp.start(tx, user)
    announcing.about(tx, events.TotpStarted(user=user.name), user)
    return pb.StartTotpResponse(secret=secret, uri=uri)


@own_transactions
@passwords.in_turn()
def enable_totp(request, begin):
    """Asks for codes from now on, once the caller has shown his password and that he can give one."""
    _caller(begin)
    user = prove_again(begin, request.password)

    def enable(tx, authenticator):
        _switch(tx, authenticator, on=True)
        return pb.RecoveryCodes(codes=totp.new_recovery_codes(tx, user))

    return totp.with_code(begin, user, request.code, enable, enabled=False)


@own_transactions
@passwords.in_turn()
def disable_totp(request, begin):
    """Asks for codes no longer, by the password and a code."""
    _caller(begin)
    user = prove_again(begin, request.password)

    def disable(tx, authenticator):
        _switch(tx, authenticator, on=False)
        return Empty()

    return totp.with_code(begin, user, request.code, disable)


@own_transactions
def renew_recovery_codes(request, begin):
    """Makes new recovery codes, by a code."""
    user = _caller(begin)

    def renew(tx, _):
        announcing.about(tx, events.RecoveryCodesRenewed(user=user.name), user)
        return pb.RecoveryCodes(codes=totp.new_recovery_codes(tx, user))

    return totp.with_code(begin, user, request.code, renew)


def remove_totp(request, tx):
    """Has somebody who lost the authenticator sign in without codes again."""
    tx.actor.require_portal_admin()
    user = tx.get(User, request.name, lock=True)
    if user.name == tx.actor.user:
        raise PermissionDenied("switch off your own with your password and a code", "TOTP_CODE_REQUIRED")
    if user.role == Role.OWNER:
        raise PermissionDenied("only the owner changes how the owner signs in", "OWNER_PROTECTED")
    return _switch(tx, totp.of(tx, user, enabled=True), on=False)


def _caller(begin):
    with begin() as tx:
        require_session(tx.actor)
        return tx.get(User, tx.actor.user)


def _switch(tx, authenticator, *, on):
    """Asks a user for codes, or no longer; sessions that were opened the other way end."""
    user = tx.get(User, f"users/{authenticator.user_id}", lock=True)
    before = tx.message(user, pb.User)
    if on:
        authenticator.enabled = True
    else:
        tx.session.delete(authenticator)
        totp.forget_recovery_codes(tx, user)
    end_sessions(tx, user)
    outgoing.notice(tx, user, "TOTP_ENABLED" if on else "TOTP_DISABLED")
    return changed(tx, user, before, "totp_enabled")
