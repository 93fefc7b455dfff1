"""How rooms say what their functions are for: handlers `@on` an event, jobs `@every` so often."""

from dataclasses import dataclass
from functools import wraps
from inspect import isfunction
from types import ModuleType
from typing import Any

from crm.type.v1 import options_pb2
from google.api import annotations_pb2

from chassis.errors import PermissionDenied
from chassis.resource import Resource
from chassis.rpc import request_class, response_class
from chassis.standard import Standard

STANDARD_VERBS = ("Get", "List", "Create", "Update", "Delete")


def on(*event_classes, together=False, one_cause=False):
    """Marks a handler of these events: `handler(event, tx)`, in the log's order, each event once.

    One that takes them `together` gets what has piled up: `handler([(event, heard), …], tx)`; with `one_cause` only
    what came about on the same account, for what it announces is announced on that.
    """

    def mark(handler):
        handler.event_classes = event_classes
        handler.together = together
        handler.one_cause = one_cause
        return handler

    return mark


def every(seconds, *, own_transactions=False):
    """Marks a job that the leader runs every so many seconds: `job(tx)`, or `job(begin)` with own transactions."""

    def mark(job):
        job.interval = seconds
        job.own_transactions = own_transactions
        return job

    return mark


def own_transactions(function):
    """Marks an RPC that waits for others: it gets `begin` and opens short transactions itself, `with begin() as tx`."""
    function.own_transactions = True
    return function


def in_parts(function):
    """Marks an RPC that reads a file part by part: it gets the Upload and `begin`, as one with `own_transactions`."""
    function.in_parts = True
    return function


@dataclass(frozen=True)
class Rpc:
    """What the chassis knows about one RPC of the contract."""

    method: Any
    function: object
    reads: bool
    # What stands before the path of a field of the resource: `contact.` in CreateContactRequest.
    prefix: str
    # The field of the request that is the body, if one is.
    body: str

    @property
    def streams(self):
        """Whether it answers with a file, part by part."""
        return self.method.server_streaming

    @property
    def takes_file(self):
        """Whether it is sent a file."""
        return self.method.client_streaming

    @property
    def takes_parts(self):
        """Whether the function reads the file part by part."""
        return getattr(self.function, "in_parts", False)

    @property
    def own_transactions(self):
        """Whether the function opens its transactions itself."""
        return getattr(self.function, "own_transactions", False)


def rpcs(descriptors, events, model, rpc):
    """Returns the Rpc of every method of the services: the function of its name in `rpc`, or a standard method.

    Refuses to start when a method has neither, or no route, or one although it is for some services only.
    """
    table = {}
    for service in descriptors:
        for method in service.methods:
            options = method.GetOptions()
            rule, internal = options.Extensions[annotations_pb2.http], options.Extensions[options_pb2.internal]
            if bool(internal) == bool(rule.WhichOneof("pattern")):
                raise LookupError(f"{method.full_name} has {'a' if internal else 'no'} google.api.http rule")
            function = getattr(rpc, _snake(method.name), None) or _standard(method, events, model)
            function = _only_for(internal, function) if internal else function
            body = "" if rule.body == "*" else rule.body
            reads = rule.WhichOneof("pattern") == "get"
            table[method.name] = Rpc(method, function, reads, f"{body}." if body else "", body)
    return table


def _only_for(services, function):
    """Returns an RPC's function that answers these services only."""
    callers = {f"services/{name}" for name in services}

    def require_one_of_them(tx):
        if tx.actor.service not in callers:
            raise PermissionDenied("only some services may ask this", "INTERNAL_RPC")

    @wraps(function)
    def answer(request, tx):
        require_one_of_them(tx)
        return function(request, tx)

    @wraps(function)
    def answer_in_transactions_of_its_own(request, begin):
        with begin() as tx:
            require_one_of_them(tx)
        return function(request, begin)

    return answer_in_transactions_of_its_own if getattr(function, "own_transactions", False) else answer


def _standard(method, events, model):
    """Returns the standard method that an RPC's name asks for."""
    verb = next((verb for verb in STANDARD_VERBS if method.name.startswith(verb)), None)
    noun = method.name.removeprefix(verb or "")
    for candidate in vars(model).values():
        if not (isinstance(candidate, type) and issubclass(candidate, Resource) and "__table__" in vars(candidate)):
            continue
        if verb == "List" and noun.lower() == candidate.collection.lower():
            message = next(field for field in method.output_type.fields if field.is_repeated).message_type
            standard = Standard(candidate, message._concrete_class, events)
            answer = response_class(method)
            return lambda request, tx: standard.list(request, tx, answer)
        if verb and noun == candidate.__name__:
            package = request_class(method).DESCRIPTOR.file
            standard = Standard(candidate, package.message_types_by_name[noun]._concrete_class, events)
            return getattr(standard, verb.lower())
    raise LookupError(f"{method.full_name} has neither a function {_snake(method.name)} nor a standard method")


def _snake(name):
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("_")


def marked(room: ModuleType | None, attribute):
    """Returns the functions of a room that bear a mark."""
    return [each for each in vars(room).values() if isfunction(each) and hasattr(each, attribute)] if room else []
