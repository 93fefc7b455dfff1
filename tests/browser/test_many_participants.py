"""Many participants of an event at once: added by what they have in common, chosen, noted and removed."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import dialog
from tests.browser.test_accessibility import WIDTHS, violations
from tests.browser.test_guests import guests

pytestmark = pytest.mark.browser


@pytest.fixture
def firm(api, unique):
    """A company with two who work there; one of them has a tag, as somebody else does."""
    company = api.company(f"Заря {unique}")["name"]
    api.person("Анна", unique, company=company, tags=[unique])
    api.person("Борис", unique, company=company)
    api.person("Вера", unique, tags=[unique])
    return company


@pytest.fixture
def event(api, unique, firm):
    """An event in which nobody takes part yet."""
    return api.make("events", title=f"Приём {unique}", startTime="2036-11-20T10:00:00Z", capacity=1)


def participants(api, event):
    """How many take part."""
    return api.get(event["name"])["participantCount"]


def test_participants_are_added_by_a_tag_of_a_company_and_from_a_saved_view(visit, api, event, unique):
    api.make("savedViews", list="contacts", title=f"Наши {unique}", query=f"q={unique}")
    page = visit(f"/{event['name']}?tab=participants")
    add = page.get_by_role("button", name="Добавить сразу многих…")
    add.click()
    with dialog(page, "Добавить участников") as window:
        window.get_by_label("Тег контактов").select_option(unique)
        expect(window.get_by_role("status")).to_have_text("Подходят 2 контакта.")
        window.get_by_role("button", name="Добавить", exact=True).click()
    expect(page.get_by_text("Добавлены 2 участника.")).to_be_visible()
    expect(guests(page)).to_have_count(2)
    add.click()
    with dialog(page, "Добавить участников") as window:
        window.get_by_text("Компания", exact=True).first.click()
        window.get_by_role("combobox", name="Компания").fill(unique)
        page.get_by_role("option", name=f"Заря {unique}").click()
        window.get_by_role("button", name="Добавить", exact=True).click()
    expect(page.get_by_text("Добавлен 1 участник. Ещё 1 участвует и так.")).to_be_visible()
    add.click()
    with dialog(page, "Добавить участников") as window:
        window.get_by_text("Представление", exact=True).click()
        window.get_by_role("button", name="Добавить", exact=True).click()
        expect(window.get_by_text("Заполните это поле")).to_be_visible()
        window.get_by_label("Сохранённое представление").select_option(label=f"Наши {unique}")
        window.get_by_role("button", name="Добавить", exact=True).click()

    expect(guests(page)).to_have_count(4)
    assert participants(api, event) == 4


def test_the_contacts_that_were_chosen_in_their_list_are_added(visit, api, event, unique):
    page = visit(f"/contacts?q={unique}&kind=PERSON")
    page.get_by_role("checkbox", name="Выделить все на этой странице").check()
    page.get_by_role("button", name="На мероприятие…").click()
    with dialog(page, "На мероприятие: 3 контакта") as window:
        window.get_by_role("combobox", name="Мероприятие").fill(unique)
        page.get_by_role("option", name=f"Приём {unique}").click()
        window.get_by_role("button", name="Добавить", exact=True).click()

    expect(page.get_by_text("Добавлены 3 участника.")).to_be_visible()
    assert participants(api, event) == 3


@pytest.fixture
def crowded(api, event, unique):
    """The event with three who take part."""
    body = {"selection": {"q": unique, "filter": "kind = PERSON"}}
    assert api.request.post(f"/v1/{event['name']}:addParticipants", data=body, headers=api.headers).ok
    return event


def test_answers_and_who_was_there_are_noted_of_several_at_once(visit, api, crowded, unique):
    page = visit(f"/{crowded['name']}?tab=participants")
    page.get_by_role("checkbox", name="Выбрать всех показанных").check()
    chosen = page.get_by_role("group", name="С выбранными")
    expect(chosen.get_by_role("status")).to_have_text("Выбрано 3")
    page.get_by_role("checkbox", name=f"Выбрать: Вера {unique}").uncheck()
    chosen.get_by_role("button", name="Отметить ответ").click()
    page.get_by_role("menuitem", name="Придёт", exact=True).click()
    expect(page.get_by_text("Отмечено: 2 участника.")).to_be_visible()
    expect(guests(page).filter(has_text="Борис")).to_contain_text("Ждёт места: 1-й")
    page.get_by_role("checkbox", name="Выбрать всех показанных").check()
    chosen.get_by_role("button", name="Присутствие").click()
    page.get_by_role("menuitem", name="Отметить присутствие", exact=True).click()
    expect(guests(page).filter(has_text="Присутствует")).to_have_count(3)

    counts = api.get(crowded["name"])["guestCounts"]
    assert (counts["acceptedCount"], counts["waitingCount"], counts["attendedCount"]) == (1, 1, 3)


def test_who_was_removed_comes_back_by_one_click_unless_an_answer_would_be_lost(visit, api, crowded, unique):
    page = visit(f"/{crowded['name']}?tab=participants")
    chosen = page.get_by_role("group", name="С выбранными")
    for name in ("Анна", "Борис"):
        page.get_by_role("checkbox", name=f"Выбрать: {name} {unique}").check()
    chosen.get_by_role("button", name="Убрать", exact=True).click()
    expect(guests(page)).to_have_count(1)
    page.get_by_role("button", name="Отменить").click()
    expect(guests(page)).to_have_count(3)
    page.get_by_role("button", name=f"Действия: Анна {unique}", exact=True).click()
    page.get_by_role("menuitem", name="Не придёт", exact=True).click()
    expect(guests(page).filter(has_text="Не придёт")).to_have_count(1)
    page.get_by_role("checkbox", name="Выбрать всех показанных").check()
    chosen.get_by_role("button", name="Убрать", exact=True).click()
    with dialog(page, "Убрать 3 участников?") as window:
        window.get_by_role("button", name="Убрать", exact=True).click()

    expect(page.get_by_text("Участников пока нет.")).to_be_visible()
    assert participants(api, crowded) == 0


@WIDTHS
def test_nobody_is_kept_out_of_adding_many(visit, crowded, viewport):
    page = visit(f"/{crowded['name']}?tab=participants", viewport=viewport, inspected=True)
    page.get_by_role("checkbox", name="Выбрать всех показанных").check()
    expect(page.get_by_role("group", name="С выбранными")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Добавить сразу многих…").click()
    with dialog(page, "Добавить участников"):
        assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
