"""A whole installation, as `crm up` runs it, with a data folder and a port of its own."""

import json
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from deploy.local import supervision
from deploy.local.folder import Folder
from deploy.local.run import fetched
from deploy.processes import PROGRAMS, ROOT

OWNER = {
    "email": "ada@example.com",
    "password": "correct horse battery",
    "displayName": "Ada",
    "language": "en",
    "currency": "EUR",
}


def free_port():
    """Returns a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running():
    """A fresh installation, in a folder that PostgreSQL's own user can reach; both are gone afterwards."""
    folder = Path(mkdtemp(prefix="rapport-"))
    folder.chmod(0o711)
    made = Installation(folder / "data")
    made.start()
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder)


class Installation:
    """A `crm up`."""

    def __init__(self, root):
        self.folder = Folder(root)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = None
        self.token = ""

    def start(self):
        """Starts it, and waits for its own word: what a killed run left may still answer."""
        command = [PROGRAMS / "crm", "up", "--data", self.folder.root, "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert any("ready at" in line for line in self.process.stdout)

    def ready(self):
        """Whether all of it is up."""
        return fetched(f"{self.address}/readyz")

    def pid(self, name):
        """Returns the process id of one of its processes; 0 while it is down."""
        return supervision.Remote(self.folder).states()[name]["pid"]

    def stop(self):
        """Stops it; returns its exit code."""
        self.process.terminate()
        return self.process.wait(60)

    def database(self, name):
        """The address of a service's database, as the driver wants it."""
        return self.folder.environment(name)["CRM_DATABASE_URL"].replace("+psycopg", "")

    def call(self, method, path, body=None, token="", headers=None):
        """Calls the API; returns status and answer. Raises OSError if there is none."""
        given = {"Content-Type": "application/json"} if body is not None else {}
        given |= {"Authorization": f"Bearer {token}"} if token else {}
        data = None if body is None else json.dumps(body).encode()
        return self._answer(method, path, data, given | (headers or {}))

    def send(self, method, path, data, content_type, token):
        """Sends a file; returns status and answer."""
        return self._answer(method, path, data, {"Content-Type": content_type, "Authorization": f"Bearer {token}"})

    def _answer(self, method, path, data, headers):
        asked = urllib.request.Request(self.address + path, data, headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(asked, timeout=15) as answer:  # noqa: S310
                read = answer.read()
                return answer.status, json.loads(read) if answer.headers.get_content_subtype() == "json" else read
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or "{}")

    def sign_in(self):
        """Makes the owner, the first time; returns a token of his."""
        if not self.token:
            status, answer = self.call("POST", "/v1/portal:setUp", OWNER)
            assert status == 200, answer
            self.token = answer["accessToken"]
        return self.token
