"""Signing in by another provider."""

from crm.identity.v1 import domain_events_pb2 as events
from sqlalchemy import select

from chassis.errors import PermissionDenied
from chassis.identity import Actor
from gateway.identity import announcing, links, outgoing, signing_in, totp
from gateway.identity.model import Portal, Role, State, User
from gateway.identity.people import PORTAL, changed, pb, unless_email_taken, users
from gateway.identity.proofs import ProvenElsewhere


def sign_in_by_provider(request, tx):
    """Signs in whom another provider has proven, by a code too if he has an authenticator."""
    known = tx.session.get(ProvenElsewhere, (request.issuer, request.subject))
    user = _locked(tx, User.id == known.user_id) if known else _linked(tx, request)
    signing_in.require_active(user)
    if known is None and user.name == request.user:
        # He has a session, for which he gave all that is asked for.
        return pb.SignInByProviderResponse(user=tx.message(user, pb.User))
    if totp.refusal(tx, user, request.totp):
        return pb.SignInByProviderResponse(totp_required=True)
    made = signing_in.signed_in(tx, user)
    return pb.SignInByProviderResponse(user=made.user, access_token=made.access_token)


def _linked(tx, request):
    """The user with the address that the provider has verified, or a new one; known by his number there from now on."""
    same = signing_in.user_of(tx, request.email) if request.email else None
    user = _locked(tx, User.id == same.id) if same else _signed_up(tx, request)
    tx.actor = Actor(user=user.name, role=user.role)
    of_this_issuer = (ProvenElsewhere.user_id == user.id) & (ProvenElsewhere.issuer == request.issuer)
    if tx.session.execute(select(ProvenElsewhere.subject).where(of_this_issuer)).first():
        raise _unknown()
    if same and user.state == State.ACTIVE:
        _require_session_of(tx, user, request)
    tx.session.add(ProvenElsewhere(issuer=request.issuer, subject=request.subject, user_id=user.id))
    linked = events.ProviderLinked(user=user.name, issuer=request.issuer)
    announcing.about(tx, linked, user, ("issuer", None, request.issuer))
    if user.state == State.INVITED:
        before = tx.message(user, pb.User)
        user.joined, user.state = True, State.ACTIVE
        links.forget(tx, user.id)
        changed(tx, user, before, "state")
    return user


def _require_session_of(tx, user, request):
    """Refuses unless he himself wants that: whoever runs the provider, or gets the address there, is not him."""
    if user.name != request.user:
        raise PermissionDenied("sign in with your password, then link the two in your profile", "OIDC_LINK_FIRST")
    outgoing.notice(tx, user, "PROVIDER_LINKED", title=request.issuer)


def _locked(tx, condition):
    return tx.session.execute(select(User).where(condition).with_for_update()).scalar_one()


def _signed_up(tx, request):
    """Adds somebody whom nobody invited, if the operator wants that."""
    if not (tx.service.settings.oidc_sign_up and request.email):
        raise _unknown()
    portal = tx.session.get(Portal, PORTAL)
    name = request.display_name or request.email.partition("@")[0]
    user = User(email=request.email, display_name=name, role=Role.USER, joined=True)
    user.language, user.time_zone = portal.language, portal.time_zone
    user.check()
    with unless_email_taken(tx, request.email):
        tx.add(user)
        users.announce("Created", user, tx)
    return _locked(tx, User.id == user.id)


def _unknown():
    return PermissionDenied("nobody here has that account; ask for an invitation", "OIDC_UNKNOWN_USER")
