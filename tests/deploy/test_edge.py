"""What the one public port does, with the real Caddy and small servers behind it."""

import http.client
import json
import os
import socket
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from deploy.local.supervision import wait
from deploy.processes import PROGRAMS, ROOT
from tests.installation import free_port

SCRIPT = "console.log(1)\n" * 100


class Upstream(BaseHTTPRequestHandler):
    """Answers with the request's headers; as push, with a stream that goes on while the client reads."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path.startswith("/v1/changes:watch"):
            return self.stream()
        if "broken" in self.path:
            return self.break_off()
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def do_POST(self):
        left = int(self.headers["Content-Length"])
        while left and (part := self.rfile.read(min(left, 65536))):
            left -= len(part)
        self.do_GET()

    def break_off(self):
        self.send_response(200)
        self.send_header("Content-Length", "3000000")
        self.end_headers()
        self.wfile.write(b"x" * 2_000_000)
        self.close_connection = True

    def stream(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"id: 1\n\n")
        self.wfile.flush()
        self.server.may_end.wait(20)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    """Says nothing when a client goes away."""

    daemon_threads = True

    def handle_error(self, *_):
        pass


def listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<title>Rapport</title>")
    (folder / "assets" / "app-4f2a.js").write_text(SCRIPT)
    return folder


@pytest.fixture(scope="module")
def upstream():
    server = Server(("127.0.0.1", 0), Upstream)
    server.may_end = threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.may_end.set()
    server.shutdown()


@pytest.fixture(scope="module")
def edges(web, upstream, tmp_path_factory):
    """Returns a function that starts an edge before a gateway and returns its port."""
    started = []

    def start(gateway, log=subprocess.DEVNULL):
        port = free_port()
        settings = {
            "CRM_SITE": f"http://:{port}",
            "CRM_AUTO_HTTPS": "off",
            "CRM_GATEWAY": f"127.0.0.1:{gateway}",
            "CRM_PUSH": f"127.0.0.1:{upstream.server_port}",
            "CRM_WEB": str(web),
            "XDG_DATA_HOME": str(tmp_path_factory.mktemp("caddy")),
        }
        command = [PROGRAMS / "caddy", "run", "--config", ROOT / "deploy/Caddyfile"]
        started.append(subprocess.Popen(command, env=os.environ | settings, stderr=log))
        wait(lambda: listening(port), "the edge", 20)
        return port

    start.processes = started
    yield start
    for process in started:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def edge(edges, upstream):
    return edges(upstream.server_port)


def ask(port, path, method="GET", body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body=body, headers=headers or {})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def test_a_client_cannot_say_who_he_is(edge):
    known = {"x-forwarded-for": "6.6.6.6", "x-forwarded-proto": "https"}
    unknown = {
        "x-forwarded-prefix": "/evil",
        "x-forwarded-ssl": "on",
        "forwarded": "for=6.6.6.6",
        "x-real-ip": "6.6.6.6",
    }
    forged = {"x-user-id": "users/1", "x-internal-token": "let me in"}

    _, _, body = ask(edge, "/v1/contacts", headers=known | unknown | forged)

    received = json.loads(body)
    assert received["x-forwarded-for"] == "127.0.0.1"
    assert received["x-forwarded-proto"] == "http"
    assert received.keys().isdisjoint(unknown | forged)


def test_a_gateway_that_is_down_is_told_in_the_apis_own_words(edges):
    status, headers, body = ask(edges(free_port()), "/v1/contacts")

    assert status == 503
    assert headers["Content-Type"] == "application/json"
    assert headers["Retry-After"]
    assert json.loads(body)["error"]["status"] == "UNAVAILABLE"


@pytest.mark.parametrize("path", ["/rsvp/token", "/rsvp/token/event.ics", "/calendar/rk_key.ics", "/unsubscribe/token"])
def test_pages_for_those_outside_come_from_the_gateway(edge, path):
    status, headers, _ = ask(edge, path)

    assert (status, headers["Content-Type"]) == (200, "application/json")


def test_no_log_has_what_opens_something(edges, upstream, tmp_path):
    with (tmp_path / "log").open("w") as log:
        port = edges(upstream.server_port, log)
        for path in ("/rsvp/s3cret/broken", "/calendar/s3cret?broken", "/v1/eventInvitations/s3cret:broken"):
            with pytest.raises(http.client.IncompleteRead):
                ask(port, path)

    wait(lambda: (tmp_path / "log").read_text().count("aborting") == 3, "the log", 10)
    told = (tmp_path / "log").read_text()
    assert "/calendar/…?broken" in told
    assert "s3cret" not in told


def test_a_body_beyond_all_limits_is_refused(edge):
    status, _, body = ask(edge, "/v1/contacts", "POST", b"x" * 3_000_000)

    assert status == 413
    assert json.loads(body)["error"]["code"] == 413


@pytest.mark.parametrize("path", ["/v1/files:upload?subject=contacts/1", "/v1/mailings/3:uploadAttachment"])
def test_a_file_may_be_much_larger_than_what_else_is_sent(edge, path):
    status, _, _ = ask(edge, path, "POST", b"x" * 30_000_000)
    assert status == 200


def test_every_page_is_the_application_and_is_never_kept(edge):
    status, headers, body = ask(edge, "/contacts/17")

    assert status == 200
    assert b"Rapport" in body
    assert headers["Cache-Control"] == "no-cache"
    assert "script-src 'self';" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_assets_are_kept_for_ever_and_compressed(edge):
    status, headers, body = ask(edge, "/assets/app-4f2a.js", headers={"Accept-Encoding": "gzip"})

    assert status == 200
    assert "immutable" in headers["Cache-Control"]
    assert headers["Content-Encoding"] == "gzip"
    assert len(body) < len(SCRIPT)


def test_a_missing_asset_is_not_the_application(edge):
    status, headers, _ = ask(edge, "/assets/app-old.js")

    assert status == 404
    assert "Cache-Control" not in headers


def test_changes_arrive_while_their_stream_is_open(edge):
    connection = http.client.HTTPConnection("127.0.0.1", edge, timeout=5)
    connection.request("GET", "/v1/changes:watch", headers={"Accept-Encoding": "gzip"})

    assert connection.getresponse().readline() == b"id: 1\n"


def test_a_page_that_listens_does_not_keep_the_edge_from_stopping(edges, upstream):
    connection = http.client.HTTPConnection("127.0.0.1", edges(upstream.server_port), timeout=5)
    connection.request("GET", "/v1/changes:watch")
    connection.getresponse().readline()

    edges.processes[-1].terminate()

    assert edges.processes[-1].wait(10) == 0
