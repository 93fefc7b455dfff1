"""Forms on websites: what is true of them, and of what visitors hand in."""

import ipaddress
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import BigInteger, ForeignKey, Index, Text, false, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import HOLDS_NAMES, UtcDateTime
from chassis.errors import InvalidArgument, ResourceExhausted
from chassis.kit.access import Sharing
from chassis.resource import Resource
from services.contacts.schema import Base

# (how many, in how long) from one network, and for one form.
PER_NETWORK = ((10, timedelta(minutes=10)), (100, timedelta(days=1)))
# What a contact needs to be called.
NAMES = {"PERSON": ("first_name", "last_name"), "COMPANY": ("company_name",)}
PERSONAL = frozenset({"first_name", "last_name", "full_name", "job_title"})
PER_FORM = ((300, timedelta(hours=1)),)
REMEMBERED = timedelta(days=2)


class ContactForm(Resource, Base):
    """A form that is shown on a website. Its key is the secret part of its address."""

    __tablename__ = "contact_form"

    collection = "contactForms"
    writable = (
        "title",
        "fields",
        "managers",
        "sharing",
        "tags",
        "recipients",
        "thanks",
        "redirect_url",
        "origins",
        "language",
        "paused",
    )
    immutable = ("kind",)

    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    fields: Mapped[list] = mapped_column(JSONB)
    managers: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, info=HOLDS_NAMES)
    sharing: Mapped[str] = mapped_column(Text, default=Sharing.PRIVATE)
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    recipients: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, info=HOLDS_NAMES)
    thanks: Mapped[str] = mapped_column(Text, default="")
    redirect_url: Mapped[str] = mapped_column(Text, default="")
    origins: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    language: Mapped[str] = mapped_column(Text, default="")
    paused: Mapped[bool] = mapped_column(default=False)
    key: Mapped[str] = mapped_column(Text, unique=True)
    submission_count: Mapped[int] = mapped_column(default=0)

    @classmethod
    def visible(cls, actor):
        """Only administrators know the forms."""
        return true() if actor.sees_all else false()

    editable = visible

    def readers(self):
        """Nobody's page shows them but administrators', who see everything."""
        return []

    def label(self):
        """Its title."""
        return self.title

    def check(self):
        """It asks for each field once, for the names that such contacts need, and leads to a web page if anywhere."""
        self.title = (self.title or "").strip()
        self.sharing = Sharing.PRIVATE if self.sharing in (None, "SHARING_UNSPECIFIED") else self.sharing
        paths = [field["field"] for field in self.fields]
        for path in paths:
            if paths.count(path) > 1:
                raise InvalidArgument("{path} is asked for twice", "FIELD_TWICE", field="fields", path=path)
        if self.kind == "COMPANY" and PERSONAL & {*paths}:
            path = next(path for path in paths if path in PERSONAL)
            raise InvalidArgument("companies have no {path}", "FIELD_OF_OTHER_KIND", field="fields", path=path)
        needed = ("full_name",) if self.kind == "PERSON" and "full_name" in paths else NAMES[self.kind]
        for path in needed:
            if path not in paths:
                raise InvalidArgument("ask for {path} too", "FIELD_MISSING", field="fields", path=path)
        self.fields = [
            {**field, "required": field.get("required") or field["field"] in needed} for field in self.fields
        ]
        if self.redirect_url and not is_web_page(self.redirect_url):
            raise InvalidArgument("not the address of a web page", "REDIRECT_REFUSED", field="redirect_url")

    def rotate(self):
        """Gives it another key."""
        self.key = secrets.token_urlsafe(18)


class Submission(Base):
    """That something was handed in: a piece of work counts once, and nobody sends more than people do."""

    __tablename__ = "form_submission"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    form: Mapped[int] = mapped_column(ForeignKey("contact_form.id", ondelete="CASCADE"))
    network: Mapped[str] = mapped_column(Text)
    # What told this piece of work from all others.
    nonce: Mapped[str] = mapped_column(Text, unique=True)
    time: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_form_submission_network_time", "network", "time"),
        Index("ix_form_submission_form_time", "form", "time"),
    )


def is_web_page(address):
    """Whether an address is that of a web page, and nothing that a browser would run."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    printable = address.isprintable() and not set(address) & set(" \\\"'<>")
    return parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc and printable


def network_of(address):
    """Whom submissions count against: an IPv4 address, or the network of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(found if found.version == 4 else ipaddress.ip_network((found, 64), strict=False))


def require_few(tx, form, network):
    """Refuses with TOO_MANY_SUBMISSIONS when more came than people send."""
    for mine, limits in ((Submission.network == network, PER_NETWORK), (Submission.form == form.id, PER_FORM)):
        for most, window in limits:
            recent = select(func.count()).where(mine, Submission.time > tx.now - window)
            if tx.session.scalar(recent) >= most:
                raise ResourceExhausted(
                    "too many came from you; try again later", "TOO_MANY_SUBMISSIONS", retry_after=window.seconds or 600
                )
