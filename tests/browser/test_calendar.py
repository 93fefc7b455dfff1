"""Events by their time: the calendar beside the list."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from chassis.testing import eventually
from tests.browser.conftest import OWNER, PHONE, dialog
from tests.browser.test_accessibility import WIDTHS, violations

pytestmark = pytest.mark.browser


def at(day, time):
    """An instant of a day, where this machine is."""
    return datetime.fromisoformat(f"{day}T{time}").astimezone().isoformat()


def cell(page, day):
    """A day of the calendar."""
    return page.locator(f'[role="gridcell"][data-day="{day}"]')


@pytest.fixture
def fair(api, unique):
    """An event of two days that share a month."""
    return api.make(
        "events",
        title=f"Выставка {unique}",
        startTime=at("2027-03-09", "10:00"),
        endTime=at("2027-03-10", "18:00"),
        place="Зал",
    )


def test_the_calendar_beside_the_list_shows_events_on_their_days(visit, fair, unique):
    page = visit(f"/events?q={unique}")
    page.get_by_role("link", name="Календарём").click()
    expect(page).to_have_url(re.compile(f"/events/calendar\\?q={page.evaluate(f'encodeURIComponent({unique!r})')}"))
    page.goto(f"/events/calendar?day=2027-03-01&q={unique}")
    expect(page.get_by_role("status").filter(has_text=re.compile("март 2027", re.IGNORECASE))).to_be_visible()
    expect(cell(page, "2027-03-09").get_by_role("link", name=fair["title"])).to_contain_text("10:00")
    expect(cell(page, "2027-03-10").get_by_role("link", name=fair["title"])).to_contain_text("2 из 2")
    expect(cell(page, "2027-03-11").get_by_role("link")).to_have_count(0)
    page.get_by_text("Неделя", exact=True).click()
    expect(page.get_by_role("gridcell")).to_have_count(7)
    page.get_by_role("button", name="Вперёд").click()
    expect(cell(page, "2027-03-10").get_by_role("link")).to_be_visible()
    page.get_by_text("По дням", exact=True).click()
    agenda = page.get_by_role("region").filter(has_text=fair["title"])
    expect(agenda).to_contain_text("Зал")
    page.get_by_role("link", name=fair["title"]).click()

    expect(page.get_by_role("heading", name=fair["title"])).to_be_visible()


def test_a_day_is_reached_by_arrows_and_enter_makes_an_event_on_it(visit, api, unique):
    page = visit("/events/calendar?day=2027-03-31")
    cell(page, "2027-03-31").focus()
    page.keyboard.press("ArrowRight")
    expect(cell(page, "2027-04-01")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cell(page, "2027-04-08")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Начало", exact=True)).to_have_value("08/04/2027")
    page.get_by_label("Название мероприятия").fill(f"По дню {unique}")
    page.get_by_role("button", name="Сохранить", exact=True).click()

    expect(page.get_by_text("08/04/2027 09:00").first).to_be_visible()


def test_a_click_on_a_day_makes_an_event_on_it_and_today_is_one_click_away(visit):
    page = visit("/events/calendar?day=2027-03-01")
    cell(page, "2027-03-17").click(position={"x": 10, "y": 90})
    expect(page.get_by_label("Начало", exact=True)).to_have_value("17/03/2027")
    page.go_back()
    page.get_by_role("button", name="Сегодня").click()

    expect(cell(page, datetime.now().astimezone().date().isoformat())).to_have_attribute("aria-current", "date")


def test_an_event_dragged_to_another_day_keeps_its_time_and_goes_back_by_undo(visit, api, fair, unique):
    page = visit(f"/events/calendar?day=2027-03-01&q={unique}")
    chip = cell(page, "2027-03-09").get_by_role("link", name=fair["title"])
    chip.drag_to(cell(page, "2027-03-16"))
    expect(page.get_by_text(f"«{fair['title']}» перенесено на 16/03/2027.")).to_be_visible()
    expect(cell(page, "2027-03-17").get_by_role("link", name=fair["title"])).to_be_visible()
    moved = api.get(fair["name"])
    before, after = (datetime.fromisoformat(each["startTime"]) for each in (fair, moved))
    assert after - before == timedelta(days=7)
    page.get_by_role("button", name="Отменить", exact=True).click()

    expect(cell(page, "2027-03-09").get_by_role("link", name=fair["title"])).to_be_visible()
    eventually(lambda: api.get(fair["name"])["endTime"] == fair["endTime"])


def test_an_event_is_moved_by_the_keyboard_and_keeps_the_focus(visit, api, unique):
    event = api.make(
        "events", title=f"Звонок {unique}", startTime=at("2027-03-09", "10:00"), endTime=at("2027-03-09", "10:30")
    )
    page = visit(f"/events/calendar?day=2027-03-09&view=week&q={unique}")
    chip = page.get_by_role("link", name=event["title"])
    for key, day, time in (("ArrowDown", "09", "10:30"), ("ArrowRight", "10", "10:30"), ("ArrowUp", "10", "10:00")):
        chip.focus()
        page.keyboard.press(f"Alt+{key}")
        expect(cell(page, f"2027-03-{day}").get_by_role("link")).to_contain_text(time)
        eventually(
            lambda day=day, time=time: (
                datetime.fromisoformat(api.get(event["name"])["startTime"])
                == datetime.fromisoformat(at(f"2027-03-{day}", time))
            )
        )
        expect(chip).to_be_focused()
    expect(page.get_by_role("alert").filter(has_text="перенесено на 10/03/2027 10:00")).to_be_visible()
    page.get_by_text("Месяц", exact=True).click()
    chip.focus()
    page.keyboard.press("Alt+ArrowDown")

    expect(cell(page, "2027-03-17").get_by_role("link")).to_contain_text("10:00")
    expect(chip).to_be_focused()


def test_a_week_shows_what_is_at_the_same_time_side_by_side(visit, api, unique):
    for title, begin, end in (("Один", "09:00", "11:00"), ("Два", "10:00", "12:00"), ("Поздно", "21:00", "22:00")):
        api.make(
            "events",
            title=f"{title} {unique}",
            startTime=at("2027-03-09", begin),
            endTime=at("2027-03-09", end),
        )
    page = visit(f"/events/calendar?day=2027-03-09&view=week&q={unique}")
    one, two, late = (page.get_by_role("link", name=f"{title} {unique}") for title in ("Один", "Два", "Поздно"))
    expect(late).to_be_visible()
    first, second, third = (link.bounding_box() for link in (one, two, late))

    assert first["x"] + first["width"] <= second["x"] + 1
    assert first["y"] < second["y"] < first["y"] + first["height"] < third["y"]
    assert third["width"] > 1.8 * first["width"]


def test_an_event_is_moved_to_a_day_that_is_typed(visit, api, fair):
    page = visit(f"/{fair['name']}")
    page.get_by_role("button", name=f"Действия: {fair['title']}").click()
    page.get_by_role("menuitem", name="Перенести…").click()
    with dialog(page, "Перенести мероприятие") as window:
        window.get_by_label("Начало", exact=True).fill("16/03/2027")
        window.get_by_role("button", name="Перенести", exact=True).click()
    expect(page.get_by_text(f"«{fair['title']}» перенесено на 16/03/2027 10:00.")).to_be_visible()

    moved = api.get(fair["name"])
    for field in ("startTime", "endTime"):
        assert datetime.fromisoformat(moved[field]) - datetime.fromisoformat(fair[field]) == timedelta(days=7)


def test_only_what_is_seen_is_asked_for(visit, fair, unique):
    page = visit("/contacts")
    asked = []
    page.on("request", lambda request: "/v1/events?" in request.url and asked.append(request.url))
    page.goto(f"/events/calendar?day=2027-03-01&q={unique}")
    expect(cell(page, "2027-03-09").get_by_role("link", name=fair["title"])).to_be_visible()

    assert asked
    assert all("startTime" in url for url in asked)


def test_a_phone_shows_one_event_below_the_other(visit, fair, unique):
    page = visit(f"/events/calendar?day=2027-03-01&q={unique}", viewport=PHONE)
    expect(page.get_by_role("link", name=fair["title"])).to_be_visible()
    expect(page.get_by_role("grid")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="Вперёд").click()
    expect(page.get_by_text("Ничего не соответствует фильтру")).to_be_visible()


def test_an_event_is_taken_along_as_a_file_for_calendars(visit, fair):
    page = visit(f"/{fair['name']}")
    page.get_by_role("button", name=f"Действия: {fair['title']}").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Скачать для календаря (.ics)").click()

    with open(download.value.path(), encoding="utf-8") as file:
        text = file.read()
    assert "BEGIN:VCALENDAR" in text
    assert "DTSTART" in text


def test_the_address_to_subscribe_to_is_shown_once_and_opens_the_calendar(visit, fair, unique):
    page = visit("/events/calendar")
    page.get_by_role("button", name="Подписаться").click()
    with dialog(page, "Подписка в вашем календаре") as window:
        window.get_by_label("Где он будет использоваться").fill(f"Телефон {unique}")
        window.get_by_label("Ваш пароль").fill(OWNER["password"])
        window.get_by_role("button", name="Создать адрес").click()
    with dialog(page, "Адрес календаря готов") as window:
        address = window.get_by_label("Адрес для подписки").input_value()
        window.get_by_role("button", name="Закрыть").last.click()
    assert address.startswith(page.evaluate("location.origin") + "/calendar/")
    answer = page.context.request.get(address)
    assert answer.ok
    assert fair["title"] in answer.text().replace("\r\n ", "")

    page.goto("/settings/integrations")
    key = page.get_by_role("row").filter(has_text=f"Телефон {unique}")
    expect(key).to_contain_text("только календарь")


@WIDTHS
def test_nobody_is_kept_out_of_the_calendar(visit, fair, unique, viewport):
    page = visit("/events", viewport=viewport, inspected=True)
    for view in ("month", "week", "agenda"):
        page.goto(f"/events/calendar?day=2027-03-09&view={view}&q={unique}")
        expect(page.get_by_role("link", name=fair["title"]).first).to_be_visible()
        assert (view, violations(page)) == (view, [])
    page.get_by_role("button", name="Подписаться").click()
    with dialog(page, "Подписка в вашем календаре"):
        assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
