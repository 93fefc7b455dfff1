"""Users, sessions, API keys, failed sign-ins and the portal: what is true of those who ask."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import available_timezones

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.db import Name, UtcDateTime, service_metadata
from chassis.errors import InvalidArgument, PermissionDenied
from chassis.resource import Resource
from chassis.standard import fold

# A session ends after so long without use, and in any case after so long.
IDLE = timedelta(days=7)
LIFETIME = timedelta(days=30)
# How exactly the last use is known: so often a session in use is written to.
USE_NOTED = timedelta(minutes=1)
SESSION_PREFIX, KEY_PREFIX = "rs_", "rk_"


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


class Portal(Base):
    """What everybody here shares: one row, made with the owner."""

    __tablename__ = "portal"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(Text)
    currency_code: Mapped[str] = mapped_column(Text)


class User(Resource, Base):
    """Somebody who works here."""

    __tablename__ = "user"

    collection = "users"
    writable = ("email", "display_name", "role", "language", "time_zone", "state")
    filterable = ("email", "display_name", "role", "state")
    sort_columns = {"display_name": "sort_key"}
    default_order = "display_name"

    email: Mapped[str] = mapped_column(Text)
    # The address as it is compared: two users cannot differ by case alone.
    email_key: Mapped[str] = mapped_column(Text)
    display_name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text, default=Role.USER)
    language: Mapped[str] = mapped_column(Text, default="en")
    time_zone: Mapped[str] = mapped_column(Text, default="UTC")
    state: Mapped[str] = mapped_column(Text, default=State.ACTIVE)
    # argon2id; empty for whoever cannot sign in with a password.
    password_hash: Mapped[str] = mapped_column(Text, default="")
    sort_key: Mapped[str] = mapped_column(Text(collation="C"))
    search_text: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("email_key"), Index("ix_user_sort_key_id", "sort_key", "id"))

    @classmethod
    def matches(cls, word):
        """A word is found anywhere in the name or the e-mail."""
        return cls.search_text.contains(word, autoescape=True)

    def check(self):
        """Settles what is sorted and compared; a time zone is one that the world knows."""
        self.role = self.role if self.role in tuple(Role) else Role.USER
        self.state = self.state if self.state in tuple(State) else State.ACTIVE
        self.time_zone = self.time_zone or "UTC"
        if self.time_zone not in available_timezones():
            raise InvalidArgument("there is no such time zone", "TIME_ZONE_UNKNOWN", field="time_zone")
        self.email_key = self.email.casefold()
        self.sort_key = fold(self.display_name)
        self.search_text = fold(f"{self.display_name} {self.email}")

    def require_change_by(self, actor, changed):
        """Refuses unless `actor` may change these fields of this user."""
        if {"role", "state"} & set(changed) and self.role_before == Role.OWNER:
            raise PermissionDenied("the owner stays owner and active", "OWNER_IMMUTABLE")
        if "role" in changed and self.role == Role.OWNER:
            raise PermissionDenied("there is one owner", "OWNER_UNIQUE")
        if actor.role in PORTAL_ADMINS:
            if self.role_before == Role.OWNER and actor.user != self.name:
                raise PermissionDenied("only the owner changes the owner", "OWNER_IMMUTABLE")
            return
        own = {"display_name", "language", "time_zone", "password"}
        if actor.user != self.name or not set(changed) <= own:
            raise PermissionDenied("only administrators of the portal may do this", "PORTAL_ADMIN_REQUIRED")


class Credential:
    """What sessions and API keys have in common: a secret that is kept as its hash only, and whose it is."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    create_time: Mapped[datetime] = mapped_column(UtcDateTime)
    last_use_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    token_hash: Mapped[str] = mapped_column(Text, unique=True)


class Session(Credential, Base):
    """One browser or program that has signed in."""

    __tablename__ = "session"

    collection = "sessions"

    user: Mapped[str] = mapped_column(Name("users"), ForeignKey("user.id", ondelete="CASCADE"), index=True)
    expire_time: Mapped[datetime] = mapped_column(UtcDateTime)
    user_agent: Mapped[str] = mapped_column(Text, default="")

    @property
    def name(self):
        """`sessions/5`"""
        return f"{self.collection}/{self.id}"


class ApiKey(Credential, Base):
    """A long-lived secret with which a program acts as a user."""

    __tablename__ = "api_key"

    collection = "apiKeys"

    user: Mapped[str] = mapped_column(Name("users"), ForeignKey("user.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(Text)

    @property
    def name(self):
        """`apiKeys/2`"""
        return f"{self.collection}/{self.id}"


class SignInFailure(Base):
    """A sign-in that failed: counted against the account, the address it came from, and everybody."""

    __tablename__ = "sign_in_failure"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    time: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_sign_in_failure_account_time", "account", "time"),
        Index("ix_sign_in_failure_address_time", "address", "time"),
        Index("ix_sign_in_failure_time", "time"),
    )


def new_token(prefix):
    """Returns a secret of 256 bits."""
    return prefix + secrets.token_urlsafe(32)


def hashed(token):
    """Returns a token as it is kept. It is random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()
