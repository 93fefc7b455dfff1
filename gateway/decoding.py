"""Messages from JSON data and from query texts (the proto3 mapping), by decoders compiled once per message type.

Whatever does not fit is refused by the path of the field, in JSON names: `emails[0].value`.
"""

import base64
import binascii
import functools
import math
import re
from contextlib import contextmanager
from dataclasses import replace

from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import FieldDescriptor

from chassis.errors import INVALID_FIELDS, InvalidArgument, Violation
from gateway.encoding import SPECIAL

NUMBER_TEXT = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")
INTEGER_TEXT = re.compile(r"-?[0-9]{1,20}")
LIMITS = {
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64 - 1),
}
# As json_format writes it: above the largest 32-bit float by less than it takes to round up.
LARGEST_FLOAT = 3.4028235e38
FLOAT_TEXTS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
BOOLEANS = {"true": True, "false": False}
# Deeper than any message of the contract; well-known types may hold themselves.
DEPTH = 32


class Refused(ValueError):
    """A value that does not fit; on its way up it learns the path of its field."""

    def __init__(self, reason, message, **facts):
        super().__init__(message)
        self.violation = Violation("", reason, message, tuple(facts.items()))

    def under(self, step):
        """This refusal, seen from one level higher."""
        path = self.violation.field
        inner = path if path.startswith("[") or not path else f".{path}"
        self.violation = replace(self.violation, field=step + inner)
        return self


def decode(descriptor, data, prefix=""):
    """A message of this type from JSON data. Refuses with INVALID_FIELDS, naming the field after `prefix`."""
    with naming(prefix):
        if not prefix and not isinstance(data, dict):
            raise Refused("WRONG_TYPE", "the body must be an object", expected="body")
        values = decoder(descriptor)(data)
    return message_factory.GetMessageClass(descriptor)(**values)


@contextmanager
def naming(field):
    """Tells the caller which field is wrong, when one is."""
    try:
        yield
    except Refused as refused:
        violation = (refused.under(field) if field else refused).violation
        raise InvalidArgument("{fields}", INVALID_FIELDS, violations=[violation], fields=violation.field) from None


def _wrong(expected):
    return Refused("WRONG_TYPE", f"expected {KINDS.get(expected, expected)}", expected=expected)


@functools.cache
def decoder(descriptor):
    """The function that makes, from JSON data, what the constructor of a message of this type takes."""
    if descriptor.full_name in SPECIAL or descriptor.full_name == "google.protobuf.Timestamp":
        return functools.partial(_special, message_factory.GetMessageClass(descriptor))
    fields = {key: field for field in descriptor.fields for key in (field.name, field.json_name)}
    oneofs = [oneof for oneof in descriptor.oneofs if len(oneof.fields) > 1]
    known: dict = {}

    def look_up(key):
        """What a key means: the field's name, how it is read, and whether null is a value of it."""
        field = fields.get(key)
        if field is None:
            raise Refused("UNKNOWN_FIELD", "there is no such field").under(key)
        return known.setdefault(key, (field.name, converter(field), _takes_null(field)))

    def decode_message(data):
        if not isinstance(data, dict):
            raise _wrong("object")
        values: dict = {}
        for key, value in data.items():
            name, convert, takes_null = known.get(key) or look_up(key)
            if name in values:
                raise Refused("DUPLICATE_FIELD", "given twice").under(key)
            if value is None and not takes_null:
                continue
            try:
                values[name] = convert(value)
            except Refused as refused:
                raise refused.under(fields[key].json_name) from None
        _refuse_rivals(oneofs, values)
        return values

    return decode_message


def _refuse_rivals(oneofs, values):
    """Of a oneof only one field may be given."""
    for oneof in oneofs:
        given = [field.json_name for field in oneof.fields if field.name in values]
        if len(given) > 1:
            raise Refused("DUPLICATE_FIELD", "excludes the others of its group").under(given[1])


def converter(field):
    """The function that makes a field's value from JSON data."""
    if field.message_type and field.message_type.GetOptions().map_entry:
        return _map(field.message_type.fields_by_name)
    convert = value_converter(field)
    return functools.partial(_list, convert) if field.is_repeated else convert


def value_converter(field):
    """The function that makes one value of a field from JSON data, or from the text of a query parameter."""
    if field.message_type:
        # The look-up waits for the first use: a type may contain itself.
        return lambda data: decoder(field.message_type)(data)  # noqa: PLW0108
    if field.enum_type:
        return functools.partial(_enum, field.enum_type)
    if field.cpp_type in LIMITS:
        return functools.partial(_integer, *LIMITS[field.cpp_type])
    return _bytes if field.type == FieldDescriptor.TYPE_BYTES else SCALARS[field.cpp_type]


def _takes_null(field):
    """Whether null is a value of the field rather than its absence."""
    if field.is_repeated:
        return False
    kind = field.message_type or field.enum_type
    return kind is not None and kind.full_name in ("google.protobuf.Value", "google.protobuf.NullValue")


def _list(convert, data):
    if not isinstance(data, list):
        raise _wrong("list")
    values = []
    for index, item in enumerate(data):
        try:
            values.append(convert(item))
        except Refused as refused:
            raise refused.under(f"[{index}]") from None
    return values


def _map(entry):
    read_key = _map_key(entry["key"])
    convert = value_converter(entry["value"])

    def read_map(data):
        if not isinstance(data, dict):
            raise _wrong("object")
        values = {}
        for key, value in data.items():
            try:
                values[read_key(key)] = convert(value)
            except Refused as refused:
                raise refused.under(key) from None
        return values

    return read_map


def _map_key(field):
    return bool_text if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL else value_converter(field)


def text(data):
    """A text, as the database can hold it."""
    if not isinstance(data, str):
        raise _wrong("text")
    if "\0" in data:
        raise Refused("NUL_CHARACTER", "may not contain NUL characters")
    return data


def bool_text(data):
    """A boolean as query parameters and map keys have it."""
    if data not in BOOLEANS:
        raise _wrong("boolean")
    return BOOLEANS[data]


def _boolean(data):
    if not isinstance(data, bool):
        raise _wrong("boolean")
    return data


def _integer(least, most, data):
    if isinstance(data, float) and data.is_integer():
        data = int(data)
    if isinstance(data, str) and INTEGER_TEXT.fullmatch(data):
        data = int(data)
    if not isinstance(data, int) or isinstance(data, bool):
        raise _wrong("integer")
    if not least <= data <= most:
        raise Refused("OUT_OF_RANGE", f"must be between {least} and {most}", limit=f"{least} … {most}")
    return data


def _number(most, data):
    if isinstance(data, str):
        data = FLOAT_TEXTS[data] if data in FLOAT_TEXTS else _number_text(data)
    if not isinstance(data, (int, float)) or isinstance(data, bool):
        raise _wrong("number")
    if most < abs(data) < math.inf:
        raise Refused("OUT_OF_RANGE", f"must be between -{most} and {most}", limit=f"±{most}")
    return float(data)


def _number_text(data):
    return float(data) if NUMBER_TEXT.fullmatch(data) else data


def _bytes(data):
    if not isinstance(data, str):
        raise _wrong("base64")
    standard = data.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise _wrong("base64") from None


def _enum(descriptor, data):
    if descriptor.full_name == "google.protobuf.NullValue" and data is None:
        return 0
    if isinstance(data, str) and data in descriptor.values_by_name:
        return descriptor.values_by_name[data].number
    if isinstance(data, int) and not isinstance(data, bool) and data in descriptor.values_by_number:
        return data
    # The zero value only stands for "not said".
    names = ", ".join(name for name in descriptor.values_by_name if not name.endswith("_UNSPECIFIED"))
    raise Refused("UNKNOWN_VALUE", f"must be one of {names}", limit=names)


def _special(message_class, data):
    """A well-known type with a JSON form of its own: a timestamp, a mask, a free value."""
    try:
        message = json_format.ParseDict(data, message_class(), max_recursion_depth=DEPTH)
    except (json_format.ParseError, ValueError, TypeError, AttributeError, OverflowError):
        raise _wrong(message_class.DESCRIPTOR.name) from None
    _refuse_nul(data)
    return message


def _refuse_nul(data):
    """Free values may hold texts at any depth."""
    if isinstance(data, str):
        text(data)
    elif isinstance(data, (list, dict)):
        for item in data:
            _refuse_nul(item)
            if isinstance(data, dict):
                _refuse_nul(data[item])


KINDS = {
    "Timestamp": "an instant such as 2026-11-23T12:00:00Z",
    "Duration": "a duration such as 90s",
    "FieldMask": "names of fields separated by commas",
}
SCALARS = {
    FieldDescriptor.CPPTYPE_BOOL: _boolean,
    FieldDescriptor.CPPTYPE_DOUBLE: functools.partial(_number, math.inf),
    FieldDescriptor.CPPTYPE_FLOAT: functools.partial(_number, LARGEST_FLOAT),
    FieldDescriptor.CPPTYPE_STRING: text,
}
