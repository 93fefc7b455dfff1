"""Every page, in both themes, without a violation that axe knows of (WCAG 2.2 AA)."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


def violations(page):
    """What axe complains about on a page that has come to rest."""
    results = Axe().run(page, options=RULES)
    return [
        (found["id"], node["target"], node["failureSummary"])
        for found in results.response["violations"]
        for node in found["nodes"]
    ]


@pytest.fixture(scope="module")
def records(api):
    """A contact with everything, and its invoice."""
    address = {"street": "Главная 1", "city": "Базель", "category": "BILLING"}
    reach = {"emails": [{"value": "info@example.com"}], "phones": [{"value": "+41 61 555 01 02"}]}
    company = api.company("Доступная компания", addresses=[address], description="Всё есть", **reach)
    api.person("Доступный", "Человек", company=company["name"], sharing="READ")
    return company, api.invoice(company)


@SCHEMES
def test_nobody_is_kept_out_of_the_pages(visit, records, scheme):
    company, invoice = records
    number = company["name"].split("/")[1]
    pages = {
        "/contacts": "Контакты",
        f"/contacts?q=Доступн&open={number}": "Контакты",
        "/contacts?q=несуществующее": "Контакты",
        f"/{company['name']}": company["displayName"],
        f"/{company['name']}/edit": f"Редактирование: {company['displayName']}",
        "/contacts/new?kind=PERSON": "Новая персона",
        "/invoices": "Счета",
        f"/invoices?open={invoice['name'].split('/')[1]}": "Счета",
        f"/{invoice['name']}": invoice["number"],
        f"/{invoice['name']}/edit": f"Редактирование: {invoice['number']}",
        "/invoices/new": "Новый счёт",
        "/contacts/999999999": "Здесь нечего показать",
    }
    page = visit("/contacts", scheme=scheme, inspected=True)
    for path, heading in pages.items():
        page.goto(path)
        expect(page.get_by_role("heading", name=heading, exact=True).first).to_be_visible()
        expect(page.locator(".mantine-Skeleton-root")).to_have_count(0)
        assert (path, violations(page)) == (path, [])


@SCHEMES
def test_nobody_is_kept_out_of_what_opens_over_the_pages(visit, records, scheme):
    company, _ = records
    page = visit(f"/{company['name']}", scheme=scheme, inspected=True)
    page.get_by_role("button", name=f"Действия: {company['displayName']}").click()
    expect(page.get_by_role("menuitem", name="Удалить компанию")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("menuitem", name="Удалить компанию").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Удалить").click()
    expect(page.get_by_text("Этому контакту выставлены счета")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("textbox", name="Найти запись или действие")).to_be_visible()
    assert violations(page) == []


@SCHEMES
def test_nobody_is_kept_out_of_the_sign_in_page(visit, scheme):
    page = visit("/", scheme=scheme, signed_in=False, inspected=True)
    expect(page.get_by_role("heading", name="Вход")).to_be_visible()
    assert violations(page) == []


def test_nobody_is_kept_out_on_a_phone(visit, records):
    page = visit("/contacts", viewport=PHONE, inspected=True)
    expect(page.get_by_role("list", name="Контакты")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Открыть меню").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
