"""Mass mailing: «Массовая рассылка», by administrators of the CRM, from what is chosen in the list."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, dialog
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.browser

SENT = 60_000


@pytest.fixture
def readers(api, new_email, unique):
    """Two who can be written to, and one who cannot."""
    ann = api.person("Анна", unique, emails=[{"value": new_email()}], jobTitle="Инженер")
    bob = api.person("Борис", unique, emails=[{"value": new_email()}])
    return ann, bob, api.person("Вера", unique)


def write(page, subject, text):
    """Writes a letter."""
    page.get_by_label("Тема").fill(subject)
    page.get_by_role("textbox", name="Текст письма").click()
    page.keyboard.type(text)


def draft(api, contacts, **fields):
    """A letter that is still to be sent."""
    letter = {"subject": "Новости", "body": "<p>Здравствуйте, {{first_name}}!</p>", "perMinute": 600}
    return api.make("mailings", contacts=[each["name"] for each in contacts], **(letter | fields))


def address(mailing):
    return f"/mailings/{mailing['name'].split('/')[1]}"


@pytest.mark.usefixtures("readers")
def test_a_letter_goes_from_the_list_to_those_who_were_chosen_each_by_name(visit, unique):
    page = visit(f"/contacts?q={unique}", inspected=True)
    page.get_by_role("checkbox", name="Выделить все на этой странице").check()
    page.get_by_role("button", name="Отправить email").click()
    expect(page.get_by_text("Получатели: 3 контакта.")).to_be_visible()
    write(page, f"Приглашение {unique}", "Здравствуйте, ")
    page.get_by_role("button", name="Вставить поле в текст").click()
    page.get_by_role("menuitem", name="Имя", exact=True).click()
    page.locator("input[type=file]").set_input_files({"name": "план.txt", "mimeType": "text/plain", "buffer": b"plan"})
    expect(page.get_by_role("list", name="Вложения")).to_contain_text("план.txt")
    page.get_by_label("Писем в минуту").fill("600")
    page.get_by_role("button", name="Просмотр").click()
    letter = page.frame_locator("iframe[title=Письмо]")
    expect(letter.get_by_text("Здравствуйте, Анна")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Следующий").click()
    expect(letter.get_by_text("Здравствуйте, Борис")).to_be_visible()
    page.get_by_role("button", name="Следующий").click()
    expect(page.get_by_text("У контакта нет адреса")).to_be_visible()

    page.get_by_role("button", name="Начать рассылку…").click()
    with dialog(page, f"Начать рассылку «Приглашение {unique}»?") as question:
        expect(question.get_by_text("Уйдёт 2 письма. 1 контакт не получит письма")).to_be_visible()
        assert violations(page) == []
        question.get_by_role("button", name="Отправить 2 письма").click()

    expect(page.get_by_role("heading", name="Отправлена")).to_be_visible(timeout=SENT)
    expect(page.get_by_text("Отправлено: 2 из 3")).to_be_visible()
    page.get_by_role("combobox", name="Итог: любой").select_option(label="Пропущено")
    rows = page.get_by_role("table", name="Получатели").get_by_role("row")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("нет адреса")
    assert violations(page) == []
    page.goto("/mailings")
    expect(page.get_by_role("link", name=f"Приглашение {unique}")).to_be_visible()


@pytest.mark.usefixtures("readers")
def test_a_letter_is_written_by_keyboard_alone(visit, api, unique):
    page = visit(f"/contacts?q={unique}")
    expect(page.get_by_text("1–3 из 3")).to_be_visible()
    page.get_by_role("checkbox", name=f"Выделить: Анна {unique}").press("Space")
    page.get_by_role("button", name="Отправить email").press("Enter")
    page.get_by_label("Тема").press_sequentially("Привет")
    page.get_by_role("button", name="Вставить поле в тему").press("Enter")
    page.get_by_role("menuitem", name="Компания").press("Enter")
    expect(page.get_by_label("Тема")).to_have_value("Привет{{company}}")
    body = page.get_by_role("textbox", name="Текст письма")
    body.focus()
    page.keyboard.press("Control+b")
    page.keyboard.type("Важно")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("Черновик сохранён.")).to_be_visible()
    mailing = api.get(f"mailings/{page.url.rsplit('/', 1)[1]}")
    assert mailing["subject"] == "Привет{{company}}"
    assert "<strong>Важно</strong>" in mailing["body"]


def test_a_test_letter_goes_to_whoever_writes(visit, api, readers):
    page = visit(address(draft(api, readers)))
    page.get_by_role("button", name="Просмотр").click()
    page.get_by_role("button", name="Отправить пробное письмо себе").click()

    expect(page.get_by_text(re.compile("Пробное письмо отправлено вам|пробное письмо лежит в папке"))).to_be_visible()


def test_a_field_that_there_is_not_is_refused_beside_the_text(visit, api, readers):
    page = visit(address(draft(api, readers)))
    page.get_by_label("Тема").fill("Скидка {{discount}}")
    page.get_by_role("button", name="Сохранить черновик").click()

    expect(page.get_by_label("Тема")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_be_visible()


def test_a_mailing_is_stopped_and_says_whom_it_did_not_reach(visit, api, readers):
    page = visit(address(draft(api, readers, perMinute=1)))
    page.get_by_role("button", name="Начать рассылку…").click()
    page.get_by_role("dialog").get_by_role("button", name="Отправить 2 письма").click()
    page.get_by_role("button", name="Остановить рассылку").click()
    page.get_by_role("dialog").get_by_role("button", name="Остановить рассылку").click()

    expect(page.get_by_role("heading", name="Остановлена")).to_be_visible()
    expect(page.get_by_role("table", name="Получатели")).to_contain_text("Ещё не отправлено")


@pytest.mark.usefixtures("readers")
def test_an_empty_letter_is_marked_not_started_and_leaves_no_draft(visit, api, unique):
    page = visit(f"/contacts?q={unique}")
    page.get_by_role("checkbox", name="Выделить все на этой странице").check()
    page.get_by_role("button", name="Отправить email").click()
    page.get_by_role("button", name="Начать рассылку…").click()

    expect(page.get_by_label("Тема")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Заполните это поле")).to_have_count(2)
    expect(page.get_by_role("dialog")).to_have_count(0)
    begun = "mailings/" + page.url.rsplit("/", 1)[1]
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.get_by_role("link", name="Счета").click()
    assert "error" in api.get(begun)


def test_whoever_does_not_administer_the_crm_is_told_so_instead_of_mailings(visit, colleague):
    page = visit("/mailings", whose=colleague()[1])

    expect(page.get_by_role("heading", name="Только для администраторов")).to_be_visible()


def test_leaving_an_unsaved_letter_asks(visit, api, readers):
    page = visit(address(draft(api, readers)))
    page.get_by_label("Тема").fill("Другая тема")
    page.get_by_role("link", name="Счета").click()

    with dialog(page, re.compile("сохран")) as question:
        question.get_by_role("button", name="Остаться").click()
    expect(page.get_by_label("Тема")).to_have_value("Другая тема")


def test_only_administrators_of_the_crm_are_offered_mailings(visit, api, colleague, unique):
    _, plain = colleague()
    api.company(f"Общая {unique}", sharing="READ")
    page = visit(f"/contacts?q={unique}", whose=plain)
    page.get_by_role("checkbox", name="Выделить все на этой странице").check()

    expect(page.get_by_role("button", name="Теги", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Отправить email")).to_have_count(0)
    expect(page.get_by_role("link", name="Рассылки")).to_have_count(0)


def test_nobody_is_kept_out_of_mailings(visit, api, readers):
    mailing = draft(api, readers)
    page = visit("/mailings", inspected=True)
    expect(page.get_by_role("heading", name="Рассылки")).to_be_visible()
    expect(page.get_by_role("table", name="Рассылки")).to_be_visible()
    assert violations(page) == []
    page.goto(address(mailing))
    expect(page.get_by_role("textbox", name="Текст письма")).to_be_visible()
    page.get_by_role("button", name="Просмотр").click()
    expect(page.frame_locator("iframe[title=Письмо]").get_by_text("Здравствуйте, Анна")).to_be_visible()
    assert violations(page) == []


def test_a_letter_fits_a_phone(visit, api, readers):
    page = visit(address(draft(api, readers)), viewport=PHONE, inspected=True)
    expect(page.get_by_role("textbox", name="Текст письма")).to_be_visible()
    page.get_by_role("button", name="Просмотр").click()
    expect(page.frame_locator("iframe[title=Письмо]").get_by_text("Здравствуйте, Анна")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations(page) == []
