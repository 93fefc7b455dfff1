"""What happened with a contact, and its documents: written down, found again, and kept."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from chassis.testing import eventually
from tests.browser.conftest import dialog
from tests.browser.test_accessibility import WIDTHS, violations

pytestmark = pytest.mark.browser

TOLD_MS = 15_000


@pytest.fixture
def anna(api, unique):
    """A contact of whom nothing is known yet."""
    return api.person("Анна", unique)


def note(api, subject, text, **fields):
    """Writes down what happened."""
    return api.make("historyEntries", subject=subject["name"], text=f"<p>{text}</p>", **fields)


def text_file(name, text="plan"):
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def entries(page):
    """What the history tells, from above."""
    return page.get_by_role("list", name="История", exact=True).locator("> li")


def choose(page, entry, action):
    """Chooses what to do with an entry."""
    entry.get_by_role("button", name=re.compile("^Действия")).click()
    page.get_by_role("menuitem", name=action, exact=True).click()


def test_a_note_with_a_category_a_file_and_people_to_tell_is_written_on_a_contact(visit, api, anna, colleague, unique):
    borya, state = colleague()
    api.change(anna, sharing="READ")
    page = visit(f"/{anna['name']}", inspected=True)
    page.get_by_role("button", name="Добавить запись").click()
    page.get_by_role("textbox", name="Что произошло").click()
    page.keyboard.type("Договорились о ")
    page.keyboard.press("Control+b")
    page.keyboard.type("скидке")
    page.get_by_role("combobox", name="Категория").click()
    page.get_by_role("option", name="Звонок").click()
    page.get_by_label("Когда", exact=True).fill("20/11/2026")
    page.get_by_label("Когда: время").fill("15:30")
    page.get_by_role("combobox", name="Оповестить").fill(borya["displayName"])
    page.get_by_role("option", name=borya["displayName"]).click()
    page.locator("form input[type=file]").set_input_files(text_file(f"план-{unique}.txt"))
    expect(page.get_by_role("list", name="Файлы")).to_contain_text(f"план-{unique}.txt")
    page.keyboard.press("Escape")
    assert violations(page) == []
    page.get_by_role("button", name="Сохранить", exact=True).click()

    entry = entries(page).filter(has_text="Договорились о скидке")
    expect(entry).to_contain_text("Звонок")
    expect(entry).to_contain_text("20/11/2026 15:30")
    expect(entry.locator("strong")).to_have_text("скидке")
    with page.expect_download() as download:
        entry.get_by_role("link", name=f"план-{unique}.txt").click()
    assert Path(download.value.path()).read_bytes() == b"plan"
    expect(entries(page).filter(has_text="Добавлен документ")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("tab", name="Документы").click()
    expect(page.get_by_role("list", name="Документы").get_by_text(f"план-{unique}.txt")).to_be_visible()
    theirs = visit("/contacts", whose=state)
    theirs.get_by_role("button", name=re.compile("^Уведомления")).click()
    expect(theirs.get_by_text(f"Анна {unique}").last).to_be_visible(timeout=TOLD_MS)


def test_a_note_that_says_nothing_is_not_saved(visit, anna):
    page = visit(f"/{anna['name']}")
    page.get_by_role("button", name="Добавить запись").click()
    page.get_by_role("button", name="Сохранить", exact=True).click()

    expect(page.get_by_text("Заполните это поле")).to_be_visible()


def test_what_was_begun_to_be_written_survives_a_reload(visit, anna):
    page = visit(f"/{anna['name']}")
    page.get_by_role("button", name="Добавить запись").click()
    page.get_by_role("textbox", name="Что произошло").click()
    page.keyboard.type("Недописано")
    eventually(lambda: page.evaluate(f"localStorage.getItem('rapport.draft.history/{anna['name']}')"))
    page.reload()
    expect(page.get_by_role("textbox", name="Что произошло")).to_have_text("Недописано")
    page.get_by_role("textbox", name="Что произошло").focus()
    page.keyboard.press("Control+Enter")

    expect(entries(page)).to_have_count(1)
    page.reload()
    expect(page.get_by_role("button", name="Добавить запись")).to_be_visible()


def test_a_note_is_changed_pinned_and_deleted_by_whoever_wrote_it(visit, api, anna):
    note(api, anna, "Первая", time="2026-11-01T10:00:00Z")
    note(api, anna, "Вторая", time="2026-11-02T10:00:00Z")
    page = visit(f"/{anna['name']}")
    expect(entries(page).first).to_contain_text("Вторая")
    choose(page, entries(page).filter(has_text="Первая"), "Закрепить")
    expect(entries(page).first).to_contain_text("закреплено")
    choose(page, entries(page).first, "Редактировать")
    page.get_by_role("textbox", name="Что произошло").press("End")
    page.keyboard.type(" встреча")
    page.get_by_role("button", name="Сохранить изменения").click()
    expect(entries(page).first).to_contain_text("Первая встреча")
    choose(page, entries(page).filter(has_text="Вторая"), "Удалить")
    with dialog(page, "Удалить запись?") as question:
        question.get_by_role("button", name="Удалить").click()

    expect(entries(page)).to_have_count(1)


def test_a_note_of_somebody_else_is_read_and_not_changed(visit, api, anna, colleague):
    api.change(anna, sharing="READ")
    note(api, anna, "Чужая")
    _, state = colleague()
    page = visit(f"/{anna['name']}", whose=state)
    expect(entries(page).first).to_contain_text("Чужая")

    expect(entries(page).first.get_by_role("button")).to_have_count(0)


def test_the_history_is_filtered_by_text_category_author_and_day(visit, api, anna):
    calls = next(each for each in api.get("historyCategories")["historyCategories"] if each["icon"] == "CALL")
    note(api, anna, "Позвонили", category=calls["name"], time="2026-11-01T10:00:00Z")
    note(api, anna, "Записали", time="2026-11-05T10:00:00Z")
    page = visit(f"/{anna['name']}")
    expect(entries(page)).to_have_count(2)
    page.get_by_role("button", name="Фильтры").click()
    page.get_by_role("combobox", name="Категория: любая").select_option(label=calls["title"])
    expect(entries(page)).to_have_count(1)
    page.get_by_role("button", name="Сбросить фильтр").click()
    page.get_by_role("textbox", name="С", exact=True).fill("03/11/2026")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(entries(page)).to_have_count(1)
    expect(entries(page).first).to_contain_text("Записали")
    page.get_by_role("button", name="Сбросить фильтр").click()
    page.get_by_role("searchbox", name="Текст записи").fill("позвонили")
    expect(entries(page)).to_have_count(1)
    page.get_by_role("searchbox", name="Текст записи").fill("ничего такого")

    expect(page.get_by_text("Ничего не найдено")).to_be_visible()


def test_an_invoice_stands_in_the_history_with_a_link_to_it(visit, api, unique):
    company = api.company(f"Заказчик {unique}")
    page = visit(f"/{company['name']}")
    expect(page.get_by_text("Здесь появится всё, что произошло")).to_be_visible()
    invoice = api.invoice(company)

    entry = entries(page).filter(has_text="Создан счёт")
    expect(entry).to_be_visible(timeout=TOLD_MS)
    entry.get_by_role("link", name=invoice["number"]).click()
    expect(page.get_by_role("heading", name=invoice["number"])).to_be_visible()


def test_documents_are_uploaded_renamed_replaced_deleted_and_restored(visit, anna, unique):
    page = visit(f"/{anna['name']}?tab=documents")
    expect(page.get_by_text("Документов пока нет")).to_be_visible()
    files = [text_file("договор.txt", "one"), text_file("смета.txt")]
    page.locator("input[type=file][multiple]").set_input_files(files)
    documents = page.get_by_role("list", name="Документы").locator("> li")
    expect(documents).to_have_count(2)

    contract = documents.filter(has_text="договор.txt")
    choose(page, contract, "Переименовать")
    with dialog(page, "Переименовать «договор.txt»") as window:
        window.get_by_label("Название").fill("Договор.txt")
        window.get_by_role("button", name="Сохранить").click()
    contract = documents.filter(has_text="Договор.txt")
    page.get_by_label("Новая версия: Договор.txt").set_input_files(text_file("другой.txt", "two"))
    choose(page, contract, "Версии")
    expect(contract.get_by_role("link", name="Версия 2")).to_be_visible()
    with page.expect_download() as download:
        contract.get_by_role("link", name="Версия 1").click()
    assert Path(download.value.path()).read_bytes() == b"one"
    choose(page, contract, "Удалить")
    expect(documents).to_have_count(1)
    page.get_by_role("button", name="Отменить", exact=True).click()
    expect(documents).to_have_count(2)
    choose(page, documents.filter(has_text="смета.txt"), "Удалить")
    page.get_by_role("combobox", name="Все, кроме удалённых").select_option(label="Удалённые")
    page.get_by_role("button", name="Восстановить").click()
    page.get_by_role("combobox", name="Все, кроме удалённых").select_option(index=0)
    expect(documents).to_have_count(2)


def test_a_file_that_is_not_what_its_name_says_is_refused_and_the_others_are_taken(visit, anna):
    page = visit(f"/{anna['name']}?tab=documents")
    fake = {"name": "счёт.png", "mimeType": "image/png", "buffer": b"%PDF-1.7 " + b"0" * 300}
    page.locator("input[type=file][multiple]").set_input_files([fake, text_file("план.txt")])

    expect(page.get_by_role("list", name="Загружается").get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("list", name="Документы").locator("> li")).to_have_count(1)
    page.get_by_role("button", name="Убрать: счёт.png").click()
    expect(page.get_by_role("list", name="Загружается")).to_have_count(0)


def test_administrators_create_a_category_with_its_icon_and_it_can_be_chosen(visit, api, anna, unique):
    page = visit("/settings")
    page.get_by_role("link", name="Категории событий истории").click()
    page.get_by_role("button", name="Добавить категорию").click()
    with dialog(page, "Новая категория") as window:
        window.get_by_label("Название").fill(f"Обед {unique}")
        window.get_by_role("combobox", name="Значок").click()
        page.get_by_role("option", name="Обед", exact=True).click()
        window.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("list", name="Категории событий истории").get_by_text(f"Обед {unique}")).to_be_visible()
    page.goto(f"/{anna['name']}")
    page.get_by_role("button", name="Добавить запись").click()
    page.get_by_role("combobox", name="Категория").click()
    page.get_by_role("option", name=f"Обед {unique}").click()
    page.get_by_role("textbox", name="Что произошло").click()
    page.keyboard.type("Обедали")
    page.get_by_role("button", name="Сохранить", exact=True).click()

    expect(entries(page).filter(has_text=f"Обед {unique}")).to_be_visible()
    page.goto("/settings/history-categories")
    used = page.get_by_role("listitem").filter(has_text=f"Обед {unique}")
    expect(used).to_contain_text("1 запись")
    expect(used.get_by_role("button", name=f"Удалить: Обед {unique}")).to_be_disabled()


@WIDTHS
def test_nobody_is_kept_out_of_the_history(visit, api, anna, viewport):
    made = note(api, anna, "Закреплённая")
    api.request.post(f"/v1/{made['name']}:pin", data={"pinned": True}, headers=api.headers)
    note(api, anna, "Обычная")
    page = visit(f"/{anna['name']}", viewport=viewport, inspected=True)
    expect(entries(page)).to_have_count(2)
    page.get_by_role("button", name="Фильтры").click()
    assert violations(page) == []
    page.get_by_role("button", name="Добавить запись").click()
    expect(page.get_by_role("textbox", name="Что произошло")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
