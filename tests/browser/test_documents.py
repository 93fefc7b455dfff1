"""Documents of a record: looked at, written and stopped in their place."""

import io
import re
import struct
import zlib

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import dialog
from tests.browser.test_accessibility import WIDTHS, violations

pytestmark = pytest.mark.browser

# What a slow line takes of a file in a second.
SLOW = 60_000


@pytest.fixture
def anna(api, unique):
    """A contact without documents."""
    return api.person("Анна", unique)


def png(width=40, height=30):
    """A small picture."""

    def part(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + b"\x2f\x5d\x8a" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def pdf():
    """A PDF of one empty page."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
    ]
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj%sendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % table)
    return out.getvalue()


def keep(api, subject, title, content, content_type="application/octet-stream"):
    """Adds a document behind the page's back."""
    headers = api.headers | {"Content-Type": content_type}
    params = {"subject": subject["name"], "title": title}
    answer = api.request.post("/v1/files:upload", params=params, data=content, headers=headers)
    assert answer.ok, answer.text()
    return answer.json()


def documents(page):
    """What the tab lists."""
    return page.get_by_role("list", name="Документы").locator("> li")


def kept(api, subject):
    """What the API knows of the documents of a record."""
    return api.request.get("/v1/files", params={"filter": f'subject = "{subject["name"]}"'}).json()["files"]


def test_pictures_pdf_and_texts_are_looked_at_one_after_the_other(visit, api, anna):
    keep(api, anna, "план.txt", "<b>текст</b>".encode())
    keep(api, anna, "договор.pdf", pdf())
    keep(api, anna, "схема.png", png())
    keep(api, anna, "архив.zip", b"PK\x05\x06" + b"\0" * 18)
    page = visit(f"/{anna['name']}?tab=documents")
    expect(documents(page)).to_have_count(4)
    expect(documents(page).filter(has_text="архив.zip").get_by_role("link", name="архив.zip")).to_be_visible()
    titles = [row.split("\n")[0] for row in documents(page).all_inner_texts()]
    shown = [title for title in titles if title != "архив.zip"]
    page.get_by_role("button", name=shown[0], exact=True).click()
    for number, title in enumerate(shown, 1):
        with dialog(page, title) as window:
            expect(window.get_by_text(f"{number} из 3")).to_be_visible()
            if title == "план.txt":
                # As it was written, not as a page.
                expect(window.get_by_text("<b>текст</b>")).to_be_visible()
            elif title == "схема.png":
                picture = window.get_by_role("img", name=title)
                expect(picture).to_be_visible()
                assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 40
            else:
                expect(window.locator("iframe")).to_have_attribute("src", re.compile("^blob:"))
            if number < len(shown):
                page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Следующий документ")).to_be_disabled()
    page.get_by_role("button", name="Предыдущий документ").click()
    expect(page.get_by_role("dialog", name=shown[1])).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_text_is_written_in_its_place(visit, api, anna):
    page = visit(f"/{anna['name']}?tab=documents")
    page.get_by_role("button", name="Создать документ").click()
    with dialog(page, "Новый документ") as window:
        window.get_by_label("Название").fill("Повестка")
        window.get_by_role("button", name="Сохранить").click()
        expect(window.get_by_label("Текст")).to_have_attribute("aria-invalid", "true")
        window.get_by_label("Текст").fill("Первое\nВторое")
        window.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Документ «Повестка.txt» создан.")).to_be_visible()
    page.get_by_role("button", name="Повестка.txt", exact=True).click()

    with dialog(page, "Повестка.txt") as window:
        expect(window.get_by_text("Второе")).to_be_visible()
    assert [file["contentType"] for file in kept(api, anna)] == ["text/plain"]


def test_an_upload_that_is_stopped_leaves_nothing_and_the_next_one_goes_on(visit, api, anna):
    page = visit(f"/{anna['name']}?tab=documents")
    expect(page.get_by_role("button", name="Загрузить файлы")).to_be_visible()
    line = page.context.new_cdp_session(page)
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": SLOW},
    )
    large = {"name": "большой.bin", "mimeType": "application/octet-stream", "buffer": b"\1" * 3_000_000}
    small = {"name": "малый.txt", "mimeType": "text/plain", "buffer": b"small"}
    page.locator("input[type=file][multiple]").set_input_files([large, small])
    stop = page.get_by_role("button", name="Остановить загрузку: большой.bin")
    expect(stop).to_be_visible()
    stop.click()

    expect(documents(page)).to_have_count(1)
    expect(page.get_by_role("list", name="Загружается")).to_have_count(0)
    assert [file["title"] for file in kept(api, anna)] == ["малый.txt"]


def test_files_are_dropped_anywhere_on_the_documents(visit, anna):
    page = visit(f"/{anna['name']}?tab=documents")
    expect(page.get_by_text("Документов пока нет")).to_be_visible()
    dragged = page.evaluate_handle(
        "() => { const data = new DataTransfer(); data.items.add(new File(['drop'], 'брошен.txt')); return data; }"
    )
    page.get_by_text("Документов пока нет").dispatch_event("drop", {"dataTransfer": dragged})

    expect(documents(page).filter(has_text="брошен.txt")).to_be_visible()


def test_what_the_server_does_not_take_is_said_in_words(visit, anna):
    page = visit(f"/{anna['name']}?tab=documents")
    page.route("**/v1/files:upload*", lambda route: route.fulfill(status=413, json={"error": {"code": 413}}))
    page.locator("input[type=file][multiple]").set_input_files(
        {"name": "огромный.bin", "mimeType": "application/octet-stream", "buffer": b"1"}
    )

    expect(page.get_by_role("alert")).to_contain_text("Файл слишком велик")


def test_a_picture_of_an_entry_is_seen_in_the_history(visit, api, anna):
    picture = keep(api, anna, "снимок.png", png())
    api.make("historyEntries", subject=anna["name"], text="<p>Осмотр</p>", files=[picture["name"]])
    page = visit(f"/{anna['name']}")
    entry = page.get_by_role("list", name="История", exact=True).locator("> li").filter(has_text="Осмотр")
    entry.get_by_role("button", name="Показать: снимок.png").click()

    with dialog(page, "снимок.png") as window:
        expect(window.get_by_role("img", name="снимок.png")).to_be_visible()


@WIDTHS
def test_nobody_is_kept_out_of_documents(visit, api, anna, viewport):
    keep(api, anna, "план.txt", b"text " * 500)
    keep(api, anna, "схема.png", png())
    page = visit(f"/{anna['name']}?tab=documents", viewport=viewport, inspected=True)
    for title in ("план.txt", "схема.png"):
        page.get_by_role("button", name=title, exact=True).click()
        with dialog(page, title):
            expect(page.locator(".mantine-Skeleton-root")).to_have_count(0)
            assert violations(page) == []
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Создать документ").click()
    with dialog(page, "Новый документ"):
        assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
