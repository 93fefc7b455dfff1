"""What may be asked of identity."""

from crm.identity.v1 import domain_events_pb2 as events
from crm.identity.v1 import identity_pb2 as pb
from google.protobuf.empty_pb2 import Empty
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from chassis.db import number
from chassis.errors import AlreadyExists, FailedPrecondition, PermissionDenied, no_such
from chassis.identity import Actor
from chassis.standard import Standard
from chassis.wiring import own_transactions
from gateway.identity import credentials, passwords, signing_in
from gateway.identity.model import ApiKey, Portal, Role, Session, User, is_portal_admin
from gateway.identity.pages import page

users = Standard(User, pb.User, events)
OWNER = 1


def get_portal(request, tx):
    """Returns what anybody may know; the currency is for those who have signed in."""
    portal = tx.session.get(Portal, OWNER)
    if portal is None:
        return pb.Portal(name="portal", language="en")
    currency = portal.currency_code if tx.actor.user else ""
    return pb.Portal(name="portal", set_up=True, language=portal.language, currency_code=currency)


def set_up_portal(request, tx):
    """Makes the portal and its owner, and signs him in; the one row of the portal can be made once."""
    row = {"id": OWNER, "language": request.language or "en", "currency_code": request.currency or "USD"}
    made = insert(Portal).values(row).on_conflict_do_nothing().returning(Portal.id)
    if tx.session.execute(made).first() is None:
        raise FailedPrecondition("the portal has been set up; sign in", "PORTAL_ALREADY_SET_UP")
    owner = User(
        email=request.email,
        display_name=request.display_name,
        role=Role.OWNER,
        language=row["language"],
        time_zone=request.time_zone,
    )
    owner.password = request.password
    owner.check()
    tx.add(owner)
    # He made himself; his number is known now that he is there.
    owner.creator = owner.name
    tx.session.execute(update(User).where(User.id == owner.id).values(creator=owner.creator))
    tx.actor = Actor(user=owner.name, role=Role.OWNER)
    users.announce("Created", owner, tx)
    secret = signing_in.open_session(tx, owner.id)
    return pb.CreateSessionResponse(user=tx.message(owner, pb.User), access_token=secret)


@own_transactions
def create_session(request, begin):
    """Signs somebody in. The password is looked at between two transactions: it takes long."""
    with begin() as tx:
        attempt = signing_in.attempt(tx, request.email)
        user = signing_in.user_of(tx, request.email)
    signing_in.prove(user, request.password)
    proved = user.password_hash
    fresh = passwords.hashed(request.password) if passwords.is_outdated(user.password_hash) else None
    with begin() as tx:
        user = tx.session.get(User, user.id, with_for_update=True)
        # While it was looked at, the password may have been changed, or the user be gone.
        signing_in.require_unchanged(user, proved)
        user.password_hash = fresh or user.password_hash
        secret = signing_in.succeed(tx, user.id, attempt)
        return pb.CreateSessionResponse(user=tx.message(user, pb.User), access_token=secret)


def list_sessions(request, tx):
    """Lists the caller's own sessions, the newest first."""
    rows, token = page(tx, Session, request)
    sessions = [_session(row, tx.actor) for row in rows]
    return pb.ListSessionsResponse(sessions=sessions, next_page_token=token)


def _session(row, actor):
    name = f"sessions/{row.id}"
    return pb.Session(
        name=name,
        create_time=row.create_time,
        last_use_time=row.last_use_time,
        expire_time=row.expire_time,
        user_agent=row.user_agent,
        current=name == actor.session,
    )


def delete_session(request, tx):
    """Signs out: this session, or another one of the caller's."""
    name = tx.actor.session if request.name == "sessions/current" else request.name
    _delete_own(tx, Session, "sessions", name)
    return Empty()


def get_user(request, tx):
    """Returns a user; `users/me` is the caller."""
    return tx.read(User, _named(request.name, tx), pb.User)


def create_user(request, tx):
    """Adds a user."""
    if not is_portal_admin(tx.actor):
        raise PermissionDenied("only administrators of the portal may do this", "PORTAL_ADMIN_REQUIRED")

    def complete(user):
        user.language = user.language or tx.session.get(Portal, OWNER).language
        user.require_owner_stays(None, {"role"})

    return _unless_taken(lambda: users.create(request, tx, complete), request.user.email)


def update_user(request, tx):
    """Changes a user; a new password, like being disabled, ends sessions."""
    request.user.name = _named(request.user.name, tx)
    before = tx.get(User, request.user.name, lock=True).role

    def complete(user, changed):
        user.require_change_by(tx.actor, changed)
        user.require_owner_stays(before, changed)
        if {"password", "state"} & set(changed):
            _end_sessions(tx, user)

    return _unless_taken(lambda: users.update(request, tx, complete), request.user.email)


def _end_sessions(tx, user):
    """Ends the sessions of a user, but for the one that asks for it."""
    current = number(tx.actor.session, "sessions")
    tx.session.execute(delete(Session).where(Session.user_id == user.id, Session.id.is_distinct_from(current)))


def _unless_taken(work, email):
    """Does `work`. Refuses with EMAIL_TAKEN if another user has the address."""
    try:
        return work()
    except IntegrityError as error:
        if "uq_user_email" not in str(error.orig):
            raise
        raise AlreadyExists("another user has the address {email}", "EMAIL_TAKEN", email=email) from error


def list_api_keys(request, tx):
    """Lists the caller's own API keys, the newest first."""
    rows, token = page(tx, ApiKey, request)
    return pb.ListApiKeysResponse(api_keys=[_api_key(row) for row in rows], next_page_token=token)


def create_api_key(request, tx):
    """Makes an API key that acts as the caller; its secret is in this answer only."""
    secret = credentials.new_secret(credentials.API_KEY_PREFIX)
    row = ApiKey(user_id=_me(tx), digest=credentials.digest(secret), title=request.api_key.title, create_time=tx.now)
    tx.session.add(row)
    tx.session.flush()
    return _api_key(row, secret)


def delete_api_key(request, tx):
    """Revokes one of the caller's own API keys."""
    _delete_own(tx, ApiKey, "apiKeys", request.name)
    return Empty()


def _api_key(row, secret=""):
    used = {"last_use_time": row.last_use_time} if row.last_use_time else {}
    return pb.ApiKey(name=f"apiKeys/{row.id}", create_time=row.create_time, title=row.title, secret=secret, **used)


def _delete_own(tx, model, collection, name):
    """Deletes a row of the caller's own; another's looks like none."""
    mine = select(model.id).where(model.id == number(name, collection), model.user_id == _me(tx))
    found = tx.session.execute(delete(model).where(model.id.in_(mine.with_for_update())).returning(model.id)).first()
    if found is None:
        raise no_such(name)


def _named(name, tx):
    return tx.actor.user if name == "users/me" else name


def _me(tx):
    return number(tx.actor.user, "users")
