"""Photos: whatever is sent, what is kept is a small picture and nothing else."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select

from chassis import drawing
from chassis.kit import pictures
from chassis.testing import announced
from gateway.identity.pictures import Picture
from tests.gateway.conftest import WRITE, add_user, reason, sign_in

HERE = "Exif GPS 52.5200 N 13.4050 E"


def picture(kind="JPEG", size=(400, 300), colour="red", **more):
    """The bytes of a picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **more)
    return out.getvalue()


def upload(client, data, name="users/me", content_type="image/jpeg"):
    return client.post(f"/v1/{name}:uploadPhoto", data=data, content_type=content_type, headers=WRITE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_photo_becomes_a_small_square(owner, kind):
    user = upload(owner, picture(kind)).json

    photo = owner.get(f"/v1/users/me:photo?version={user['photo']}")

    assert photo.headers["Content-Type"] == "image/webp"
    assert photo.headers["X-Content-Type-Options"] == "nosniff"
    assert photo.headers["Cache-Control"] == "private, max-age=86400"
    with Image.open(io.BytesIO(photo.data)) as kept:
        assert (kept.format, kept.size) == ("WEBP", (256, 256))


def test_nothing_but_the_picture_is_kept(owner):
    exif = Image.Exif()
    exif[0x010E] = HERE
    sent = picture(exif=exif, comment=HERE.encode())
    assert HERE.encode() in sent

    upload(owner, sent)

    kept = owner.get("/v1/users/me:photo").data
    assert HERE.encode() not in kept
    with Image.open(io.BytesIO(kept)) as photo:
        assert not photo.getexif()


def test_a_photo_is_upright(owner):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    turned = Image.new("RGB", (400, 400), "red")
    turned.paste("blue", (0, 0, 400, 200))
    out = io.BytesIO()
    turned.save(out, "JPEG", exif=exif)

    upload(owner, out.getvalue())

    with Image.open(io.BytesIO(owner.get("/v1/users/me:photo").data)) as photo:
        red, _, blue = photo.convert("RGB").getpixel((250, 10))
        assert blue > red


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<svg onload=alert(1)></svg>",
        picture()[:200],
        b"%PDF-1.7",
        picture("PNG")[:150],
        b"\0" * 900_000,
    ],
    ids=["nothing", "head", "svg", "half a JPEG", "pdf", "half a PNG", "zeros"],
)
def test_what_is_no_picture_is_refused(owner, identity, data):
    response = upload(owner, data)

    assert (response.status_code, reason(response)) == (400, "NOT_A_PICTURE")
    with identity.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Picture)).scalar() == 0


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "PPM", "EPS", "ICO"])
def test_formats_that_nobody_needs_are_not_even_read(owner, kind):
    assert reason(upload(owner, picture(kind, (64, 64)))) == "NOT_A_PICTURE"


def test_a_picture_that_would_unpack_to_gigabytes_is_refused(owner):
    bomb = picture("PNG", (3_200, 3_200))
    assert len(bomb) < 1024 * 1024

    assert reason(upload(owner, bomb)) == "PICTURE_TOO_LARGE"


def test_a_file_above_a_megabyte_is_refused(owner):
    assert reason(upload(owner, b"x" * (1024 * 1024 + 1))) == "FILE_TOO_LARGE"


def test_a_photo_is_announced_and_changes_the_user(owner, identity):
    before = owner.get("/v1/users/me").json

    after = upload(owner, picture()).json

    assert after["etag"] != before["etag"]
    event = announced(identity)[-1][1]
    assert (event.user.photo, list(event.changed.paths)) == (after["photo"], ["photo"])


def test_a_photo_can_be_removed(owner):
    upload(owner, picture())

    assert owner.post("/v1/users/me:deletePhoto", headers=WRITE).json["photo"] == ""

    assert owner.get("/v1/users/me:photo").status_code == 404


def test_everybody_sees_photos_and_changes_only_his_own(app, owner):
    user = add_user(owner)
    upload(owner, picture())
    ada = sign_in(app)[0]

    assert ada.get("/v1/users/1:photo").status_code == 200
    assert upload(ada, picture(), "users/1").status_code == 403
    assert ada.post("/v1/users/1:deletePhoto", headers=WRITE).status_code == 403
    assert upload(ada, picture()).status_code == 200
    assert upload(owner, picture(), user["name"]).status_code == 200
    assert app.test_client().get("/v1/users/1:photo").status_code == 401


def test_a_photo_of_nobody_is_not_found(owner):
    assert upload(owner, picture(), "users/999").status_code == 404
    assert owner.get("/v1/users/999:photo").status_code == 404


MEASURED = """
import runpy, sys
program = sys.argv[1]
sys.argv = sys.argv[1:]
runpy.run_path(program, run_name="__main__")
sys.stderr.write(open("/proc/self/status").read())
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell what a process took")
def test_the_largest_that_is_read_takes_little_memory():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = picture("PNG", (3_160, 3_160), exif=exif)

    program = [sys.executable, "-I", "-c", MEASURED, drawing.__file__, "fit", "256", "256"]
    told = subprocess.run(program, input=data, capture_output=True, check=True).stderr.decode()

    kilobytes = int(told.partition("VmHWM:")[2].split()[0])
    assert kilobytes < 200 * 1024


@pytest.mark.parametrize("size", [(1, 900_000), (9_000_000, 1)])
def test_a_picture_of_no_shape_does_no_harm(owner, size):
    assert upload(owner, picture("PNG", size)).status_code in (200, 400)


def test_large_photos_of_cameras_are_read_at_a_fraction_of_their_size(owner):
    assert upload(owner, picture("JPEG", (6_000, 4_000))).status_code == 200


def test_who_comes_while_a_picture_is_made_is_told_to_try_again(owner):
    with pictures.SLOT:
        answer = upload(owner, picture())

    assert (answer.status_code, reason(answer)) == (503, "BUSY")
    assert upload(owner, picture()).status_code == 200


def test_a_picture_that_takes_too_long_is_given_up(owner, monkeypatch):
    monkeypatch.setattr(pictures, "SECONDS", 0.001)
    assert reason(upload(owner, picture())) == "BUSY"

    monkeypatch.undo()
    assert upload(owner, picture()).status_code == 200
