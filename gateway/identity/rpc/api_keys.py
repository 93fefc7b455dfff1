"""API keys."""

from crm.identity.v1 import identity_pb2 as pb
from google.protobuf.empty_pb2 import Empty

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
    secret = credentials.new_secret(credentials.API_KEY_PREFIX)
    row = ApiKey(user_id=me(tx), digest=credentials.digest(secret), title=request.api_key.title, create_time=tx.now)
    tx.session.add(row)
    outgoing.notice(tx, tx.get(User, tx.actor.user), "API_KEY_CREATED", title=row.title)
    tx.flush()
    return _api_key(row, secret)


def delete_api_key(request, tx):
    """Revokes one of the caller's own API keys."""
    delete_own(tx, ApiKey, "apiKeys", request.name)
    return Empty()


def _api_key(row, secret=""):
    used = {"last_use_time": row.last_use_time} if row.last_use_time else {}
    return pb.ApiKey(name=f"apiKeys/{row.id}", create_time=row.create_time, title=row.title, secret=secret, **used)
