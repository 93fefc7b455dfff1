"""What a mailing says: HTML that can do no harm, merge tags that are looked up, and the same as text."""

import re
from html import escape, unescape
from html.parser import HTMLParser

import nh3

from chassis.mail import one_line

__all__ = ["clean", "merge", "one_line", "tags", "text_of"]

TAG = re.compile(r"\{\{([^{}]*)\}\}")
ELEMENTS = {
    *("a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "hr", "i", "img", "li", "ol", "p"),
    *("pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"),
}
CELL = {"align", "colspan", "rowspan"}
ATTRIBUTES = {
    "*": {"style"},
    "a": {"href", "title"},
    "img": {"alt", "height", "src", "width"},
    "td": CELL,
    "th": CELL,
}
STYLES = {
    *("background-color", "color", "font-size", "font-style", "font-weight"),
    *("padding", "text-align", "text-decoration"),
}
BLOCKS = frozenset(["blockquote", "div", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "table", "tr", "ul"])
APART = frozenset(["blockquote", "h1", "h2", "h3", "h4", "ol", "p", "pre", "table", "ul"])


def clean(html):
    """Returns HTML without what could run, load a page, or lead anywhere but to the web, mail and telephones."""
    return nh3.clean(
        html,
        tags=ELEMENTS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        filter_style_properties=STYLES,
        link_rel="noopener noreferrer",
    )


def tags(text):
    """Returns the merge tags in a text, as they are written between the braces, in order."""
    return [_name(found) for found in TAG.finditer(text)]


def _name(found):
    return unescape(found[1]).replace("\xa0", " ").strip()


def merge(text, values, *, html=False):
    """Returns a text with values in the place of its tags; in HTML they are text and nothing else."""
    made = TAG.sub(lambda found: _value(values.get(_name(found), ""), html), text)
    # A value may have become the address of a link.
    return clean(made) if html else made


def _value(value, html):
    return escape(value).replace("\n", "<br>") if html else value


def text_of(html):
    """Returns HTML as those see it who read text: paragraphs apart, items marked, links with their addresses."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    text = re.sub(r"[ \t\xa0]+", " ", "".join(reader.said))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" ?\n ?", "\n", text)).strip()


class Reader(HTMLParser):
    """Reads HTML as text."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.said = []
        self.link = ""
        self.linked_from = 0

    def handle_starttag(self, tag, attrs):
        """Begins a line where one begins."""
        found = dict(attrs)
        if tag in BLOCKS:
            self.said.append("\n\n" if tag in APART else "\n")
        if tag == "br":
            self.said.append("\n")
        elif tag == "li":
            self.said.append("- ")
        elif tag == "hr":
            self.said.append("---\n")
        elif tag in ("td", "th"):
            self.said.append(" ")
        elif tag == "img":
            self.said.append(found.get("alt") or "")
        elif tag == "a":
            self.link, self.linked_from = found.get("href") or "", len(self.said)

    def handle_endtag(self, tag):
        """Ends a line where one ends; says where a link leads unless its words do."""
        if tag in APART:
            self.said.append("\n\n")
        if tag == "a" and self.link:
            words = "".join(self.said[self.linked_from :]).strip()
            if self.link.removeprefix("mailto:").removeprefix("tel:") != words:
                self.said.append(f" ({self.link})")
            self.link = ""

    def handle_data(self, data):
        """Says it; the source's own lines mean nothing."""
        self.said.append(re.sub(r"\s+", " ", data))
