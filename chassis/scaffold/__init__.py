"""Starting a new service: all its rooms, its contract and its tests, with one resource to begin from."""

import re
import tomllib
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
SUFFIX = ".tmpl"
NEXT = """\
{made}

What is left, for only you know it:
  1. what it is about: {proto}, services/{service}/__init__.py, and a line in docs/api.md
  2. make proto
  3. where it runs: in deploy/services.toml, under [services],
       {service} = {{ port = {port}, metrics_port = {metrics_port} }}
     then .venv/bin/python -m deploy.broker > deploy/nats/users.conf,
     and in deploy/compose.yaml and deploy/kubernetes/ what invoicing has there
  4. other columns than title and description: make run, make migration service={service} m="..."
  5. make test
"""


class WrongNameError(ValueError):
    """A name that a service or a resource cannot have."""


def make(root, service, resource=""):
    """Makes a service under `root`; returns the files. Its resource is its name's singular unless said otherwise."""
    words = _words(service, resource)
    targets = {template: _target(root, template, words) for template in sorted(TEMPLATES.rglob(f"*{SUFFIX}"))}
    there = [path for path in targets.values() if path.exists()]
    if there:
        raise WrongNameError(f"{there[0].relative_to(root)} is there already")
    for template, path in targets.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_filled(template.read_text("utf-8"), words), "utf-8")
    return list(targets.values())


def what_is_left(root, service, made):
    """Returns what the maker cannot know, for whoever asked for the service."""
    listed = tomllib.loads((root / "deploy" / "services.toml").read_text("utf-8"))["services"]
    port = max(each["port"] for each in listed.values()) + 10
    return NEXT.format(
        made="\n".join(str(path.relative_to(root)) for path in made),
        service=service,
        proto=f"proto/crm/{service}/v1/{service}.proto",
        port=port,
        metrics_port=port + 1,
    )


def _words(service, resource):
    """Returns what stands for each placeholder."""
    if not re.fullmatch(r"[a-z]{3,}", service):
        raise WrongNameError(f"{service!r}: the name of a service is one word of small letters")
    if not resource:
        if not service.endswith("s"):
            raise WrongNameError(f"{service} is no plural; name its first resource: make service name=… resource=Call")
        resource = re.sub(r"ie$", "y", service[:-1]).capitalize()
    if not re.fullmatch(r"([A-Z][a-z]+)+", resource):
        raise WrongNameError(f"{resource!r}: a resource is called like PhoneCall")
    snake = re.sub(r"(?<!^)([A-Z])", r"_\1", resource).lower()
    plural, many = _plural(resource), _plural(snake.replace("_", " "))
    imports = sorted(("domain_events_pb2 as events", f"{service}_pb2 as pb"))
    return {
        "contract_imports": "\n".join(f"from crm.{service}.v1 import {name}" for name in imports),
        "Service": service.capitalize(),
        "service": service,
        "Resources": plural,
        "Resource": resource,
        "resources": _plural(snake),
        "resource": snake,
        "collection": plural[0].lower() + plural[1:],
        "singular": resource[0].lower() + resource[1:],
        "words": snake.replace("_", " "),
        "plural_words": many,
        "Sentence": many.capitalize(),
    }


def _plural(word):
    return re.sub(r"y$", "ie", word) + "s"


def _filled(text, words):
    for placeholder, word in words.items():
        text = text.replace(f"__{placeholder}__", word)
    return text


def _target(root, template, words):
    """Returns where a template goes."""
    return root / _filled(str(template.relative_to(TEMPLATES)), words).removesuffix(SUFFIX)
