"""What a service must know of others' records: their titles and readers, kept up to date by their announcements.

A ref is why a list needs no call: invoices know who may see their client. It is never older than the log is read.
"""

from functools import lru_cache

from sqlalchemy import BigInteger, Boolean, Text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Mapped, mapped_column

from chassis.prepared import Prepared


class Ref:
    """Another service's record as this one knows it. Who mounts it declares `name`, the key, with its collection."""

    title: Mapped[str] = mapped_column(Text)
    # The principals who may see it.
    readers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    version: Mapped[int] = mapped_column(BigInteger)
    # A tombstone: what arrives late must not revive it.
    deleted: Mapped[bool] = mapped_column(Boolean, default=False)


@lru_cache
def _keep(model):
    """Returns the statement that takes over a newer version, prepared once."""
    table = model.__tablename__
    return Prepared(
        f"INSERT INTO {table} (name, title, readers, version, deleted)"  # noqa: S608 a name out of our own model
        " VALUES (%(name)s, %(title)s, %(readers)s, %(version)s, false) ON CONFLICT (name) DO UPDATE"
        " SET title = excluded.title, readers = excluded.readers, version = excluded.version"
        f" WHERE {table}.version < excluded.version AND NOT {table}.deleted RETURNING name"
    )


def keep(tx, model, name, title, readers, etag):
    """Takes over a record's title and readers, unless a newer version is known or the record is gone."""
    key = model.name.type.process_bind_param(name, None)
    values = {"name": key, "title": title, "readers": list(readers), "version": int(etag.strip('"') or 0)}
    _keep(model).on(tx.connection, values)


def bury(tx, model, names):
    """Notes that records are gone for good."""
    gone = {"title": "", "readers": [], "version": 0, "deleted": True}
    rows = insert(model).values([{"name": name, **gone} for name in sorted({*names})])
    tx.session.execute(rows.on_conflict_do_update(index_elements=["name"], set_=gone))
