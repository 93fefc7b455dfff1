"""Messages as JSON-ready data (the proto3 mapping), by encoders compiled once per message type.

json_format is the oracle in the tests, not the means: it costs six times as much.
"""

import base64
import ctypes
import functools
import keyword
import math
from datetime import UTC, datetime, timedelta

from google.api import field_behavior_pb2
from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Types with a JSON form of their own; rare in answers but for Timestamp, so json_format may do it.
SPECIAL = {
    *(f"google.protobuf.{name}" for name in ("Any", "Duration", "FieldMask", "Struct", "Value", "ListValue")),
    *(f"google.protobuf.{name}Value" for name in ("Bool", "Bytes", "Double", "Float", "Int32", "Int64", "String")),
    *(f"google.protobuf.{name}Value" for name in ("UInt32", "UInt64")),
}


def encode(message):
    """A message as JSON-ready data: everything that is set, and everything that cannot be unset."""
    return encoder(message.DESCRIPTOR)(message)


@functools.cache
def encoder(descriptor):
    """The function that encodes messages of one type, compiled from the text of a Python function."""
    if descriptor.full_name == "google.protobuf.Timestamp":
        return _timestamp
    if descriptor.full_name in SPECIAL:
        return functools.partial(json_format.MessageToDict, always_print_fields_with_no_presence=True)
    fields = [field for field in descriptor.fields if not _input_only(field)]
    always = [f"{field.json_name!r}: {_expression(field)}" for field in fields if not field.has_presence]
    optional = [
        f"    if m.HasField({field.name!r}): out[{field.json_name!r}] = {_expression(field)}"
        for field in fields
        if field.has_presence
    ]
    lines = ["def encode_message(m):", f"    out = {{{', '.join(always)}}}", *optional, "    return out"]
    names = {f"as_{field.name}": _converter(field) for field in fields} | {"as_text": _map_key}
    # Attributes read one after the other in a compiled function cost half of closures that read one each;
    # what is compiled is made of names in the contract, nothing else.
    exec("\n".join(lines), names)  # noqa: S102
    return names["encode_message"]


def _expression(field):
    """The Python expression for the JSON value of a field of message `m`; `as_<field>` converts one value."""
    value = f"getattr(m, {field.name!r})" if keyword.iskeyword(field.name) else f"m.{field.name}"
    if _is_map(field):
        values = f"as_{field.name}(entries[key])" if _converter(field) else "entries[key]"
        return f"{{as_text(key): {values} for entries in ({value},) for key in entries}}"
    if field.is_repeated:
        return f"[as_{field.name}(item) for item in {value}]" if _converter(field) else f"[*{value}]"
    return f"as_{field.name}({value})" if _converter(field) else value


def _is_map(field):
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def _input_only(field):
    return field_behavior_pb2.INPUT_ONLY in field.GetOptions().Extensions[field_behavior_pb2.field_behavior]


def _map_key(key):
    return str(key).lower() if isinstance(key, bool) else str(key)


def _converter(field):
    """The function that makes one value of a field JSON, or None if it is JSON already."""
    if _is_map(field):
        return _converter(field.message_type.fields_by_name["value"])
    if field.message_type:
        return _message(field.message_type)
    if field.enum_type:
        return _enum(field.enum_type)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return lambda value: base64.b64encode(value).decode("ascii")
    return SCALARS.get(field.cpp_type)


def _message(descriptor):
    """The encoder of an inner message; compiled on first use where a type may contain itself."""
    if descriptor.full_name == "google.protobuf.Timestamp":
        return _timestamp
    # The look-up waits for the first use: a type may contain itself.
    return lambda message: encoder(descriptor)(message)  # noqa: PLW0108


class Names(dict):
    """The names of an enum's numbers; unknown numbers stay numbers."""

    def __missing__(self, number):
        return number


def _enum(descriptor):
    if descriptor.full_name == "google.protobuf.NullValue":
        return lambda number: None
    return Names({number: value.name for number, value in descriptor.values_by_number.items()}).__getitem__


def _double(value):
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _float(value):
    """A 32-bit float with the digits it has, not those of its 64-bit copy: 0.9, not 0.899999976."""
    if not math.isfinite(value):
        return _double(value)
    shortest_first = (float(f"{value:.{digits}g}") for digits in (6, 7, 8, 9))
    return next(short for short in shortest_first if ctypes.c_float(short).value == value)


def _timestamp(value):
    text = _second(value.seconds)
    if not value.nanos:
        return text + "Z"
    digits = f"{value.nanos:09}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return f"{text}.{digits}Z"


@functools.lru_cache(maxsize=10_000)
def _second(seconds):
    """A second of history; lists show the same ones again and again."""
    return (EPOCH + timedelta(seconds=seconds)).isoformat()[:19]


SCALARS = {
    FieldDescriptor.CPPTYPE_INT64: str,
    FieldDescriptor.CPPTYPE_UINT64: str,
    FieldDescriptor.CPPTYPE_DOUBLE: _double,
    FieldDescriptor.CPPTYPE_FLOAT: _float,
}
