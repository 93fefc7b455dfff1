"""One installation for all browser tests, and a fresh browser context for each of them."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from chassis import testing
from tests.installation import free_port

ROOT = Path(__file__).resolve().parents[2]
# An installation that runs already, for whoever is writing tests; without it one is started.
ADDRESS = "CRM_TEST_ADDRESS"
OWNER = {"email": "ada@example.com", "password": "correct horse battery"}
PASSWORD = "staple battery horse"
CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
READY_SECONDS = 90

expect.set_options(timeout=10_000)


def answers(process, address):
    """Whether all of the installation is up; it will never be if its process has ended."""
    assert process.poll() is None, "the installation ended"
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=2) as response:  # noqa: S310
            return response.status == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """The address of a whole installation: what `make run` starts, on data of its own."""
    if ADDRESS in os.environ:
        yield os.environ[ADDRESS]
        return
    if not (ROOT / "web" / "dist" / "index.html").exists():
        pytest.fail("the web application is not built: npm --prefix web run build")
    folder, port = tmp_path_factory.mktemp("installation"), free_port()
    address, log = f"http://127.0.0.1:{port}", folder / "up.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}
    environment |= {"CRM_DATA": str(folder / "data"), "CRM_PORT": str(port)}
    with log.open("wb") as output:
        command = [Path(sys.prefix) / "bin" / "crm", "up"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        try:
            testing.eventually(lambda: answers(process, address), seconds=READY_SECONDS, pause=0.2)
        except AssertionError as problem:
            pytest.fail(f"{problem}\n{log.read_text('utf-8')}")
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(90)


@pytest.fixture(scope="session")
def browser():
    """One browser; its contexts share nothing."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def owner(stack, browser):
    """The owner's cookies. The first test to ask for them sets the installation up, as its owner would."""
    context = browser.new_context(base_url=stack, locale="ru-RU", viewport=DESKTOP)
    if context.request.get("/v1/portal").json()["setUp"]:
        assert context.request.post("/v1/sessions", data=OWNER).ok
    else:
        page = context.new_page()
        page.goto("/")
        expect(page.get_by_role("heading", name="Настройка Rapport")).to_be_visible()
        page.get_by_label("Ваше имя").fill("Ада Лавлейс")
        page.get_by_label("Электронная почта").fill(OWNER["email"])
        page.get_by_label("Пароль", exact=False).first.fill(OWNER["password"])
        page.get_by_role("button", name="Настроить и начать").click()
        expect(page.get_by_role("heading", name="Контакты", exact=True)).to_be_visible()
    cookies = context.storage_state()["cookies"]
    context.close()
    # Each test says itself in which language it reads.
    return {"cookies": cookies, "origins": []}


class Api:
    """What a test prepares or checks behind the page's back."""

    def __init__(self, request):
        self.request = request
        self.headers = {"X-CSRF-Protection": "1"}

    def make(self, collection, **fields):
        """Makes a record."""
        answer = self.request.post(f"/v1/{collection}", data=fields, headers=self.headers)
        assert answer.ok, answer.text()
        return answer.json()

    def person(self, first_name, last_name, **fields):
        """Makes a person."""
        return self.make("contacts", kind="PERSON", firstName=first_name, lastName=last_name, **fields)

    def company(self, name, **fields):
        """Makes a company."""
        return self.make("contacts", kind="COMPANY", companyName=name, **fields)

    def invoice(self, client):
        """Makes an invoice to a contact; invoicing may hear of the contact a moment later than we."""
        lines = [{"description": "Advice", "quantity": "2", "price": {"units": "100", "currencyCode": "EUR"}}]
        return self.make("invoices", client=client["name"], currencyCode="EUR", lines=lines)

    def change(self, record, **fields):
        """Changes a record as somebody else would."""
        answer = self.request.patch(f"/v1/{record['name']}", data=fields, headers=self.headers)
        assert answer.ok, answer.text()
        return answer.json()

    def remove(self, record):
        """Deletes a record as somebody else would."""
        answer = self.request.delete(f"/v1/{record['name']}", headers=self.headers)
        assert answer.ok, answer.text()

    def get(self, name):
        """Returns a record, or its refusal."""
        return self.request.get(f"/v1/{name}").json()


@pytest.fixture(scope="session")
def api(stack, browser, owner):
    """The API, as the owner."""
    context = browser.new_context(base_url=stack, storage_state=owner)
    yield Api(context.request)
    context.close()


@pytest.fixture
def visit(stack, browser, owner):
    """Opens a page in a context of its own; nothing may break on it, whatever a test looks at."""
    contexts, broken = [], []

    def open_page(path="/", *, language="ru", viewport=DESKTOP, signed_in=True, whose=None, inspected=False):
        context = browser.new_context(
            base_url=stack,
            locale=language,
            viewport=viewport,
            reduced_motion="reduce",
            storage_state=(whose or owner) if signed_in else None,
            # axe makes functions from text, which the page itself may not.
            bypass_csp=inspected,
        )
        # The first visit only: a test that chooses another language keeps it.
        kept = f"localStorage.getItem('rapport.language') ?? localStorage.setItem('rapport.language', '{language}')"
        # Not in frames: those that are sealed off keep nothing.
        context.add_init_script(f"if (self === top) {{{kept}}}")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert broken == []


@pytest.fixture
def new_email():
    """Makes addresses that nobody has."""
    return lambda: f"somebody.{os.getpid()}.{time.time_ns()}@example.com"


@pytest.fixture
def colleague(stack, browser, api, unique, new_email):
    """Makes somebody who works here too; gives the user and the cookies."""

    def join(name="Борис", **fields):
        made = {"displayName": f"{name} {unique}", "email": new_email(), "password": PASSWORD}
        user = api.make("users", **(made | fields))
        context = browser.new_context(base_url=stack)
        assert context.request.post("/v1/sessions", data={"email": user["email"], "password": PASSWORD}).ok
        state = context.storage_state()
        context.close()
        return user, state

    return join


_numbers = count(1)


@pytest.fixture
def unique():
    """A word that no other test uses: they share one installation."""
    return f"{chr(0x0410 + os.getpid() % 32)}{int(time.time()) % 100_000}x{next(_numbers)}"


@contextmanager
def dialog(page, title):
    """The open dialog with this title."""
    found = page.get_by_role("dialog", name=title)
    expect(found).to_be_visible()
    yield found


def create(page, what, button="Создать"):
    """Guide: press Создать at the top left and choose what to create."""
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("menuitem", name=what, exact=True).click()
    # The page before may have fields that are called alike.
    page.wait_for_url("**/new**")
