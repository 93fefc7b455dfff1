"""What a contact has several of: e-mails, phones, addresses, pages; and what it is found by."""

import re

from chassis.errors import InvalidArgument
from chassis.standard import fold
from services.contacts import phones

# `javascript:x`, but not `example.com:8080`.
OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+-]*:(?!\d+(/|$))", re.IGNORECASE)


def settle_primary(entries):
    """Returns e-mails, phones or addresses with a category each and exactly one primary: the first that says so."""
    first = next((index for index, entry in enumerate(entries) if entry.get("primary")), 0)
    return [
        {**entry, "category": entry.get("category", "WORK"), "primary": index == first}
        for index, entry in enumerate(entries)
    ]


def web_address(typed):
    """Returns an address on the web with its scheme."""
    typed = typed.strip()
    scheme = typed.partition("://")[0].lower() if "://" in typed else ""
    if scheme not in ("", "http", "https") or re.search(r"\s", typed) or OTHER_SCHEME.match(typed):
        raise InvalidArgument("it is no address on the web", "NO_WEB_ADDRESS", field="websites")
    return typed if scheme else f"https://{typed.removeprefix('//')}"


def search_text(contact):
    """Returns all that a contact is found by, folded; phone numbers by their digits."""
    words = [contact.display_name, contact.job_title or ""]
    words += [entry.get("value", "") for entry in contact.emails]
    words += [number for entry in contact.phones for number in phones.digits(entry)]
    words += [entry.get("value", "") for entry in (*contact.websites, *contact.socials)]
    for address in contact.addresses:
        words += [address.get(part, "") for part in ("street", "city", "state", "postal_code", "country")]
    return fold(" ".join(word for word in words if word))
