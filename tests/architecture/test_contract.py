"""The contract is the program's index: what stands in it exists, and what exists stands in it."""

import ast
import importlib
import re
from pathlib import Path

import pytest
from crm.contacts.v1 import domain_events_pb2 as contacts_events
from crm.type.v1 import options_pb2
from google.api import annotations_pb2, resource_pb2
from google.protobuf import descriptor_pb2

from chassis.tx import subject_of
from deploy.processes import packages

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = [
    importlib.import_module(".".join(path.relative_to(ROOT / "proto").with_suffix("").parts) + "_pb2")
    for name in packages()
    for path in sorted((ROOT / "proto/crm" / name).rglob("*.proto"))
    if path.stem != "domain_events"
]
# The audit announces nothing.
EVENTS = [importlib.import_module(f"crm.{name}.v1.domain_events_pb2") for name in packages() if name != "audit"]
METHODS = [
    method
    for contract in CONTRACTS
    for service in contract.DESCRIPTOR.services_by_name.values()
    for method in service.methods
]
RESOURCES = [
    message
    for contract in CONTRACTS
    for message in contract.DESCRIPTOR.message_types_by_name.values()
    if message.GetOptions().Extensions[resource_pb2.resource].type
]
ROUTED = [method for method in METHODS if not method.GetOptions().Extensions[options_pb2.internal]]
PAST = re.compile(r"(ed|Sent|Lost|Won|Paid|Made|Read|Over)$")


def sources():
    """What the services and the gateway are made of, as one text."""
    return "\n".join(
        path.read_text("utf-8")
        for folder in ("services", "gateway", "chassis")
        for path in (ROOT / folder).rglob("*.py")
    )


@pytest.mark.parametrize("method", ROUTED, ids=lambda method: method.name)
def test_every_rpc_has_a_route_of_its_own_under_v1(method):
    rule = method.GetOptions().Extensions[annotations_pb2.http]
    pattern = getattr(rule, rule.WhichOneof("pattern") or "get")

    assert pattern.startswith("/v1/")


def test_no_two_rpcs_share_a_route():
    routes = []
    for method in ROUTED:
        rule = method.GetOptions().Extensions[annotations_pb2.http]
        verb = rule.WhichOneof("pattern")
        routes.append((verb, re.sub(r"\w[\w.]*=", "=", getattr(rule, verb))))

    assert len(set(routes)) == len(routes)


def test_every_declaration_has_a_comment():
    image = descriptor_pb2.FileDescriptorSet.FromString((ROOT / "gen" / "crm.binpb").read_bytes())
    silent = []
    for file in image.file:
        if not file.name.startswith("crm/"):
            continue
        commented = {tuple(place.path) for place in file.source_code_info.location if place.leading_comments.strip()}
        silent += [f"{file.name}: {m.name}" for i, m in enumerate(file.message_type) if (4, i) not in commented]
        silent += [
            f"{file.name}: {method.name}"
            for i, service in enumerate(file.service)
            for j, method in enumerate(service.method)
            if (6, i, 2, j) not in commented
        ]

    assert silent == []


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda message: message.name)
def test_a_resource_has_a_name_and_a_camel_case_plural(resource):
    described = resource.GetOptions().Extensions[resource_pb2.resource]

    assert "name" in resource.fields_by_name
    assert re.fullmatch(r"[a-z][A-Za-z]*s", described.plural)
    assert "/" not in described.pattern[0] or described.pattern[0].startswith(described.plural + "/")


@pytest.mark.parametrize("method", [m for m in METHODS if m.name.startswith("List")], ids=lambda method: method.name)
def test_lists_are_paged_and_bounded(method):
    asked, answered = method.input_type.fields_by_name, method.output_type.fields_by_name

    assert {"page_size", "page_token"} <= set(asked)
    assert "next_page_token" in answered


@pytest.mark.parametrize("method", [m for m in METHODS if m.name.startswith("Update")], ids=lambda method: method.name)
def test_updates_have_a_mask(method):
    assert "update_mask" in method.input_type.fields_by_name


@pytest.mark.parametrize(
    "event", [e for events in EVENTS for e in events.DESCRIPTOR.message_types_by_name.values()], ids=lambda e: e.name
)
def test_an_event_is_something_that_happened_and_somebody_announces_it(event):
    standard = re.fullmatch(r"[A-Z][A-Za-z]*?(Created|Updated|Deleted)", event.name)

    assert PAST.search(event.name)
    assert standard or re.search(rf"\b{event.name}\(", sources()), f"nobody announces {event.name}"


def test_subjects_follow_from_the_names_of_events():
    assert subject_of(contacts_events.ContactDeletionRequested.DESCRIPTOR) == "crm.contacts.contact_deletion_requested"


def test_no_service_selects_records_past_their_access_rule():
    """A bare select of a model with a rule of its own is for handlers and jobs, which act as the service."""
    guarded = {"Contact", "Invoice"}
    bare = []
    for path in (ROOT / "services").rglob("rpc.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_select = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "select"
            if is_select and any(isinstance(arg, ast.Name) and arg.id in guarded for arg in node.args):
                bare.append(f"{path.relative_to(ROOT)}:{node.lineno}")

    assert bare == []
