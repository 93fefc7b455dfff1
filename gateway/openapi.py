"""/openapi.json (3.1), from the same routes that the gateway answers. `python -m gateway.openapi` prints it."""

import functools
import re
import sys

import orjson
from buf.validate import validate_pb2
from crm.type.v1 import options_pb2

from gateway import contract
from gateway.routes import resource_variables, routes_of, variables
from gateway.schemas import BEHAVIOR, Schemas, Variant, behaviors

HTTP_BODY = "google.api.HttpBody"
REFUSALS = {
    "400": "The request is wrong, or what it asks for is not possible now.",
    "401": "Nobody is signed in.",
    "403": "The caller may not do this.",
    "404": "There is no such thing, or none that the caller may see.",
    "409": "Somebody else changed the thing meanwhile, or it exists already.",
    "413": "The request is too large.",
    "415": "The body is not JSON.",
    "429": "Too many requests; `Retry-After` says how many seconds to wait.",
    "500": "A mistake of ours; `X-Request-Id` finds it in the logs.",
    "503": "A service that is needed is down; `Retry-After` says how many seconds to wait.",
    "default": "Any other refusal.",
}
ERROR = {
    "type": "object",
    "description": "Why a call was refused (AIP-193).",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "status", "message", "details"],
            "properties": {
                "code": {"type": "integer", "description": "The HTTP status."},
                "status": {"type": "string", "description": "The gRPC code: `FAILED_PRECONDITION`."},
                "message": {"type": "string", "description": "For people, in their language."},
                "details": {"type": "array", "items": {"$ref": "#/components/schemas/ErrorDetail"}},
            },
        }
    },
}
DETAIL = {
    "type": "object",
    "description": "ErrorInfo (reason, domain, metadata), BadRequest (fieldViolations) or ResourceInfo of google.rpc.",
    "required": ["@type"],
    "properties": {
        "@type": {"type": "string"},
        "reason": {"type": "string", "description": "The fact, for programs: `CONTACT_IN_USE`."},
        "domain": {"type": "string"},
        "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
        "fieldViolations": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "description": {"type": "string"},
                    "reason": {"type": "string"},
                },
            },
        },
        "resourceType": {"type": "string"},
        "resourceName": {"type": "string"},
    },
    "additionalProperties": True,
}
SECURITY = {
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "rapport_session",
        "description": "Browsers. Calls that write also send `X-CSRF-Protection: 1`.",
    },
    "bearer": {"type": "http", "scheme": "bearer", "description": "An access token or an API key."},
}
ETAG_HEADER = {
    "name": "If-Match",
    "in": "header",
    "description": "The etag of the version that was seen; may also be sent as `etag`.",
    "schema": {"type": "string"},
}
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same key and body get the same answer for 48 hours; may also be sent as `requestId`.",
    "schema": {"type": "string", "maxLength": 100},
}
STATUS = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"type": "string"}, "dependencies": {"type": "object"}},
}


class Document:
    """The OpenAPI document of a list of routes."""

    def __init__(self, routes):
        self.routes = routes
        self.schemas = Schemas()
        self.names = resource_variables(self._messages())
        self.used: set[str] = set()

    def build(self):
        """The document as JSON-ready data."""
        paths: dict = {}
        for route in self.routes:
            path, names = variables(route, self.names)
            paths.setdefault(path, {})[route.verb.lower()] = self.operation(route, names)
        paths |= _unwritten_paths()
        return {
            "openapi": "3.1.0",
            "info": {"title": "Rapport", "version": "1", "description": "The CRM, as programs see it."},
            "servers": [{"url": "/"}],
            "security": [{"cookie": []}, {"bearer": []}],
            "tags": self._tags(),
            "paths": dict(sorted(paths.items())),
            "components": {
                "schemas": dict(sorted(self.schemas.components.items())) | {"Error": ERROR, "ErrorDetail": DETAIL},
                "responses": {f"Error{code}": _refusal(text) for code, text in REFUSALS.items()},
                "securitySchemes": SECURITY,
            },
        }

    def operation(self, route, names):
        """One operation: how it is called and what it answers."""
        text = contract.comments().get(route.method.full_name, "")
        operation = {
            "operationId": self._operation_id(route),
            "summary": text.partition(". ")[0].removesuffix("."),
            "description": text,
            "tags": [route.service],
            "parameters": _path_parameters(route, names) + self.query(route) + _headers(route),
            "responses": {"200": self.answer(route.method)}
            | {code: {"$ref": f"#/components/responses/Error{code}"} for code in REFUSALS},
        }
        if route.body:
            operation["requestBody"] = self.request_body(route)
        if route.method.GetOptions().Extensions[options_pb2.public]:
            operation["security"] = []
        return operation

    def query(self, route):
        """The fields of the request that neither the path nor the body holds."""
        request = route.method.input_type
        if route.body == "*":
            return []
        bound = {field.split(".")[0] for field in route.fields} | {route.body}
        return [
            {
                "name": field.json_name,
                "in": "query",
                "required": BEHAVIOR.REQUIRED in behaviors(field),
                "schema": self.schemas.field(field, Variant.INPUT),
            }
            for field in request.fields
            if field.name not in bound
        ]

    def request_body(self, route):
        """The body as JSON, or as the bytes of an upload."""
        request = route.method.input_type
        if route.body == "*":
            return _json_body(self.schemas.inline(request, Variant.INPUT, without=route.fields))
        resource = request.fields_by_name[route.body].message_type
        if resource.full_name == HTTP_BODY:
            return {"required": True, "content": {"*/*": {"schema": {}}}}
        return _json_body(self.schemas.message(resource, Variant.CHANGE if route.verb == "PATCH" else Variant.INPUT))

    def answer(self, method):
        """The 200 response."""
        if method.output_type.full_name == HTTP_BODY:
            return {"description": "The content.", "content": {"*/*": {"schema": {}}}}
        return {
            "description": "Done.",
            "content": {"application/json": {"schema": self.schemas.message(method.output_type, Variant.ANSWER)}},
        }

    def _operation_id(self, route):
        """The RPC's name; further routes to the same RPC are numbered."""
        number = 1
        while f"{route.method.name}{number if number > 1 else ''}" in self.used:
            number += 1
        self.used.add(name := f"{route.method.name}{number if number > 1 else ''}")
        return name

    def _messages(self):
        files = {route.method.input_type.file for route in self.routes}
        return [message for file in files for message in file.message_types_by_name.values()]

    def _tags(self):
        services = {route.service: route.method.containing_service.full_name for route in self.routes}
        return [
            {"name": name, "description": contract.comments().get(full_name, "")}
            for name, full_name in sorted(services.items())
        ]


def _path_parameters(route, names):
    """The variable parts of the path; a name's pattern says which ids there are."""
    field = route.method.input_type.fields_by_name.get(route.fields[0]) if len(names) == 1 else None
    rule = field.GetOptions().Extensions[validate_pb2.field].string.pattern if field else ""
    pattern = re.sub(r"^\^\w+/", "^", rule) or "^[^/:]+$"
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": pattern}}
        for name in names
    ]


def _headers(route):
    """The headers that stand for fields of the request."""
    request = route.method.input_type
    resource = request.fields_by_name[route.body].message_type if route.body not in ("", "*") else None
    versioned = resource if route.verb == "PATCH" else request if route.verb == "DELETE" else None
    headers = [ETAG_HEADER] if versioned and "etag" in versioned.fields_by_name else []
    return headers + ([KEY_HEADER] if "request_id" in request.fields_by_name else [])


def _json_body(schema):
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _refusal(text):
    return {
        "description": text,
        "headers": {
            "X-Request-Id": {"schema": {"type": "string"}, "description": "Finds the call in logs and traces."}
        },
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }


def _unwritten_paths():
    """What the gateway answers besides RPCs."""
    status = {"description": "Yes.", "content": {"application/json": {"schema": STATUS}}}
    changes = {
        "operationId": "WatchChanges",
        "summary": "Tells of changes as they happen",
        "description": "Server-sent events: `{name, event, etag}` of what the caller may see. The event `reset` "
        "means that some were missed and everything shown should be fetched again.",
        "tags": ["gateway"],
        "parameters": [{"name": "Last-Event-ID", "in": "header", "schema": {"type": "string"}}],
        "responses": {
            "200": {"description": "The stream.", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
            **{code: {"$ref": f"#/components/responses/Error{code}"} for code in ("401", "429", "503", "default")},
        },
    }
    return {
        "/v1/changes:watch": {"get": changes},
        "/healthz": {"get": _probe("IsAlive", "Whether the gateway is alive", {"200": status})},
        "/readyz": {
            "get": _probe(
                "IsReady",
                "Whether everything the gateway needs answers, by name",
                {"200": status, "503": status | {"description": "No."}},
            )
        },
    }


def _probe(name, summary, responses):
    return {"operationId": name, "summary": summary, "tags": ["gateway"], "security": [], "responses": responses}


@functools.cache
def document():
    """The document of the whole contract, as JSON."""
    built = Document(routes_of(contract.services())).build()
    return orjson.dumps(built, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    sys.stdout.buffer.write(document())
