"""Guests are invited, answer by their links and get places, each mail once, though events is killed meanwhile."""

import os
import re
import signal
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from chassis.testing import eventually
from deploy.processes import PROGRAMS, ROOT

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
GUESTS, PLACES = 50, 30
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def letters(installation, subject):
    """The letters with such a subject: (to, text) each."""
    folder = Path(installation.folder.environment("notifications")["CRM_MAILDIR"])
    found = [message_from_bytes(file.read_bytes(), policy=default) for file in folder.glob("new/*")]
    mine = [letter for letter in found if letter["Subject"].startswith(subject)]
    return [(letter["To"], letter.get_body(("plain",)).get_content()) for letter in mine]


def test_guests_answer_by_their_links_and_each_gets_each_mail_once(installation):
    token = installation.sign_in()

    def done(method, path, body=None):
        status, answer = installation.call(method, path, body, token)
        assert status == 200, answer
        return answer

    def counts():
        status, event = installation.call("GET", f"/v1/{name}", token=token)
        names = ("invited", "accepted", "declined", "waiting")
        return status == 200 and tuple(event["guestCounts"].get(f"{each}Count", 0) for each in names)

    def kill():
        os.kill(eventually(lambda: installation.pid("events"), 30), signal.SIGKILL)

    guests = []
    for number in range(GUESTS):
        person = {"kind": "PERSON", "firstName": f"Guest {number}", "lastName": "Li"}
        emails = [{"value": f"g{number}@example.com"}]
        guests.append(done("POST", "/v1/contacts", {**person, "emails": emails})["name"])
    start = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    name = done("POST", "/v1/events", {"title": "Fair", "startTime": start, "capacity": PLACES})["name"]
    invited = done("POST", f"/v1/{name}:invite", {"contacts": guests})
    assert (invited["invitedCount"], invited.get("refusals", [])) == (GUESTS, [])

    for share in (0.1, 0.5):
        eventually(lambda share=share: len(letters(installation, "Invitation")) >= GUESTS * share, 60)
        kill()
    mailed = eventually(lambda: len(found := letters(installation, "Invitation")) >= GUESTS and found, 100, 0.5)
    delivered = f"/v1/{name}/participants?pageSize=200&filter=delivery%20%3D%20KEPT"
    eventually(lambda: installation.call("GET", delivered, token=token)[1].get("totalSize") == GUESTS, 100, 0.5)
    links = {to: re.search(r"/rsvp/[\w-]+", text)[0] for to, text in mailed}

    def press(to, button):
        status, page = installation._answer("POST", links[to], f"{button}=1".encode(), FORM)
        assert status == 200, page
        return page.decode()

    with ThreadPoolExecutor(8) as pool:
        pages = [*pool.map(lambda to: press(to, "accept"), links)]
    assert counts() == (GUESTS, PLACES, 0, GUESTS - PLACES)
    assert sum("you are coming." in page for page in pages) == PLACES

    coming = done("GET", f"/v1/{name}/participants?pageSize=200&filter=response%20%3D%20ACCEPTED")["participants"]
    press(coming[0]["address"], "decline")
    assert counts() == (GUESTS, PLACES, 1, GUESTS - PLACES - 1)
    eventually(lambda: letters(installation, "You have a place"), 60)
    assert (
        "BEGIN:VCALENDAR"
        in installation._answer("GET", f"{links[coming[0]['address']]}/event.ics", None, {})[1].decode()
    )

    eventually(lambda: installation.call("GET", delivered, token=token)[1].get("totalSize") == GUESTS, 100, 0.5)
    everyone = Counter({f"g{number}@example.com": 1 for number in range(GUESTS)})
    assert Counter(to for to, _ in letters(installation, "Invitation")) == everyone
    assert len(letters(installation, "You have a place")) == 1
    # What is kept of guests fits what there is, also once one of them is erased.
    done("DELETE", f"/v1/{guests[-1]}")
    eventually(lambda: counts() and counts()[0] == GUESTS - 1, 60)
    command = [PROGRAMS / "crm", "doctor", "--data", installation.folder.root]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (0, "everything fits together\n"), told.stdout + told.stderr

    done("DELETE", f"/v1/{name}?tellGuests=true&message=Sorry")
    kill()
    called_off = eventually(lambda: len(found := letters(installation, "Called off")) >= GUESTS - 2 and found, 100, 0.5)
    gone = Counter([f"g{GUESTS - 1}@example.com", coming[0]["address"]])
    assert Counter(to for to, _ in called_off) == everyone - gone
