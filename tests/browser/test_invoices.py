"""What the guide says about invoices: «Выставление счетов», in its words."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import create, dialog

pytestmark = pytest.mark.browser


def test_creating_an_invoice(visit, api, unique):
    client = api.company(f"Покупатель {unique}")
    page = visit("/contacts")

    create(page, "Счёт")
    page.get_by_label("Дата выставления").fill("23/11/2026")
    page.get_by_role("combobox", name="Покупатель").fill(unique)
    page.get_by_role("option", name=client["displayName"]).click()
    page.get_by_role("button", name="45 дней").click()
    expect(page.get_by_label("Срок оплаты")).to_have_value("07/01/2027")
    page.get_by_role("combobox", name="Валюта счёта").click()
    page.get_by_role("option", name=re.compile("RUB")).click()
    page.get_by_label("Описание").fill("Насос")
    page.get_by_label("Количество").fill("3")
    page.get_by_label("Цена").fill("1 000,10")
    page.get_by_label("Примечания для клиента").fill("Спасибо")
    page.get_by_role("button", name="Добавить этот счёт").click()

    expect(page.get_by_role("heading", name=re.compile(r"INV\d{7}"), level=1)).to_be_visible()
    expect(page.get_by_text("Черновик").first).to_be_visible()
    expect(page.get_by_role("cell", name=re.compile(r"3\s000,30\s₽")).last).to_be_visible()
    invoice = api.get(page.url.split("/", 3)[3])
    assert (invoice["issueDate"], invoice["dueDate"], invoice["client"]) == (
        "2026-11-23",
        "2027-01-07",
        client["name"],
    )
    assert (invoice["total"]["units"], invoice["notes"]) == ("3000", "Спасибо")


def test_an_amount_is_shown_only_once_the_api_has_computed_it(visit, api, unique):
    invoice = api.invoice(api.company(f"Клиент {unique}"))
    page = visit(f"/{invoice['name']}/edit")
    form = page.get_by_role("form")
    expect(form.get_by_text(re.compile(r"200,00\s€")).first).to_be_visible()

    page.get_by_label("Количество").fill("4")

    expect(form.get_by_text(re.compile(r"[248]00,00\s€"))).to_have_count(0)
    page.get_by_role("button", name="Сохранить изменения").click()
    expect(page.get_by_role("cell", name=re.compile(r"400,00\s€")).first).to_be_visible()


def test_an_invoice_cannot_be_due_before_its_issue(visit, api, unique):
    client = api.company(f"Клиент {unique}")
    page = visit(f"/invoices/new?client={client['name'].split('/')[1]}")
    expect(page.get_by_role("combobox", name="Покупатель")).to_have_value(client["displayName"])

    page.get_by_label("Дата выставления").fill("10/01/2030")
    page.get_by_label("Срок оплаты").fill("09/01/2030")
    page.get_by_label("Описание").fill("Насос")
    page.get_by_label("Цена").fill("1")
    page.get_by_role("button", name="Добавить этот счёт").click()

    expect(page).to_have_url(re.compile(r"/invoices/new"))
    expect(page.get_by_text("Не раньше даты выставления")).to_be_visible()


def test_deleting_an_invoice_from_the_list(visit, api, unique):
    invoice = api.invoice(api.company(f"Клиент {unique}"))
    page = visit(f"/invoices?q={invoice['number']}")

    page.get_by_role("button", name=f"Действия: {invoice['number']}").click()
    page.get_by_role("menuitem", name="Удалить счёт").click()
    with dialog(page, f"Удалить счёт {invoice['number']}?") as question:
        question.get_by_role("button", name="Удалить").click()

    expect(page.get_by_text("Ничего не соответствует фильтру")).to_be_visible()


def test_creating_an_invoice_in_english(visit, api, unique):
    client = api.company(f"Client {unique}")
    page = visit(f"/invoices/new?client={client['name'].split('/')[1]}", language="en")

    page.get_by_role("button", name="On receipt").click()
    page.get_by_label("Description").fill("Advice")
    page.get_by_label("Price").fill("1200.50")
    page.get_by_role("button", name="Add this invoice").click()

    expect(page.get_by_text(re.compile(r"Invoice INV\d{7} was added\."))).to_be_visible()
    expect(page.get_by_role("cell", name=re.compile(r"1,200\.50")).first).to_be_visible()
