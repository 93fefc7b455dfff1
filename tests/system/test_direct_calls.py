"""What reaches a service past the gateway: only who shows a token of his own is answered."""

import grpc
import pytest
from crm.contacts.v1 import contacts_pb2 as pb

from chassis.identity import Actor, Signer
from chassis.rpc import Client
from chassis.testing import ADA

pytestmark = pytest.mark.system
SERVICE = pb.DESCRIPTOR.services_by_name["ContactsService"]


def call(cluster, *metadata):
    """Lists contacts with this metadata."""
    client = Client(f"127.0.0.1:{cluster.ports['contacts']}")
    try:
        return client.call(
            SERVICE.methods_by_name["ListContacts"], pb.ListContactsRequest(), timeout=5, metadata=metadata
        )
    finally:
        client.close()


@pytest.mark.parametrize(
    "metadata",
    [
        (),
        (("authorization", ""),),
        (("authorization", "Bearer x"),),
        (("x-user-id", "users/1"), ("x-role", "OWNER")),
    ],
)
def test_who_shows_no_token_is_nobody(cluster, metadata):
    with pytest.raises(grpc.RpcError) as caught:
        call(cluster, *metadata)

    assert caught.value.code() == grpc.StatusCode.UNAUTHENTICATED


def test_a_service_cannot_ask_as_a_user(cluster, key_folder):
    forged = Signer(key_folder / "services-invoicing.json").token(ADA)

    with pytest.raises(grpc.RpcError) as caught:
        call(cluster, ("authorization", forged))

    assert caught.value.code() == grpc.StatusCode.UNAUTHENTICATED


def test_a_service_may_ask_as_itself(cluster, key_folder):
    token = Signer(key_folder / "services-invoicing.json").token(Actor(service="services/invoicing"))

    assert call(cluster, ("authorization", token)).total_size == 0
