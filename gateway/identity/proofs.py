"""How somebody proves who he is: sessions, API keys, links that work once; and the tries that are counted."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import UtcDateTime
from gateway.identity.schema import Base


class Session(Base):
    """One browser or program that has signed in."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user.id"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_agent: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(Text, default="", server_default="")
    create_time: Mapped[datetime] = mapped_column(UtcDateTime)
    last_use_time: Mapped[datetime] = mapped_column(UtcDateTime)
    expire_time: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    @property
    def name(self):
        """`sessions/5`"""
        return f"sessions/{self.id}"

    def label(self):
        """What the browser or program said it is."""
        return self.user_agent


class ApiKey(Base):
    """A long-lived secret with which a program acts as a user."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user.id"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    title: Mapped[str] = mapped_column(Text)
    # What it may be used for; empty for everything.
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    expire_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    create_time: Mapped[datetime] = mapped_column(UtcDateTime)
    last_use_time: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def name(self):
        """`apiKeys/2`"""
        return f"apiKeys/{self.id}"

    def label(self):
        """What it is for."""
        return self.title


class Purpose(StrEnum):
    """What a link is for; one that is for something else is no link."""

    INVITATION = "INVITATION"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 no password


class Link(Base):
    """A link that works once: of each purpose a user has one at most, the newest."""

    __tablename__ = "link"

    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expire_time: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # On whose account it was made: whoever does that can use it too.
    issuer: Mapped[str] = mapped_column(Text, default="", server_default="")


class Totp(Base):
    """The authenticator of a user: its secret, whether it is asked for, and the last of its codes that was used."""

    __tablename__ = "totp"

    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user.id"), primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    enabled: Mapped[bool] = mapped_column(default=False)
    # Codes are numbered by half minutes; none is taken twice, nor one before it.
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class ProvenElsewhere(Base):
    """Whom another provider knows a user as."""

    __tablename__ = "proven_elsewhere"

    issuer: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user.id"))

    # Whoever gets the address of somebody who left does not become him.
    __table_args__ = (Index("uq_proven_elsewhere_user_id_issuer", "user_id", "issuer", unique=True),)


class RecoveryCode(Base):
    """What signs in once in place of an authenticator's code."""

    __tablename__ = "recovery_code"

    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


class Attempt(Base):
    """A try to prove something that failed, or has not succeeded yet."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, default="SIGN_IN", server_default="SIGN_IN")
    account: Mapped[bytes] = mapped_column(LargeBinary)
    network: Mapped[str] = mapped_column(Text)
    time: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    __table_args__ = (
        Index("ix_attempt_account_time", "account", "time"),
        Index("ix_attempt_network_time", "network", "time"),
    )


class KnownPlace(Base):
    """A network from which an account was signed in to: what strangers try elsewhere does not lock it there."""

    __tablename__ = "known_place"

    account: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    network: Mapped[str] = mapped_column(Text, primary_key=True)
    time: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
