"""The REST routes of the contract: google.api.http of every RPC, compiled once."""

import itertools
import re
from dataclasses import dataclass
from functools import cached_property

from crm.type.v1 import options_pb2
from google.api import annotations_pb2, resource_pb2
from google.protobuf.descriptor import MethodDescriptor

VERBS = ("get", "put", "post", "delete", "patch")
VARIABLE = re.compile(r"\{([\w.]+)(?:=([^}]+))?\}")
WILDCARD = re.compile(r"\*\*|\*")


@dataclass(frozen=True)
class Route:
    """One way to call an RPC: a verb and a path whose variable parts fill fields of the request."""

    verb: str
    template: str
    body: str
    service: str
    method: MethodDescriptor

    @cached_property
    def fields(self):
        """The request fields that the path fills: `name`, `contact.name`."""
        return [variable[1] for variable in VARIABLE.finditer(self.template)]

    @cached_property
    def shape(self):
        """The template without the names of its fields: equal shapes match equal paths."""
        return VARIABLE.sub(lambda variable: variable[2] or "*", self.template)

    @cached_property
    def regex(self):
        """Matches a path; its groups are the values of `fields`, in order."""
        plain = VARIABLE.split(self.template)  # text, field, pattern, text, field, pattern, …, text
        parts = [_literal(plain[0])]
        for pattern, text in zip(plain[2::3], plain[3::3], strict=True):
            parts += ["(", _literal(pattern or "*"), ")", _literal(text)]
        return re.compile("".join(parts))

    @property
    def rank(self):
        """Sorts the most literal routes first."""
        return len(WILDCARD.findall(self.shape)), -len(self.shape), self.shape


def _literal(text):
    """A regular expression for a piece of a template."""
    return WILDCARD.sub(
        lambda star: "[^:]+" if star[0] == "**" else "[^/:]+",
        re.escape(text).replace(r"\*", "*"),
    )


def routes_of(services):
    """All routes of the services (name → descriptors), the most literal first."""
    routes = [
        Route(verb.upper(), getattr(rule, verb), rule.body, service, method)
        for service, descriptors in services.items()
        for descriptor in descriptors
        for method in descriptor.methods
        for rule in _rules(method)
        for verb in VERBS
        if rule.WhichOneof("pattern") == verb
    ]
    _refuse_twins(routes)
    return sorted(routes, key=lambda route: route.rank)


def _rules(method):
    """The main http rule of an RPC and its additional bindings; none if it is for services only."""
    if method.GetOptions().Extensions[options_pb2.internal]:
        return []
    rule = method.GetOptions().Extensions[annotations_pb2.http]
    if not rule.WhichOneof("pattern"):
        raise ValueError(f"{method.full_name} has no google.api.http rule")
    return [rule, *rule.additional_bindings]


def _refuse_twins(routes):
    """Two routes that no request could tell apart are a mistake in the contract."""
    seen: dict[tuple[str, str], Route] = {}
    for route in routes:
        twin = seen.setdefault((route.verb, route.shape), route)
        if twin is not route:
            raise ValueError(
                f"{route.verb} {route.shape} means both {twin.method.full_name} and {route.method.full_name}"
            )


class Table:
    """Finds the route of a request."""

    def __init__(self, routes):
        self.routes = routes

    def find(self, verb, path):
        """The route and the values of its path fields, or None and the verbs that the path would allow."""
        allowed = []
        for route in self.routes:
            if match := route.regex.fullmatch(path):
                if route.verb == verb:
                    return route, match.groups()
                allowed.append(route.verb)
        return None, allowed


def variables(route, resources):
    """The path as people read it, `/v1/contacts/{contact}`, and its variables' names in order."""
    names: list[str] = []

    def named(star):
        collection = route.shape[: star.start()].rstrip("/").rpartition("/")[2]
        names.append(resources.get(collection, collection))
        return f"{{{names[-1]}}}"

    return WILDCARD.sub(named, route.shape), names


def resource_variables(messages):
    """What a member of each collection is called in paths: `contacts` → `contact`."""
    patterns = [
        pattern.split("/")
        for message in messages
        for pattern in message.GetOptions().Extensions[resource_pb2.resource].pattern
    ]
    return {
        collection: variable.strip("{}")
        for parts in patterns
        for collection, variable in itertools.pairwise(parts)
        if variable.startswith("{")
    }
