"""What identity announces of how people prove who they are, for their own pages and the audit: never a secret."""

from crm.identity.v1 import domain_events_pb2 as events
from crm.identity.v1 import identity_pb2 as pb

# As whom somebody signs in who is not here. What he typed is not kept: it may be a password.
NOBODY = "users/0"


def about(tx, event, user, *changes):
    """Announces what happened to a user's account, besides changes of the user."""
    tx.announce(event, user.name, user.etag, [user.name], user.label(), changes)


def sign_in_failed(tx, user):
    """Announces that somebody tried to sign in as a user, or (None) as nobody that there is."""
    event = events.SignInFailed(user=user.name if user else "")
    tx.announce(event, user.name if user else NOBODY, "", [], user.label() if user else "")


def session_created(tx, row):
    """Announces that somebody signed in."""
    _of(tx, row, events.SessionCreated(session=session(row), user=_owner(row)), ())


def sessions_deleted(tx, rows):
    """Announces that sessions were ended."""
    for row in rows:
        event = events.SessionDeleted(session=pb.Session(name=row.name), user=_owner(row))
        _of(tx, row, event, [("user", _owner(row), None)])


def api_key_created(tx, row):
    """Announces that somebody made an API key."""
    _of(tx, row, events.ApiKeyCreated(api_key=api_key(row), user=_owner(row)), ())


def api_keys_deleted(tx, rows):
    """Announces that API keys were revoked."""
    for row in rows:
        event = events.ApiKeyDeleted(api_key=pb.ApiKey(name=row.name), user=_owner(row))
        _of(tx, row, event, [("user", _owner(row), None)])


def _of(tx, row, event, changes):
    tx.announce(event, row.name, "", [_owner(row)], row.label(), changes)


def _owner(row):
    return f"users/{row.user_id}"


def session(row, current=""):
    """The message of a session; `current` is the name of the one that asks."""
    return pb.Session(
        name=row.name,
        create_time=row.create_time,
        last_use_time=row.last_use_time,
        expire_time=row.expire_time,
        user_agent=row.user_agent,
        address=row.address,
        current=row.name == current,
    )


def api_key(row, secret=""):
    """The message of an API key, with its secret for whoever made it just now."""
    times = {name: getattr(row, name) for name in ("last_use_time", "expire_time") if getattr(row, name)}
    return pb.ApiKey(
        name=row.name, create_time=row.create_time, title=row.title, scopes=row.scopes, secret=secret, **times
    )
