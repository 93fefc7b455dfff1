"""Files as a virus scanner sees them: ClamAV's daemon gets every part too, and what it finds is not kept.

The protocol is that of clamd(8): INSTREAM, the parts with their lengths before them, and a length of nothing.
"""

import socket
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import structlog

from chassis.errors import InvalidArgument, Unavailable

log = structlog.get_logger()
# Seconds that the scanner may take for a part, and for its verdict.
PATIENCE = 30


def scanned(parts, address):
    """Gives parts on once the scanner has them. After the last one it refuses with FILE_INFECTED what it found.

    `address` is `tcp://host:3310` or `unix:///run/clamav/clamd.ctl`; without one nothing is scanned. A scanner that
    does not answer, or takes no file of this size, refuses with SCANNER_UNAVAILABLE: nobody knows what is in it.
    """
    return _scanned(parts, address) if address else parts


def _scanned(parts, address):
    with _connected(address) as scanner:
        _send(scanner, b"zINSTREAM\0")
        for part in parts:
            _send(scanner, len(part).to_bytes(4, "big") + part)
            yield part
        _send(scanner, bytes(4))
        _judge(_verdict(scanner))


@contextmanager
def _connected(address):
    place = urlsplit(address)
    unix = place.scheme == "unix"
    scanner = socket.socket(socket.AF_UNIX) if unix else socket.socket()
    with scanner:
        scanner.settimeout(PATIENCE)
        try:
            scanner.connect(place.path if unix else (place.hostname, place.port or 3310))
        except OSError as error:
            raise _unavailable(str(error)) from error
        yield scanner


def _send(scanner, data):
    try:
        scanner.sendall(data)
    except OSError as error:
        # It says why before it hangs up: the file is larger than it takes.
        said = ""
        with suppress(OSError):
            said = _verdict(scanner)
        raise _unavailable(said or str(error)) from error


def _verdict(scanner):
    """Returns what the scanner says: `stream: OK`, `stream: Eicar-Signature FOUND`, or what is wrong."""
    said = bytearray()
    try:
        while not said.endswith(b"\0") and (more := scanner.recv(1024)):
            said += more
    except OSError as error:
        raise _unavailable(str(error)) from error
    return said.rstrip(b"\0").decode(errors="replace").strip()


def _judge(said):
    verdict = said.partition(": ")[2]
    if verdict.endswith(" FOUND"):
        found = verdict.removesuffix(" FOUND")
        log.warning("infected_file_refused", found=found)
        raise InvalidArgument("it holds {virus}", "FILE_INFECTED", field="file", virus=found)
    if verdict != "OK":
        raise _unavailable(said)


def _unavailable(why):
    log.error("scanner_unavailable", said=why)
    return Unavailable("the virus scanner does not take it; ask an administrator", "SCANNER_UNAVAILABLE")
