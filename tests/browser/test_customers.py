"""What the guide says about everything a contact has, its settings, importing and merging."""

import base64

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import dialog

pytestmark = pytest.mark.browser


def picture(page):
    """A small PNG, drawn by the browser."""
    drawn = page.evaluate("""() => { const c = document.createElement('canvas'); c.width = c.height = 64;
        c.getContext('2d').fillRect(8, 8, 32, 32); return c.toDataURL('image/png').split(',')[1] }""")
    return {"name": "photo.png", "mimeType": "image/png", "buffer": base64.b64decode(drawn)}


def test_a_person_is_added_with_type_temperature_tags_websites_and_a_field_of_ones_own(visit, api, unique):
    kind = api.make("contactTypes", title=f"Тип {unique}")
    level = api.make("temperatureLevels", title=f"Уровень {unique}", color="#77cf9a")
    field = api.make("contactFields", label=f"Цвет {unique}", kind="SELECT", options=["синий"], appliesTo="PERSON")
    page = visit("/contacts/new?kind=PERSON")

    page.get_by_label("Имя").fill("Мария")
    page.get_by_label("Фамилия").fill(unique)
    page.get_by_role("combobox", name="Тип контакта").click()
    page.get_by_role("option", name=kind["title"]).click()
    page.get_by_role("combobox", name="Уровень теплоты").click()
    page.get_by_role("option", name=level["title"]).click()
    page.get_by_role("button", name="Добавить сайт").click()
    page.get_by_role("textbox", name="Сайт 1").fill("example.com")
    page.get_by_role("button", name="Добавить социальную сеть").click()
    page.get_by_role("textbox", name="Социальная сеть 1", exact=True).fill("@maria")
    page.get_by_role("combobox", name=field["label"]).select_option("синий")
    page.get_by_role("combobox", name="Теги").fill(f"тег {unique}")
    page.get_by_role("combobox", name="Теги").press("Enter")
    page.get_by_role("button", name="Сохранить", exact=True).click()

    expect(page.get_by_role("heading", name=f"Мария {unique}", level=1)).to_be_visible()
    person = api.get(page.url.split("/", 3)[3])
    assert (person["type"], person["temperature"]) == (kind["name"], level["name"])
    assert person["tags"] == [f"тег {unique}"]
    assert person["websites"][0]["value"] == "https://example.com"
    assert person["socials"][0]["network"] == "TELEGRAM"
    assert person["custom"] == {field["name"]: "синий"}


def test_the_photo_is_chosen_in_its_window(visit, api, unique):
    person = api.person("Анна", unique)
    page = visit(f"/{person['name']}")

    page.get_by_role("button", name="Изменить фото").click()
    with dialog(page, "Выберите фотографию для профиля") as window:
        window.locator("input[type=file]").set_input_files(
            {"name": "large.png", "mimeType": "image/png", "buffer": b"0" * 1_000_001}
        )
        expect(window.get_by_text("Файл больше 1 МБ.")).to_be_visible()
        window.locator("input[type=file]").set_input_files(picture(page))
        window.get_by_role("button", name="Сохранить").click()

    expect(page.get_by_text("Фотография изменена.")).to_be_visible()
    assert api.get(person["name"])["photo"]


def test_a_new_level_of_temperature_is_put_where_it_belongs_by_keyboard(visit, api, unique):
    page = visit("/settings/temperature-levels")

    page.get_by_role("button", name="Добавить уровень").click()
    with dialog(page, "Новый уровень теплоты") as window:
        window.get_by_label("Название").fill(f"Кипит {unique}")
        window.get_by_role("button", name="Сохранить").click()
    page.get_by_role("button", name=f"Выше: Кипит {unique}").press("Enter")

    expect(page.get_by_role("button", name=f"Ниже: Кипит {unique}")).to_be_enabled()
    titles = [level["title"] for level in api.get("temperatureLevels?pageSize=200")["temperatureLevels"]]
    assert titles[-2] == f"Кипит {unique}"


def test_a_custom_field_is_defined_for_companies(visit, api, unique):
    page = visit("/settings/fields")

    page.get_by_role("tab", name="Компании", exact=True).click()
    page.get_by_role("button", name="Добавить поле").click()
    with dialog(page, "Новое поле") as window:
        window.get_by_label("Название").fill(f"ИНН {unique}")
        window.get_by_label("Маска").fill("9999999999")
        window.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text(f"ИНН {unique}")).to_be_visible()

    page.goto("/contacts/new?kind=COMPANY")
    expect(page.get_by_label(f"ИНН {unique}")).to_be_visible()
    page.goto("/contacts/new?kind=PERSON")
    expect(page.get_by_label("Имя")).to_be_visible()
    expect(page.get_by_label(f"ИНН {unique}")).to_have_count(0)


def test_several_contacts_get_a_tag_at_once(visit, api, unique):
    made = [api.company(f"{name} {unique}") for name in ("Первая", "Вторая")]
    page = visit(f"/contacts?q={unique}")

    page.get_by_role("checkbox", name="Выделить все на этой странице").check()
    page.get_by_role("button", name="Теги", exact=True).click()
    with dialog(page, "Теги: 2 контакта") as window:
        window.get_by_role("combobox", name="Добавить теги").fill(f"вместе {unique}")
        window.get_by_role("combobox", name="Добавить теги").press("Enter")
        window.get_by_role("combobox", name="Добавить теги").press("Tab")
        window.get_by_role("button", name="Применить").click()
        expect(window.get_by_text("Изменено: 2, отказано: 0")).to_be_visible()

    assert all(api.get(contact["name"])["tags"] == [f"вместе {unique}"] for contact in made)


def test_contacts_are_imported_from_a_file_and_the_import_is_undone(visit, new_email, unique):
    rows = f"Имя;Фамилия;Электронная почта\nАнна;{unique};{new_email()}\nПётр;{unique};не почта\n"
    page = visit("/contacts")

    page.get_by_role("button", name="Ещё", exact=True).click()
    page.get_by_role("menuitem", name="Импорт контактов").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "люди.csv", "mimeType": "text/csv", "buffer": rows.encode("cp1251")}
    )
    expect(page.get_by_label("Кодировка")).to_have_value("cp1251")
    page.get_by_role("button", name="Далее").click()
    expect(page.get_by_role("combobox", name="Поле для «Имя»")).to_have_value("first_name")
    page.get_by_role("button", name="Далее").click()
    cell = page.get_by_role("textbox", name="Строка 2, Электронная почта")
    cell.fill(new_email())
    cell.press("Enter")
    expect(page.get_by_text("неверный адрес")).to_have_count(0)
    page.get_by_role("button", name="Далее").click()
    page.get_by_role("button", name="Проверить без изменений").click()
    expect(page.get_by_text("Новых: ")).to_be_visible()
    page.get_by_role("button", name="Импортировать").click()
    expect(page.get_by_role("link", name="К контактам")).to_be_visible()

    page.get_by_role("button", name="Отменить импорт").click()
    page.get_by_role("dialog").get_by_role("button", name="Отменить импорт").click()
    expect(page.get_by_text("Отменено: ")).to_be_visible()


def test_two_companies_become_one_and_two_again(visit, api, unique):
    stays = api.company(f"Альфа {unique}", description="одно")
    goes = api.company(f"Бета {unique}", description="другое")
    page = visit(f"/{stays['name']}")

    page.get_by_role("button", name=f"Действия: {stays['displayName']}").click()
    page.get_by_role("menuitem", name="Это дубликат…").click()
    with dialog(page, "Объединить контакты") as window:
        window.get_by_role("combobox", name="Та же компания").fill(f"Бета {unique}")
        page.get_by_role("option", name=goes["displayName"]).click()
        window.get_by_role("radiogroup", name="Описание").get_by_text("другое").click()
        window.get_by_role("button", name="Объединить").click()
    expect(page.get_by_role("heading", name="Объединённые контакты")).to_be_visible()
    assert api.get(goes["name"])["name"] == stays["name"]
    assert api.get(stays["name"])["description"] == "другое"

    page.get_by_role("button", name=f"Разъединить: {goes['displayName']}").click()
    page.get_by_role("dialog").get_by_role("button", name="Разъединить").click()
    expect(page.get_by_text(f"«{goes['displayName']}» снова отдельный контакт.")).to_be_visible()
    assert api.get(stays["name"])["description"] == "одно"
    assert api.get(goes["name"])["description"] == "другое"


def test_who_may_be_there_already_is_named_beside_the_e_mail(visit, api, new_email, unique):
    email = new_email()
    known = api.person("Ада", unique, emails=[{"value": email}])
    page = visit("/contacts/new?kind=PERSON")
    page.get_by_label("Электронная почта 1", exact=True).fill(email)

    expect(page.get_by_role("status").filter(has_text="та же почта")).to_be_in_viewport()
    expect(page.get_by_role("link", name=known["displayName"])).to_have_attribute("href", f"/{known['name']}")


def test_an_address_of_no_contact_says_so(visit):
    page = visit("/contacts/abc")

    expect(page.get_by_role("heading", name="Такой записи нет")).to_be_visible()


def test_whoever_may_only_read_a_contact_is_offered_no_change(visit, api, colleague, unique):
    _, reader = colleague()
    person = api.person("Общая", unique, sharing="READ")
    page = visit(f"/{person['name']}", whose=reader)

    expect(page.get_by_text("Только чтение")).to_be_visible()
    expect(page.get_by_role("button", name="Редактировать")).to_have_count(0)
    page.goto(f"/{person['name']}/edit")
    expect(page.get_by_role("heading", name="Этот контакт вам можно только читать")).to_be_visible()


def test_pages_of_administrators_say_so_to_others(visit, colleague):
    _, plain = colleague()
    page = visit("/settings/audit", whose=plain)

    expect(page.get_by_role("heading", name="Только для администраторов")).to_be_visible()


def test_a_link_that_works_no_more_says_so_in_place_of_a_form(visit):
    page = visit("/invitation#nonsense", signed_in=False)

    page.get_by_label("Пароль", exact=False).first.fill("staple battery horse")
    page.get_by_role("button", name="Присоединиться").click()

    expect(page.get_by_role("heading", name="Ссылка больше не действует")).to_be_visible()
    expect(page.get_by_role("link", name="Войти")).to_be_visible()
