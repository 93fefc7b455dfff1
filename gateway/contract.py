"""The contract as the gateway sees it: the services of proto/, their descriptors and the comments on them."""

import functools
import importlib
from pathlib import Path

import crm
from google.protobuf import descriptor_pb2

GEN = Path(crm.__path__[0]).parent


@functools.cache
def files():
    """The compiled files of the contract itself, imports left out."""
    everything = descriptor_pb2.FileDescriptorSet.FromString((GEN / "crm.binpb").read_bytes())
    return [file for file in everything.file if file.name.startswith("crm/")]


@functools.cache
def services():
    """The descriptors of what each service serves, by the name of its package: `contacts`, `identity`, …"""
    found: dict = {}
    for file in files():
        module = importlib.import_module(file.name.removesuffix(".proto").replace("/", ".") + "_pb2")
        for service in module.DESCRIPTOR.services_by_name.values():
            found.setdefault(file.package.split(".")[1], []).append(service)
    return found


@functools.cache
def events():
    """The message classes of everything that services announce."""
    found = []
    for file in files():
        if file.name.endswith("/domain_events.proto"):
            module = importlib.import_module(file.name.removesuffix(".proto").replace("/", ".") + "_pb2")
            found += [getattr(module, message.name) for message in file.message_type]
    return found


@functools.cache
def comments():
    """What the contract says about each thing, by its full name: services, RPCs, messages, fields, enums, values."""
    found = {}
    for file in files():
        for location in file.source_code_info.location:
            if text := location.leading_comments.strip():
                found[_full_name(file, list(location.path))] = " ".join(text.split())
    return found


def _full_name(file, path):
    """The full name of what a path of source_code_info (field number, index, …) points at."""
    names, thing = [file.package], file
    while len(path) >= 2:
        field = thing.DESCRIPTOR.fields_by_number[path[0]]
        thing, path = getattr(thing, field.name), path[1:]
        if field.is_repeated:
            thing, path = thing[path[0]], path[1:]
        if hasattr(thing, "name"):
            names.append(thing.name)
    return ".".join(names)
