"""The walk through everything: from the first page of a new installation to an empty list."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OWNER, create, dialog

pytestmark = pytest.mark.browser


def sign_in(page):
    page.get_by_label("Электронная почта").fill(OWNER["email"])
    page.get_by_role("textbox", name="Пароль").fill(OWNER["password"])
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", name="Контакты", exact=True)).to_be_visible()


def add_company(page, name):
    create(page, "Компания")
    page.get_by_label("Название компании").fill(name)
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def add_person(page, first_name, last_name, company):
    create(page, "Персона")
    page.get_by_label("Имя").fill(first_name)
    page.get_by_label("Фамилия").fill(last_name)
    page.get_by_role("combobox", name="Компания").fill(company)
    page.get_by_role("option", name=company).first.click()
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_role("heading", name=f"{first_name} {last_name}", level=1)).to_be_visible()


def add_invoice(page):
    page.get_by_role("tab", name="Счета").click()
    page.get_by_role("link", name="Создать счёт").click()
    page.get_by_label("Описание").fill("Консультация")
    page.get_by_label("Количество").fill("1,5")
    page.get_by_label("Цена").fill("120,50")
    page.get_by_role("button", name="Добавить этот счёт").click()
    heading = page.get_by_role("heading", name=re.compile(r"INV\d+"), level=1)
    expect(heading).to_be_visible()
    return heading.inner_text()


def ask_to_delete(page, title, action):
    page.get_by_role("button", name=f"Действия: {title}").first.click()
    page.get_by_role("menuitem", name=action).click()


def test_a_contact_lives_as_long_as_its_invoice_and_everybody_sees_it(visit, unique):
    person, company = f"Грейс {unique}", f"Насосы {unique}"
    page = visit("/", signed_in=False)
    sign_in(page)
    watcher = visit(f"/contacts?q={unique}")
    expect(watcher.get_by_text("Ничего не соответствует фильтру")).to_be_visible()

    add_company(page, company)
    expect(watcher.get_by_role("link", name=company)).to_be_visible()
    add_person(page, "Грейс", unique, company)
    expect(watcher.get_by_role("link", name=person)).to_be_visible()
    number = add_invoice(page)
    expect(page.get_by_role("cell", name=re.compile(r"180,75")).first).to_be_visible()
    watcher.goto("/invoices")
    expect(watcher.get_by_role("link", name=number)).to_be_visible()

    page.get_by_role("link", name=person).click()
    ask_to_delete(page, person, "Удалить персону")
    with dialog(page, f"Удалить персону «{person}»?") as question:
        question.get_by_role("button", name="Удалить").click()
        expect(question.get_by_text("Этому контакту выставлены счета")).to_be_visible()
        question.get_by_role("link", name=number).click()
    ask_to_delete(page, number, "Удалить счёт")
    with dialog(page, f"Удалить счёт {number}?") as question:
        question.get_by_role("button", name="Удалить").click()
    expect(watcher.get_by_role("link", name=number)).to_have_count(0)

    watcher.goto(f"/contacts?q={unique}")
    page.goto(f"/contacts?q={unique}")
    ask_to_delete(page, person, "Удалить персону")
    with dialog(page, f"Удалить персону «{person}»?") as question:
        question.get_by_role("button", name="Удалить").click()
    expect(page.get_by_text(f"Контакт «{person}» удалён.")).to_be_visible()
    expect(watcher.get_by_role("link", name=person)).to_have_count(0)
    expect(watcher.get_by_role("link", name=company)).to_be_visible()
