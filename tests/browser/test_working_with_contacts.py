"""What the guide says about working with contacts: the list, what goes along with a change, photos, files."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from chassis.testing import eventually
from tests.browser.conftest import PHONE, create, dialog
from tests.browser.test_customers import picture

pytestmark = pytest.mark.browser

MADE, SPREAD_SECONDS = 30_000, 15


def titles(page):
    """The names in the list of contacts, from above."""
    return page.locator("tbody tr[data-row] td:nth-child(2) a").all_inner_texts()


def choose(page, filter_, option):
    """Filters the list."""
    page.get_by_role("combobox", name=filter_, exact=True).select_option(label=option)


def saved_file(page, press):
    """The bytes of what the browser downloads, and what it is called."""
    with page.expect_download() as download:
        press()
    return Path(download.value.path()).read_bytes(), download.value.suggested_filename


def test_filters_narrow_the_list_and_are_cleared_at_once(visit, api, unique):
    kind = api.make("contactTypes", title=f"Вид {unique}")
    api.company(f"Наша {unique}", type=kind["name"], tags=[f"свои {unique}"], currency="USD")
    api.company(f"Чужая {unique}", tags=[f"чужие {unique}"])
    api.person("Персона", unique, type=kind["name"])
    page = visit(f"/contacts?q={unique}")
    expect(page.get_by_text("1–3 из 3")).to_be_visible()

    page.get_by_role("link", name="Компании").click()
    expect(page).to_have_url(re.compile(r"kind=COMPANY$"))
    page.get_by_role("searchbox").fill(unique)
    expect(page.get_by_text("1–2 из 2")).to_be_visible()
    page.get_by_role("button", name="Ещё фильтры").click()
    choose(page, "Тип: любой", kind["title"])
    choose(page, "Тег: любой", f"свои {unique}")
    choose(page, "Валюта: любая", "USD")
    expect(page.get_by_text("1–1 из 1")).to_be_visible()
    choose(page, "Тег: любой", f"чужие {unique}")
    expect(page.get_by_text("Ничего не соответствует фильтру")).to_be_visible()
    page.get_by_role("button", name="Сбросить").first.click()

    expect(page.get_by_role("combobox", name="Тип: любой")).to_have_value("")
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_contacts_are_found_by_company_by_words_of_ones_own_fields_and_by_having_no_manager(visit, api, unique):
    field = api.make("contactFields", label=f"Хобби {unique}", kind="TEXT")["name"]
    company = api.company(f"Верфь {unique}", managers=[])
    api.person("Пётр", unique, company=company["name"], custom={field: "парусный спорт"})
    page = visit(f"/contacts?q={unique}")
    expect(page.get_by_text("1–2 из 2")).to_be_visible()
    page.get_by_role("button", name="Ещё фильтры").click()

    page.get_by_role("textbox", name=f"Хобби {unique}: содержит").fill("парус")
    expect(page.get_by_text("1–1 из 1")).to_be_visible()
    page.get_by_role("combobox", name="Компания: любая").fill(f"Верфь {unique}")
    page.get_by_role("option").filter(has_text=f"Верфь {unique}").click()
    expect(page.get_by_role("link", name=f"Пётр {unique}")).to_be_visible()
    choose(page, "Менеджер: любой", "Без менеджера")
    expect(page.get_by_text("Ничего не соответствует фильтру")).to_be_visible()
    page.get_by_role("button", name="Сбросить").first.click()

    expect(page.get_by_role("textbox", name=f"Хобби {unique}: содержит")).to_have_value("")


def test_the_list_is_sorted_by_what_stands_in_its_head(visit, api, unique):
    for name in ("Бета", "Альфа", "Гамма"):
        api.company(f"{name} {unique}")
    page = visit(f"/contacts?q={unique}")
    expect(page.get_by_text("1–3 из 3")).to_be_visible()
    assert [title.split()[0] for title in titles(page)] == ["Альфа", "Бета", "Гамма"]

    page.get_by_role("button", name="Имя или название").click()
    expect(page.locator("tbody tr[data-row]").first).to_contain_text("Гамма")
    page.get_by_role("button", name="Добавлен").click()
    expect(page.locator("tbody tr[data-row]").first).to_contain_text("Бета")
    assert [title.split()[0] for title in titles(page)] == ["Бета", "Альфа", "Гамма"]


def test_a_view_of_the_list_is_saved_under_a_name_and_comes_back(visit, api, unique):
    api.company(f"Видная {unique}", sharing="READ")
    api.company(f"Скрытая {unique}")
    page = visit(f"/contacts?q={unique}")
    choose(page, "Доступ: любой", "Все: на чтение")
    page.get_by_role("button", name="Столбцы").click()
    page.get_by_role("menuitemcheckbox", name="Телефон").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Сохранённые представления").click()
    page.get_by_role("menuitem", name="Сохранить представление").click()
    with dialog(page, "Сохранить представление") as window:
        window.get_by_label("Название").fill("Открытые всем")
        window.get_by_role("button", name="Сохранить").click()

    page.goto("/contacts")
    page.get_by_role("button", name="Столбцы").click()
    page.get_by_role("menuitemcheckbox", name="Телефон").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("columnheader", name="Телефон")).to_be_visible()
    page.get_by_role("button", name="Сохранённые представления").click()
    page.get_by_role("menuitem", name="Открытые всем", exact=True).click()

    expect(page.get_by_text("1–1 из 1")).to_be_visible()
    expect(page.get_by_role("link", name=f"Видная {unique}")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Телефон")).to_have_count(0)


def test_several_contacts_get_a_manager_and_are_opened_to_everybody_at_once(visit, api, colleague, unique):
    user, _ = colleague()
    made = [api.company(f"{name} {unique}") for name in ("Первая", "Вторая")]
    page = visit(f"/contacts?q={unique}")

    page.get_by_role("checkbox", name="Выделить все на этой странице").check()
    page.get_by_role("button", name="Менеджеры и доступ").click()
    with dialog(page, "Менеджеры и доступ: 2 контакта") as window:
        window.get_by_role("combobox", name="Добавить менеджеров").fill(user["displayName"])
        page.get_by_role("option", name=user["displayName"]).click()
        window.get_by_role("heading").click()
        window.get_by_role("combobox", name="Доступ").select_option(label="Все: на чтение")
        window.get_by_role("button", name="Применить").click()
        expect(window.get_by_text("Изменено: 2, отказано: 0")).to_be_visible()

    for contact in made:
        changed = api.get(contact["name"])
        assert user["name"] in changed["managers"]
        assert changed["sharing"] == "READ"


def test_what_the_list_shows_is_downloaded_as_a_file(visit, api, unique):
    api.company(f"Да {unique}", emails=[{"value": "yes@example.com"}], sharing="READ")
    api.company(f"Нет {unique}")
    page = visit(f"/contacts?q={unique}&sharing=READ")
    page.get_by_role("button", name="Экспорт списка").click()
    with dialog(page, "Экспорт списка") as window:
        window.get_by_role("button", name="Экспортировать").click()
        link = window.get_by_role("link", name="Скачать")
        expect(link).to_be_visible(timeout=MADE)
        content, name = saved_file(page, link.click)

    assert name.endswith(".csv")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 2
    assert f"Да {unique}" in rows[1]
    assert "yes@example.com" in rows[1]


def test_everything_is_downloaded_from_the_common_settings(visit, api, unique):
    api.company(f"Целиком {unique}")
    page = visit("/settings/common")
    page.get_by_role("button", name="Экспортировать все данные").click()
    ready = page.get_by_role("row").filter(has_text="Все данные").first.get_by_role("link", name="Скачать")
    expect(ready).to_be_visible(timeout=MADE)
    content, _ = saved_file(page, ready.click)

    archive = zipfile.ZipFile(io.BytesIO(content))
    contacts = next(name for name in archive.namelist() if re.search(r"contacts?\.csv$", name))
    assert f"Целиком {unique}" in archive.read(contacts).decode("utf-8-sig")


@pytest.fixture
def family(api, unique):
    """A company and somebody who works for it."""
    company = api.company(f"Дом {unique}")
    return company, api.person("Житель", unique, company=company["name"])


def settle(page, place, answer):
    """Settings: whether what is new for a contact goes to those who belong to it."""
    page.goto(f"/settings/{place}")
    section = page.get_by_role("radiogroup", name=re.compile("применять"))
    section.get_by_role("radio", name=answer).check()
    page.get_by_role("button", name="Сохранить").last.click()
    expect(page.get_by_text("Сохранено").first).to_be_visible()


def add_tag(page, contact, tag):
    page.goto(f"/{contact['name']}/edit")
    page.get_by_role("combobox", name="Теги").fill(tag)
    page.get_by_role("combobox", name="Теги").press("Enter")
    page.get_by_role("button", name="Сохранить изменения").click()


def test_whether_a_new_tag_goes_to_related_contacts_is_asked(visit, api, family, unique):
    company, person = family
    page = visit("/contacts")
    settle(page, "tags", "Спрашивать")

    add_tag(page, company, f"только дом {unique}")
    with dialog(page, "Изменить и связанные контакты?") as question:
        question.get_by_role("button", name="Нет, только здесь").click()
    expect(page.get_by_role("heading", name=company["displayName"], level=1, exact=True)).to_be_visible()
    assert api.get(person["name"])["tags"] == []
    add_tag(page, company, f"все {unique}")
    with dialog(page, "Изменить и связанные контакты?") as question:
        question.get_by_role("button", name="Да, применить").click()
    expect(page.get_by_role("heading", name=company["displayName"], level=1, exact=True)).to_be_visible()
    eventually(lambda: f"все {unique}" in api.get(person["name"])["tags"], seconds=SPREAD_SECONDS)


@pytest.mark.parametrize(("answer", "spreads"), [("Всегда", True), ("Никогда", False)])
def test_whether_a_new_temperature_goes_to_related_contacts_is_settled_once(visit, api, family, answer, spreads):
    company, person = family
    level = api.get("temperatureLevels")["temperatureLevels"][0]
    page = visit("/contacts")
    settle(page, "temperature-levels", answer)

    page.goto(f"/{company['name']}/edit")
    page.get_by_role("combobox", name="Уровень теплоты").click()
    page.get_by_role("option", name=level["title"]).click()
    page.get_by_role("button", name="Сохранить изменения").click()

    expect(page.get_by_role("heading", name=company["displayName"], level=1, exact=True)).to_be_visible()
    assert api.get(company["name"])["temperature"] == level["name"]
    if spreads:
        eventually(lambda: api.get(person["name"])["temperature"] == level["name"], seconds=SPREAD_SECONDS)
    else:
        assert api.get(person["name"])["temperature"] == ""


def test_persons_are_added_to_a_company_on_its_page(visit, api, unique):
    company = api.company(f"Школа {unique}")
    page = visit(f"/{company['name']}")
    page.get_by_role("tab", name="Персоны").click()
    expect(page.get_by_text("В этой компании пока никого нет.")).to_be_visible()

    page.get_by_role("link", name="Добавить персону").click()
    expect(page.get_by_role("combobox", name="Компания")).to_have_value(company["displayName"])
    page.get_by_label("Имя").fill("Ирина")
    page.get_by_label("Фамилия").fill(unique)
    page.get_by_role("button", name="Сохранить", exact=True).click()
    page.get_by_role("main").get_by_role("link", name=company["displayName"]).first.click()

    expect(page.get_by_role("heading", name=company["displayName"], level=1)).to_be_visible()
    page.get_by_role("tab", name="Персоны").click()
    expect(page.get_by_role("link", name=f"Ирина {unique}")).to_be_visible()


def test_a_new_company_gets_its_photo_and_whoever_is_public_a_mark_on_it(visit, api, unique):
    page = visit("/contacts")
    create(page, "Компания")
    page.get_by_role("button", name="Изменить фото").click()
    with dialog(page, "Выберите фотографию для профиля") as window:
        window.locator("input[type=file]").set_input_files(picture(page))
        window.get_by_role("button", name="Сохранить").click()
    page.get_by_label("Название компании").fill(f"С лицом {unique}")
    page.get_by_label("Разрешить доступ к компании для всех пользователей CRM").check()
    page.get_by_role("button", name="Сохранить", exact=True).click()

    expect(page.get_by_role("heading", name=f"С лицом {unique}", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Удалить фото")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("img", name="Все: на чтение").first).to_be_visible()
    assert api.get(page.url.split("/", 3)[3])["photo"]


def test_the_photo_of_a_contact_is_changed_in_its_form(visit, api, unique):
    person = api.person("Вера", unique)
    page = visit(f"/{person['name']}/edit")
    page.get_by_role("button", name="Изменить фото").click()
    with dialog(page, "Выберите фотографию для профиля") as window:
        window.locator("input[type=file]").set_input_files(picture(page))
        window.get_by_role("button", name="Сохранить").click()
    page.get_by_label("Должность").fill("Посол")
    page.get_by_role("button", name="Сохранить изменения").click()

    expect(page.get_by_role("heading", name=person["displayName"], level=1, exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Удалить фото")).to_be_visible()
    changed = api.get(person["name"])
    assert changed["photo"]
    assert changed["jobTitle"] == "Посол"


def test_the_currency_of_a_contact_is_that_of_its_invoices(visit, api, unique):
    company = api.company(f"Долларовая {unique}", currency="USD")
    page = visit(f"/{company['name']}")
    page.get_by_role("tab", name="Счета").click()
    page.get_by_role("link", name="Создать счёт").first.click()

    expect(page.get_by_role("combobox", name="Валюта счёта")).to_have_value(re.compile("USD"))


def test_a_contact_type_is_added_and_renamed_and_stays_while_it_is_used(visit, api, unique):
    page = visit("/settings/contact-types")
    page.get_by_role("button", name="Добавить тип").click()
    with dialog(page, "Новый тип контакта") as window:
        window.get_by_label("Название").fill(f"Агент {unique}")
        window.get_by_role("button", name="Сохранить").click()
    page.get_by_role("button", name=f"Редактировать: Агент {unique}").click()
    with dialog(page, f"Редактирование: Агент {unique}") as window:
        window.get_by_label("Название").fill(f"Дилер {unique}")
        window.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("button", name=f"Удалить: Дилер {unique}")).to_be_enabled()

    types = api.get("contactTypes?pageSize=200")["contactTypes"]
    kind = next(each for each in types if each["title"] == f"Дилер {unique}")
    api.company(f"Занят {unique}", type=kind["name"])
    page.reload()
    expect(page.get_by_role("button", name=f"Удалить: Дилер {unique}")).to_be_disabled()


def test_a_tag_is_deleted_from_all_who_have_it_after_a_question(visit, api, unique):
    company = api.company(f"Меченая {unique}", tags=[f"лишний {unique}"])
    page = visit("/settings/tags")
    page.get_by_placeholder("Тег…").fill(unique)
    page.get_by_role("button", name=f"Удалить: лишний {unique}").click()
    with dialog(page, f"Удалить «лишний {unique}»?") as question:
        expect(question.get_by_text("Он исчезнет у 1 контакта.")).to_be_visible()
        question.get_by_role("button", name="Удалить").click()

    expect(page.get_by_role("button", name=f"Удалить: лишний {unique}")).to_have_count(0)
    eventually(lambda: api.get(company["name"])["tags"] == [], seconds=SPREAD_SECONDS)


def begin_import(page, rows):
    """Guide: «Импорт контактов» in the menu beside the button Создать."""
    page.get_by_role("button", name="Ещё", exact=True).click()
    page.get_by_role("menuitem", name="Импорт контактов").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "новые.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    page.get_by_role("button", name="Далее", exact=True).click()
    page.get_by_role("button", name="Далее", exact=True).click()


def test_a_name_that_a_row_lacks_is_written_where_it_belongs(visit, api, new_email, unique):
    page = visit("/contacts")
    begin_import(page, f"Имя,Фамилия,Электронная почта\nОльга,,{new_email()}\n")
    cell = page.get_by_role("textbox", name="Строка 1, Фамилия")
    cell.fill(unique)
    cell.press("Enter")
    expect(page.get_by_role("textbox", name="Строка 1, Фамилия")).not_to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Далее", exact=True).click()
    page.get_by_role("button", name="Импортировать").click()

    expect(page.get_by_role("link", name="К контактам")).to_be_visible(timeout=MADE)
    found = api.get(f"contacts?q={unique}")["contacts"]
    assert [(each["displayName"], each["source"]) for each in found] == [(f"Ольга {unique}", "IMPORT")]


def test_rows_that_were_not_taken_are_downloaded_to_be_mended(visit, api, new_email, unique):
    page = visit("/contacts")
    rows = f"Имя,Фамилия,Электронная почта\nАнна,{unique},{new_email()}\nПётр,{unique},не почта\n"
    begin_import(page, rows)
    page.get_by_role("button", name="Далее", exact=True).click()
    page.get_by_role("button", name="Импортировать").click()

    link = page.get_by_role("link", name="Скачать непринятые строки")
    expect(link).to_be_visible(timeout=MADE)
    content, _ = saved_file(page, link.click)
    assert "не почта" in content.decode("utf-8-sig")
    assert "Анна" not in content.decode("utf-8-sig")


def test_contacts_are_found_opened_and_changed_on_a_phone(visit, api, unique):
    person = api.person("Карманная", f"Персона-{unique}", phones=[{"value": "+7 495 555-01-02"}])
    page = visit("/contacts", viewport=PHONE)
    page.get_by_role("searchbox").fill(unique)
    cards = page.get_by_role("list", name="Контакты")
    expect(cards.get_by_role("listitem")).to_have_count(1)
    cards.get_by_role("button", name=person["displayName"]).first.click()

    expect(page.get_by_role("heading", name=person["displayName"], level=1)).to_be_visible()
    page.get_by_role("button", name="Редактировать").click()
    page.get_by_label("Должность").fill("Курьер")
    page.get_by_role("button", name="Сохранить изменения").click()
    expect(page.get_by_text("Курьер").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
