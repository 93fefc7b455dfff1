"""Files pass through the gateway piece by piece, up and down, and never as a whole."""

import hashlib
import threading
from pathlib import Path

import google.api
import grpc
import grpc_tools
import pytest
from google.api import httpbody_pb2
from google.protobuf import descriptor_pb2, descriptor_pool
from grpc_tools import protoc

from chassis.rpc import response_class
from chassis.testing import eventually
from gateway import transcode
from gateway.app import build
from gateway.transcode import CHUNK
from tests.gateway.conftest import WRITE, reason
from tests.gateway.services import serve

HERE = Path(__file__).parent
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def descriptor(tmp_path_factory):
    """The service of files.proto."""
    target = tmp_path_factory.mktemp("proto") / "files.binpb"
    folders = (HERE, Path(next(iter(google.api.__path__))).parent.parent, Path(grpc_tools.__file__).parent / "_proto")
    code = protoc.main(["protoc", *(f"-I{path}" for path in folders), f"--descriptor_set_out={target}", "files.proto"])
    assert code == 0
    pool = descriptor_pool.Default()
    for file in descriptor_pb2.FileDescriptorSet.FromString(target.read_bytes()).file:
        pool.Add(file)
    return pool.FindServiceByName("test.files.FilesService")


class Files:
    """What the service does with files."""

    def __init__(self):
        self.largest = 0
        # The titles of what arrived to its end.
        self.whole = []
        self.stopped = threading.Event()

    def functions(self, method):
        """The function of each method."""
        file_class = response_class(method)

        def upload(requests, context):
            first = next(requests)
            if first.title == "refused":
                context.abort(grpc.StatusCode.FAILED_PRECONDITION, "no room")
            digest, size, parts = hashlib.sha256(first.file.data), len(first.file.data), 1
            for request in requests:
                self.largest = max(self.largest, len(request.file.data))
                digest.update(request.file.data)
                size, parts = size + len(request.file.data), parts + 1
            self.whole.append(first.title)
            kind = first.file.content_type
            title = f"{first.parent} {first.title}"
            return file_class(title=title, size=size, content_type=kind, sha256=digest.hexdigest(), parts=parts)

        def download(request, context):
            if request.name.endswith("/404"):
                context.abort(grpc.StatusCode.NOT_FOUND, "there is none")
            size = request.size
            context.send_initial_metadata(
                [
                    ("http-content-disposition", 'attachment; filename="offer.pdf"'),
                    ("http-content-length", str(size)),
                    ("http-etag", '"abc"'),
                ]
            )
            context.add_callback(self.stopped.set)
            while size > 0:
                if request.name.endswith("/13") and size < request.size:
                    context.abort(grpc.StatusCode.INTERNAL, "disk on fire")
                yield httpbody_pb2.HttpBody(content_type="application/pdf", data=b"x" * min(CHUNK, size))
                size -= CHUNK

        return upload if method.client_streaming else download


@pytest.fixture(scope="module")
def files(descriptor):
    """The service, running."""
    made = Files()
    with serve(descriptor, made.functions) as fake:
        made.address = fake.address
        yield made


@pytest.fixture
def app(identity, files, descriptor, monkeypatch):
    """A gateway whose contract has that service besides our own."""
    from gateway import contract

    services = {**contract.services(), "files": [descriptor]}
    monkeypatch.setattr(contract, "services", lambda: services)
    identity.settings.services = {"files": files.address}
    return build(identity.settings, identity)


def test_an_upload_arrives_whole_and_in_pieces(owner, files, tmp_path):
    size = 20 * MEGABYTE + 7
    with (tmp_path / "offer.pdf").open("w+b") as body:
        body.truncate(size)

        response = owner.post(
            "/v1/folders/3/files:upload?title=offer.pdf",
            input_stream=body,
            content_type="application/pdf",
            headers=WRITE,
        )

    assert response.json == {
        "title": "folders/3 offer.pdf",
        "size": str(size),
        "contentType": "application/pdf",
        "sha256": hashlib.sha256(bytes(size)).hexdigest(),
        "parts": "321",
    }
    assert files.largest <= CHUNK


def test_half_an_upload_is_none(owner, files):
    files.whole.clear()
    # As gunicorn hands it on: the stream just ends.
    broken = {"CONTENT_LENGTH": str(2 * CHUNK), "wsgi.input_terminated": True}
    body = {"data": b"x" * (CHUNK + 10), "content_type": "text/plain", "environ_overrides": broken}
    response = owner.post("/v1/folders/3/files:upload?title=half", headers=WRITE, **body)

    assert response.status_code >= 400
    assert files.whole == []


def test_an_empty_file_is_a_file(owner):
    response = owner.post("/v1/folders/3/files:upload", content_type="text/plain", headers=WRITE)

    assert (response.json["size"], response.json["parts"]) == ("0", "1")


def test_a_refused_upload_is_refused(owner):
    response = owner.post("/v1/folders/3/files:upload?title=refused", data=b"x", headers=WRITE)

    assert response.status_code == 400
    assert response.json["error"]["status"] == "FAILED_PRECONDITION"


def test_an_unknown_parameter_of_an_upload_is_refused(owner):
    response = owner.post("/v1/folders/3/files:upload?name=x", data=b"x", headers=WRITE)

    assert (response.status_code, reason(response)) == (400, "UNKNOWN_FIELD")


def test_a_download_comes_with_its_headers(owner):
    response = owner.get(f"/v1/folders/3/files/4:download?size={3 * CHUNK + 1}")

    assert len(response.data) == 3 * CHUNK + 1
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Length"] == str(3 * CHUNK + 1)
    assert response.headers["Content-Disposition"] == 'attachment; filename="offer.pdf"'
    assert response.headers["ETag"] == '"abc"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_download_that_is_refused_is_no_file(owner):
    response = owner.get("/v1/folders/3/files/404:download")

    assert response.status_code == 404
    assert response.json["error"]["status"] == "NOT_FOUND"


def test_files_leave_room_for_those_who_only_ask(owner, monkeypatch):
    monkeypatch.setattr(transcode, "FILES", threading.BoundedSemaphore(1))
    monkeypatch.setattr(transcode, "FILES_SECONDS", 0.01)
    slow = owner.get("/v1/folders/3/files/4:download?size=10000000", buffered=False)

    refused = owner.get("/v1/folders/3/files/4:download?size=1")
    assert (refused.status_code, reason(refused)) == (429, "BUSY")
    assert owner.get("/v1/users/me").status_code == 200

    slow.close()
    assert owner.get("/v1/folders/3/files/4:download?size=1").status_code == 200


def test_half_a_file_is_not_passed_off_as_a_whole_one(owner):
    response = owner.get(f"/v1/folders/3/files/13:download?size={9 * CHUNK}", buffered=False)

    with pytest.raises(ConnectionAbortedError):
        b"".join(response.iter_encoded())


def test_a_client_that_goes_away_stops_the_download(owner, files):
    files.stopped.clear()
    response = owner.get(f"/v1/folders/3/files/4:download?size={2000 * MEGABYTE}")

    next(response.iter_encoded())
    response.close()

    assert eventually(files.stopped.is_set)
