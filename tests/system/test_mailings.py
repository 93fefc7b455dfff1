"""A mailing whose processes are killed in the middle ends whole, and doubles nothing."""

import os
import re
import signal
from collections import Counter
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from chassis.testing import eventually

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
RECIPIENTS = 40


def letters(installation):
    """How often each address was written to."""
    heads = (file.read_text("ascii").partition("\n\n")[0] for file in kept(installation))
    return Counter(re.search("^To: (.+)$", head, re.MULTILINE)[1] for head in heads if "\nSubject: News\n" in head)


def kept(installation):
    """The files in the folder."""
    return Path(installation.folder.environment("notifications")["CRM_MAILDIR"]).glob("new/*")


def test_a_mailing_survives_its_processes_and_is_ended_by_a_click(installation):
    token = installation.sign_in()

    def done(method, path, body=None):
        status, answer = installation.call(method, path, body, token)
        assert status == 200, answer
        return answer

    def kill(name):
        os.kill(eventually(lambda: installation.pid(name), 30), signal.SIGKILL)

    for number in range(RECIPIENTS):
        emails = [{"value": f"a{number}@example.com"}]
        done("POST", "/v1/contacts", {"kind": "PERSON", "firstName": "Ada", "lastName": "Li", "emails": emails})
    draft = {"subject": "News", "body": "<p>Dear {{first_name}}</p>", "perMinute": 600, "selection": {"q": "Li"}}
    name = done("POST", "/v1/mailings", draft)["name"]
    done("POST", f"/v1/{name}:start", {})

    for share in (0.2, 0.5):
        eventually(lambda share=share: letters(installation).total() >= RECIPIENTS * share, 60)
        kill("contacts")

    def over():
        status, mailing = installation.call("GET", f"/v1/{name}", token=token)
        return status == 200 and mailing["state"] == "SUCCEEDED" and mailing

    ended = eventually(over, 200, 0.5)
    assert letters(installation) == Counter({f"a{number}@example.com": 1 for number in range(RECIPIENTS)})
    assert (ended["sentCount"], ended["uncertainCount"]) == (RECIPIENTS, 0)
    told = eventually(lambda: done("GET", "/v1/notifications?filter=kind%20%3D%20MAILING_FINISHED")["notifications"])
    assert told[0]["subject"] == name

    unsubscribe(installation)

    assert [each["unsubscribed"] for each in done("GET", "/v1/contacts?q=a7@example.com")["contacts"]] == [True]


def test_a_letter_may_be_larger_than_other_requests(installation):
    token = installation.sign_in()
    contact = {"kind": "PERSON", "firstName": "Ada", "lastName": "King", "emails": [{"value": "large@example.com"}]}
    name = installation.call("POST", "/v1/contacts", contact, token)[1]["name"]
    draft = {"subject": "The list", "body": "<p>See it</p>", "contacts": [name]}
    mailing = installation.call("POST", "/v1/mailings", draft, token)[1]["name"]
    place = f"/v1/{mailing}:uploadAttachment?fileName=list.pdf"
    assert installation.send("POST", place, bytes(9 * 1024 * 1024), "application/pdf", token)[0] == 200

    installation.call("POST", f"/v1/{mailing}:start", {}, token)

    eventually(lambda: any(letter.stat().st_size > 12 * 1024 * 1024 for letter in kept(installation)), 60)


def unsubscribe(installation):
    """Presses the button that the mail program of a7@example.com shows."""
    letters = (message_from_bytes(file.read_bytes(), policy=default) for file in kept(installation))
    mine = next(letter for letter in letters if letter["To"] == "a7@example.com")
    place = urlsplit(mine["List-Unsubscribe"].strip("<>")).path
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    status, page = installation._answer("POST", place, b"List-Unsubscribe=One-Click", form)
    assert status == 200
    assert b"unsubscribed" in page
