"""Files as they come: kept, or made CSV of first by a process that is thrown away."""

import subprocess
import sys
import tempfile
import threading
from itertools import chain
from pathlib import Path

from chassis.blobs import PIECE
from chassis.errors import InvalidArgument, Unavailable
from chassis.kit.importing import conversion

LARGEST = 512 * 1024 * 1024
# A spreadsheet is read while others answer: one at a time, and nobody waits.
SLOT = threading.BoundedSemaphore(1)
PROGRAM = Path(conversion.__file__)
WAIT = conversion.SECONDS + 60


def kind_of(beginning):
    """Returns what a file is, by how it begins."""
    if beginning.startswith(b"PK\x03\x04"):
        return "XLSX"
    text = beginning[:1000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n").upper()
    return "VCARD" if text.startswith(b"BEGIN:VCARD") else "CSV"


def keep(blobs, parts, others):
    """Keeps a file as CSV; returns (what it was, the name of its blob). `others` are the programs that read what is
    neither that nor a spreadsheet: VCARD → path.

    Refuses with FILE_NOT_READABLE, FILE_TOO_LARGE or BUSY.
    """
    parts = _bounded(parts)
    first = next((part for part in parts if part), b"")
    if not first.strip():
        raise InvalidArgument("the file is empty", "FILE_EMPTY", field="file")
    kind = kind_of(first)
    parts = chain([first], parts)
    if kind == "CSV":
        return kind, blobs.put(parts)
    if kind != "XLSX" and kind not in others:
        raise _unreadable()
    if not SLOT.acquire(blocking=False):
        raise Unavailable("another file is being read; try again", "BUSY", retry_after=5)
    try:
        return kind, _converted(blobs, others.get(kind), parts)
    finally:
        SLOT.release()


def _bounded(parts):
    size = 0
    for part in parts:
        size += len(part)
        if size > LARGEST:
            raise InvalidArgument("larger than {limit}", "FILE_TOO_LARGE", field="file", limit="512 MB")
        yield part


def _converted(blobs, reader, parts):
    """Has another process make CSV of a file: whatever it is given, it takes no more than it may."""
    with tempfile.TemporaryFile() as file:
        for part in parts:
            file.write(part)
        file.seek(0)
        program = [sys.executable, "-I", str(PROGRAM), *([str(reader)] if reader else [])]
        with subprocess.Popen(program, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}) as child:
            late = threading.Timer(WAIT, child.kill)
            late.start()
            try:
                return blobs.put(_output(child))
            finally:
                late.cancel()
                child.kill()


def _output(child):
    """Gives what the process writes; refuses, so that nothing is kept, if it does not come to an end."""
    while piece := child.stdout.read(PIECE):
        yield piece
    code = child.wait()
    if code == conversion.TOO_LARGE:
        raise InvalidArgument("it unfolds to more than {limit}", "FILE_TOO_LARGE", field="file", limit="1 GB")
    if code:
        raise _unreadable()


def _unreadable():
    return InvalidArgument("it cannot be read as a table", "FILE_NOT_READABLE", field="file")
