"""Text with a little form, as people write it on a page: nothing in it runs, loads or looks like a part of ours."""

import html
import re

import nh3

TAGS = {"p", "br", "strong", "b", "em", "i", "u", "s", "ul", "ol", "li", "a", "blockquote", "code", "pre", "h3", "h4"}
SCHEMES = {"http", "https", "mailto", "tel"}
BLOCKS = re.compile(r"</(?:p|li|h[34]|blockquote|pre|ul|ol)>|<br ?/?>")


def clean(text):
    """Returns HTML with paragraphs, emphasis, lists and links; everything else is taken out, its words stay."""
    return nh3.clean(
        text, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow"
    ).strip()


def plain(text):
    """Returns the words of clean HTML."""
    bare = nh3.clean(BLOCKS.sub("\n", text), tags=set())
    return html.unescape(bare).strip()
