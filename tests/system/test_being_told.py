"""Who is given a contact learns of it: on his open page at once, and by a mail that a real server takes."""

import json
import threading
import urllib.request

import pytest
from aiosmtpd.controller import Controller

from chassis.testing import eventually
from tests.installation import free_port, running
from tests.notifications.conftest import PostOffice

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
PASSWORD = "a quite long sentence"


@pytest.fixture
def post_office():
    """A mail server, and the port that the operator allows."""
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=free_port())
    controller.start()
    office.port = controller.port
    yield office
    controller.stop()


@pytest.fixture
def installation(post_office, monkeypatch):
    """A fresh installation."""
    monkeypatch.setenv("CRM_SMTP_PORTS", f"[{post_office.port}]")
    with running() as made:
        yield made


class Page(threading.Thread):
    """An open page: what it hears of as it happens."""

    def __init__(self, installation, token):
        super().__init__(daemon=True)
        asked = urllib.request.Request(  # noqa: S310
            f"{installation.address}/v1/changes:watch", headers={"Authorization": f"Bearer {token}"}
        )
        self.stream = urllib.request.urlopen(asked, timeout=60)  # noqa: S310
        self.heard = []
        self.start()

    def run(self):
        """Listens until the stream ends."""
        for line in self.stream:
            if line.startswith(b'data: {"name'):
                self.heard.append(json.loads(line[6:])["event"])


def must(answer):
    status, body = answer
    assert status == 200, body
    return body


def test_who_is_given_a_contact_is_told_on_the_page_and_by_mail(installation, post_office):
    owner = installation.sign_in()
    server = {"host": "127.0.0.1", "port": post_office.port, "security": "NONE", "fromAddress": "crm@example.com"}
    must(installation.call("PATCH", "/v1/mailSettings", server, owner))
    fields = {"email": "boris@example.com", "displayName": "Борис", "password": PASSWORD, "language": "ru"}
    boris = must(installation.call("POST", "/v1/users", fields, owner))
    signed_in = must(installation.call("POST", "/v1/sessions", {"email": fields["email"], "password": PASSWORD}))
    token = signed_in["accessToken"]
    page = Page(installation, token)
    contact = {"kind": "COMPANY", "companyName": "Globex"}

    def give():
        status, _ = installation.call("POST", "/v1/contacts", {**contact, "managers": [boris["name"]]}, owner)
        return status == 200

    # Contacts hears of a new user a moment later.
    eventually(give)

    eventually(lambda: "NotificationCreated" in page.heard)
    assert must(installation.call("GET", "/v1/notifications:countUnread", token=token))["unreadCount"] >= 1
    told = must(installation.call("GET", "/v1/notifications?filter=kind=RECORD_ASSIGNED", token=token))
    assert [each["text"] for each in told["notifications"]] == ["Вас назначили ответственным: Globex (Ada)"]
    subjects = eventually(
        lambda: [str(letter["Subject"]) for letter in post_office.taken if "Globex" in str(letter["Subject"])]
    )
    assert subjects == ["Вас назначили ответственным: Globex (Ada)"]
    installation.call("POST", "/v1/notifications:markRead", {"names": [told["notifications"][0]["name"]]}, token)
    eventually(lambda: "NotificationsRead" in page.heard)
