"""What the guide says about events: «Мероприятия», in its words."""

import re

import pytest
from playwright.sync_api import expect

from chassis.testing import eventually
from tests.browser.conftest import create, dialog
from tests.browser.test_accessibility import WIDTHS, violations

pytestmark = pytest.mark.browser

TOLD_SECONDS = 15


def participate(page, name, label="Участники"):
    """Finds a contact by a word and adds it to those who take part."""
    page.get_by_role("combobox", name=label).fill(name)
    page.get_by_role("option", name=name).click()
    expect(page.get_by_role("list", name="Участники").get_by_text(name)).to_be_visible()


def row(page, title):
    """The row of an event in the list."""
    return page.locator("tbody tr[data-row]").filter(has_text=title)


def act(page, title, action):
    """Chooses an action from the menu right of a title."""
    page.get_by_role("button", name=f"Действия: {title}").click()
    page.get_by_role("menuitem", name=action, exact=True).click()


def test_an_event_is_created_with_everything_that_the_guide_asks(visit, api, unique):
    for name in ("Анна", "Борис"):
        api.person(name, unique)
    field = api.make("eventFields", label=f"Докладчик {unique}", kind="TEXT")
    api.make("eventTags", title=f"семинар {unique}")
    page = visit("/events")
    create(page, "Мероприятие")
    page.get_by_label("Название мероприятия").fill(f"Семинар {unique}")
    participate(page, f"Анна {unique}")
    participate(page, f"Борис {unique}")
    page.get_by_role("button", name=f"Удалить участника: Борис {unique}").click()
    page.get_by_label("Описание").fill("О новом товаре")
    page.get_by_label("Начало", exact=True).fill("01/12/2026")
    page.get_by_label("Начало: время").fill("10:00")
    page.get_by_label("Окончание", exact=True).fill("01/12/2026")
    page.get_by_label("Окончание: время").fill("12:30")
    page.get_by_label("Место").fill("Главный зал")
    page.get_by_role("combobox", name="Теги").fill(f"семинар {unique}")
    page.get_by_role("option", name=f"семинар {unique}").click()
    page.get_by_role("combobox", name="Теги").fill(f"новый {unique}")
    page.keyboard.press("Enter")
    page.get_by_label(field["label"]).fill("Вера")
    expect(page.get_by_label("Ограничить доступ к мероприятию")).not_to_be_checked()
    page.get_by_role("button", name="Сохранить", exact=True).click()

    expect(page.get_by_role("heading", name=f"Семинар {unique}")).to_be_visible()
    expect(page.get_by_text("01/12/2026 10:00 – 12:30").first).to_be_visible()
    expect(page.get_by_text("Видят и изменяют все пользователи CRM")).to_be_visible()
    expect(page.get_by_text("Вера")).to_be_visible()
    expect(page.get_by_role("list", name="История").get_by_role("link", name=f"Анна {unique}")).to_be_visible()
    made = api.get(f"events/{page.url.rsplit('/', 1)[1]}")
    assert sorted(made["tags"]) == [f"новый {unique}", f"семинар {unique}"]
    assert made["participantCount"] == 1


def test_the_first_participant_that_was_found_is_taken_by_enter_which_saves_nothing(visit, api, unique):
    api.person("Анна", unique)
    page = visit("/events/new")
    page.get_by_label("Название мероприятия").fill(f"Семинар {unique}")
    box = page.get_by_role("combobox", name="Участники")

    box.fill(f"Никого {unique}")
    box.press("Enter")
    box.fill(f"Анна {unique}")
    expect(page.get_by_role("option", name=f"Анна {unique}")).to_be_visible()
    box.press("Enter")

    expect(page.get_by_role("list", name="Участники").get_by_text(f"Анна {unique}")).to_be_visible()
    expect(page.get_by_label("Название мероприятия")).to_have_value(f"Семинар {unique}")
    assert api.get(f"events?q={unique}")["totalSize"] == 0


def test_a_day_that_there_is_not_is_told(visit):
    page = visit("/events/new")
    page.get_by_label("Начало", exact=True).fill("31.02.2026")
    page.get_by_label("Место").click()
    expect(page.get_by_text("Такой даты нет: 31.02.2026")).to_be_visible()

    page.get_by_label("Начало", exact=True).fill("28.02.2026")
    page.get_by_label("Место").click()
    expect(page.get_by_label("Начало", exact=True)).to_have_value("28/02/2026")
    expect(page.get_by_text("Такой даты нет")).to_have_count(0)


def test_a_mail_may_name_a_record_as_programs_do(visit):
    page = visit("/contactForms/1")
    expect(page).to_have_url(re.compile("/settings/contact-forms/1$"))


def test_after_saving_another_event_can_be_entered_at_once(visit, unique):
    page = visit("/events/new")
    page.get_by_label("Название мероприятия").fill(f"Первое {unique}")
    page.get_by_role("button", name="Сохранить и создать новое мероприятие").click()
    expect(page.get_by_text(f"Мероприятие «Первое {unique}» добавлено.")).to_be_visible()
    expect(page.get_by_label("Название мероприятия")).to_have_value("")
    page.get_by_label("Название мероприятия").fill(f"Второе {unique}")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", name=f"Второе {unique}")).to_be_visible()
    page.get_by_role("link", name="Мероприятия", exact=True).click()
    # By its name: the page of the event, which may still be shown, has a search of its own.
    page.get_by_role("searchbox", name="Название, описание или место").fill(unique)
    expect(page.get_by_text("1–2 из 2")).to_be_visible()


def test_an_event_without_a_title_or_with_its_end_before_its_beginning_is_not_saved(visit):
    page = visit("/events/new")
    page.get_by_label("Начало", exact=True).fill("02/12/2026")
    page.get_by_label("Окончание", exact=True).fill("01/12/2026")
    page.get_by_role("button", name="Сохранить", exact=True).click()

    expect(page.get_by_label("Название мероприятия")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Это раньше начала.")).to_be_visible()


def test_a_restricted_event_is_seen_and_changed_by_those_who_were_chosen_and_they_are_told(
    visit, api, colleague, unique
):
    chosen, state = colleague("Борис")
    _, stranger = colleague("Глеб")
    page = visit("/events/new")
    page.get_by_label("Название мероприятия").fill(f"Закрытый {unique}")
    page.get_by_label("Ограничить доступ к мероприятию").check()
    page.get_by_role("combobox", name="Кому открыт доступ").fill(chosen["displayName"])
    page.get_by_role("option", name=chosen["displayName"]).click()
    page.get_by_role("heading", level=1).click()
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_role("heading", name=f"Закрытый {unique}")).to_be_visible()
    expect(page.get_by_role("img", name="Доступ ограничен")).to_be_visible()

    theirs = visit(f"/events?q={unique}", whose=state)
    expect(theirs.get_by_role("img", name="Доступ ограничен")).to_be_visible()
    act(theirs, f"Закрытый {unique}", "Редактировать мероприятие")
    expect(theirs.get_by_text("решает тот, кто его создал")).to_be_visible()
    theirs.get_by_label("Место").fill("Малый зал")
    theirs.get_by_role("button", name="Сохранить изменения").click()
    expect(theirs.get_by_text("Малый зал").first).to_be_visible()
    theirs.get_by_role("button", name=re.compile("^Уведомления")).click()
    expect(theirs.get_by_text(f"Закрытый {unique}").last).to_be_visible(timeout=TOLD_SECONDS * 1000)
    others = visit(f"/events?q={unique}", whose=stranger)
    expect(others.get_by_text("Ничего не соответствует фильтру")).to_be_visible()


def test_an_event_is_edited_from_the_list(visit, api, unique):
    api.make("events", title=f"Встреча {unique}", description="Старое")
    page = visit(f"/events?q={unique}")
    act(page, f"Встреча {unique}", "Редактировать мероприятие")
    page.get_by_label("Название мероприятия").fill(f"Собрание {unique}")
    page.get_by_label("Описание").fill("")
    page.get_by_role("button", name="Сохранить изменения").click()

    expect(page.get_by_role("heading", name=f"Собрание {unique}")).to_be_visible()
    expect(page.get_by_text("Старое")).to_have_count(0)


def test_an_event_that_took_place_is_closed_by_the_box_left_of_its_title(visit, api, unique):
    event = api.make("events", title=f"Прошло {unique}")
    page = visit(f"/events?q={unique}")
    box = page.get_by_role("checkbox", name=f"Закрыто: Прошло {unique}")
    box.click()
    expect(page.get_by_text(f"Мероприятие «Прошло {unique}» закрыто.")).to_be_visible()
    assert api.get(event["name"])["state"] == "CLOSED"
    page.get_by_role("combobox", name="Состояние: любое").select_option(label="Открыто")
    expect(page.get_by_text("Ничего не соответствует фильтру")).to_be_visible()
    page.get_by_role("combobox", name="Состояние: любое").select_option(label="Закрыто")
    box.click()

    expect(page.get_by_text(f"Мероприятие «Прошло {unique}» снова открыто.")).to_be_visible()
    page.goto(f"/{event['name']}")
    history = page.get_by_role("list", name="История")
    expect(history.get_by_text("Мероприятие закрыто")).to_be_visible()
    expect(history.get_by_text("Мероприятие снова открыто")).to_be_visible()


def test_an_event_is_deleted_through_the_actions(visit, api, unique):
    event = api.make("events", title=f"Лишнее {unique}")
    page = visit(f"/events?q={unique}")
    act(page, f"Лишнее {unique}", "Удалить мероприятие")
    with dialog(page, f"Удалить мероприятие «Лишнее {unique}»?") as question:
        expect(question.get_by_text("исчезнут его история, документы и список участников")).to_be_visible()
        expect(question.get_by_text("1 запись истории")).to_be_visible()
        question.get_by_role("button", name="Удалить").click()

    expect(page.get_by_text(f"Мероприятие «Лишнее {unique}» удалено.")).to_be_visible()
    assert api.get(event["name"])["error"]["code"] == 404


def test_participants_are_managed_on_the_page_of_the_event(visit, api, unique):
    event = api.make("events", title=f"Выставка {unique}")
    anna = api.person("Анна", unique)
    page = visit(f"/{event['name']}")
    page.get_by_role("tab", name="Участники").click()
    participate(page, f"Анна {unique}", "Добавить участника")
    expect(page.get_by_role("tab", name="Участники (1)")).to_be_visible()
    page.goto(f"/{anna['name']}?tab=events")
    expect(page.get_by_role("link", name=f"Выставка {unique}")).to_be_visible()

    page.get_by_role("link", name=f"Выставка {unique}").click()
    page.get_by_role("tab", name="Участники (1)").click()
    page.get_by_role("button", name=f"Удалить участника: Анна {unique}").click()
    expect(page.get_by_text("Участников пока нет.")).to_be_visible()
    assert api.get(event["name"])["participants"] == []


def test_several_events_are_tagged_restricted_and_deleted_at_once(visit, api, unique):
    made = [api.make("events", title=f"{name} {unique}") for name in ("Первое", "Второе")]
    page = visit(f"/events?q={unique}")
    page.get_by_role("checkbox", name="Выделить все на этой странице").check()
    page.get_by_role("button", name="Теги", exact=True).click()
    with dialog(page, "Теги: 2 мероприятия") as window:
        window.get_by_role("combobox", name="Добавить теги").fill(f"общий {unique}")
        page.keyboard.press("Enter")
        window.get_by_role("button", name="Применить").click()
    expect(page.get_by_text("Изменено 2 мероприятия.")).to_be_visible()
    page.get_by_role("checkbox", name="Выделить все на этой странице").check()
    page.get_by_role("button", name="Права доступа", exact=True).click()
    with dialog(page, "Права доступа: 2 мероприятия") as window:
        expect(window.get_by_label("Ограничить доступ к мероприятию")).to_be_checked()
        window.get_by_role("button", name="Применить").click()
    expect(page.get_by_role("img", name="Доступ ограничен")).to_have_count(2)
    for event in made:
        changed = api.get(event["name"])
        assert (changed["tags"], changed["access"]["isPrivate"]) == ([f"общий {unique}"], True)

    page.get_by_role("checkbox", name="Выделить все на этой странице").check()
    page.get_by_role("button", name="Удалить", exact=True).click()
    with dialog(page, "Удалить 2 мероприятия?") as window:
        window.get_by_role("button", name="Удалить").click()
    expect(page.get_by_text("Ничего не соответствует фильтру")).to_be_visible()


def test_events_are_filtered_by_tag_and_sorted_by_their_time(visit, api, unique):
    tag = f"отбор {unique}"
    for name, day in (("Позднее", "2026-12-05"), ("Раннее", "2026-12-01")):
        api.make("events", title=f"{name} {unique}", tags=[tag], startTime=f"{day}T09:00:00Z")
    api.make("events", title=f"Чужое {unique}")
    page = visit(f"/events?q={unique}")
    expect(page.get_by_text("1–3 из 3")).to_be_visible()
    page.get_by_role("combobox", name="Тег: любой").select_option(label=tag)
    expect(page.get_by_text("1–2 из 2")).to_be_visible()
    expect(page.locator("tbody tr[data-row]").first).to_contain_text("Позднее")
    page.get_by_role("button", name="Когда").click()

    expect(page.locator("tbody tr[data-row]").first).to_contain_text("Раннее")


def test_administrators_define_fields_and_tags_of_events(visit, api, unique):
    page = visit("/settings/fields")
    page.get_by_role("tab", name="Мероприятия").click()
    page.get_by_role("button", name="Добавить поле").click()
    with dialog(page, "Новое поле") as window:
        window.get_by_label("Название").fill(f"Формат {unique}")
        window.get_by_label("Тип").select_option(label="Список")
        window.get_by_label("Варианты").fill("Очно\nОнлайн")
        window.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("list", name="Пользовательские поля").get_by_text(f"Формат {unique}")).to_be_visible()
    page.goto("/events/new")
    page.get_by_label(f"Формат {unique}").select_option(label="Онлайн")
    page.goto("/settings/tags")
    page.get_by_role("tab", name="Мероприятия").click()
    page.get_by_role("button", name="Добавить тег").click()
    with dialog(page, "Новый тег") as window:
        window.get_by_label("Название").fill(f"вебинар {unique}")
        window.get_by_role("button", name="Сохранить").click()

    expect(page.get_by_role("cell", name=f"вебинар {unique}", exact=True)).to_be_visible()
    page.get_by_role("button", name=f"Удалить: вебинар {unique}").click()
    with dialog(page, f"Удалить «вебинар {unique}»?") as window:
        window.get_by_role("button", name="Удалить").click()
    expect(page.get_by_role("cell", name=f"вебинар {unique}", exact=True)).to_have_count(0)
    fields = api.get("eventFields?pageSize=200")["eventFields"]
    api.remove(next(field for field in fields if field["label"] == f"Формат {unique}"))
    eventually(lambda: unique not in str(api.get("eventFields?pageSize=200")))


@WIDTHS
def test_nobody_is_kept_out_of_events(visit, api, unique, viewport):
    anna = api.person("Анна", unique)
    event = api.make(
        "events",
        title=f"Доступное {unique}",
        description="Описание",
        place="Зал",
        startTime="2026-12-01T09:00:00Z",
        tags=["доступное"],
        participants=[anna["name"]],
        access={"isPrivate": True},
    )
    pages = {
        f"/events?q={unique}": "Мероприятия",
        "/events?q=несуществующее": "Мероприятия",
        f"/{event['name']}": event["title"],
        f"/{event['name']}?tab=participants": event["title"],
        f"/{event['name']}?tab=documents": event["title"],
        f"/{event['name']}/edit": f"Редактирование: {event['title']}",
        f"/{anna['name']}?tab=events": anna["displayName"],
        f"/{anna['name']}?tab=documents": anna["displayName"],
        "/settings/history-categories": "Категории событий истории",
    }
    page = visit("/events", viewport=viewport, inspected=True)
    for path, heading in pages.items():
        page.goto(path)
        expect(page.get_by_role("heading", name=heading, exact=True).first).to_be_visible()
        expect(page.locator(".mantine-Skeleton-root")).to_have_count(0)
        assert (path, page.evaluate("document.documentElement.scrollWidth")) <= (path, viewport["width"])
        assert (path, violations(page)) == (path, [])
