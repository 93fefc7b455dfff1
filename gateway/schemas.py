"""JSON Schemas (2020-12, as OpenAPI 3.1 has them) of the contract's messages."""

from enum import StrEnum

from buf.validate import validate_pb2
from google.api import field_behavior_pb2
from google.protobuf.descriptor import FieldDescriptor

from gateway.contract import comments

BEHAVIOR = field_behavior_pb2.FieldBehavior
SCALARS: dict[int, dict] = {
    FieldDescriptor.CPPTYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.CPPTYPE_DOUBLE: {"type": "number", "format": "double"},
    FieldDescriptor.CPPTYPE_FLOAT: {"type": "number", "format": "float"},
    FieldDescriptor.CPPTYPE_INT32: {"type": "integer", "format": "int32"},
    FieldDescriptor.CPPTYPE_UINT32: {"type": "integer", "format": "int64", "minimum": 0},
    FieldDescriptor.CPPTYPE_INT64: {"type": "string", "format": "int64", "pattern": "^-?[0-9]{1,19}$"},
    FieldDescriptor.CPPTYPE_UINT64: {"type": "string", "format": "uint64", "pattern": "^[0-9]{1,20}$"},
    FieldDescriptor.CPPTYPE_STRING: {"type": "string"},
}
WELL_KNOWN: dict[str, dict] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.Duration": {"type": "string", "pattern": r"^-?\d+(\.\d{1,9})?s$"},
    "google.protobuf.FieldMask": {"type": "string"},
    "google.protobuf.Struct": {"type": "object"},
    "google.protobuf.ListValue": {"type": "array"},
    "google.protobuf.Value": {},
    "google.protobuf.Any": {"type": "object"},
}


def behaviors(field):
    """What google.api.field_behavior says of a field."""
    return set(field.GetOptions().Extensions[field_behavior_pb2.field_behavior])


class Variant(StrEnum):
    """Which way a message goes; the variants differ in what is required. The value ends the schema's name."""

    ANSWER = ""  # everything that is always there
    INPUT = "Input"  # what a new thing cannot do without
    CHANGE = "Change"  # nothing


class Schemas:
    """Collects the schemas of messages and enums as they are referred to."""

    def __init__(self):
        self.components: dict[str, dict] = {}
        self._origin: dict[str, str] = {}

    def message(self, descriptor, variant):
        """A reference to a message's schema."""
        if descriptor.full_name in WELL_KNOWN:
            return WELL_KNOWN[descriptor.full_name]
        name = self._name(descriptor) + variant
        if name not in self.components:
            self.components[name] = {}
            self.components[name] = self.inline(descriptor, variant)
        return {"$ref": f"#/components/schemas/{name}"}

    def inline(self, descriptor, variant, without=()):
        """The schema of a message itself, some fields left out."""
        fields = [field for field in descriptor.fields if field.name not in without]
        inner = Variant.INPUT if variant == Variant.CHANGE else variant
        required = [field.json_name for field in fields if _required(field, variant)]
        return {
            "type": "object",
            **_description(descriptor.full_name),
            "properties": {field.json_name: self.field(field, inner) for field in fields},
            **({"required": required} if required else {}),
            # What is unknown is refused; answers may come to hold more.
            **({} if variant == Variant.ANSWER else {"additionalProperties": False}),
        }

    def field(self, field, variant):
        """The schema of a field, with its comment, behavior and constraints."""
        schema = self._typed(field, variant)
        if variant == Variant.ANSWER:
            # Lists leave long fields out.
            schema = {name: limit for name, limit in schema.items() if name not in ("minItems", "minLength")}
        kinds = behaviors(field)
        if kinds & {BEHAVIOR.OUTPUT_ONLY, BEHAVIOR.IDENTIFIER}:
            schema |= {"readOnly": True}
        if BEHAVIOR.INPUT_ONLY in kinds:
            schema |= {"writeOnly": True}
        return schema | _description(field.full_name)

    def _typed(self, field, variant):
        rules = field.GetOptions().Extensions[validate_pb2.field]
        if field.message_type and field.message_type.GetOptions().map_entry:
            values = self._single(field.message_type.fields_by_name["value"], rules.map.values, variant)
            return {"type": "object", "additionalProperties": values}
        if field.is_repeated:
            items = self._single(field, rules.repeated.items, variant)
            return {"type": "array", "items": items, **_array_limits(rules.repeated)}
        return self._single(field, rules, variant)

    def _single(self, field, rules, variant):
        """The schema of one value of a field."""
        if field.message_type:
            return dict(self.message(field.message_type, variant))
        if field.enum_type:
            return dict(self._enum(field.enum_type))
        if field.type == FieldDescriptor.TYPE_BYTES:
            return {"type": "string", "contentEncoding": "base64"}
        schema = dict(SCALARS[field.cpp_type])
        if rules.HasField("string"):
            schema |= _text_limits(rules.string, empty=rules.ignore != validate_pb2.IGNORE_UNSPECIFIED)
        if rules.HasField("int32"):
            schema |= _number_limits(rules.int32)
        return schema

    def _enum(self, descriptor):
        """A reference to an enum; its zero value only stands for "not said"."""
        name = self._name(descriptor)
        names = [value.name for value in descriptor.values if not value.name.endswith("_UNSPECIFIED")]
        known = {value: comments().get(f"{descriptor.full_name}.{value}") for value in names}
        meanings = [f"`{value}`: {text}" for value, text in known.items() if text]
        text = " ".join([comments().get(descriptor.full_name, ""), *meanings]).strip()
        self.components[name] = {"type": "string", "enum": names} | ({"description": text} if text else {})
        return {"$ref": f"#/components/schemas/{name}"}

    def _name(self, descriptor):
        """The component's name: that of the message without its package, which must be enough to tell all apart."""
        name = descriptor.full_name.removeprefix(descriptor.file.package + ".")
        if self._origin.setdefault(name, descriptor.full_name) != descriptor.full_name:
            raise ValueError(f"{descriptor.full_name} and {self._origin[name]} would be one schema")
        return name


def _required(field, variant):
    """Whether a field is always there: in answers all that know no absence are, in input what the contract says."""
    kinds = behaviors(field)
    if variant == Variant.ANSWER:
        return not field.has_presence and BEHAVIOR.INPUT_ONLY not in kinds
    return variant == Variant.INPUT and BEHAVIOR.REQUIRED in kinds


def _description(full_name):
    text = comments().get(full_name)
    return {"description": text} if text else {}


def _array_limits(rules):
    limits = {"minItems": rules.min_items, "maxItems": rules.max_items, "uniqueItems": rules.unique}
    return {name: limit for name, limit in limits.items() if limit}


def _text_limits(rules, *, empty):
    """Length, pattern and format of a text; `empty` says that the rules do not apply to an empty one."""
    limits = {
        "minLength": 0 if empty else rules.min_len,
        "maxLength": rules.max_len,
        "pattern": rules.pattern,
        "format": "email" if rules.email and not empty else "",
        "enum": [*getattr(rules, "in")],
    }
    return {name: limit for name, limit in limits.items() if limit}


def _number_limits(rules):
    limits = {"minimum": "gte", "maximum": "lte", "exclusiveMinimum": "gt", "exclusiveMaximum": "lt"}
    return {name: getattr(rules, rule) for name, rule in limits.items() if rules.HasField(rule)}
