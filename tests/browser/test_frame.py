"""What surrounds the pages: sessions, languages, lists, keyboard, phone."""

import re

import pytest
from playwright.sync_api import expect

from chassis.testing import eventually
from tests.browser.conftest import OWNER, PHONE, dialog

pytestmark = pytest.mark.browser


def test_a_wrong_password_is_refused_without_saying_what_was_wrong(visit):
    page = visit("/", language="en", signed_in=False)

    page.get_by_label("E-mail").fill(OWNER["email"])
    page.get_by_role("textbox", name="Password").fill("wrong password 123")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_text("The e-mail or the password is wrong.")).to_be_visible()


def test_whoever_signs_in_again_is_back_where_the_session_ended_with_the_draft(visit, unique):
    page = visit("/contacts/new?kind=COMPANY", signed_in=False)
    page.get_by_label("Электронная почта").fill(OWNER["email"])
    page.get_by_role("textbox", name="Пароль").fill(OWNER["password"])
    page.get_by_role("button", name="Войти").click()
    page.get_by_label("Название компании").fill(f"Недописанная {unique}")
    eventually(lambda: unique in page.evaluate("JSON.stringify(localStorage)"))

    page.context.clear_cookies()
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_text("Сеанс завершён. Войдите снова")).to_be_visible()
    page.get_by_label("Электронная почта").fill(OWNER["email"])
    page.get_by_role("textbox", name="Пароль").fill(OWNER["password"])
    page.get_by_role("button", name="Войти").click()

    expect(page.get_by_label("Название компании")).to_have_value(f"Недописанная {unique}")


def test_what_was_typed_survives_a_reload_and_leaving_asks(visit, unique):
    page = visit("/contacts/new?kind=COMPANY")
    page.get_by_label("Название компании").fill(f"Черновик {unique}")
    eventually(lambda: unique in page.evaluate("JSON.stringify(localStorage)"))

    page.reload()
    expect(page.get_by_text("Восстановлен несохранённый черновик.")).to_be_visible()
    expect(page.get_by_label("Название компании")).to_have_value(f"Черновик {unique}")
    page.get_by_role("link", name="Счета").click()
    with dialog(page, "Уйти без сохранения?") as question:
        question.get_by_role("button", name="Уйти").click()
    expect(page.get_by_role("heading", name="Счета", exact=True)).to_be_visible()

    page.goto("/contacts/new?kind=COMPANY")
    expect(page.get_by_label("Название компании")).to_have_value("")


def test_the_language_is_changed_at_once_and_kept(visit, colleague):
    # The choice is kept for the person, so it is not made for the owner, whom the other tests look at.
    _, cookies = colleague()
    page = visit("/contacts", whose=cookies)
    page.get_by_role("button", name=re.compile("Моё меню")).click()

    page.get_by_role("menuitemradio", name="English").click()

    expect(page.get_by_role("heading", name="Contacts", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Contacts", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile("My menu")).click()
    page.get_by_role("menuitemradio", name="Русский").click()
    expect(page.get_by_role("heading", name="Контакты", exact=True)).to_be_visible()


def test_the_dark_theme_is_there_before_anything_is_drawn_again(visit, colleague):
    _, cookies = colleague()
    page = visit("/contacts", whose=cookies)
    page.get_by_role("button", name=re.compile("Моё меню")).click()
    with page.expect_response(lambda response: response.request.method == "PATCH"):
        page.get_by_role("menuitemradio", name="Тёмная").click()

    page.reload(wait_until="commit")

    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


def test_filter_sort_and_page_are_in_the_address(visit, api, unique):
    for number in range(27):
        api.company(f"{unique} {number:02}")
    api.person("Иван", unique)
    page = visit("/contacts")

    page.get_by_role("searchbox").first.fill(unique)
    expect(page).to_have_url(re.compile("q="))
    page.get_by_role("link", name="Компании").click()
    expect(page).to_have_url(re.compile(r"kind=COMPANY$"))
    page.get_by_role("searchbox").first.fill(unique)
    # In a new installation there are no others, and nothing else tells that the search was asked.
    expect(page).to_have_url(re.compile("kind=COMPANY.*q="))
    expect(page.get_by_text("1–25 из 27")).to_be_visible()
    page.get_by_role("button", name="Следующая страница").click()
    expect(page.get_by_text("26–27 из 27")).to_be_visible()
    expect(page).to_have_url(re.compile("kind=COMPANY.*page="))
    page.reload()
    expect(page.get_by_role("link", name=f"{unique} 26")).to_be_visible()
    page.get_by_role("button", name="Предыдущая страница").click()
    expect(page.get_by_role("link", name=f"{unique} 00")).to_be_visible()
    page.get_by_role("button", name="Имя или название").click()

    expect(page.locator("tbody tr").first).to_contain_text(f"{unique} 26")


def test_a_row_opens_beside_the_list_and_its_page_from_there(visit, api, unique):
    company = api.company(f"Сбоку {unique}", phones=[{"value": "+41 61 555 01 02"}])
    page = visit(f"/contacts?q={unique}")

    page.get_by_role("link", name=company["displayName"]).click()
    panel = page.get_by_role("complementary", name=company["displayName"])
    expect(panel.get_by_role("link", name="+41 61 555 01 02")).to_be_visible()
    expect(page).to_have_url(re.compile("open="))
    panel.get_by_role("link", name="Открыть страницу").click()

    expect(page.get_by_role("heading", name=company["displayName"], level=1)).to_be_visible()


def test_everything_can_be_done_from_the_keyboard(visit, api, unique):
    for number in range(3):
        api.company(f"{unique} {number}")
    page = visit(f"/contacts?q={unique}")
    expect(page.get_by_role("link", name=f"{unique} 2")).to_be_visible()

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=f"{unique} 1")).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox", name=f"Выделить: {unique} 1")).to_be_checked()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name=f"{unique} 0")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("complementary", name=f"{unique} 0")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox").first).to_be_focused()
    page.get_by_role("searchbox").first.blur()
    page.keyboard.press("Shift+Slash")
    with dialog(page, "Клавиатура"):
        page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.get_by_label("Название компании").fill(f"{unique} клавиши")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", name=f"{unique} клавиши", level=1)).to_be_visible()


def test_the_palette_finds_records_and_actions(visit, api, unique):
    company = api.company(f"Палитра {unique}")
    page = visit("/invoices")
    expect(page.get_by_role("heading", name="Счета", exact=True)).to_be_visible()

    page.keyboard.press("Control+k")
    page.get_by_role("textbox", name="Найти запись или действие").fill(unique)
    page.get_by_role("button", name=company["displayName"]).click()

    expect(page.get_by_role("heading", name=company["displayName"], level=1)).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("textbox", name="Найти запись или действие").fill("создать счет")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Новый счёт")).to_be_visible()


def test_on_a_phone_the_list_is_cards_and_the_menu_a_drawer(visit, api, unique):
    company = api.company(f"Телефонная {unique}")
    page = visit(f"/contacts?q={unique}", viewport=PHONE)

    expect(page.get_by_role("table")).to_have_count(0)
    page.get_by_role("list", name="Контакты").get_by_text(company["displayName"]).click()
    expect(page.get_by_role("heading", name=company["displayName"], level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Открыть меню").click()
    page.get_by_role("dialog").get_by_role("link", name="Счета").click()

    expect(page.get_by_role("heading", name="Счета", exact=True)).to_be_visible()


def test_on_a_phone_an_invoice_shows_its_total_and_its_form_one_row_of_buttons(visit, api, unique):
    invoice = api.invoice(api.company(f"Телефонная {unique}"))
    page = visit(f"/{invoice['name']}", viewport=PHONE)

    total = page.get_by_text(re.compile(r"200,00\s€")).last
    expect(total).to_be_in_viewport(ratio=1)
    page.goto("/invoices/new")
    save = page.get_by_role("button", name="Добавить этот счёт")
    expect(save).to_be_visible()
    assert save.bounding_box()["y"] == page.get_by_role("button", name="Отмена").bounding_box()["y"]
    page.get_by_role("button", name="Ещё").click()
    expect(page.get_by_role("menuitem", name="Добавить и создать новый счёт")).to_be_visible()


def test_an_unknown_address_is_told_in_the_frame(visit):
    page = visit("/nowhere/at/all")

    expect(page.get_by_role("heading", name="Такой страницы нет.")).to_be_visible()
    expect(page.get_by_role("link", name="Счета")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page).to_have_title("Такой страницы нет · Rapport")
    page.goto("/contacts/999999999")
    expect(page).to_have_title("Здесь нечего показать · Rapport")


def test_a_page_of_another_list_leads_to_the_first_page(visit):
    page = visit("/contacts?page=unknown")

    expect(page.get_by_text("Этот адрес ведёт на страницу другого списка.")).to_have_count(1)
    page.get_by_role("button", name="Первая страница").click()

    expect(page).to_have_url(re.compile(r"/contacts$"))
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_list_says_why_it_is_empty(visit):
    page = visit("/contacts?q=несуществующее")

    expect(page.get_by_text("Ничего не соответствует фильтру")).to_be_visible()
    page.get_by_role("button", name="Сбросить фильтр").last.click()
    expect(page.get_by_text("Ничего не соответствует фильтру")).to_have_count(0)


def test_a_service_that_is_down_greys_only_its_own_panel(visit, api, unique):
    company = api.company(f"Без счетов {unique}")
    page = visit("/contacts")
    down = {"error": {"code": 503, "status": "UNAVAILABLE", "message": "invoicing is down"}}
    page.route("**/v1/invoices*", lambda route: route.fulfill(status=503, json=down))

    page.goto(f"/{company['name']}")

    expect(page.get_by_role("heading", name=company["displayName"], level=1)).to_be_visible()
    page.get_by_role("tab", name="Счета").click()
    expect(page.get_by_text("Этот раздел не отвечает")).to_be_visible()
