"""Refusals as HTTP answers: the shape of AIP-193, whoever refused: a service, the gateway, or Flask."""

import re
from contextlib import suppress

import grpc
import orjson
import structlog
from flask import Response, g
from google.rpc import code_pb2, error_details_pb2
from werkzeug.exceptions import HTTPException

from chassis import errors
from gateway.encoding import encode

log = structlog.get_logger()
HTTP = {
    code_pb2.CANCELLED: 499,
    code_pb2.INVALID_ARGUMENT: 400,
    code_pb2.DEADLINE_EXCEEDED: 504,
    code_pb2.NOT_FOUND: 404,
    code_pb2.ALREADY_EXISTS: 409,
    code_pb2.PERMISSION_DENIED: 403,
    code_pb2.RESOURCE_EXHAUSTED: 429,
    code_pb2.FAILED_PRECONDITION: 400,
    code_pb2.ABORTED: 409,
    code_pb2.OUT_OF_RANGE: 400,
    code_pb2.UNIMPLEMENTED: 501,
    code_pb2.UNAVAILABLE: 503,
    code_pb2.UNAUTHENTICATED: 401,
}
DETAILS = {
    f"type.googleapis.com/{kind.DESCRIPTOR.full_name}": kind
    for kind in (
        error_details_pb2.ErrorInfo,
        error_details_pb2.BadRequest,
        error_details_pb2.ResourceInfo,
        error_details_pb2.RetryInfo,
    )
}
# What HTTP itself refuses, as refusals of ours: (class, sentence, reason).
WEB = {
    400: (errors.InvalidArgument, "the request cannot be understood", "BAD_REQUEST"),
    404: (errors.NotFound, "there is nothing at this address", "ROUTE_NOT_FOUND"),
    405: (errors.InvalidArgument, "this address does not take this method", "METHOD_NOT_ALLOWED"),
    413: (errors.InvalidArgument, "the request is larger than 1 MB", "REQUEST_TOO_LARGE"),
    415: (errors.InvalidArgument, "the body must be application/json", "NOT_JSON"),
}
SNAKE = re.compile(r"_([a-z0-9])")


def register(app, recognise):
    """Lets an app answer every refusal and every failure in the one shape; `recognise` finds out who is asking."""
    app.register_error_handler(errors.Error, refused)
    app.register_error_handler(grpc.RpcError, rpc_failed)
    app.register_error_handler(HTTPException, lambda error: web_refused(error, recognise))
    app.register_error_handler(Exception, failed)


def refused(error):
    """A refusal of ours."""
    return answer(error.status(g.caller.language))


def rpc_failed(error):
    """A refusal of a service, or its silence."""
    status = errors.status_of(error)
    if not status.details and status.code in (code_pb2.UNAVAILABLE, code_pb2.RESOURCE_EXHAUSTED):
        return refused(_silence(status.code))
    if not status.details and status.code == code_pb2.DEADLINE_EXCEEDED:
        return refused(errors.DeadlineExceeded("it took too long; whether it was done is unknown", "DEADLINE_EXCEEDED"))
    if status.code not in HTTP:
        log.error("rpc_failed", code=code_pb2.Code.Name(status.code))
        return refused(errors.Error("internal error", "INTERNAL"))
    return answer(status)


def _silence(code):
    service = g.caller.service
    if code == code_pb2.RESOURCE_EXHAUSTED:
        return errors.ResourceExhausted("too many are calling at once; try again", "BUSY", retry_after=1)
    return errors.Unavailable(
        "{service} does not answer; try again soon", "SERVICE_UNAVAILABLE", retry_after=1, service=service
    )


def web_refused(error, recognise):
    """What Flask or Werkzeug refused, often before anybody asked who is asking."""
    if error.code not in WEB:
        return failed(error)
    if not g.caller.actor.user:
        # Only for the language; the refusal does not need the database.
        with suppress(errors.Unavailable):
            recognise()
    kind, sentence, reason = WEB[error.code]
    response = answer(kind(sentence, reason).status(g.caller.language), error.code)
    if getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def failed(error):
    """A mistake of ours: told to the log only."""
    log.exception("request_failed", exc_info=error)
    return refused(errors.Error("internal error", "INTERNAL"))


def answer(status, http=None):
    """A google.rpc.Status as a response."""
    http, headers, body = as_http(status, http)
    g.caller.code = code_pb2.Code.Name(status.code)
    return Response(body, http, headers=headers)


def as_http(status, http=None):
    """A google.rpc.Status as HTTP status, headers and body."""
    details = [_detail(detail) for detail in status.details if detail.type_url in DETAILS]
    http = http or HTTP.get(status.code, 500)
    message = _told_by_field(details) or status.message
    error = {"code": http, "status": code_pb2.Code.Name(status.code), "message": message, "details": details}
    headers = {"Content-Type": "application/json"}
    delay = next((detail["retryDelay"] for detail in details if "retryDelay" in detail), None)
    if delay or http in (429, 503):
        headers["Retry-After"] = (delay or "1s").removesuffix("s")
    if http == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return http, headers, orjson.dumps({"error": error})


def sentences(status):
    """What a person reads of a refusal, field by field."""
    return _violations([_detail(detail) for detail in status.details if detail.type_url in DETAILS]) or [status.message]


def _told_by_field(details):
    """What a person reads about wrong fields, which are named as in JSON; "" if none is."""
    return "; ".join(_violations(details))


def _violations(details):
    violations = [each for detail in details for each in detail.get("fieldViolations", ())]
    return [": ".join(filter(None, (each["field"], each["description"]))) for each in violations]


def _detail(packed):
    """One detail as JSON; fields are named as in JSON: `emails[0].displayName`."""
    message = DETAILS[packed.type_url]()
    packed.Unpack(message)
    if isinstance(message, error_details_pb2.BadRequest):
        for violation in message.field_violations:
            violation.field = SNAKE.sub(lambda match: match[1].upper(), violation.field)
    return {"@type": packed.type_url, **encode(message)}
