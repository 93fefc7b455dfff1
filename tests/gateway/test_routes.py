"""Paths find the RPC that the contract means."""

from types import SimpleNamespace

import pytest
from google.api import annotations_pb2, http_pb2
from google.protobuf import descriptor_pb2

from gateway import contract
from gateway.routes import Table, routes_of


def service(*rules):
    """A service with one RPC per http rule."""
    methods = []
    for number, rule in enumerate(rules):
        options = descriptor_pb2.MethodOptions()
        options.Extensions[annotations_pb2.http].CopyFrom(rule)
        methods.append(SimpleNamespace(name=f"R{number}", full_name=f"S.R{number}", GetOptions=lambda o=options: o))
    return {"things": [SimpleNamespace(methods=methods)]}


def get(template, **more):
    return http_pb2.HttpRule(get=template, **more)


@pytest.fixture(scope="module")
def table():
    return Table(routes_of(contract.services()))


def test_a_resource_path_gives_its_name(table):
    route, values = table.find("GET", "/v1/contacts/17")

    assert (route.method.name, route.fields, values) == ("GetContact", ["name"], ("contacts/17",))


def test_a_nested_field_may_hold_the_name(table):
    route, values = table.find("PATCH", "/v1/contacts/17")

    assert (route.fields, values) == (["contact.name"], ("contacts/17",))


def test_a_path_with_other_verbs_names_them(table):
    route, allowed = table.find("PUT", "/v1/contacts/17")

    assert route is None
    assert set(allowed) == {"GET", "PATCH", "DELETE"}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/contacts/",
        "/v1//contacts",
        "/v1/contacts/17/",
        "/v1/contacts/1/2",
        "/v1/contacts/17:x",
        "/v1/Contacts",
        "/v1",
    ],
)
def test_only_canonical_paths_are_known(table, path):
    assert table.find("GET", path) == (None, [])


def test_literal_paths_come_before_variables():
    table = Table(routes_of(service(get("/v1/{name=things/*}"), get("/v1/things/mine"))))

    assert table.find("GET", "/v1/things/mine")[0].method.name == "R1"


def test_a_verb_after_the_colon_is_not_part_of_the_name():
    table = Table(routes_of(service(get("/v1/{name=things/*}"), get("/v1/{name=things/*}:weigh"))))

    route, values = table.find("GET", "/v1/things/3:weigh")

    assert (route.method.name, values) == ("R1", ("things/3",))


def test_an_additional_binding_is_a_route_to_the_same_rpc():
    rule = get("/v1/{parent=boxes/*}/things", additional_bindings=[get("/v1/things")])
    table = Table(routes_of(service(rule)))

    assert table.find("GET", "/v1/things")[0].method.name == "R0"
    assert table.find("GET", "/v1/boxes/2/things")[1] == ("boxes/2",)


def test_two_routes_that_no_request_could_tell_apart_are_refused():
    with pytest.raises(ValueError, match="means both"):
        routes_of(service(get("/v1/{name=things/*}"), get("/v1/{thing=things/*}")))


def test_an_rpc_without_a_route_is_refused():
    with pytest.raises(ValueError, match="has no google"):
        routes_of(service(http_pb2.HttpRule()))


def test_what_is_for_services_only_has_no_route():
    internal = [method.name for method in contract.services()["notifications"][0].methods if method.name == "QueueMail"]

    assert internal == ["QueueMail"]
    assert not [route for route in routes_of(contract.services()) if route.method.name in internal]
