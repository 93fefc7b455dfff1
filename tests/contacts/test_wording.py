"""What a mailing says: harmless HTML, tags that are looked up, and the same as text."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contacts.mailing.wording import ELEMENTS, clean, merge, tags, text_of

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href=" java\nscript:alert(1)">x</a>',
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    '<p style="background:url(javascript:alert(1));position:fixed">x</p>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe><object data=x></object><embed src=x>",
    '<meta http-equiv="refresh" content="0;url=https://evil.example"><base href="https://evil.example">',
    '<a href="data:text/html,<script>alert(1)</script>">x</a><form action=https://evil.example><button>x</button></form>',
)
ATTRIBUTES = {"align", "alt", "colspan", "height", "href", "rel", "rowspan", "src", "style", "title", "width"}


class Seen(HTMLParser):
    """The elements and attributes that a browser sees."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.attributes = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Notes one."""
        self.elements.append(tag)
        self.attributes += attrs


def require_harmless(html):
    """Fails if something in it could run, load a page, move about, or lead anywhere but to the web."""
    seen = Seen(html)
    assert {*seen.elements} <= ELEMENTS
    assert {name for name, _ in seen.attributes} <= ATTRIBUTES
    for name, value in seen.attributes:
        if name in ("href", "src"):
            assert (urlsplit(value).scheme or "https") in ("http", "https", "mailto", "tel"), value
        if name == "style":
            assert not re.search("url|position|expression", value)


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_that_runs_or_leads_astray_is_left(html):
    require_harmless(clean(html))
    assert clean(clean(html)) == clean(html)


@pytest.mark.parametrize("value", [*HOSTILE, '" onmouseover="alert(1)', "javascript:alert(1)", "{{a}}"])
def test_a_value_is_text_wherever_its_tag_stands(value):
    body = clean('<p title="{{a}}">{{a}}</p><a href="{{a}}" title="{{a}}">{{a}}</a><img src="{{a}}" alt="{{a}}">')

    made = merge(body, {"a": value}, html=True)

    require_harmless(made)
    breaks = value.count("\n")
    assert [tag for tag in Seen(made).elements if tag != "br"] == ["p", "a", "img"]
    assert Seen(made).elements.count("br") <= 2 * breaks


@given(value=st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=50))
def test_any_value_reads_in_text_as_it_is(value):
    made = merge("<p>{{a}}</p>", {"a": value}, html=True)

    assert text_of(made).split() == value.split()


def test_tags_are_found_however_an_editor_writes_them():
    assert tags("{{a}} {{ b }} {{&nbsp;c\xa0}} {{x&amp;y}} {d} {{}}") == ["a", "b", "c", "x&y", ""]
    assert merge("{{ a }}-{{&nbsp;a}}-{{z}}-{a}", {"a": "1"}) == "1-1--{a}"


def test_html_reads_as_text():
    html = """<h1>News</h1><p>Dear Ada,<br>look   at
        <a href="https://example.com/list">the list</a>:</p>
        <ul><li>one<li>two &amp; three</ul><table><tr><td>a</td><td>b</td></tr></table>
        <a href="mailto:sales@example.com">sales@example.com</a><img src="https://example.com/x" alt="Logo"><hr>Bye"""

    assert text_of(clean(html)).split("\n") == [
        *("News", "", "Dear Ada,", "look at the list (https://example.com/list):", ""),
        *("- one", "- two & three", "", "a b", "", "sales@example.comLogo", "---", "Bye"),
    ]
