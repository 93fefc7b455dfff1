"""How contacts are recognised as the same: by keys that the database finds, and by how alike their names are."""

import re
from functools import lru_cache

from rapidfuzz.fuzz import token_sort_ratio

from chassis.standard import fold
from services.contacts.phones import NO_DIGITS

# Above it two names are alike.
ALIKE = 82
# What stands beside a company's name and says nothing of which it is.
LEGAL_FORMS = (
    "ооо оао зао пао ао ип гк тд нко фгуп llc ltd limited inc corp corporation co company gmbh ag kg sa sarl bv plc"
    " oy ab srl spa the"
)
FORMS = frozenset(LEGAL_FORMS.split())
# What the keys of e-mails and phones begin with.
EMAIL, PHONE = "e:", "p:"
WORD = re.compile(r"[^\W_]+")


def name_words(name):
    """Returns the words of a name, folded, without legal forms."""
    words = WORD.findall(fold(name))
    return [word for word in words if word not in FORMS] or words


def keys(contact):
    """Returns all keys of a contact: `e:` of e-mails, `p:` of phones, `f:` and `n:` of its name."""
    return sorted({*email_keys(contact), *phone_keys(contact), *name_keys(contact.display_name)})


def keys_of(contact, kind):
    """Returns the keys of one kind, EMAIL or PHONE, of a contact that has been settled."""
    return [key for key in contact.keys if key.startswith(kind)]


def email_keys(contact):
    """Returns the keys of the e-mails."""
    return {EMAIL + fold(entry["value"].strip()) for entry in contact.emails or () if entry.get("value")}


def phone_keys(contact):
    """Returns the keys of the phones: numbers that are known by their country as that, others by their digits."""
    found = set()
    for entry in contact.phones or ():
        value = entry.get("value", "").partition(";")[0]
        digits = NO_DIGITS.sub("", value)
        if len(digits) >= 5:
            found.add(f"{PHONE}+{digits}" if value.startswith("+") else PHONE + digits)
    return found


def name_keys(name):
    """Returns the keys of a name: all of it in whatever order, and beginnings by which a misspelt one is found too."""
    words = name_words(name)
    if not words:
        return set()
    found = {"f:" + " ".join(sorted(words))[:200]}
    first, second = (*words, "", "")[:2]
    if second:
        return found | {f"n:{first[0]}|{second[:4]}", f"n:{second[0]}|{first[:4]}"}
    return found | {f"n:{first[:5]}"}


def likeness(one, other):
    """Returns how alike two names are, of 100, whatever the order of their words."""
    return round(token_sort_ratio(_compared(one), _compared(other)))


@lru_cache(maxsize=10_000)
def _compared(name):
    # The same names are compared again with every letter that somebody types.
    return " ".join(name_words(name))
