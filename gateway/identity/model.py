"""Identity: what is true of users, sessions, API keys and the portal."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, Text, cast, func, literal
from sqlalchemy import true as always
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.db import UtcDateTime
from chassis.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from chassis.resource import Resource
from chassis.standard import fold
from chassis.tables import service_metadata
from gateway.identity import passwords


class Base(DeclarativeBase):
    """The tables of identity."""

    metadata = service_metadata()


class Role(StrEnum):
    """What a user may do."""

    OWNER = "OWNER"
    PORTAL_ADMIN = "PORTAL_ADMIN"
    CRM_ADMIN = "CRM_ADMIN"
    USER = "USER"


class State(StrEnum):
    """Whether a user may sign in."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


PORTAL_ADMINS = (Role.OWNER, Role.PORTAL_ADMIN)
# What everybody may change of themselves.
OWN = frozenset({"display_name", "language", "time_zone", "password"})
# What only the owner changes of the owner: an administrator who could would be the owner.
OWNERS = frozenset({"email", "password"})


def is_portal_admin(actor):
    """Whether somebody administers the portal."""
    return actor.role in PORTAL_ADMINS


class Portal(Base):
    """What everybody here shares; its one row is there once the owner is."""

    __tablename__ = "portal"

    id: Mapped[int] = mapped_column(primary_key=True, default=1, autoincrement=False)
    language: Mapped[str] = mapped_column(Text)
    currency_code: Mapped[str] = mapped_column(Text)


class User(Resource, Base):
    """Somebody who works here."""

    __tablename__ = "user"

    collection = "users"
    writable = ("email", "display_name", "role", "language", "time_zone", "state", "password")
    filterable = ("email", "display_name", "role", "state")
    sort_columns = {"display_name": "sort_key"}
    default_order = "display_name"

    email: Mapped[str] = mapped_column(Text)
    display_name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text, default=Role.USER)
    language: Mapped[str] = mapped_column(Text, default="")
    time_zone: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text, default=State.ACTIVE)
    password_hash: Mapped[str | None] = mapped_column(Text)
    sort_key: Mapped[str] = mapped_column(Text(collation="C"))
    search_text: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("uq_user_email", func.lower(email), unique=True),
        Index("uq_user_owner", role, unique=True, postgresql_where=role == Role.OWNER),
        Index("ix_user_sort_key_id", "sort_key", "id"),
    )

    # A password on its way to becoming a hash; it is never kept.
    password = ""

    @classmethod
    def editable(cls, actor):
        """Everybody changes themselves; of administrators `require_change_by` knows more, for it sees their role."""
        return always() if actor.sees_all else literal("users/") + cast(cls.id, Text) == actor.user

    @classmethod
    def matches(cls, word):
        """A word is found anywhere in the display name or e-mail."""
        return cls.search_text.contains(word, autoescape=True)

    def require_change_by(self, actor, changed):
        """Refuses what this actor may not change of this user."""
        changed = set(changed)
        if self.name == actor.user and changed <= OWN:
            return
        if not is_portal_admin(actor):
            raise PermissionDenied("only administrators of the portal may do this", "PORTAL_ADMIN_REQUIRED")
        if changed & OWNERS and self.role == Role.OWNER and self.name != actor.user:
            raise PermissionDenied("only the owner changes how the owner signs in", "OWNER_PROTECTED")

    def require_owner_stays(self, before, changed):
        """Refuses to make somebody the owner, or the owner anything else. `before` is the role until now."""
        if "role" in changed and Role.OWNER in (before, self.role):
            raise FailedPrecondition("there is one owner, for ever", "OWNER_PROTECTED")
        if "state" in changed and before == Role.OWNER:
            raise FailedPrecondition("the owner cannot be disabled", "OWNER_PROTECTED")

    def check(self):
        """Settles what was not said, and refuses an e-mail or time zone that does not exist."""
        self.role = self.role if self.role in Role.__members__ else Role.USER
        self.state = self.state if self.state in State.__members__ else State.ACTIVE
        self.time_zone = self.time_zone or "UTC"
        try:
            self.email = validate_email(self.email, check_deliverability=False, test_environment=True).normalized
        except EmailNotValidError:
            raise InvalidArgument("no e-mail address", "string.email", field="email") from None
        if self.time_zone not in available_timezones():
            raise InvalidArgument("there is no such time zone", "UNKNOWN_TIME_ZONE", field="time_zone")
        if self.password:
            passwords.require_strength(self.password, self.email, self.display_name)
            self.password_hash, self.password = passwords.hashed(self.password), ""
        self.sort_key = fold(self.display_name)
        self.search_text = fold(f"{self.display_name} {self.email}")


class Session(Base):
    """One browser or program that has signed in."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user.id"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_agent: Mapped[str] = mapped_column(Text, default="")
    create_time: Mapped[datetime] = mapped_column(UtcDateTime)
    last_use_time: Mapped[datetime] = mapped_column(UtcDateTime)
    expire_time: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class ApiKey(Base):
    """A long-lived secret with which a program acts as a user."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user.id"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    title: Mapped[str] = mapped_column(Text)
    create_time: Mapped[datetime] = mapped_column(UtcDateTime)
    last_use_time: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Attempt(Base):
    """A try to sign in that failed, or has not succeeded yet."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account: Mapped[bytes] = mapped_column(LargeBinary)
    network: Mapped[str] = mapped_column(Text)
    time: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    __table_args__ = (
        Index("ix_attempt_account_time", "account", "time"),
        Index("ix_attempt_network_time", "network", "time"),
    )
