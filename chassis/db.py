"""PostgreSQL: engines, column types, names of constraints."""

import re
from datetime import UTC
from typing import Any

from sqlalchemy import BigInteger, DateTime, create_engine
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# What `crm doctor` is told about a column by its `info`: that it holds names of records, where its type does not say so
# (JSON objects hold them as keys); that these may be of records that are gone, or of those that became part of others;
# and that it holds names of blobs.
HOLDS_NAMES = {"names": True}
FORMER_NAMES = {"former": True}
ALSO_FORMER_NAMES = {"names": True, "or_former": True}
BLOB = {"blob": True}
# With these a row is locked so that nobody deletes it until the end, while everybody may go on changing it.
STAYS: dict[str, Any] = {"read": True, "key_share": True}
NUMBER = re.compile(r"[1-9][0-9]{0,17}")
# A statement that takes longer than a call may is stopped; so is one that waits for a lock, or an idle transaction.
LIMITS = "-c statement_timeout=5000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=15000 -c timezone=UTC"


# A host that is gone without a word is noticed within seconds.
ALIVE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}


class UtcDateTime(TypeDecorator):
    """An instant, kept and returned in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True
    is_instant = True

    def process_bind_param(self, value, dialect):
        """Refuses a time without a zone: it is no instant."""
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value

    def process_result_value(self, value, dialect):
        """Returns it in UTC whatever the session's zone."""
        return value if value is None else value.astimezone(UTC)


class Name(TypeDecorator):
    """A resource name of one collection, kept as its number: `contacts/17` is 17."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, collection):
        super().__init__()
        self.collection = collection

    def process_bind_param(self, value, dialect):
        """Keeps the number of the name."""
        return number(value, self.collection)

    def process_result_value(self, value, dialect):
        """Gives the name back."""
        return None if value is None else f"{self.collection}/{value}"


def number(name, collection):
    """Returns the number in a resource name, or None if it is empty or no name of `collection`.

    Every record has one name: `users/034` is none.
    """
    prefix, _, digits = (name or "").rpartition("/")
    return int(digits) if prefix == collection and NUMBER.fullmatch(digits) else None


def engine(url, connections, application, **options):
    """Returns an engine with a pool of so many connections."""
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=3,
        pool_pre_ping=False,
        connect_args={"options": LIMITS, "application_name": application, "connect_timeout": 3, **ALIVE},
        **options,
    )


def reading_engine(url, connections, application):
    """Returns an engine on which every statement stands alone: half the round trips, for what only reads."""
    return engine(url, connections, application, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
