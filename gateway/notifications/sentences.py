"""What is read: notifications as sentences, mails as letters, in the language of whoever reads them.

The words are in `locales/`; a kind needs one line in each of them.
"""

from chassis import texts
from chassis.mail import Item, Letter
from gateway.notifications.model import TO_GUESTS, Kind, Template

# What a text may name; what is not known reads as nothing.
FACTS = (
    *("actor", "title", "previous", "address", "user_agent", "inviter", "display_name"),
    *("form", "created", "updated", "rejected", "undone", "kept"),
    *("sent", "failed", "skipped", "uncertain"),
    *("time", "place", "time_before", "place_before", "portal"),
)
GUEST_FACTS = ("inviter", "time", "time_before", "place", "place_before")
DETAILS = ("title", "address", "user_agent")
SETTINGS_PAGE = "/profile/notifications"
# How many a mail of the day lists; its subject says how many there are.
SHOWN = 50


def say(key, language, facts):
    """Returns the text `key` in a language; "" if there is none."""
    named = {name: facts.get(name, "") for name in FACTS}
    counted = {"count": facts["count"]} if "count" in facts else {}
    return texts.translate(key, language, "", **named, **counted)


def sentence(kind, title, values, language):
    """Returns a notification as one sentence."""
    facts = {**values, "title": title}
    # What services came to tell of since is told in general terms.
    keys = (f"told.{kind}.{values.get('event')}", f"told.{kind}", f"told.{kind}.")
    return next(filter(None, (say(key, language, facts) for key in keys)), "")


def letter(template, language, values, site):
    """Returns what a mail says; `site` is the address of this installation, if it is known."""
    return WRITERS[template](language, values, site)


def trial(language):
    """Returns what the mail says that tries the settings."""
    return Letter(language, *_head("mail.TEST", language, {}))


def _with_link(template):
    """Returns what writes a letter about a link that works once."""

    def write(language, values, site):
        button = Item(say(f"mail.{template}.button", language, values), values.get("link", ""))
        subject, paragraphs = _head(f"mail.{template}", language, values)
        return Letter(language, subject, paragraphs, button=button if button.link else None)

    return write


def _head(key, language, values):
    """Returns the subject and the paragraphs of a letter; one to nobody by name begins without one."""
    text = say(f"{key}.text", language, values).removeprefix(", ")
    return say(f"{key}.subject", language, values), (text[:1].upper() + text[1:],)


def _to_guest(template):
    """Returns what writes a letter about an event; its buttons lead to the page on which a guest answers."""

    def write(language, values, site):
        def label(name):
            return say(f"mail.guest.{name}", language, values)

        again = ".again" if values.get("again") else ""
        subject, paragraphs = _head(f"mail.{template}{again}", language, values)
        written = _lines(values.get("message", ""))
        facts = tuple(Item(f"{label(name)}: {values[name]}") for name in GUEST_FACTS if values.get(name))
        footnote = Item(label("footnote"), values["unsubscribe"]) if values.get("unsubscribe") else Item("")
        link = values.get("link", "")
        buttons = {"accept": "?answer=accept", "decline": "?answer=decline", "calendar": "/event.ics"}
        if template != Template.EVENT_INVITATION:
            buttons = {"change": "", "calendar": "/event.ics"}
        pressed = [Item(label(name), link + more) for name, more in buttons.items()] if link else []
        first, others = next(iter(pressed), None), tuple(pressed[1:])
        return Letter(language, subject, paragraphs + written, facts, first, others, footnote)

    return write


def _lines(text):
    """Returns what somebody wrote as paragraphs."""
    return tuple(line for line in text.splitlines() if line.strip())


def _security(language, values, site):
    subject = sentence(Kind.SECURITY, values.get("title", ""), values, language)
    facts = [(name, values[name]) for name in DETAILS if values.get(name)]
    items = tuple(Item(f"{say(f'mail.label.{name}', language, {})}: {value}") for name, value in facts)
    paragraphs = (say("mail.SECURITY_NOTICE.text", language, values),)
    return Letter(language, subject, paragraphs, items, footnote=_footnote(language, site))


def _notification(language, values, site):
    told = _told(values, language, site)
    button = Item(say("mail.NOTIFICATION.button", language, values), told.link) if told.link else None
    text = _lines(values.get("text", ""))
    return Letter(language, told.text, text, button=button, footnote=_footnote(language, site))


def _digest(language, values, site):
    subject, paragraphs = _head("mail.DIGEST", language, {"count": values["count"]})
    items = tuple(_told(item, language, site) for item in values["items"])
    return Letter(language, subject, paragraphs, items, footnote=_footnote(language, site))


def _told(values, language, site):
    """Returns a notification as a line of a letter, and the page of its record."""
    text = sentence(values["kind"], values["title"], values["values"], language)
    return Item(text, f"{site}/{values['subject']}" if site and values["subject"] else "")


def _footnote(language, site):
    return Item(say("mail.footnote", language, {}), settings_page(site))


def settings_page(site):
    """Returns where a person says what he wants to be told, or "" if our address is not known."""
    return f"{site}{SETTINGS_PAGE}" if site else ""


WRITERS = {
    Template.INVITATION: _with_link(Template.INVITATION),
    Template.PASSWORD_RESET: _with_link(Template.PASSWORD_RESET),
    Template.SECURITY_NOTICE: _security,
    Template.NOTIFICATION: _notification,
    Template.DIGEST: _digest,
    **{template: _to_guest(template) for template in TO_GUESTS},
}
# An account is needed to change what one is told.
UNSUBSCRIBABLE = frozenset({Template.SECURITY_NOTICE, Template.NOTIFICATION, Template.DIGEST})
