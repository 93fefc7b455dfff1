"""What all lists have: views that somebody keeps, wherever he signs in; and events that come and go as tables."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import dialog
from tests.browser.test_accessibility import WIDTHS, violations

pytestmark = pytest.mark.browser


def views(page):
    """Opens the views of the list."""
    page.get_by_role("button", name="Сохранённые представления").click()


def keep(page, title):
    """Keeps what the list shows."""
    views(page)
    page.get_by_role("menuitem", name="Сохранить представление").click()
    with dialog(page, "Сохранить представление") as window:
        window.get_by_label("Название").fill(title)
        window.get_by_role("button", name="Сохранить").click()
        expect(window).to_have_count(0)


def test_a_view_is_there_in_another_browser_and_for_nobody_else(visit, colleague, unique):
    _, whose = colleague()
    _, other = colleague("Вера")
    page = visit(f"/events?q={unique}&state=CLOSED&sort=start_time%20desc", whose=whose)
    keep(page, f"Прошедшие {unique}")

    elsewhere = visit("/events", whose=whose)
    views(elsewhere)
    elsewhere.get_by_role("menuitem", name=f"Прошедшие {unique}", exact=True).click()

    expect(elsewhere.get_by_role("combobox", name="Состояние: любое")).to_have_value("CLOSED")
    expect(elsewhere.get_by_role("searchbox").first).to_have_value(unique)
    assert "sort=start_time" in elsewhere.url
    theirs = visit("/events", whose=other)
    views(theirs)
    expect(theirs.get_by_text("Пока ничего не сохранено")).to_be_visible()


def test_a_view_of_the_same_title_is_replaced_and_one_that_is_removed_is_gone(visit, colleague, unique):
    _, whose = colleague()
    page = visit("/invoices?q=old", whose=whose)
    keep(page, f"Мои {unique}")
    page.goto(f"/invoices?q={unique}")
    keep(page, f"мои {unique}")

    page.goto("/invoices")
    views(page)
    shown = page.get_by_role("menuitem", name=f"Мои {unique}", exact=True)
    expect(shown).to_have_count(1)
    shown.click()
    expect(page.get_by_role("searchbox").first).to_have_value(unique)

    views(page)
    page.get_by_role("menuitem", name=f"Удалить «Мои {unique}»").click()
    views(page)
    expect(page.get_by_text("Пока ничего не сохранено")).to_be_visible()


def test_what_an_earlier_version_kept_in_the_browser_is_taken_over(visit, colleague, unique):
    user, whose = colleague()
    page = visit("/invoices", whose=whose)
    kept = [{"title": f"Прежнее {unique}", "search": {"q": unique, "kind": "PERSON"}, "hidden": ["emails"]}]
    key = f"rapport.views.contacts.{user['name']}"
    page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [key, json.dumps(kept)])

    page.goto("/contacts")
    views(page)
    expect(page.get_by_role("menuitem", name=f"Прежнее {unique}", exact=True)).to_be_visible()

    # The list may show it, for others tell, a moment before it is let go of here.
    page.wait_for_function("key => localStorage.getItem(key) === null", arg=key)
    elsewhere = visit("/contacts", whose=whose)
    views(elsewhere)
    elsewhere.get_by_role("menuitem", name=f"Прежнее {unique}", exact=True).click()
    expect(elsewhere).to_have_url(re.compile("kind=PERSON"))


def test_exactly_the_events_that_the_list_shows_are_taken_along(visit, api, unique):
    for title in ("Ярмарка", "Лекция"):
        api.make("events", title=f"{title} {unique}", startTime="2026-12-01T07:00:00Z")
    page = visit(f"/events?q=ярмарка {unique}")
    page.get_by_role("button", name="Экспорт списка").click()

    with dialog(page, "Экспорт списка") as window:
        window.get_by_role("button", name="Экспортировать").click()
        with page.expect_download() as downloading:
            window.get_by_role("link", name="Скачать").click()

    assert downloading.value.suggested_filename.startswith("events-")
    lines = downloading.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("Номер;Название;Начало;Окончание;Место;Состояние;Теги;Участники;Описание")
    assert f";Ярмарка {unique};01/12/2026 " in lines[1]


def test_events_are_imported_from_a_file_and_the_import_is_undone(visit, api, unique):
    api.person("Анна", unique, sharing="READ")
    rows = (
        "Название;Начало;Место;Участники\n"
        f"Ярмарка {unique};01/12/2026 10:00;Зал;Анна {unique}\n"
        f"Лекция {unique};скоро;;\n"
    )
    page = visit("/events")

    page.get_by_role("button", name="Ещё", exact=True).click()
    page.get_by_role("menuitem", name="Импорт мероприятий").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "планы.csv", "mimeType": "text/csv", "buffer": rows.encode("cp1251")}
    )
    expect(page.get_by_label("Кодировка")).to_have_value("cp1251")
    page.get_by_role("button", name="Далее").click()
    expect(page.get_by_role("combobox", name="Поле для «Участники»")).to_have_value("participants")
    page.get_by_role("button", name="Далее").click()
    expect(page.get_by_text("это не дата и время")).to_be_visible()
    cell = page.get_by_role("textbox", name="Строка 2, Начало")
    cell.fill("02.12.2026 18:30")
    cell.press("Enter")
    expect(page.get_by_text("это не дата и время")).to_have_count(0)
    page.get_by_role("button", name="Далее").click()
    page.get_by_role("combobox", name="Часовой пояс").fill("Asia/Tokyo")
    page.get_by_role("option", name="Asia/Tokyo").click()
    page.get_by_role("button", name="Проверить без изменений").click()
    expect(page.get_by_text("Новых: 2, с ошибками: 0")).to_be_visible()
    page.get_by_role("button", name="Импортировать").click()
    page.get_by_role("link", name="К мероприятиям").click()

    made = api.get(f"events?q={unique}&orderBy=startTime")["events"]
    assert [(event["startTime"], event["participantCount"]) for event in made] == [
        ("2026-12-01T01:00:00Z", 1),
        ("2026-12-02T09:30:00Z", 0),
    ]
    page.go_back()
    page.get_by_role("button", name="Отменить импорт").click()
    page.get_by_role("dialog").get_by_role("button", name="Отменить импорт").click()
    expect(page.get_by_text("Отменено: 2, оставлено: 0")).to_be_visible()
    assert api.get(f"events?q={unique}")["events"] == []


@WIDTHS
def test_nobody_is_kept_out_of_the_import_of_events(visit, api, viewport):
    headers = {"X-CSRF-Protection": "1", "Content-Type": "text/csv"}
    rows = "Название;Начало\nЯрмарка;скоро\n"
    made = api.request.post("/v1/eventImports:upload?fileName=a.csv", data=rows.encode(), headers=headers).json()
    page = visit("/event-imports", viewport=viewport, inspected=True)
    expect(page.get_by_role("link", name="a.csv").first).to_be_visible()
    assert violations(page) == []

    page.goto(f"/event-imports/{made['name'].split('/')[1]}")
    for _ in range(3):
        page.get_by_role("button", name="Далее").click()
    expect(page.get_by_role("button", name="Проверить без изменений")).to_be_visible()
    assert violations(page) == []
