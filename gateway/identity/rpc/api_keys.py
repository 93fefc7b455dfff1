"""API keys."""

from datetime import UTC

from crm.identity.v1 import identity_pb2 as pb
from google.protobuf.empty_pb2 import Empty

from chassis.errors import InvalidArgument
from gateway import contract
from gateway.identity import credentials, outgoing
from gateway.identity.model import User, require_session
from gateway.identity.pages import delete_own, page
from gateway.identity.people import me
from gateway.identity.proofs import ApiKey


def list_api_keys(request, tx):
    """Lists the caller's own API keys, the newest first."""
    rows, token = page(tx, ApiKey, request)
    return pb.ListApiKeysResponse(api_keys=[_api_key(row) for row in rows], next_page_token=token)


def create_api_key(request, tx):
    """Makes an API key that acts as the caller; its secret is in this answer only."""
    require_session(tx.actor)
    secret, wanted = credentials.new_secret(credentials.API_KEY_PREFIX), request.api_key
    row = ApiKey(
        user_id=me(tx),
        digest=credentials.digest(secret),
        title=wanted.title,
        scopes=[*wanted.scopes],
        expire_time=wanted.expire_time.ToDatetime(UTC) if wanted.HasField("expire_time") else None,
        create_time=tx.now,
    )
    _require_sense(row, tx.now)
    tx.session.add(row)
    outgoing.notice(tx, tx.get(User, tx.actor.user), "API_KEY_CREATED", title=row.title)
    tx.flush()
    return _api_key(row, secret)


def delete_api_key(request, tx):
    """Revokes one of the caller's own API keys."""
    delete_own(tx, ApiKey, "apiKeys", request.name)
    return Empty()


def _require_sense(row, now):
    """Refuses a scope of a service that there is not, and a key that has ended before it begins."""
    known = contract.services()
    for scope in row.scopes:
        service = scope.rpartition(".")[0]
        if service and service not in known:
            raise InvalidArgument("there is no scope {scope}", "UNKNOWN_SCOPE", field="scopes", scope=scope)
    if row.expire_time and row.expire_time <= now:
        raise InvalidArgument("it has passed already", "EXPIRE_TIME_PAST", field="expire_time")


def _api_key(row, secret=""):
    times = {name: getattr(row, name) for name in ("last_use_time", "expire_time") if getattr(row, name)}
    return pb.ApiKey(
        name=f"apiKeys/{row.id}",
        create_time=row.create_time,
        title=row.title,
        scopes=row.scopes,
        secret=secret,
        **times,
    )
