"""Guests of an event: invited, answering, and noted at the entrance."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from chassis.testing import eventually
from tests.browser.conftest import PHONE, dialog
from tests.browser.test_accessibility import WIDTHS, violations

pytestmark = pytest.mark.browser

TOLD_MS = 15_000


@pytest.fixture
def people(api, unique, new_email):
    """Two who can be written to, and one who cannot."""
    able = [api.person(name, unique, emails=[{"value": new_email()}]) for name in ("Анна", "Борис")]
    return [*able, api.person("Вера", unique)]


@pytest.fixture
def event(api, unique, people):
    """An event of all of them, in two weeks."""
    start = datetime.now(UTC) + timedelta(days=14)
    return api.make(
        "events",
        title=f"Приём {unique}",
        startTime=start.isoformat(),
        endTime=(start + timedelta(hours=2)).isoformat(),
        participants=[person["name"] for person in people],
        capacity=1,
    )


def guests(page):
    """Those who take part, as the tab lists them."""
    return page.get_by_role("list", name="Участники").locator("> li")


def choose(page, name, action):
    """Chooses what to note of a guest."""
    page.get_by_role("button", name=f"Действия: {name}", exact=True).click()
    page.get_by_role("menuitem", name=action, exact=True).click()


def share(page, name):
    """One of the counts above the list."""
    counts = page.get_by_role("group", name="Кого показать").get_by_role("button")
    return counts.filter(has=page.get_by_text(name, exact=True))


def accept(api, event, *people):
    """Notes that some come."""
    for person in people:
        body = {"contact": person["name"], "response": "ACCEPTED"}
        answer = api.request.post(f"/v1/{event['name']}:setResponse", data=body, headers=api.headers)
        assert answer.ok, answer.text()


def test_all_who_can_be_written_to_are_invited_and_the_others_are_named_beforehand(visit, api, event, people, unique):
    page = visit(f"/{event['name']}?tab=participants")
    expect(guests(page)).to_have_count(3)
    page.get_by_role("button", name="Пригласить…").click()
    with dialog(page, "Пригласить по почте") as window:
        expect(window.get_by_text("Будет отправлено 2 письма.")).to_be_visible()
        expect(window.get_by_role("list", name="Кто не получит письма")).to_contain_text(f"Вера {unique}")
        window.get_by_label("Язык письма").select_option(label="English")
        window.get_by_label("Сообщение").fill("Ждём вас!")
        window.get_by_role("button", name="Пригласить: 2").click()
        expect(window.get_by_text("Отправлено 2 приглашения.")).to_be_visible()
        window.get_by_role("button", name="Закрыть").last.click()

    expect(share(page, "приглашены")).to_contain_text("2")
    anna = guests(page).filter(has_text=f"Анна {unique}")
    expect(anna).to_contain_text("Нет ответа")
    expect(anna.get_by_text("Письмо")).to_contain_text(people[0]["emails"][0]["value"])
    share(page, "без ответа").click()
    expect(guests(page)).to_have_count(2)
    expect(page.get_by_role("button", name="Пригласить…")).to_be_visible()


def test_only_the_chosen_ones_are_invited_and_once_more_when_asked(visit, api, event, unique):
    page = visit(f"/{event['name']}?tab=participants")
    page.get_by_role("checkbox", name=f"Выбрать: Анна {unique}").check()
    for again in (False, True):
        page.get_by_role("button", name="Пригласить…").click()
        with dialog(page, "Пригласить по почте") as window:
            expect(window.get_by_role("radio", name="1 выбранного")).to_be_checked()
            if again:
                expect(window.get_by_role("button", name="Пригласить: 0")).to_be_disabled()
                window.get_by_label("Отправить ещё раз и тем, кто уже приглашён").check()
            window.get_by_role("button", name="Пригласить: 1").click()
        expect(page.get_by_text("Отправлено 1 приглашение.").first).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_role("checkbox", name=f"Выбрать: Анна {unique}").check()

    assert api.get(event["name"])["guestCounts"]["invitedCount"] == 1


def test_an_answer_given_by_phone_is_noted_and_who_finds_no_place_waits(visit, api, event, unique):
    page = visit(f"/{event['name']}?tab=participants")
    choose(page, f"Анна {unique}", "Придёт")
    expect(guests(page).filter(has_text=f"Анна {unique}")).to_contain_text("Придёт")
    expect(share(page, "придёт")).to_contain_text("1 из 1")
    choose(page, f"Борис {unique}", "Придёт")
    expect(guests(page).filter(has_text=f"Борис {unique}")).to_contain_text("Ждёт места: 1-й")
    choose(page, f"Анна {unique}", "Не придёт")
    expect(guests(page).filter(has_text=f"Борис {unique}").get_by_text("Придёт", exact=True)).to_be_visible()
    share(page, "не придёт").click()

    expect(guests(page)).to_have_count(1)
    expect(guests(page)).to_contain_text(f"Анна {unique}")


def test_places_and_reminders_are_said_in_the_form(visit, api, event):
    page = visit(f"/{event['name']}/edit")
    expect(page.get_by_label("Количество мест")).to_have_value("1")
    page.get_by_label("Количество мест").fill("30")
    page.get_by_role("combobox", name="Напоминания").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name="за 1 день").click()
    page.get_by_role("option", name="за 1 час").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Сохранить изменения").click()
    expect(page.get_by_text("занято 0 из 30")).to_be_visible()

    expect(page.get_by_text("за 1 день, за 1 час")).to_be_visible()
    changed = api.get(event["name"])
    assert (changed["capacity"], sorted(changed["reminders"])) == (30, [60, 1440])


def test_guests_are_told_when_the_event_has_another_place(visit, api, event, people, unique):
    accept(api, event, people[0])
    page = visit(f"/{event['name']}/edit")
    page.get_by_label("Место").fill("Другой зал")
    page.get_by_role("button", name="Сохранить изменения").click()
    expect(page.get_by_text("1 гость не знает, что изменилось.")).to_be_visible()
    page.get_by_role("button", name="Сообщить 1 гостю…").click()
    with dialog(page, "Сообщить гостям об изменении") as telling:
        telling.get_by_role("button", name="Отправить: 1").click()

    expect(page.get_by_text("Отправлено 1 письмо.")).to_be_visible()
    expect(page.get_by_text("1 гость не знает, что изменилось.")).to_have_count(0)


def test_who_notes_arrivals_without_a_connection_reads_so_and_loses_none(visit, api, event, people, unique):
    page = visit(f"/{event['name']}/checkin", viewport=PHONE)
    anna = page.get_by_role("button", name=f"Анна {unique}")
    expect(anna).to_be_visible()
    page.context.set_offline(True)
    anna.click()
    expect(page.get_by_text("Нет связи: отметки сохранятся", exact=False)).to_be_visible()
    page.context.set_offline(False)

    expect(page.get_by_role("status").filter(has_text="Пришли: 1")).to_be_visible()
    expect(page.get_by_text("Нет связи: отметки сохранятся", exact=False)).to_have_count(0)


def test_an_event_is_called_off_its_guests_are_told_and_it_stays(visit, api, event, people, unique):
    accept(api, event, people[0])
    page = visit(f"/{event['name']}")
    page.get_by_role("button", name=f"Действия: {event['title']}").click()
    page.get_by_role("menuitem", name="Отменить мероприятие").click()
    expect(page.get_by_text("1 гость не знает, что мероприятие отменено.")).to_be_visible()
    expect(page.get_by_role("checkbox", name=f"Закрыто: {event['title']}")).to_be_disabled()
    page.get_by_role("button", name="Сообщить 1 гостю…").click()
    with dialog(page, "Сообщить гостям об отмене") as telling:
        telling.get_by_role("button", name="Отправить: 1").click()

    expect(page.get_by_text("1 гость не знает, что мероприятие отменено.")).to_have_count(0)
    assert api.get(event["name"])["state"] == "CANCELLED"
    listed = visit(f"/events?q={unique}&state=CANCELLED")
    expect(listed.get_by_role("table").get_by_text("Отменено")).to_be_visible()


def test_who_comes_is_noted_by_one_tap_and_a_second_phone_sees_it(visit, api, event, people, unique):
    accept(api, event, people[0])
    page = visit(f"/{event['name']}?tab=participants", viewport=PHONE)
    page.get_by_role("link", name="Отметить пришедших").click()
    other = visit(f"/{event['name']}/checkin", viewport=PHONE)
    anna = page.get_by_role("button", name=f"Анна {unique}")
    expect(anna).to_have_attribute("aria-pressed", "false")
    anna.click()
    expect(anna).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status").filter(has_text="Пришли: 1 · обещали прийти: 1")).to_be_visible()
    theirs = other.get_by_role("button", name=f"Анна {unique}")
    expect(theirs).to_have_attribute("aria-pressed", "true", timeout=TOLD_MS)
    page.get_by_role("searchbox").fill("Борис")
    expect(page.get_by_role("button", name=f"Анна {unique}")).to_have_count(0)
    page.get_by_role("button", name=f"Борис {unique}").click()
    expect(other.get_by_role("status").filter(has_text="Пришли: 2 · обещали прийти: 1")).to_be_visible(timeout=TOLD_MS)
    theirs.click()

    expect(page.get_by_role("status").filter(has_text="Пришли: 1 · обещали прийти: 1")).to_be_visible(timeout=TOLD_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    eventually(lambda: api.get(event["name"])["guestCounts"]["attendedCount"] == 1)


def test_the_history_tells_who_was_invited_came_and_did_not(visit, api, event, people, unique):
    accept(api, event, *people[:2])
    body = {"contacts": [people[0]["name"]], "attendance": "ATTENDED"}
    assert api.request.post(f"/v1/{event['name']}:markAttendance", data=body, headers=api.headers).ok
    page = visit(f"/{event['name']}")
    history = page.get_by_role("list", name="История", exact=True)
    expect(history.get_by_text(f"Приглашение принято: Анна {unique}")).to_be_visible(timeout=TOLD_MS)
    expect(history.get_by_text(f"Ждёт места: Борис {unique}")).to_be_visible()
    expect(history.get_by_text(f"Пришёл участник Анна {unique}")).to_be_visible()
    page.goto(f"/{people[0]['name']}")

    expect(page.get_by_text(f"Посещено мероприятие Приём {unique}")).to_be_visible()


def test_the_language_of_a_contact_is_said_in_its_form(visit, api, people):
    page = visit(f"/{people[0]['name']}/edit")
    expect(page.get_by_label("Предпочитаемый язык")).to_have_value("")
    page.get_by_label("Предпочитаемый язык").select_option(label="English")
    page.get_by_role("button", name="Сохранить изменения").click()

    expect(page.get_by_role("definition").filter(has_text="English")).to_be_visible()
    assert api.get(people[0]["name"])["language"] == "en"


@WIDTHS
def test_nobody_is_kept_out_of_guests(visit, api, event, people, viewport):
    accept(api, event, *people[:2])
    page = visit(f"/{event['name']}?tab=participants", viewport=viewport, inspected=True)
    expect(guests(page)).to_have_count(3)
    assert violations(page) == []
    page.get_by_role("button", name="Пригласить…").click()
    with dialog(page, "Пригласить по почте") as window:
        expect(window.get_by_text("Будет отправлено")).to_be_visible()
        assert violations(page) == []
    page.goto(f"/{event['name']}/checkin")
    page.get_by_role("button", name=people[0]["displayName"]).click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
