"""Mailings: what is true of a letter to many, of each who is to get it, and of addresses that are not written to."""

import math
import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    Text,
    Uuid,
    false,
    func,
    literal_column,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import BLOB, UtcDateTime
from chassis.errors import FailedPrecondition, InvalidArgument
from chassis.kit import askers
from chassis.resource import Resource
from services.contacts.mailing import wording
from services.contacts.schema import Base

MOST = 10_000
# Of a body, in characters.
LONGEST = 200_000
PER_MINUTE = 60
# How much may leave at once after nothing could, as while a job was late.
CREDIT = timedelta(seconds=2)
# How long what was not taken for now waits before each further attempt; after the last one it has failed.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))


class State(StrEnum):
    """Where a mailing is in its life."""

    DRAFT = "DRAFT"
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


OPEN = (State.QUEUED, State.RUNNING)


class Outcome(StrEnum):
    """What became of one recipient."""

    PENDING = "PENDING"
    SENDING = "SENDING"
    SENT = "SENT"
    KEPT = "KEPT"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"
    UNCERTAIN = "UNCERTAIN"


UNFINISHED = (Outcome.PENDING, Outcome.SENDING)
# Which count of its mailing an outcome is part of.
COUNTED = {
    Outcome.SENT: "sent_count",
    Outcome.KEPT: "sent_count",
    Outcome.FAILED: "failed_count",
    Outcome.SKIPPED: "skipped_count",
    Outcome.UNCERTAIN: "uncertain_count",
}


class Mailing(Resource, Base):
    """The same letter to many contacts."""

    __tablename__ = "mailing"

    collection = "mailings"
    writable = ("subject", "body", "sender_name", "reply_to", "language", "per_minute", "contacts", "selection")
    filterable = ("state", "subject")
    detail = ("body", "contacts")

    state: Mapped[str] = mapped_column(Text, default=State.DRAFT)
    subject: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    sender_name: Mapped[str] = mapped_column(Text, default="")
    reply_to: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(Text, default="")
    per_minute: Mapped[int] = mapped_column(default=PER_MINUTE)
    contacts: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    # The ContactSelection as JSON.
    selection: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    recipient_count: Mapped[int] = mapped_column(default=0)
    sent_count: Mapped[int] = mapped_column(default=0)
    failed_count: Mapped[int] = mapped_column(default=0)
    skipped_count: Mapped[int] = mapped_column(default=0)
    uncertain_count: Mapped[int] = mapped_column(default=0)
    start_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(Text, default="")
    # Before that nothing of it leaves.
    next_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # On whose account it is sent: who started it, as he was then.
    started_by: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))

    __table_args__ = (
        Index("ix_mailing_create_time_id", "create_time", "id"),
        Index("ix_mailing_due", "next_time", postgresql_where=text("state IN ('QUEUED', 'RUNNING')")),
    )

    @classmethod
    def visible(cls, actor):
        """Only administrators know of mailings."""
        return true() if actor.sees_all else false()

    editable = visible

    @classmethod
    def computed(cls, actor):
        """The files that go along."""
        facts = {"id": MailingAttachment.id, "file_name": MailingAttachment.file_name}
        facts |= {"content_type": MailingAttachment.content_type, "size": MailingAttachment.size}
        shown = func.jsonb_build_object(*(part for pair in facts.items() for part in pair))
        listed = func.jsonb_agg(shown).filter(MailingAttachment.id.is_not(None))
        mine = select(func.coalesce(listed, text("'[]'"))).where(MailingAttachment.mailing == cls.id)
        return {"attachments": mine.correlate(cls).scalar_subquery()}

    @classmethod
    def present(cls, fields):
        """How far it is, and how long the rest will take."""
        done = sum(fields[count] for count in {*COUNTED.values()})
        every = fields["recipient_count"]
        over = fields["state"] == State.SUCCEEDED
        fields["progress_percent"] = 100 if over else min(99, 100 * done // max(1, every))
        if fields["state"] in OPEN:
            fields["remaining"] = {"seconds": math.ceil((every - done) * 60 / fields["per_minute"])}
        files = fields.get("attachments") or []
        fields["attachments"] = [{**file, "id": str(file["id"])} for file in sorted(files, key=lambda file: file["id"])]

    def readers(self):
        """Nobody's page shows them but administrators', who see everything."""
        return []

    def label(self):
        """Its subject."""
        return self.subject

    def check(self):
        """Its texts can do no harm, and its recipients are named or selected."""
        self.subject, self.sender_name = (wording.one_line(each or "") for each in (self.subject, self.sender_name))
        self.body = wording.clean(self.body or "")
        if len(self.body) > LONGEST:
            # Cleaning may add to it.
            raise InvalidArgument("at most {limit} characters", "string.max_len", field="body", limit=LONGEST)
        self.per_minute = self.per_minute or PER_MINUTE
        if self.contacts and self.selection is not None:
            raise InvalidArgument("name contacts, or say which ones", "NAMES_OR_SELECTION", field="contacts")

    def require_changeable(self):
        """Refuses once it was started."""
        if self.state != State.DRAFT:
            raise FailedPrecondition("{name} has been started", "MAILING_STARTED", name=self.name)

    def require_complete(self):
        """Refuses what cannot be sent yet."""
        self.require_changeable()
        wanted = {"subject": self.subject, "body": wording.text_of(self.body), "contacts": self.contacts}
        for field, value in wanted.items():
            if not value and (field != "contacts" or self.selection is None):
                raise InvalidArgument("fill it in", "MAILING_INCOMPLETE", field=field)

    def start(self, actor, now):
        """Begins to send, on the account of `actor`."""
        self.state, self.start_time, self.next_time, self.update_time = State.QUEUED, now, now, now
        self.started_by = askers.kept(actor)

    @property
    def starter(self):
        """Who started it."""
        return askers.restored(self.started_by or {})

    def end(self, state, now, error=""):
        """Ends it."""
        self.state, self.end_time, self.update_time, self.error = state, now, now, error

    def cancel(self, now):
        """Stops it."""
        if self.state not in OPEN:
            raise FailedPrecondition("{name} does not run", "MAILING_NOT_RUNNING", name=self.name)
        self.end(State.CANCELLED, now)

    def require_idle(self):
        """Refuses while it runs."""
        if self.state in OPEN:
            raise FailedPrecondition("{name} runs; cancel it first", "MAILING_RUNNING", name=self.name)

    def after_one(self, now):
        """Returns when the next mail may leave after one that leaves now: so many a minute, and no rush to catch up."""
        return max(self.next_time, now - CREDIT) + timedelta(seconds=60 / self.per_minute)


class MailingAttachment(Base):
    """A file that goes along with a mailing."""

    __tablename__ = "mailing_attachment"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    mailing: Mapped[int] = mapped_column(ForeignKey("mailing.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    blob: Mapped[str] = mapped_column(Text, info=BLOB)


class MailingRecipient(Base):
    """A contact that a mailing is for. It goes with the contact: nothing is kept of who is erased."""

    __tablename__ = "mailing_recipient"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    mailing: Mapped[int] = mapped_column(ForeignKey("mailing.id", ondelete="CASCADE"))
    contact: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    # As it was when the mailing began; and by which it is told from others.
    address: Mapped[str] = mapped_column(Text)
    address_key: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    message: Mapped[str] = mapped_column(Text, default="")
    # Under which notifications sends it once.
    key: Mapped[uuid.UUID] = mapped_column(Uuid, server_default=func.gen_random_uuid())
    attempts: Mapped[int] = mapped_column(default=0)
    time: Mapped[datetime] = mapped_column(UtcDateTime)
    # When it is to be tried; of one that is being tried, when it is to be asked what became of it.
    due_time: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_mailing_recipient_mailing_id", "mailing", "id"),
        Index("ix_mailing_recipient_mailing_state_id", "mailing", "state", "id"),
        Index("ix_mailing_recipient_sending", "due_time", postgresql_where=text("state = 'SENDING'")),
        # Each address at most once, whatever else goes wrong.
        Index(
            "uq_mailing_recipient_address",
            "mailing",
            "address_key",
            unique=True,
            postgresql_where=text("state <> 'SKIPPED'"),
        ),
    )

    @property
    def name(self):
        """`mailings/3/recipients/17`"""
        return f"{Mailing.collection}/{self.mailing}/recipients/{self.id}"

    def claim(self, now, again):
        """Begins an attempt; `again` is how long it takes until one must ask what became of it."""
        self.attempts += self.state == Outcome.PENDING
        self.state, self.time, self.due_time = Outcome.SENDING, now, now + again

    def conclude(self, outcome, now, reason="", message=""):
        """Notes what became of it."""
        self.state, self.time, self.reason, self.message = outcome, now, reason, message

    def postpone(self, now, message):
        """Waits for another attempt, longer each time; after the last one it has failed."""
        if self.attempts > len(PAUSES):
            self.conclude(Outcome.FAILED, now, reason="TOO_LATE", message=message)
        else:
            self.conclude(Outcome.PENDING, now, message=message)
            self.due_time = now + PAUSES[self.attempts - 1]


class Unsubscription(Base):
    """An address that is not written to, or was not. It stays when the contact is gone, for ever."""

    __tablename__ = "unsubscription"

    # In small letters.
    address: Mapped[str] = mapped_column(Text, primary_key=True)
    active: Mapped[bool]
    time: Mapped[datetime] = mapped_column(UtcDateTime)
    # How often it was taken back since when.
    returns: Mapped[int] = mapped_column(default=0)
    returns_since: Mapped[datetime] = mapped_column(UtcDateTime)


def address_key(address):
    """Returns the SQL for what tells an address from others: addresses in other letters are the same."""
    return func.lower(address)


def primary_address(emails):
    """Returns the SQL for the address to write to first; null if there is none."""
    return _as_text(func.jsonb_path_query_first(emails, literal_column("'$[*] ? (@.primary == true).value'")))


def _as_text(value):
    return value.op("#>>")(literal_column("'{}'"))


def unsubscribed(model):
    """Returns the SQL for whether one of the addresses of a contact unsubscribed."""
    entry = func.jsonb_path_query(model.emails, literal_column("'$[*].value'"), type_=JSONB).column_valued("entry")
    same = Unsubscription.address == address_key(_as_text(entry))
    return select(Unsubscription.address).where(Unsubscription.active, same).correlate(model).exists()
