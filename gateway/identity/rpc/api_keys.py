"""API keys."""

from datetime import UTC

from crm.identity.v1 import identity_pb2 as pb
from google.protobuf.empty_pb2 import Empty

from chassis.errors import InvalidArgument
from chassis.wiring import own_transactions
from gateway import contract
from gateway.identity import announcing, credentials, outgoing, passwords
from gateway.identity.model import User, require_session
from gateway.identity.pages import delete_one, page
from gateway.identity.people import me
from gateway.identity.proofs import ApiKey
from gateway.identity.signing_in import prove_again


def list_api_keys(request, tx):
    """Lists somebody's API keys, the newest first."""
    rows, token = page(tx, ApiKey, request)
    return pb.ListApiKeysResponse(api_keys=[announcing.api_key(row) for row in rows], next_page_token=token)


@own_transactions
@passwords.in_turn()
def create_api_key(request, begin):
    """Makes an API key that acts as the caller, who shows his password; its secret is in this answer only."""
    with begin() as tx:
        require_session(tx.actor)
        _require_sense(request.api_key, tx.now)
    prove_again(begin, request.api_key.password)
    secret, wanted = credentials.new_secret(credentials.API_KEY_PREFIX), request.api_key
    with begin() as tx:
        row = ApiKey(
            user_id=me(tx),
            digest=credentials.digest(secret),
            title=wanted.title,
            scopes=[*wanted.scopes],
            expire_time=wanted.expire_time.ToDatetime(UTC) if wanted.HasField("expire_time") else None,
            create_time=tx.now,
        )
        tx.session.add(row)
        tx.flush()
        outgoing.notice(tx, tx.get(User, tx.actor.user), "API_KEY_CREATED", title=row.title)
        announcing.api_key_created(tx, row)
        return announcing.api_key(row, secret)


def delete_api_key(request, tx):
    """Revokes an API key."""
    announcing.api_keys_deleted(tx, [delete_one(tx, ApiKey, "apiKeys", request.name)])
    return Empty()


def _require_sense(wanted, now):
    """Refuses a scope of a service that there is not, and a key that has ended before it begins."""
    known = contract.services()
    for scope in wanted.scopes:
        service = scope.rpartition(".")[0]
        if service and service not in known:
            raise InvalidArgument("there is no scope {scope}", "UNKNOWN_SCOPE", field="scopes", scope=scope)
    alone = credentials.CALENDAR
    if alone in wanted.scopes and len(wanted.scopes) > 1:
        raise InvalidArgument("the scope {scope} stands alone", "SCOPE_ALONE", field="scopes", scope=alone)
    if wanted.HasField("expire_time") and wanted.expire_time.ToDatetime(UTC) <= now:
        raise InvalidArgument("it has passed already", "EXPIRE_TIME_PAST", field="expire_time")
