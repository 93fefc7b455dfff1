"""Photos of contacts."""

import io

import pytest
from crm.contacts.v1.contacts_pb2 import UploadContactPhotoRequest
from google.api.httpbody_pb2 import HttpBody
from PIL import Image

from chassis.testing import refused
from tests.contacts.test_choices import PERSON


def picture(size):
    """The bytes of a picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(("size", "kept"), [((100, 50), (100, 50)), ((400, 400), (200, 200)), ((300, 900), (100, 300))])
def test_a_photo_fits_into_its_box(contacts, ada, size, kept):
    name = ada.create_contact(contact=PERSON).name

    contact = upload(ada, name, picture(size))

    download = ada.download_contact_photo(name=name)
    with Image.open(io.BytesIO(b"".join(download.parts))) as photo:
        assert (photo.format, photo.size) == ("WEBP", kept)
    assert len(contact.photo) == 16
    assert ada.delete_contact_photo(name=name).photo == ""
    with refused("NOT_FOUND"):
        ada.download_contact_photo(name=name)


def upload(who, name, data):
    """Uploads a photo as the gateway does."""
    request = UploadContactPhotoRequest(name=name, file=HttpBody(data=data))
    return who.service.call("UploadContactPhoto", iter([request]), who.actor, who.cause)


def test_who_may_not_change_a_contact_does_not_change_its_photo(ada, bob):
    name = ada.create_contact(contact={**PERSON, "sharing": "READ"}).name

    with refused("PERMISSION_DENIED"):
        upload(bob, name, picture((10, 10)))
    with refused("NOT_A_PICTURE"):
        upload(ada, name, b"no picture")
