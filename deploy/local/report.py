"""What a local run looks like from outside."""

import importlib.metadata
import time
from xmlrpc.client import Fault

import psutil

from deploy.local import supervision

MEBIBYTE = 1024 * 1024


def lines(folder):
    """Returns what `crm status` prints."""
    settings, holder = folder.remembered(), folder.holder()
    yield f"Rapport {importlib.metadata.version('rapport')}, data in {folder.root}"
    yield f"running at {settings.get('url')}, process {holder}" if holder else "not running"
    ports = settings.get("ports", {})
    total = 0
    for name, pid, since in _processes(folder):
        memory = _memory(pid)
        total += memory
        minutes = (time.time() - since) / 60
        yield f"  {name:<12} pid {pid:<8} port {ports.get(name, ''):<6} {memory:>5} MB  {minutes:>7.1f} min"
    if total:
        yield f"  together {total} MB"


def _processes(folder):
    """Yields (name, pid, start time) of what runs under supervision."""
    try:
        states = supervision.Remote(folder).states()
    except (OSError, Fault):
        return
    for name, info in states.items():
        if info["pid"]:
            yield name, info["pid"], info["start"]


def _memory(pid):
    """Returns the memory of a process and its children in MB, what they share counted once."""
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
        return sum(each.memory_full_info().pss for each in family) // MEBIBYTE
    except psutil.Error:
        return 0
