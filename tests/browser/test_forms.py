"""Forms on websites: composed by an administrator, filled in by a visitor."""

import re

import pytest
from playwright.sync_api import expect

from chassis.testing import eventually
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.browser

SENT = 30_000


def test_a_form_is_composed_step_by_step_and_whoever_fills_it_in_is_a_contact(visit, api, unique):
    page = visit("/settings/contact-forms", inspected=True)
    page.get_by_role("link", name="Новая форма").first.click()
    page.get_by_label("Название").fill(f"Напишите нам {unique}")
    page.get_by_role("combobox", name="Спросить ещё").fill("мобильный")
    page.get_by_role("option", name=re.compile("^Телефон · Мобильный")).click()
    preview = page.frame_locator("iframe")
    expect(preview.get_by_label("Электронная почта")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Далее").click()
    page.get_by_role("combobox", name="Теги").fill(f"сайт {unique}")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Далее").click()
    page.get_by_label("Что посетитель прочтёт").fill("Спасибо, скоро ответим.")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_label("HTML-код, со своим оформлением")).to_have_value(re.compile("<form "))
    assert violations(page) == []
    address = page.get_by_role("link", name="Открыть форму").get_attribute("href")

    visitor = visit(re.sub(r"^https?://[^/]+", "", address), signed_in=False, inspected=True)
    expect(visitor.get_by_role("heading", name=f"Напишите нам {unique}")).to_be_visible()
    visitor.get_by_label("Имя").fill("Эда")
    visitor.get_by_label("Фамилия").fill(f"Лавлейс {unique}")
    visitor.get_by_label("Электронная почта").fill("ada@example.com")
    expect(visitor.locator("input[name=proof]")).to_have_value(re.compile(".{50,}"), timeout=SENT)
    assert violations(visitor) == []
    visitor.get_by_role("button", name="Отправить").click()

    expect(visitor.get_by_role("status")).to_have_text("Спасибо, скоро ответим.")
    found = f"/v1/contacts?q={unique}"
    eventually(lambda: api.request.get(found).json()["totalSize"] == 1, seconds=10)
    contact = api.request.get(found).json()["contacts"][0]
    assert (contact["source"], contact["tags"]) == ("FORM", [f"сайт {unique}"])


def test_another_key_ends_the_old_address(visit, api, unique):
    fields = [{"field": "full_name"}]
    form = api.make("contactForms", title=f"Старая {unique}", kind="PERSON", fields=fields)
    page = visit(f"/settings/{form['name'].replace('contactForms', 'contact-forms')}")
    page.get_by_role("button", name="Сменить ключ").click()
    page.get_by_role("dialog").get_by_role("button", name="Сменить ключ").click()

    expect(page.get_by_text("Ключ формы сменён.")).to_be_visible()
    assert api.request.get(f"/forms/{form['key']}").status == 404
    assert api.request.get(f"/forms/{api.get(form['name'])['key']}").ok
