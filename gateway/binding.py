"""HTTP requests as request messages: the body first, then the query, then the path, which always wins."""

import re
from typing import Any

import orjson
from flask import request
from google.protobuf import message_factory
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge, UnsupportedMediaType

from chassis.errors import INVALID_FIELDS, InvalidArgument, Violation
from gateway import decoding

HTTP_BODY = "google.api.HttpBody"
FIELD_MASK = "google.protobuf.FieldMask"
SNAKE = re.compile(r"_([a-z0-9])")
LARGEST = 1024 * 1024


class Binding:
    """How requests to one route become messages."""

    def __init__(self, route):
        self.route = route
        self.type = route.method.input_type
        self.message_class = message_factory.GetMessageClass(self.type)
        self.body_field = self.type.fields_by_name[route.body] if route.body not in ("", "*") else None
        self.path_fields = [_walk(self.type, path) for path in route.fields]
        self.is_upload = bool(self.body_field and self.body_field.message_type.full_name == HTTP_BODY)
        self.has_request_id = "request_id" in self.type.fields_by_name
        self.has_mask = route.verb == "PATCH" and "update_mask" in self.type.fields_by_name
        self.versioned = self._versioned()

    def bind(self, values):
        """The message of the current request; `values` are those of the path."""
        message = self._read_body()
        self._read_query(message)
        for fields, value in zip(self.path_fields, values, strict=True):
            _set(message, fields, value)
        self._read_headers(message)
        return message

    def _read_body(self):
        """The message as the body gives it."""
        if not self.route.body:
            if request.content_length or request.headers.get("Transfer-Encoding"):
                raise InvalidArgument("this method takes no body", "BODY_NOT_ALLOWED")
            return self.message_class()
        if self.is_upload:
            return self.message_class()
        data = _json()
        if self.body_field is None:
            return decoding.decode(self.type, data)
        resource = decoding.decode(self.body_field.message_type, data)
        message: Any = self.message_class(**{self.body_field.name: resource})
        if self.has_mask:
            # What was sent is what is to change; an `updateMask` in the query says otherwise.
            names = {key: f.name for f in resource.DESCRIPTOR.fields for key in (f.name, f.json_name)}
            message.update_mask.paths.extend(names[key] for key in data)
        return message

    def _read_query(self, message):
        """Puts the parameters of the query into the fields that neither body nor path holds."""
        if not request.query_string:
            return
        if self.route.body == "*":
            unknown = next(iter(request.args), None)
            if unknown is not None:
                raise _no_parameter(unknown)
        for key, texts in request.args.lists():
            fields = _walk(self.type, key)
            if not fields or fields[0] == self.body_field:
                if key == "etag" and self.versioned:
                    _agree(message, self.versioned, texts[0], "etag")
                    continue
                raise _no_parameter(key)
            _set_texts(message, fields, texts, key)

    def _read_headers(self, message):
        """Takes the version from If-Match and the request id from Idempotency-Key."""
        headers = request.headers
        etag, key = headers.get("If-Match"), headers.get("Idempotency-Key")
        if etag and etag != "*":
            if not self.versioned:
                raise InvalidArgument("this method takes no If-Match", "NOT_VERSIONED", field="If-Match")
            _agree(message, self.versioned, etag, "If-Match")
        if key and self.has_request_id:
            _agree(message, [self.type.fields_by_name["request_id"]], key, "Idempotency-Key")
        elif key and self.route.verb == "POST":
            # Passed over, it would have its sender believe that he may repeat the call.
            raise InvalidArgument(
                "this method cannot be repeated safely under a key", "NOT_REPEATABLE", field="Idempotency-Key"
            )

    def _versioned(self):
        """The way to the field that holds the etag of what is changed, if there is one."""
        if self.route.verb not in ("PATCH", "DELETE", "POST"):
            return None
        path = f"{self.body_field.name}.etag" if self.body_field else "etag"
        return _walk(self.type, path)


def _walk(descriptor, path):
    """The fields along a dotted path, in either spelling; None if there is no such path."""
    fields: list = []
    for name in path.split("."):
        if descriptor is None:
            return None
        by_json = {field.json_name: field for field in descriptor.fields}
        field = descriptor.fields_by_name.get(name) or by_json.get(name)
        if field is None or (fields and fields[-1].is_repeated):
            return None
        fields.append(field)
        descriptor = field.message_type
    return fields


def _holder(message, fields):
    """The message that has the last field of a path."""
    for field in fields[:-1]:
        message = getattr(message, field.name)
    return message


def _set(message, fields, value):
    setattr(_holder(message, fields), fields[-1].name, value)


def _set_texts(message, fields, texts, key):
    """Sets a field from the texts of a query parameter."""
    field = fields[-1]
    if len(texts) > 1 and not field.is_repeated:
        raise InvalidArgument("{fields}: given twice", INVALID_FIELDS, violations=[_twice(key)], fields=key)
    if field.message_type and field.message_type.full_name == FIELD_MASK:
        # JSON knows masks in camelCase only; people also copy them from the contract.
        texts = [SNAKE.sub(lambda match: match[1].upper(), text) for text in texts]
    read = decoding.bool_text if field.cpp_type == field.CPPTYPE_BOOL else decoding.value_converter(field)
    with decoding.naming(key):
        values = [read(text) for text in texts]
    holder = _holder(message, fields)
    if field.is_repeated:
        getattr(holder, field.name).extend(values)
    elif field.message_type:
        if not hasattr(values[0], "DESCRIPTOR"):
            raise _no_parameter(key)
        getattr(holder, field.name).CopyFrom(values[0])
    else:
        setattr(holder, field.name, values[0])


def _agree(message, fields, value, source):
    """Sets a field that may be given in two places; they must not differ."""
    with decoding.naming(source):
        decoding.text(value)
    holder, name = _holder(message, fields), fields[-1].name
    if getattr(holder, name) not in ("", value):
        raise InvalidArgument(
            "{source} and {field_name} differ", "CONTRADICTION", field_name=fields[-1].json_name, source=source
        )
    setattr(holder, name, value)


def _twice(key):
    return Violation(key, "DUPLICATE_FIELD", "given twice")


def _no_parameter(key):
    violation = Violation(key, "UNKNOWN_FIELD", "there is no such parameter")
    return InvalidArgument("{fields}: there is no such parameter", INVALID_FIELDS, violations=[violation], fields=key)


def _json():
    """The body as JSON data; no body at all is an empty object."""
    body = request.get_data(cache=False)
    if len(body) > LARGEST:
        raise RequestEntityTooLarge
    if len(body) < (request.content_length or 0):
        # Half a body may well be JSON.
        raise ClientDisconnected
    kind = request.mimetype
    if not body and not kind:
        return {}
    if kind != "application/json" or request.content_encoding:
        raise UnsupportedMediaType
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidArgument(
            "the body is no JSON from line {line}, character {character}",
            "INVALID_JSON",
            line=error.lineno,
            character=error.colno,
        ) from None
