"""JSON and messages: the same as json_format says, and refusals that name the field."""

import math

import orjson
import pytest
from crm.contacts.v1 import contacts_pb2
from crm.identity.v1 import identity_pb2
from google.protobuf import (  # noqa: F401
    descriptor_pb2,
    descriptor_pool,
    duration_pb2,
    field_mask_pb2,
    json_format,
    message_factory,
    struct_pb2,
    timestamp_pb2,
    wrappers_pb2,
)
from google.protobuf.descriptor import FieldDescriptor
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from chassis.errors import InvalidArgument
from chassis.testing import refused
from gateway import contract
from gateway.decoding import decode
from gateway.encoding import encode

PROTO = descriptor_pb2.FieldDescriptorProto
TYPES = (
    *(PROTO.TYPE_DOUBLE, PROTO.TYPE_FLOAT, PROTO.TYPE_INT64, PROTO.TYPE_UINT64, PROTO.TYPE_INT32, PROTO.TYPE_UINT32),
    *(PROTO.TYPE_SINT64, PROTO.TYPE_FIXED32, PROTO.TYPE_BOOL, PROTO.TYPE_STRING, PROTO.TYPE_BYTES, PROTO.TYPE_ENUM),
)
MESSAGES = (
    *("test.json.Everything", "google.protobuf.Timestamp", "google.protobuf.Duration", "google.protobuf.FieldMask"),
    *("google.protobuf.Value", "google.protobuf.Struct", "google.protobuf.Int64Value", "google.protobuf.Empty"),
)
IMPORTS = ("duration", "field_mask", "struct", "timestamp", "wrappers", "empty")


def everything():
    """A message type with every kind of field, single, optional and repeated, and maps."""
    file = descriptor_pb2.FileDescriptorProto(name="test/json.proto", package="test.json", syntax="proto3")
    file.dependency.extend(f"google/protobuf/{name}.proto" for name in IMPORTS)
    colour = file.enum_type.add(name="Colour")
    for number, name in enumerate(("COLOUR_UNSPECIFIED", "RED", "GREEN")):
        colour.value.add(name=name, number=number)
    message = file.message_type.add(name="Everything")
    for kind in TYPES:
        _add(message, f"a_{kind}", kind)
        _add(message, f"list_{kind}", kind, label=PROTO.LABEL_REPEATED)
        message.oneof_decl.add(name=f"_maybe_{kind}")
        _add(message, f"maybe_{kind}", kind, oneof_index=len(message.oneof_decl) - 1, proto3_optional=True)
    for number, name in enumerate(MESSAGES):
        _add(message, f"m_{number}", PROTO.TYPE_MESSAGE, f".{name}")
        _add(message, f"ms_{number}", PROTO.TYPE_MESSAGE, f".{name}", label=PROTO.LABEL_REPEATED)
    _add(message, "from", PROTO.TYPE_STRING)
    for number, (key, value) in enumerate(
        (
            (PROTO.TYPE_STRING, PROTO.TYPE_INT64),
            (PROTO.TYPE_INT32, PROTO.TYPE_MESSAGE),
            (PROTO.TYPE_BOOL, PROTO.TYPE_ENUM),
        )
    ):
        _add_map(message, number, key, value)
    return file


def _add(message, name, kind, type_name="", **more):
    type_name = type_name or (".test.json.Colour" if kind == PROTO.TYPE_ENUM else "")
    more.setdefault("label", PROTO.LABEL_OPTIONAL)
    if type_name:
        more["type_name"] = type_name
    message.field.add(name=name, number=len(message.field) + 1, type=kind, **more)


def _add_map(message, number, key, value):
    entry = message.nested_type.add(name=f"Map{number}Entry", options=descriptor_pb2.MessageOptions(map_entry=True))
    entry.field.add(name="key", number=1, type=key, label=PROTO.LABEL_OPTIONAL)
    name = {PROTO.TYPE_MESSAGE: ".test.json.Everything", PROTO.TYPE_ENUM: ".test.json.Colour"}.get(value, "")
    entry.field.add(
        name="value", number=2, type=value, label=PROTO.LABEL_OPTIONAL, **{"type_name": name} if name else {}
    )
    _add(
        message,
        f"map{number}",
        PROTO.TYPE_MESSAGE,
        f".test.json.Everything.Map{number}Entry",
        label=PROTO.LABEL_REPEATED,
    )


pool = descriptor_pool.Default()
pool.Add(everything())
EVERYTHING = pool.FindMessageTypeByName("test.json.Everything")
# Files are no JSON.
OURS = [
    message
    for services in contract.services().values()
    for service in services
    for message in service.file.message_types_by_name.values()
    if not any(field.message_type and field.message_type.name == "HttpBody" for field in message.fields)
]

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
SPECIAL = {
    "google.protobuf.Timestamp": st.builds(
        lambda s, n: {"seconds": s, "nanos": n},
        st.integers(-62135596800, 253402300799),
        st.sampled_from([0, 1, 120, 5_000, 1_000_000, 999_999_999, 250_000_000]),
    ),
    "google.protobuf.Duration": st.builds(lambda s: {"seconds": s, "nanos": 0}, st.integers(-(10**9), 10**9)),
    "google.protobuf.FieldMask": st.just({"paths": ["first_name", "emails.value"]}),
    "google.protobuf.Value": st.one_of(
        st.builds(lambda v: {"string_value": v}, texts), st.builds(lambda v: {"bool_value": v}, st.booleans())
    ),
    "google.protobuf.Struct": st.just({"fields": {"a": {"number_value": 1.5}}}),
}


def values(field, depth):
    """Any value of a field, as the constructor takes it."""
    kind = field.cpp_type
    if field.message_type:
        return messages(field.message_type, depth - 1)
    if field.enum_type:
        return st.sampled_from([value.number for value in field.enum_type.values])
    if field.type == FieldDescriptor.TYPE_BYTES:
        return st.binary(max_size=6)
    return {
        FieldDescriptor.CPPTYPE_STRING: texts,
        FieldDescriptor.CPPTYPE_BOOL: st.booleans(),
        FieldDescriptor.CPPTYPE_INT32: st.integers(-(2**31), 2**31 - 1),
        FieldDescriptor.CPPTYPE_UINT32: st.integers(0, 2**32 - 1),
        FieldDescriptor.CPPTYPE_INT64: st.integers(-(2**63), 2**63 - 1),
        FieldDescriptor.CPPTYPE_UINT64: st.integers(0, 2**64 - 1),
        FieldDescriptor.CPPTYPE_FLOAT: st.floats(-(2.0**127), 2.0**127, width=32, allow_nan=False) | st.just(math.inf),
        FieldDescriptor.CPPTYPE_DOUBLE: st.floats(allow_nan=False),
    }[kind]


@st.composite
def messages(draw, descriptor, depth=2):
    """Any message of a type, as keyword arguments."""
    if descriptor.full_name in SPECIAL:
        return draw(SPECIAL[descriptor.full_name])
    fields = [field for field in descriptor.fields if depth > 0 or not field.message_type]
    chosen = draw(st.lists(st.sampled_from(fields), max_size=6, unique_by=lambda field: field.name)) if fields else []
    return {field.name: draw(_field(field, depth)) for field in chosen}


def _field(field, depth):
    if field.message_type and field.message_type.GetOptions().map_entry:
        key, value = field.message_type.fields
        return (
            st.just({}) if value.message_type else st.dictionaries(values(key, depth), values(value, depth), max_size=2)
        )
    return st.lists(values(field, depth), max_size=3) if field.is_repeated else values(field, depth)


def made(descriptor, fields):
    return message_factory.GetMessageClass(descriptor)(**fields)


def forgotten(data):
    """JSON data without passwords: they are never given back."""
    if isinstance(data, dict):
        return {key: forgotten(value) for key, value in data.items() if key != "password"}
    return [forgotten(value) for value in data] if isinstance(data, list) else data


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
@pytest.mark.parametrize("descriptor", [EVERYTHING, *OURS], ids=lambda each: each.name)
def test_messages_become_json_as_json_format_makes_it_and_back(descriptor, data):
    message = made(descriptor, data.draw(messages(descriptor)))

    expected = json_format.MessageToDict(message, always_print_fields_with_no_presence=True)
    assert forgotten(encode(message)) == forgotten(expected)
    as_json = orjson.loads(orjson.dumps(json_format.MessageToDict(message)))
    assert decode(descriptor, as_json) == json_format.ParseDict(as_json, type(message)())
    snake = json_format.MessageToDict(message, preserving_proto_field_name=True)
    assert decode(descriptor, orjson.loads(orjson.dumps(snake))) == message


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(texts, inner, max_size=2)),
    max_leaves=4,
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_accepted_means_what_json_format_says(data):
    field = data.draw(st.sampled_from([*EVERYTHING.fields]))
    sent = {field.json_name: data.draw(json_values)}
    # json_format itself stumbles over a null where a list of free values should be.
    assume(sent[field.json_name] is not None)

    try:
        message = decode(EVERYTHING, sent)
    except InvalidArgument:
        return

    assert message == json_format.ParseDict(sent, message_factory.GetMessageClass(EVERYTHING)())


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_that_json_lacks_are_texts(number):
    message = made(EVERYTHING, {f"a_{PROTO.TYPE_DOUBLE}": number})

    assert encode(message) == json_format.MessageToDict(message, always_print_fields_with_no_presence=True)


def test_what_is_only_for_input_is_never_given_back():
    assert "password" not in encode(identity_pb2.User(password="correct horse battery"))


@pytest.mark.parametrize(
    ("sent", "field", "reason"),
    [
        ({"firstNam": "Ada"}, "firstNam", "UNKNOWN_FIELD"),
        ({"firstName": 1}, "firstName", "WRONG_TYPE"),
        ({"firstName": "a\0b"}, "firstName", "NUL_CHARACTER"),
        ({"firstName": "Ada", "first_name": "Bob"}, "first_name", "DUPLICATE_FIELD"),
        ({"emails": [{"value": 3}]}, "emails[0].value", "WRONG_TYPE"),
        ({"emails": [{"value": "a@b.c"}, {"category": "FAX"}]}, "emails[1].category", "UNKNOWN_VALUE"),
        ({"emails": {"value": "a"}}, "emails", "WRONG_TYPE"),
        ({"emails": [None]}, "emails[0]", "WRONG_TYPE"),
        ({"emails": [{"primary": "true"}]}, "emails[0].primary", "WRONG_TYPE"),
        ({"managers": ["users/1", 2]}, "managers[1]", "WRONG_TYPE"),
        ({"kind": 17}, "kind", "UNKNOWN_VALUE"),
        ({"createTime": "yesterday"}, "createTime", "WRONG_TYPE"),
        ([], "", "WRONG_TYPE"),
    ],
)
def test_what_does_not_fit_is_refused_by_the_path_of_its_field(sent, field, reason):
    with refused(reason, "INVALID_ARGUMENT") as caught:
        decode(contacts_pb2.Contact.DESCRIPTOR, sent)

    assert caught[0].violations[0].field == field


def test_a_body_is_named_before_its_fields():
    with refused("WRONG_TYPE") as caught:
        decode(contacts_pb2.Contact.DESCRIPTOR, {"jobTitle": []}, prefix="contact")

    assert caught[0].violations[0].field == "contact.jobTitle"


def test_nothing_may_be_nested_without_end():
    value = []
    for _ in range(5000):
        value = [value]

    with refused("WRONG_TYPE"):
        decode(EVERYTHING, {"m4": value})
