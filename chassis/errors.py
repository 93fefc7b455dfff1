"""Refusals: what a service says when it will not do something, and their form on the wire.

Raise the class that fits, with a sentence (lower case, no full stop), a reason for programs, and
every fact again as metadata. Anything else that escapes a service is a bug and shows as "internal error".
"""

from dataclasses import dataclass

import grpc
from google.protobuf import duration_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from chassis import texts

DOMAIN = "rapport"
# The reason of a refusal that says no more than its fields do.
INVALID_FIELDS = "INVALID_FIELDS"
# Of a commit whose answer was lost: it may have been done.
OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"


@dataclass(frozen=True)
class Violation:
    """One field that was refused: where (`emails[0].value`), why (a reason), and the sentence about it."""

    field: str
    reason: str
    message: str
    # What the sentence may name.
    facts: tuple[tuple[str, object], ...] = ()


class Error(Exception):
    """A refusal. `message` may use its metadata: `"the contact is on {count} invoices"`."""

    code = grpc.StatusCode.INTERNAL
    # What another service said of it.
    told = ""

    def __init__(self, message, reason, *, violations=(), resources=(), retry_after=None, **metadata):
        super().__init__(message.format(**metadata) if metadata else message)
        self.reason = reason
        self.metadata = metadata
        self.violations = tuple(violations)
        self.resources = tuple(resources)
        self.retry_after = retry_after

    @classmethod
    def received(cls, status):
        """Returns a refusal that came from another service, already in the caller's language."""
        info = info_of(status)
        error = cls(status.message, info.reason)
        error.metadata, error.told = dict(info.metadata), status.message
        return error

    def sentence(self, language):
        """Returns what a person reads, in `language`."""
        if self.told:
            return self.told
        return texts.translate(self.reason, language, str(self), **self.metadata)

    def status(self, language="en"):
        """Returns the google.rpc.Status of this refusal, its sentences in `language`."""
        status = status_pb2.Status(code=self.code.value[0], message=self.sentence(language))
        info = error_details_pb2.ErrorInfo(reason=self.reason, domain=DOMAIN)
        info.metadata.update({key: str(value) for key, value in self.metadata.items()})
        status.details.add().Pack(info)
        if self.violations:
            status.details.add().Pack(_bad_request(self.violations, language))
        for kind, name, title in self.resources:
            status.details.add().Pack(
                error_details_pb2.ResourceInfo(resource_type=kind, resource_name=name, description=title)
            )
        if self.retry_after is not None:
            delay = duration_pb2.Duration(seconds=int(self.retry_after))
            status.details.add().Pack(error_details_pb2.RetryInfo(retry_delay=delay))
        return status


def said(violation, language):
    """Returns what a person reads about one field."""
    return texts.translate(violation.reason, language, violation.message, **dict(violation.facts))


def _bad_request(violations, language):
    """Returns the details that name each refused field."""
    return error_details_pb2.BadRequest(
        field_violations=[
            error_details_pb2.BadRequest.FieldViolation(
                field=violation.field,
                reason=violation.reason,
                description=said(violation, language),
            )
            for violation in violations
        ]
    )


class InvalidArgument(Error):
    """The request is wrong whatever the state of the system; `field` names the field to blame."""

    code = grpc.StatusCode.INVALID_ARGUMENT

    def __init__(self, message, reason, *, field=None, violations=(), **metadata):
        if field is not None:
            sentence = message.format(**metadata) if metadata else message
            violations = (Violation(field, reason, sentence, tuple(metadata.items())),)
        super().__init__(message, reason, violations=violations, **metadata)

    def sentence(self, language):
        """Returns a sentence per refused field, with the field before it."""
        if not self.violations:
            return super().sentence(language)
        return "; ".join(f"{each.field}: {said(each, language)}" for each in self.violations)


class Unauthenticated(Error):
    """Nobody, or nobody we believe, is asking."""

    code = grpc.StatusCode.UNAUTHENTICATED


class PermissionDenied(Error):
    """The caller may see the record but not do this to it."""

    code = grpc.StatusCode.PERMISSION_DENIED


class NotFound(Error):
    """There is no such record, or none that the caller may know of."""

    code = grpc.StatusCode.NOT_FOUND


class AlreadyExists(Error):
    """A record with this unique property is there already."""

    code = grpc.StatusCode.ALREADY_EXISTS


class FailedPrecondition(Error):
    """The state of the record forbids it; the sentence says which state and how to go on."""

    code = grpc.StatusCode.FAILED_PRECONDITION


class Aborted(Error):
    """Somebody else was faster; read again and retry."""

    code = grpc.StatusCode.ABORTED


class ResourceExhausted(Error):
    """Too much at once; try again later."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED


class Unavailable(Error):
    """Something that must be asked does not answer; nothing was changed."""

    code = grpc.StatusCode.UNAVAILABLE


class DeadlineExceeded(Error):
    """The time for the call is over; whether it took effect is unknown."""

    code = grpc.StatusCode.DEADLINE_EXCEEDED


def no_such(name):
    """Returns the one answer to an unknown and to a forbidden record."""
    return NotFound("there is no {name}", "NOT_FOUND", name=name)


def status_of(error):
    """Returns the google.rpc.Status that a failed call to another service carries, or makes one from its code."""
    status = rpc_status.from_call(error) if isinstance(error, grpc.Call) else None
    if status is not None:
        return status
    code = error.code() if isinstance(error, grpc.Call) else grpc.StatusCode.UNKNOWN
    return status_pb2.Status(code=code.value[0], message=code_pb2.Code.Name(code.value[0]))


def info_of(status):
    """Returns the ErrorInfo in a google.rpc.Status, or an empty one."""
    info = error_details_pb2.ErrorInfo()
    for detail in status.details:
        if detail.Unpack(info):
            break
    return info


def reason_of(status):
    """Returns the reason in a google.rpc.Status, or "" if it has none."""
    return info_of(status).reason
