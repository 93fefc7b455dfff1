"""Which processes make up Rapport, as services.toml lists them."""

import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Programs that came with our Python packages: gunicorn, nats-server, caddy.
PROGRAMS = Path(sys.prefix) / "bin"
IDENTITY = "identity"


@dataclass(frozen=True)
class Process:
    """One of our programs: where it listens in a cluster, whose database and NATS user it has, how it signs."""

    name: str
    port: int
    metrics_port: int
    database: str
    account: str
    issuer: str
    command: tuple[str, ...]
    # Where its rooms are; none of its own for the gateway and push.
    package: str = ""


def _listed():
    return tomllib.loads((ROOT / "deploy" / "services.toml").read_text("utf-8"))


def services():
    """Returns the services that are processes of their own, in the order of the list."""
    return [_service(name, **entry) for name, entry in _listed()["services"].items()]


def _service(name, port, metrics_port, package=""):
    package = package or f"services.{name}"
    command = (str(PROGRAMS / "python"), "-m", package)
    return Process(name, port, metrics_port, name, name, f"services/{name}", command, package)


def web_processes():
    """Returns the gateway and its companions, which answer the edge."""
    listed = _listed()
    return [
        Process(name, **{**entry, "command": (str(PROGRAMS / entry["command"][0]), *entry["command"][1:])})
        for name, entry in listed.items()
        if name != "services"
    ]


def processes():
    """Returns all of them: services first, for the others call them."""
    return [*services(), *web_processes()]


def process(name):
    """Returns the process of that name; KeyError if there is none."""
    return {each.name: each for each in processes()}[name]


def packages():
    """Returns service → the Python package with its rooms; `identity` is one, though it has no process of its own."""
    return {**{each.name: each.package for each in services()}, IDENTITY: "gateway.identity"}


def owner_of(service):
    """Returns the process that holds the settings of a service: `gateway` for identity, else its own."""
    return "gateway" if service == IDENTITY else service


def databases():
    """Returns the names of all databases: one per service."""
    return list(packages())


def issuers():
    """Returns who signs tokens."""
    return sorted({each.issuer for each in processes() if each.issuer})
