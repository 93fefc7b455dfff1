"""Events as lists show them: by their time and their maker, on a phone, of a contact; and copied."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def events(api, unique):
    """One of the week before last, and one of the week after next."""
    now = datetime.now(UTC)
    times = {"Прошлая": now - timedelta(days=40), "Будущая": now + timedelta(days=40)}
    return [
        api.make(
            "events", title=f"{title} {unique}", startTime=time.isoformat(), place="Зал 1", capacity=5, tags=[unique]
        )
        for title, time in times.items()
    ]


@pytest.mark.parametrize("viewport", [None, PHONE])
def test_a_list_shows_what_is_to_come_what_is_past_and_what_is_mine(visit, events, unique, viewport):
    page = visit(f"/events?q={unique}", **({"viewport": viewport} if viewport else {}))
    past, future = (page.get_by_text(event["title"], exact=True) for event in events)
    when = page.get_by_label("Когда угодно")
    for choice, shown, hidden in (("Предстоящие", future, past), ("Прошедшие", past, future)):
        when.select_option(label=choice)
        expect(shown).to_be_visible()
        expect(hidden).to_have_count(0)
    when.select_option(label="В этом месяце")
    expect(past).to_have_count(0)
    when.select_option(label="Когда угодно")
    page.get_by_label("Чьи: все").select_option(label="Мои")
    expect(future).to_be_visible()
    assert "creator=" in page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_event_is_closed_in_the_list_of_a_phone(visit, api, events, unique):
    page = visit(f"/events?q={unique}", viewport=PHONE)
    page.get_by_role("checkbox", name=f"Закрыто: {events[0]['title']}").check()
    expect(page.get_by_text(f"Мероприятие «{events[0]['title']}» закрыто.")).to_be_visible()

    assert api.get(events[0]["name"])["state"] == "CLOSED"
    expect(page).to_have_url(re.compile(r"/events\?"))


def test_a_copy_has_everything_but_the_guests_who_are_taken_over_on_request(visit, api, events, unique):
    person = api.person("Анна", unique)
    api.change(events[1], participants=[person["name"]])
    body = {"contact": person["name"], "response": "ACCEPTED"}
    assert api.request.post(f"/v1/{events[1]['name']}:setResponse", data=body, headers=api.headers).ok
    page = visit(f"/{events[1]['name']}")
    page.get_by_role("button", name=f"Действия: {events[1]['title']}").click()
    page.get_by_role("menuitem", name="Создать копию").click()
    expect(page.get_by_label("Место")).to_have_value("Зал 1")
    expect(page.get_by_role("list", name="Участники")).to_have_count(0)
    page.get_by_role("button", name="Добавить тех же: 1 участника").click()
    expect(page.get_by_role("list", name="Участники").get_by_text(f"Анна {unique}")).to_be_visible()
    page.get_by_label("Название мероприятия").fill(f"Копия {unique}")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_role("heading", name=f"Копия {unique}")).to_be_visible()

    made = api.get("events/" + page.url.rpartition("/")[2].partition("?")[0])
    same = ("startTime", "place", "capacity", "tags")
    assert {field: made[field] for field in same} == {field: api.get(events[1]["name"])[field] for field in same}
    assert (made["participantCount"], made.get("guestCounts", {}).get("acceptedCount", 0)) == (1, 0)


def test_a_contact_shows_what_it_answered_and_whether_it_was_there(visit, api, events, unique):
    person = api.person("Анна", unique)["name"]
    for event, call, more in (
        (events[0], "markAttendance", {"contacts": [person], "attendance": "ATTENDED"}),
        (events[1], "setResponse", {"contact": person, "response": "DECLINED"}),
    ):
        api.change(event, participants=[person])
        assert api.request.post(f"/v1/{event['name']}:{call}", data=more, headers=api.headers).ok
    page = visit(f"/{person}")
    page.get_by_role("tab", name="Мероприятия").click()
    rows = page.get_by_role("tabpanel", name="Мероприятия").get_by_role("listitem")

    expect(rows.filter(has_text="Прошлая")).to_contain_text("Присутствует")
    expect(rows.filter(has_text="Будущая")).to_contain_text("Не придёт")


def test_contacts_of_one_name_are_told_apart_where_one_is_chosen(visit, api, unique, events, new_email):
    for number in (1, 2):
        phones = [{"value": f"+4930123456{number}"}]
        api.person("Анна", unique, emails=[{"value": new_email()}], phones=phones)
    page = visit(f"/{events[0]['name']}?tab=participants")
    page.get_by_role("combobox", name="Добавить участника").fill(unique)

    for number in (1, 2):
        expect(page.get_by_role("option").filter(has_text=f"@example.com · +49 30 123456{number}")).to_have_count(1)
