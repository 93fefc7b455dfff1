"""Tags of contacts and of events get other names where they are listed."""

import pytest
from playwright.sync_api import expect

from chassis.testing import eventually
from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.browser

SPREAD_SECONDS = 15


def rename(page, before, after):
    """Gives a tag another name in its place."""
    page.get_by_role("button", name=f"Переименовать: {before}").click()
    field = page.get_by_role("textbox", name=f"Новое название: {before}")
    expect(field).to_be_focused()
    field.fill(after)
    field.press("Enter")


def test_a_renamed_tag_is_renamed_on_all_contacts_and_events_that_have_it(visit, api, unique):
    company = api.company(f"Меченая {unique}", tags=[f"старый {unique}"])
    event = api.make("events", title=f"Меченое {unique}", tags=[f"старый {unique}"])
    page = visit("/settings/tags")
    page.get_by_placeholder("Тег…").fill(unique)
    rename(page, f"старый {unique}", f"клиент {unique}")
    expect(page.get_by_text(f"Тег переименован: «клиент {unique}».")).to_be_visible()
    expect(page.get_by_role("button", name=f"Переименовать: клиент {unique}")).to_be_focused()
    page.get_by_role("tab", name="Мероприятия").click()
    page.get_by_placeholder("Тег…").fill(unique)
    rename(page, f"старый {unique}", f"семинар {unique}")
    expect(page.get_by_role("cell", name=f"семинар {unique}", exact=True)).to_be_visible()

    eventually(lambda: api.get(company["name"])["tags"] == [f"клиент {unique}"], seconds=SPREAD_SECONDS)
    eventually(lambda: api.get(event["name"])["tags"] == [f"семинар {unique}"], seconds=SPREAD_SECONDS)


def test_a_name_that_another_tag_has_is_refused_beside_it_and_escape_leaves_it(visit, api, unique):
    for title in ("первый", "второй"):
        api.make("contactTags", title=f"{title} {unique}")
    page = visit("/settings/tags", viewport=PHONE, inspected=True)
    page.get_by_placeholder("Тег…").fill(unique)
    rename(page, f"второй {unique}", f"первый {unique}")
    field = page.get_by_role("textbox", name=f"Новое название: второй {unique}")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Такое название уже есть.")).to_be_visible()
    assert violations(page) == []
    field.press("Escape")

    expect(page.get_by_role("cell", name=f"второй {unique}", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
