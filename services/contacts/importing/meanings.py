"""What columns mean: the fields that they may hold, and a proposal by their headers, in Russian and in English.

The words are data (headers.json); with them the exports of Google Contacts, Outlook, HubSpot and ONLYOFFICE are known.
"""

import json
import re
from functools import lru_cache
from pathlib import Path

from chassis.standard import fold

KINDS = {
    "emails": ("work", "home", "other"),
    "phones": ("work", "home", "mobile", "fax", "direct", "other"),
    "websites": ("work", "home", "other"),
    "addresses": ("work", "home", "postal", "office", "billing", "other"),
}
PARTS = ("street", "city", "state", "postal_code", "country")
NETWORKS = (
    "skype",
    "x",
    "linkedin",
    "facebook",
    "vk",
    "telegram",
    "whatsapp",
    "instagram",
    "youtube",
    "github",
    "other",
)
SINGLE = (
    *("first_name", "last_name", "full_name", "company_name", "job_title", "description"),
    *("type", "temperature", "currency", "language"),
)
NAMES = ("first_name", "last_name", "full_name", "company_name")
CUSTOM = "custom."
FIELDS = frozenset(
    {
        "",
        "tags",
        *SINGLE,
        *(f"{base}.{kind}" for base, kinds in KINDS.items() if base != "addresses" for kind in kinds),
        *(f"addresses.{kind}.{part}" for kind in KINDS["addresses"] for part in PARTS),
        *(f"socials.{network}" for network in NETWORKS),
    }
)


@lru_cache
def _words():
    return json.loads(Path(__file__).with_name("headers.json").read_text("utf-8"))


def simple(header):
    """Returns a header as it is compared: its words."""
    return " ".join(re.findall(r"[^\W_]+", fold(header)))


def repeated(field):
    """Whether several columns may hold a field."""
    return field == "tags" or field.split(".")[0] in ("emails", "phones", "websites", "socials")


def proposed(headers, custom):
    """Returns the field of each column by its header; `custom` are the labels of custom fields: label → name."""
    own = {simple(label): CUSTOM + name for label, name in custom.items()}
    fields: list = []
    for header in headers:
        field = header if header in FIELDS else _field(simple(header), own)
        fields.append(field if repeated(field) or field not in fields else "")
    return fields


def _field(header, own):
    """Returns the field that a header names; "" if none."""
    known = {word: field for field, words in _words()["exact"].items() for word in words}
    if header in own or header in known:
        return own.get(header) or known[header]
    # `E-mail 1 - Value` of Google, `E-mail 2 Address` of Outlook, `Телефон (рабочий)`.
    bare = " ".join(word for word in header.split() if not word.isdigit() and word != "value")
    if not bare or (set(bare.split()) & {*_words()["passed"]} and bare not in known):
        return ""
    return known.get(bare) or _social(bare) or _typed(bare)


def _social(header):
    words = [_words()["network_words"].get(word, word) for word in header.split()]
    return next((f"socials.{word}" for word in words if word in _words()["networks"]), "")


def _typed(header):
    """Returns what a header says by its words: what, and of which category."""
    words = _words()
    base, part = _longest(header, words["bases"]), _longest(header, words["parts"])
    if part is None and base is None and _says(header, words["address"]):
        part = "street"
    # A postal code is of no postal address.
    bare = header if part != "postal_code" else _without(header, words["parts"][part])
    category = next((kind for kind, names in words["categories"].items() if _says(bare, names)), "work")
    if base is None and category in ("fax", "mobile"):
        base = "phones"
    if base:
        return f"{base}.{category if category in KINDS[base] else 'work'}"
    return f"addresses.{category if category in KINDS['addresses'] else 'work'}.{part}" if part else ""


def _says(header, words):
    return any(f" {word} " in f" {header} " for word in words)


def _without(header, words):
    longest = sorted(words, key=len, reverse=True)
    return next((header.replace(word, "") for word in longest if _says(header, [word])), header)


def _longest(header, table):
    """Returns what of a table the longest of its words in a header stands for; None if there is none."""
    found = [(len(word), name) for name, words in table.items() for word in words if _says(header, [word])]
    return max(found)[1] if found else None
