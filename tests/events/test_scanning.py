"""Documents and the virus scanner: what it finds is not kept, nor is what nobody has looked at."""

import socketserver
import threading

import pytest

from chassis.testing import refused
from tests.events.test_files import blobs, held, subject, upload

assert subject
pytestmark = pytest.mark.usefixtures("people")
VIRUS = b"X5O!P%@AP: a file that the scanner of these tests takes for a virus"
LARGEST = 100_000


class Clamd(socketserver.StreamRequestHandler):
    """Answers as clamd(8) does."""

    def handle(self):
        """One INSTREAM."""
        assert self.rfile.read(10) == b"zINSTREAM\0"
        seen = bytearray()
        while length := int.from_bytes(self.rfile.read(4), "big"):
            seen += self.rfile.read(length)
            if len(seen) > LARGEST:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(bytes(seen))
        self.wfile.write(b"stream: Test-Virus FOUND\0" if VIRUS in seen else b"stream: OK\0")


@pytest.fixture
def scanner(events, monkeypatch):
    """A scanner that the service asks."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        server.seen = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(events.settings, "clamd", f"tcp://127.0.0.1:{server.server_address[1]}")
        yield server
        server.shutdown()


def test_the_scanner_sees_the_whole_of_what_is_kept(scanner, ada):
    content = b"letter " * 10_000
    file = upload(ada, "a.txt", content)
    assert (scanner.seen, held(ada, file.name)) == ([content], content)


def test_what_the_scanner_finds_is_not_kept(scanner, events, ada):
    with refused("FILE_INFECTED") as error:
        upload(ada, "a.txt", b"dear all " + VIRUS)
    assert (error[0].metadata["virus"], blobs(events), ada.list_files().total_size) == ("Test-Virus", [], 0)


def test_what_the_scanner_does_not_take_is_not_kept(scanner, events, ada):
    with refused("SCANNER_UNAVAILABLE"):
        upload(ada, "a.txt", b"x" * (LARGEST + 1))
    assert (blobs(events), ada.list_files().total_size) == ([], 0)


def test_while_the_scanner_is_away_nothing_is_kept(events, ada, monkeypatch, tmp_path):
    monkeypatch.setattr(events.settings, "clamd", f"unix://{tmp_path}/nobody")
    with refused("SCANNER_UNAVAILABLE", "UNAVAILABLE"):
        upload(ada, "a.txt", b"letter")
    assert (blobs(events), ada.list_files().total_size) == ([], 0)
