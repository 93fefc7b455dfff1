"""What the guide says about contacts: «Добавление контактов», in its words."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import create, dialog

pytestmark = pytest.mark.browser


def test_adding_a_person_with_everything_that_is_known(visit, api, unique):
    company = api.company(f"Завод {unique}")
    page = visit("/contacts")

    create(page, "Персона")
    page.get_by_label("Имя").fill("Мария")
    page.get_by_label("Фамилия").fill(unique)
    page.get_by_role("combobox", name="Компания").fill(unique)
    page.get_by_role("option", name=company["displayName"]).click()
    page.get_by_label("Должность").fill("Директор")
    page.get_by_role("textbox", name="Электронная почта 1").fill("maria@example.com")
    page.get_by_role("button", name="Добавить адрес почты").click()
    page.get_by_role("textbox", name="Электронная почта 2").fill("home@example.com")
    page.get_by_role("combobox", name="Электронная почта 2: назначение").select_option(label="Домашний")
    page.get_by_role("button", name="Сделать основным").click()
    page.get_by_role("textbox", name="Телефон 1").fill("+7 495 555-01-02")
    page.get_by_role("button", name="Добавить адрес", exact=True).click()
    page.get_by_role("combobox", name="Адрес 1: назначение").select_option(label="Выставление счетов")
    page.get_by_label("Город").fill("Москва")
    page.get_by_label("Описание").fill("Любит чай")
    page.get_by_label("Разрешить доступ к персоне для всех пользователей CRM").check()
    expect(page.get_by_role("combobox", name="Доступ")).to_have_value("READ")
    page.get_by_role("combobox", name="Доступ").select_option(label="на чтение/запись")
    page.get_by_role("button", name="Сохранить", exact=True).click()

    expect(page.get_by_role("heading", name=f"Мария {unique}", level=1)).to_be_visible()
    person = api.get(page.url.split("/", 3)[3])
    assert person["company"] == company["name"]
    assert [(email["value"], email["category"], email["primary"]) for email in person["emails"]] == [
        ("maria@example.com", "WORK", False),
        ("home@example.com", "HOME", True),
    ]
    assert person["phones"][0]["primary"]
    assert (person["addresses"][0]["city"], person["addresses"][0]["category"]) == ("Москва", "BILLING")
    assert (person["jobTitle"], person["description"], person["sharing"]) == ("Директор", "Любит чай", "READ_WRITE")


def test_the_required_fields_are_asked_for_where_they_are(visit):
    page = visit("/contacts/new?kind=PERSON")

    page.get_by_role("button", name="Сохранить", exact=True).click()

    expect(page.get_by_text("Заполните это поле")).to_have_count(2)
    expect(page.get_by_label("Имя")).to_be_focused()


def test_save_and_create_a_new_company_begins_the_next_one(visit, unique):
    page = visit("/contacts/new?kind=COMPANY")

    page.get_by_label("Название компании").fill(f"Первая {unique}")
    page.get_by_role("button", name="Сохранить и создать новую компанию").click()

    expect(page.get_by_text(f"Контакт «Первая {unique}» добавлен.")).to_be_visible()
    expect(page.get_by_label("Название компании")).to_have_value("")


def test_a_company_is_made_on_the_way_to_its_person(visit, api, unique):
    page = visit("/contacts/new?kind=PERSON")
    page.get_by_label("Имя").fill("Пётр")
    page.get_by_label("Фамилия").fill(unique)

    page.get_by_role("combobox", name="Компания").fill(f"Новая {unique}")
    page.get_by_role("option", name=f"Создать компанию «Новая {unique}»").click()
    expect(page.get_by_role("combobox", name="Компания")).to_have_value(f"Новая {unique}")
    page.get_by_role("button", name="Сохранить", exact=True).click()

    expect(page.get_by_role("heading", name=f"Пётр {unique}", level=1)).to_be_visible()
    assert api.get(page.url.split("/", 3)[3])["companyDisplayName"] == f"Новая {unique}"


def test_updating_a_person_from_the_list(visit, api, unique):
    person = api.person("Ольга", unique, jobTitle="Инженер")
    page = visit(f"/contacts?q={unique}")

    page.get_by_role("button", name=f"Действия: {person['displayName']}").click()
    page.get_by_role("menuitem", name="Редактировать персону").click()
    page.get_by_label("Должность").fill("Директор")
    page.get_by_role("button", name="Сохранить изменения").click()

    expect(page.get_by_text("Директор").first).to_be_visible()
    assert api.get(person["name"])["jobTitle"] == "Директор"


def test_deleting_a_company_asks_once_and_says_what_will_happen(visit, api, unique):
    company = api.company(f"Лишняя {unique}")
    page = visit(f"/{company['name']}")

    page.get_by_role("button", name=f"Действия: {company['displayName']}").click()
    page.get_by_role("menuitem", name="Удалить компанию").click()
    with dialog(page, f"Удалить компанию «{company['displayName']}»?") as question:
        expect(question.get_by_text("Отменить это нельзя")).to_be_visible()
        question.get_by_role("button", name="Удалить").click()

    expect(page.get_by_role("heading", name="Контакты", exact=True)).to_be_visible()
    assert api.get(company["name"])["error"]["status"] == "NOT_FOUND"


def test_deleting_several_says_of_each_what_became_of_it(visit, api, unique):
    free = api.company(f"Свободная {unique}")
    invoice = api.invoice(api.company(f"Занятая {unique}"))
    page = visit(f"/contacts?q={unique}")

    page.get_by_role("checkbox", name="Выделить все на этой странице").check()
    page.get_by_role("button", name="Удалить", exact=True).click()
    with dialog(page, "Удаление 2 контактов") as question:
        expect(question.get_by_role("status")).to_contain_text("1 контакт из 2 удалить не получится")
        question.get_by_role("button", name="Удалить").click()
        expect(question.get_by_text("Удалено 1 из 2")).to_be_visible()
        expect(question.get_by_role("link", name=invoice["number"])).to_have_count(1)
        expect(question.get_by_role("heading", name="Удаление 2 контактов")).to_be_visible()

    assert "error" in api.get(free["name"])


def test_a_refused_deletion_is_no_change_by_somebody_else(visit, api, unique):
    company = api.company(f"Занятая {unique}")
    api.invoice(company)
    page = visit(f"/{company['name']}")

    page.get_by_role("button", name=f"Действия: {company['displayName']}").click()
    page.get_by_role("menuitem", name="Удалить компанию").click()
    page.get_by_role("dialog").get_by_role("button", name="Удалить").click()
    expect(page.get_by_text("Этому контакту выставлены счета")).to_be_visible()
    # The server tells of changes in their order: once the note is seen, so was whatever it told of the deletion.
    api.make("historyEntries", subject=company["name"], text="<p>Позже</p>")
    expect(page.get_by_text("Позже")).to_be_visible()

    expect(page.get_by_text("Кто-то только что изменил эту запись.")).to_have_count(0)


def test_a_form_says_that_its_record_was_deleted_and_how_to_go_on(visit, api, unique):
    company = api.company(f"Удалённая {unique}")
    page = visit(f"/{company['name']}/edit")
    page.get_by_label("Название компании").fill(f"Иная {unique}")

    api.remove(company)
    expect(page.get_by_role("status").filter(has_text="Эту запись только что удалили")).to_be_visible()
    page.get_by_role("button", name="Сохранить изменения").click()
    expect(page.get_by_role("alert").filter(has_text="Эту запись только что удалили")).to_be_visible()
    page.get_by_role("link", name="К списку").click()
    with dialog(page, "Уйти без сохранения?") as question:
        question.get_by_role("button", name="Уйти").click()

    expect(page.get_by_role("heading", name="Контакты", exact=True)).to_be_visible()


def test_a_contact_keeps_a_manager(visit):
    page = visit("/contacts/new?kind=COMPANY")

    page.get_by_label("Название компании").fill("Ничья")
    page.get_by_role("combobox", name="Менеджеры").click()
    page.keyboard.press("Backspace")
    page.get_by_role("button", name="Сохранить", exact=True).click()

    expect(page.get_by_text("Выберите хотя бы одного менеджера")).to_be_visible()


def test_a_deletion_that_nobody_could_confirm_keeps_the_contact_and_can_be_tried_again(visit, api, unique):
    company = api.company(f"Осталась {unique}")
    page = visit(f"/{company['name']}")
    reason = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "DELETION_UNCONFIRMED"}
    refusal = {"error": {"code": 503, "status": "UNAVAILABLE", "message": "nobody answered", "details": [reason]}}
    path = f"**/v1/{company['name']}?etag*"
    page.route(path, lambda route: route.fulfill(status=503, json=refusal), times=1)

    page.get_by_role("button", name=f"Действия: {company['displayName']}").click()
    page.get_by_role("menuitem", name="Удалить компанию").click()
    question = page.get_by_role("dialog")
    question.get_by_role("button", name="Удалить").click()
    expect(question.get_by_text("поэтому он сохранён")).to_be_visible()
    question.get_by_role("button", name="Повторить").click()

    expect(page.get_by_text(f"Контакт «{company['displayName']}» удалён.")).to_be_visible()


def test_two_people_changing_one_contact_see_both_versions(visit, api, unique):
    person = api.person("Анна", unique, jobTitle="Инженер")
    page = visit(f"/{person['name']}/edit")
    page.get_by_label("Должность").fill("Директор")

    api.change(person, jobTitle="Бухгалтер", description="Перешла в бухгалтерию")
    expect(page.get_by_text("Кто-то только что изменил эту запись.")).to_be_visible()
    page.get_by_role("button", name="Сохранить изменения").click()
    with dialog(page, "Эту запись изменил кто-то другой") as question:
        expect(question.get_by_text("Бухгалтер", exact=True)).to_be_visible()
        question.get_by_role("radio", name="Моё Директор").click()
        question.get_by_role("button", name="Сохранить", exact=True).click()

    expect(page.get_by_role("heading", name=person["displayName"], level=1, exact=True)).to_be_visible()
    changed = api.get(person["name"])
    assert (changed["jobTitle"], changed["description"]) == ("Директор", "Перешла в бухгалтерию")


def test_a_contact_that_somebody_changes_changes_on_the_page(visit, api, unique):
    person = api.person("Анна", unique)
    page = visit(f"/{person['name']}")
    expect(page.get_by_role("heading", name=person["displayName"], level=1)).to_be_visible()

    api.change(person, jobTitle="Посол")

    expect(page.get_by_text("Посол").first).to_be_visible()
    expect(page.get_by_text("Кто-то только что изменил эту запись.")).to_be_visible()


def test_adding_a_person_in_english(visit, unique):
    page = visit("/contacts", language="en")

    create(page, "Person", button="Create")
    page.get_by_label("First name").fill("Grace")
    page.get_by_label("Last name").fill(unique)
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text(f"Grace {unique} was added.")).to_be_visible()
