"""The tables that every service has besides its own: what it announced, what it heard, what it answered."""

from sqlalchemy import BigInteger, Column, Identity, Index, LargeBinary, MetaData, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db import NAMING, UtcDateTime


def service_metadata():
    """Returns the metadata for the tables of one service: the chassis' tables are in it already."""
    metadata = MetaData(naming_convention=NAMING)
    for declare in (_outbox, _inbox, _parked, _position, _reply):
        declare(metadata)
    return metadata


def _outbox(metadata):
    table = Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("event_id", Text, nullable=False, unique=True),
        Column("subject", Text, nullable=False),
        Column("payload", LargeBinary, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("sent_time", UtcDateTime),
        comment="What this service announced, in order; unsent while sent_time is null",
    )
    Index("ix_outbox_unsent", table.c.id, postgresql_where=table.c.sent_time.is_(None))


def _inbox(metadata):
    Table(
        "inbox",
        metadata,
        Column("event_id", Text, primary_key=True),
        Column("handled_time", UtcDateTime, nullable=False, server_default=func.now(), index=True),
        comment="Announcements of others whose effect is in this database",
    )


def _parked(metadata):
    Table(
        "parked",
        metadata,
        Column("event_id", Text, primary_key=True),
        Column("subject", Text, nullable=False),
        Column("payload", LargeBinary, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("error", Text, nullable=False),
        Column("parked_time", UtcDateTime, nullable=False, server_default=func.now()),
        comment="Announcements that could not be handled; an operator retries or drops them",
    )


def _position(metadata):
    Table(
        "position",
        metadata,
        Column("stream", Text, primary_key=True),
        Column("sequence", BigInteger, nullable=False),
        comment="How far this service has read the log; the key names the stream and its birth",
    )


def _reply(metadata):
    Table(
        "reply",
        metadata,
        Column("actor", Text, primary_key=True),
        Column("request_id", Text, primary_key=True),
        Column("request_hash", LargeBinary, nullable=False),
        Column("response", LargeBinary),
        Column("create_time", UtcDateTime, nullable=False, server_default=func.now(), index=True),
        comment="Answers to calls that carried a request id, so that a repeated call has one effect",
    )
