"""The letter as each contact gets it: values in the place of tags, and below it how to have no more."""

import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from crm.notifications.v1 import notifications_pb2
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from sqlalchemy import select

from chassis import texts
from chassis.db import number
from chassis.errors import InvalidArgument
from services.contacts.importing.meanings import CUSTOM
from services.contacts.mailing import unsubscribing, wording
from services.contacts.mailing.model import MailingAttachment
from services.contacts.model import Contact, ContactField, Kind

PLAIN = ("first_name", "last_name", "display_name", "job_title")
OTHERS = ("company", "email")
# What the link below a letter leads to that nobody got.
TRIAL = "trial"
BELOW = {
    "why": "You received this because we have your address. If you want no more such letters:",
    "unsubscribe": "unsubscribe",
    "yes": "yes",
}


def known_tags(tx):
    """Returns all tags that stand for something."""
    own = tx.session.scalars(select(ContactField).where(ContactField.kind != "HEADING"))
    return {*PLAIN, *OTHERS, *(CUSTOM + field.name for field in own)}


def require_tags(tx, mailing):
    """Refuses a mailing with tags that stand for nothing."""
    used = {field: wording.tags(getattr(mailing, field) or "") for field in ("subject", "body")}
    known = known_tags(tx) if any(used.values()) else set()
    for field, tags in used.items():
        for tag in {*tags} - known:
            shown = wording.one_line(tag, 100)
            raise InvalidArgument("there is no merge tag {tag}", "UNKNOWN_MERGE_TAG", field=field, tag=shown)


def content_type(file_name):
    """Returns what kind of file a name is of."""
    return mimetypes.guess_type(file_name)[0] or "application/octet-stream"


@dataclass(frozen=True)
class Letter:
    """A letter to one contact."""

    subject: str
    text: str
    html: str
    # The tags that this contact has no value for.
    empty: tuple[str, ...]


class Letters:
    """The letters of one mailing."""

    def __init__(self, tx, mailing):
        self.number, self.subject, self.body = mailing.id, mailing.subject, mailing.body
        self.sender_name, self.reply_to, self.language = mailing.sender_name, mailing.reply_to, mailing.language
        self.site = tx.service.settings.public_url.rstrip("/")
        self.tags = [*dict.fromkeys([*wording.tags(mailing.subject), *wording.tags(mailing.body)])]
        self._files: list | None = None

    def of(self, tx, contact, address, *, trial=False):
        """Returns the letter that a contact gets at an address, and the link in it that ends it."""
        values = self._values(tx, contact, address)
        token = TRIAL if trial else unsubscribing.token(tx, address, self.number, contact.id, self.language)
        link = f"{self.site}/unsubscribe/{token}"
        body = wording.merge(self.body, values, html=True)
        below = {name: texts.translate(f"mailing.{name}", self.language, said) for name, said in BELOW.items()}
        subject = wording.one_line(wording.merge(self.subject, values))
        facts = {"language": self.language, "subject": subject, "link": link, "below": below}
        html = _page().render(facts, body=Markup(body))  # noqa: S704 it was cleaned after the values were put in
        text = f"{wording.text_of(body)}\n\n-- \n{below['why']}\n{link}\n"
        empty = tuple(tag for tag in self.tags if not values.get(tag))
        return Letter(subject, text, html, empty), link

    def _values(self, tx, contact, address):
        """Returns what the tags stand for: tag → value."""
        values = {name: getattr(contact, name) for name in PLAIN} | {"email": address, "company": contact.company_name}
        if contact.kind == Kind.PERSON and contact.company and "company" in self.tags:
            named = select(Contact.display_name).where(Contact.id == number(contact.company, Contact.collection))
            values["company"] = tx.session.scalar(named) or ""
        yes = texts.translate("mailing.yes", self.language, BELOW["yes"])
        kept = {name: value for name, value in (contact.custom or {}).items() if value is not None}
        own = {CUSTOM + name: yes if value is True else str(value) for name, value in kept.items()}
        return {**own, **values}

    def request(self, letter, link, key, **to):
        """Returns what notifications is asked to send."""
        return notifications_pb2.SendMailRequest(
            key=str(key),
            sender_name=self.sender_name,
            reply_to=self.reply_to,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            language=self.language,
            unsubscribe_url=link,
            attachments=self._files or (),
            **to,
        )

    def read_files(self, tx):
        """Reads the files that go along, once."""
        if self._files is None:
            mine = select(MailingAttachment).where(MailingAttachment.mailing == self.number)
            rows = tx.session.scalars(mine.order_by(MailingAttachment.id)).all()
            self._files = [
                {"file_name": row.file_name, "content": b"".join(tx.service.blobs.get(row.blob))} for row in rows
            ]


@lru_cache
def _page():
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return pages.get_template("letter.html")
