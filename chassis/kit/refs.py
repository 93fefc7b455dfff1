"""What a service must know of others' records: their titles and readers, kept up to date by their announcements.

A ref is why a list needs no call: invoices know who may see their client. It is never older than the log is read.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar

import orjson
from sqlalchemy import BigInteger, Boolean, Text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Mapped, mapped_column

from chassis.prepared import Prepared


class Ref:
    """Another service's record as this one knows it. Who mounts it declares `name`, the key, with its collection, and
    names that in `copy_of`.
    """

    copy_of: ClassVar[tuple[str, ...]]
    # What else is kept: the names of its columns and their types in SQL.
    more: ClassVar[dict[str, str]] = {}

    title: Mapped[str] = mapped_column(Text)
    # The principals who may see it.
    readers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    version: Mapped[int] = mapped_column(BigInteger)
    # A tombstone: what arrives late must not revive it.
    deleted: Mapped[bool] = mapped_column(Boolean, default=False)

    def agrees(self, record):
        """Whether it says of a record, None if there is none, what its owner does."""
        if record is None:
            return self.deleted
        return not self.deleted and self.title == record.label() and {*self.readers} == {*record.readers()}


@dataclass(frozen=True)
class Known:
    """What was heard of a record."""

    name: str
    title: str
    readers: tuple
    etag: str
    # The values of `more`.
    more: dict = field(default_factory=dict)


@lru_cache
def _keep(model):
    """Returns the statement that takes over newer versions, prepared once."""
    table = model.__tablename__
    kinds = {"name": "bigint", "title": "text", "readers": "text[]", "version": "bigint", **model.more}
    names = ", ".join(kinds)
    typed = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
    taken = ", ".join(f"{name} = excluded.{name}" for name in kinds if name != "name")
    return Prepared(
        f"INSERT INTO {table} ({names}, deleted)"  # noqa: S608 names out of our own model
        f" SELECT DISTINCT ON (name) {names}, false FROM jsonb_to_recordset(%(known)s::jsonb)"
        f" AS known ({typed}) ORDER BY name, version DESC"
        f" ON CONFLICT (name) DO UPDATE SET {taken}"
        f" WHERE {table}.version < excluded.version AND NOT {table}.deleted RETURNING name"
    )


def keep(tx, model, known):
    """Takes over what was heard of records, all at once, unless a newer version is known or the record is gone."""
    key = model.name.type
    rows = [
        {
            "name": key.process_bind_param(each.name, None),
            "title": each.title,
            "readers": each.readers,
            "version": int(each.etag.strip('"') or 0),
            **each.more,
        }
        for each in known
    ]
    _keep(model).on(tx.connection, {"known": orjson.dumps(rows).decode()})


def bury(tx, model, names):
    """Notes that records are gone for good."""
    more: dict = {column: None if model.__table__.c[column].nullable else [] for column in model.more}
    gone = {"title": "", "readers": [], "version": 0, "deleted": True, **more}
    rows = insert(model).values([{"name": name, **gone} for name in sorted({*names})])
    tx.session.execute(rows.on_conflict_do_update(index_elements=["name"], set_=gone))
