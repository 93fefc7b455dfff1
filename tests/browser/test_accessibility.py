"""Every page, in both themes, without a violation that axe knows of (WCAG 2.2 AA)."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser

LEVELS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# All else is the same in the dark.
COLORS = {"type": "rule", "values": ["color-contrast"]}
# Pages without the application have no attribute, and nothing to wait for.
SHOWN_IN = "scheme => (document.documentElement.dataset.mantineColorScheme ?? scheme) === scheme"
WIDTHS = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["wide", "narrow"])


def violations(page):
    """What axe complains about on a page that has come to rest, in the light and in the dark."""
    found = []
    for scheme, rules in (("dark", COLORS), ("light", LEVELS)):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(SHOWN_IN, arg=scheme)
        found += [(scheme, *each) for each in _violations(page, rules)]
    return found


def _violations(page, rules):
    results = Axe().run(page, options={"runOnly": rules})
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


def test_nobody_is_kept_out_of_the_pages(visit, records):
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
    page = visit("/contacts", inspected=True)
    for path, heading in pages.items():
        page.goto(path)
        expect(page.get_by_role("heading", name=heading, exact=True).first).to_be_visible()
        expect(page.locator(".mantine-Skeleton-root")).to_have_count(0)
        assert (path, violations(page)) == (path, [])


def test_nobody_is_kept_out_of_the_settings(visit, api):
    group = {"title": "Доступные"}
    if not any(known["title"] == group["title"] for known in api.get("groups")["groups"]):
        api.make("groups", members=["users/1"], **group)
    pages = {
        "/settings/common": "Общие настройки",
        "/settings/temperature-levels": "Уровни теплоты",
        "/settings/contact-types": "Типы контактов",
        "/settings/fields": "Пользовательские поля",
        "/settings/tags": "Теги",
        "/imports": "Импорт контактов",
        "/settings/users": "Люди",
        "/settings/users/1": "Ада Лавлейс",
        "/settings/groups": "Группы",
        "/settings/access": "Права доступа",
        "/settings/modules": "Модули и инструменты",
        "/settings/integrations": "Интеграции",
        "/settings/mail": "Почта",
        "/settings/portal": "Портал",
        "/settings/audit": "Журнал аудита",
        "/profile": "Мой профиль",
        "/profile/security": "Мой профиль",
        "/profile/notifications": "Мой профиль",
    }
    page = visit("/settings", inspected=True)
    for path, heading in pages.items():
        page.goto(path)
        expect(page.get_by_role("heading", name=heading, exact=True).first).to_be_visible()
        expect(page.locator(".mantine-Skeleton-root")).to_have_count(0)
        assert (path, violations(page)) == (path, [])


def test_nobody_is_kept_out_of_what_opens_over_the_settings(visit, api, records):
    company, _ = records
    api.change(company, description="Читал")
    page = visit("/profile", inspected=True)
    page.get_by_role("button", name=re.compile("^Уведомления")).click()
    expect(page.get_by_role("heading", name="Уведомления")).to_be_visible()
    expect(page.get_by_role("group", name="Уведомления").get_by_role("listitem").first).to_be_visible()
    assert violations(page) == []
    page.goto("/settings/users")
    page.get_by_role("button", name="Пригласить", exact=True).click()
    expect(page.get_by_role("dialog", name="Приглашение коллеги")).to_be_visible()
    assert violations(page) == []
    page.goto(f"/{company['name']}")
    page.get_by_role("button", name="Кто это видит и почему").click()
    expect(page.get_by_role("table", name="Кто это видит и почему")).to_be_visible()
    assert violations(page) == []
    page.goto(f"/settings/audit?resource={company['name']}")
    changed = page.get_by_role("listitem").filter(has_text="изменение")
    changed.first.get_by_role("button", name="Что изменилось").click()
    expect(page.get_by_role("table", name="Изменения")).to_be_visible()
    assert violations(page) == []
    page.goto("/profile/security")
    page.get_by_role("button", name="Настроить двухфакторный вход").click()
    expect(page.get_by_role("img", name="QR-код для приложения-аутентификатора")).to_be_visible()
    assert violations(page) == []


def test_nobody_is_kept_out_of_what_opens_over_the_pages(visit, records):
    company, _ = records
    page = visit(f"/{company['name']}", inspected=True)
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


def test_nobody_is_kept_out_of_the_sign_in_page(visit):
    doors = {
        "/": "Вход",
        "/forgot-password": "Забыли пароль?",
        "/password-reset#none": "Новый пароль",
        "/invitation#none": re.compile("Добро пожаловать"),
    }
    page = visit("/", signed_in=False, inspected=True)
    for path, heading in doors.items():
        page.goto(path)
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        assert (path, violations(page)) == (path, [])


def test_nobody_is_kept_out_on_a_phone(visit, records):
    page = visit("/contacts", viewport=PHONE, inspected=True)
    expect(page.get_by_role("list", name="Контакты")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Открыть меню").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
    for path in ("/settings/users", "/settings/audit", "/profile/notifications"):
        page.goto(path)
        expect(page.locator(".mantine-Skeleton-root")).to_have_count(0)
        expect(page.get_by_role("button", name=re.compile("^Моё меню"))).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert (path, violations(page)) == (path, [])


def test_nobody_is_kept_out_of_what_is_done_to_many_contacts(visit, api):
    word = "Многие"
    for name in ("Первая", "Вторая"):
        api.company(f"{name} {word}", description=name)
    page = visit(f"/contacts?q={word}", inspected=True)
    page.get_by_role("button", name="Столбцы").click()
    expect(page.get_by_role("menuitemcheckbox").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("checkbox", name="Выделить все на этой странице").check()
    for act in ("Теги", "Менеджеры и доступ", "Тип и теплота", "Удалить"):
        page.get_by_role("button", name=act, exact=True).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert (act, violations(page)) == (act, [])
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("checkbox", name="Выделить: Первая").check()
    page.get_by_role("checkbox", name="Выделить: Вторая").check()
    page.get_by_role("button", name="Объединить", exact=True).click()
    expect(page.get_by_role("radiogroup", name="Описание")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("button", name="Объединить")).to_be_enabled()
    assert violations(page) == []


@WIDTHS
def test_nobody_is_kept_out_of_the_steps_of_an_import(visit, api, viewport):
    rows = "Имя,Фамилия,Электронная почта\nАнна,Первая,anna.steps@example.com\nПётр,,не почта\n"
    headers = {**api.headers, "Content-Type": "text/csv"}
    made = api.request.post("/v1/contactImports:upload?fileName=a.csv", data=rows.encode(), headers=headers).json()
    page = visit(f"/imports/{made['name'].split('/')[1]}", viewport=viewport, inspected=True)
    for shown in ("Что распознано", "Столбцы и поля", "Строки файла", "Как импортировать"):
        expect(page.get_by_role("heading", name=shown)).to_be_visible()
        expect(page.locator(".mantine-Skeleton-root")).to_have_count(0)
        assert (shown, violations(page)) == (shown, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        if shown != "Как импортировать":
            page.get_by_role("button", name="Далее", exact=True).click()
    page.get_by_role("button", name="Проверить без изменений").click()
    expect(page.get_by_text("Новых: ")).to_be_visible(timeout=30_000)
    assert violations(page) == []
