"""Notifications: what is true of what people are told, and of mail."""

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Index, LargeBinary, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.db import UtcDateTime
from chassis.errors import FailedPrecondition, InvalidArgument
from chassis.resource import Resource
from chassis.tables import service_metadata

DIGEST_HOUR = 8
SUBMISSION_PORT = 587
# How long a mail that could not be delivered waits before each further attempt; after the last one it has failed.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 25, 125, 360, 360, 360))
UNKNOWN = "it is unknown whether it was sent"
TOO_LATE = "it could not be sent in time"
SUPERSEDED = "another mail has taken its place"


class Base(DeclarativeBase):
    """The tables of notifications."""

    metadata = service_metadata()


class Kind(StrEnum):
    """What a notification is about."""

    RECORD_ASSIGNED = "RECORD_ASSIGNED"
    RECORDS_HANDED_OVER = "RECORDS_HANDED_OVER"
    CONTACT_RECEIVED = "CONTACT_RECEIVED"
    SECURITY = "SECURITY"
    IMPORT_FINISHED = "IMPORT_FINISHED"
    EXPORT_FINISHED = "EXPORT_FINISHED"
    MAILING_FINISHED = "MAILING_FINISHED"
    RECORD_SHARED = "RECORD_SHARED"
    HISTORY_ENTRY_WRITTEN = "HISTORY_ENTRY_WRITTEN"
    EVENT_REMINDER = "EVENT_REMINDER"


class Email(StrEnum):
    """When a kind of notification is mailed."""

    IMMEDIATELY = "IMMEDIATELY"
    DAILY = "DAILY"
    NEVER = "NEVER"


class Template(StrEnum):
    """What a mail says."""

    INVITATION = "INVITATION"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 no password
    SECURITY_NOTICE = "SECURITY_NOTICE"
    NOTIFICATION = "NOTIFICATION"
    DIGEST = "DIGEST"
    EVENT_INVITATION = "EVENT_INVITATION"
    EVENT_REMINDER = "EVENT_REMINDER"
    EVENT_PLACE = "EVENT_PLACE"
    EVENT_CHANGED = "EVENT_CHANGED"
    EVENT_CANCELLED = "EVENT_CANCELLED"


class State(StrEnum):
    """How far a mail is."""

    QUEUED = "QUEUED"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    KEPT = "KEPT"


# They hold a link that works once.
WITH_ONE_TIME_LINK = (Template.INVITATION, Template.PASSWORD_RESET)
# They go to people outside, and may be many: whoever works here goes before.
TO_GUESTS = (
    *(Template.EVENT_INVITATION, Template.EVENT_REMINDER, Template.EVENT_PLACE),
    *(Template.EVENT_CHANGED, Template.EVENT_CANCELLED),
)


class Person(Base):
    """Somebody who works here, as identity says."""

    __tablename__ = "person"

    copy_of = ("users",)

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    display_name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(BigInteger)

    def agrees(self, record):
        """Whether it says of a user what identity does; users do not go."""
        copied = ("display_name", "email", "language", "time_zone", "role", "state")
        return record is not None and all(getattr(self, name) == getattr(record, name) for name in copied)

    def last_digest_moment(self, hour, now):
        """Returns when the newest digest was due: `hour` o'clock where the person is, today or yesterday."""
        local = now.astimezone(ZoneInfo(self.time_zone or "UTC"))
        moment = local.replace(hour=hour, minute=0, second=0, microsecond=0)
        return moment if moment <= local else moment - timedelta(days=1)


class Preference(Base):
    """What one person wants to be told, and how; who has never said so has no row."""

    __tablename__ = "preference"

    writable = ("kinds", "digest_hour")

    user: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int]
    digest_hour: Mapped[int]
    # Kind → {"page", "email"}, where it was ever set.
    kinds: Mapped[dict] = mapped_column(JSONB)

    def channels(self, kind):
        """Returns how a kind reaches this person: whether on the page, and when by mail."""
        chosen = self.kinds.get(kind, {})
        return chosen.get("page", True), Email(chosen.get("email", Email.IMMEDIATELY))

    def choose(self, kind, page, email):
        """Sets how a kind reaches this person. Refuses to hide what concerns his account."""
        if kind == Kind.SECURITY and not page:
            raise InvalidArgument("it is always shown on the page", "SECURITY_ALWAYS_SHOWN", field="kinds")
        self.kinds = {**self.kinds, kind: {"page": page, "email": email}}


def unsaid(user):
    """Returns the preference of somebody who has never said anything."""
    return Preference(user=user, version=0, digest_hour=DIGEST_HOUR, kinds={})


class Notification(Resource, Base):
    """Something that one person is told."""

    __tablename__ = "notification"

    collection = "notifications"
    filterable = ("unread", "kind", "subject")

    reader: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(Text, default="")
    values: Mapped[dict] = mapped_column(JSONB, default=dict)
    actor: Mapped[str] = mapped_column(Text, default="")
    unread: Mapped[bool] = mapped_column(default=True)
    read_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Who wants a kind by mail only is not shown it, but it must be somewhere until the day's mail.
    shown: Mapped[bool] = mapped_column(default=True)
    awaits_digest: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        Index("ix_notification_reader_create_time_id", "reader", "create_time", "id"),
        Index("ix_notification_unread", "reader", postgresql_where=text("unread AND shown")),
        Index("ix_notification_awaits_digest", "reader", postgresql_where=text("awaits_digest")),
        Index("ix_notification_create_time", "create_time"),
        Index("ix_notification_read_time", "read_time"),
        Index("ix_notification_mailed_only", "id", postgresql_where=text("NOT shown AND NOT awaits_digest")),
    )

    @classmethod
    def visible(cls, actor):
        """His own; administrators see theirs like everybody else."""
        return (cls.reader == actor.user) & cls.shown

    @classmethod
    def editable(cls, actor):
        """His own."""
        return cls.reader == actor.user

    def readers(self):
        """The one who is told."""
        return [self.reader]


class Mail(Resource, Base):
    """A mail that was, or is to be, sent."""

    __tablename__ = "mail"

    collection = "mails"
    filterable = ("state", "to", "template", "language")

    to: Mapped[str] = mapped_column(Text)
    template: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default=State.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    next_attempt_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the attempt began that is not over, or whose end nobody has seen.
    claim_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When it is of no use any more.
    expire_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What the template speaks of, sealed; none once it is gone.
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Whether that is not kept longer than it takes to send it.
    once: Mapped[bool] = mapped_column(default=False)
    # Under which whoever asked for it wants to hear what became of it; asked for again, it is the same mail.
    key: Mapped[str] = mapped_column(Text, default="", server_default="")

    __table_args__ = (
        Index("ix_mail_create_time_id", "create_time", "id"),
        Index("ix_mail_to_create_time", "to", "create_time"),
        Index("ix_mail_key", "key", unique=True, postgresql_where=text("key <> ''")),
        Index("ix_mail_due", "next_attempt_time", postgresql_where=state == State.QUEUED),
        Index("ix_mail_claimed", "claim_time", postgresql_where=state == State.SENDING),
    )

    @classmethod
    def computed(cls, actor):
        """Whether it could be sent once more."""
        in_time = cls.expire_time.is_(None) | (cls.expire_time > func.now())
        over = (cls.state == State.FAILED) | (cls.state == State.KEPT)
        return {"can_retry": over & cls.content.is_not(None) & in_time}

    def claim(self, now):
        """Begins an attempt. Until its end is written down nobody begins another one."""
        self.state, self.attempts, self.claim_time, self.update_time = State.SENDING, self.attempts + 1, now, now

    def conclude(self, state, now, error=""):
        """Ends its way: sent, kept or failed for good."""
        self.state, self.last_error, self.next_attempt_time, self.update_time = state, error, None, now
        self.sent_time = now if state in (State.SENT, State.KEPT) else None
        if self.once:
            self.content = None

    def postpone(self, now, error):
        """Waits for the next attempt, longer each time; after the last one it has failed."""
        if self.attempts > len(PAUSES):
            self.conclude(State.FAILED, now, error)
            return
        self.state, self.last_error, self.update_time = State.QUEUED, error, now
        self.next_attempt_time = now + PAUSES[self.attempts - 1]

    def retry(self, now):
        """Begins anew, because somebody asked for it: what failed, or lies in the folder since there was no server.

        Refuses what is on its way or has left, what is of no use any more, and what is not kept any more.
        """
        if self.state not in (State.FAILED, State.KEPT):
            raise FailedPrecondition("{name} is on its way or has left", "MAIL_NOT_FAILED", name=self.name)
        if self.expire_time and self.expire_time <= now:
            raise FailedPrecondition("{name} would come too late", "MAIL_TOO_LATE", name=self.name)
        if self.content is None:
            raise FailedPrecondition(
                "{name} held a secret and is not kept; have another one sent",
                "MAIL_CONTENT_GONE",
                name=self.name,
            )
        self.state, self.attempts, self.claim_time = State.QUEUED, 0, None
        self.next_attempt_time = self.update_time = now


class Result(StrEnum):
    """What became of a letter that another service had sent while it waited."""

    SENDING = "SENDING"
    SENT = "SENT"
    KEPT = "KEPT"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"


class Delivery(Base):
    """That a letter of another service is sent, or was: its key is sent once at most. What it said is not kept."""

    __tablename__ = "delivery"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    result: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text, default="")
    time: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class MailSettings(Base):
    """How mail leaves this installation: one row, or none before anybody set it."""

    __tablename__ = "mail_settings"

    writable = ("host", "port", "security", "user", "password", "from_address", "from_name")

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    host: Mapped[str] = mapped_column(Text)
    port: Mapped[int]
    security: Mapped[str] = mapped_column(Text)
    user: Mapped[str] = mapped_column(Text)
    sealed_password: Mapped[bytes | None] = mapped_column(LargeBinary)
    from_address: Mapped[str] = mapped_column(Text)
    from_name: Mapped[str] = mapped_column(Text)

    def check(self, ports):
        """Settles what was not said. Refuses ports that the operator does not allow, and secrets in the open."""
        self.port = self.port or SUBMISSION_PORT
        self.security = self.security if self.security in ("STARTTLS", "TLS", "NONE") else "STARTTLS"
        if self.host and self.port not in ports:
            allowed = ", ".join(str(port) for port in ports)
            raise InvalidArgument("the port must be one of {ports}", "MAIL_PORT_REFUSED", field="port", ports=allowed)
        if self.host and not self.from_address:
            raise InvalidArgument("mail needs an address that it comes from", "SENDER_REQUIRED", field="from_address")
        if self.user and self.security == "NONE":
            raise InvalidArgument(
                "a password would be sent unprotected: choose STARTTLS or TLS", "PASSWORD_UNPROTECTED", field="security"
            )


def no_server():
    """Returns the settings before anybody set them."""
    empty = dict.fromkeys(("host", "user", "from_address", "from_name"), "")
    return MailSettings(id=1, version=0, port=SUBMISSION_PORT, security="STARTTLS", sealed_password=None, **empty)


class Group(Base):
    """Several people under one name, as identity says."""

    __tablename__ = "group"

    copy_of = ("groups",)

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    members: Mapped[list[str]] = mapped_column(ARRAY(Text))
    version: Mapped[int] = mapped_column(BigInteger)

    def agrees(self, record):
        """Whether it says of a group, None if there is none, who is in it."""
        return {*self.members} == {*(record.members if record is not None else ())}


class Portal(Base):
    """Who may use the CRM, as identity says; one row, or none before it was ever changed."""

    __tablename__ = "portal"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    enabled: Mapped[bool]
    # What the portal is called; empty before it was ever heard.
    title: Mapped[str] = mapped_column(Text, default="", server_default="")
    # Whether everybody may, or the `members` only: users and groups.
    everyone: Mapped[bool]
    members: Mapped[list[str]] = mapped_column(ARRAY(Text))
    version: Mapped[int] = mapped_column(BigInteger)
