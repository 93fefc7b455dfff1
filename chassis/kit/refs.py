"""What a service must know of others' records: their titles and readers, kept up to date by their announcements.

A ref is why a list needs no call: invoices know who may see their client. It is never older than the log is read.
"""

from sqlalchemy import BigInteger, Boolean, Text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Mapped, mapped_column


class Ref:
    """Another service's record as this one knows it. Who mounts it declares `name`, the key, with its collection."""

    title: Mapped[str] = mapped_column(Text)
    # The principals who may see it.
    readers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    version: Mapped[int] = mapped_column(BigInteger)
    # A tombstone: what arrives late must not revive it.
    deleted: Mapped[bool] = mapped_column(Boolean, default=False)


def keep(tx, model, name, title, readers, etag):
    """Takes over a record's title and readers, unless a newer version is known or the record is gone."""
    version = int(etag.strip('"') or 0)
    values = {"name": name, "title": title, "readers": list(readers), "version": version, "deleted": False}
    statement = insert(model).values(values)
    newer = (model.version < version) & model.deleted.is_(False)
    tx.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values, where=newer))


def bury(tx, model, name):
    """Notes that a record is gone for good."""
    values = {"name": name, "title": "", "readers": [], "version": 0, "deleted": True}
    tx.session.execute(insert(model).values(values).on_conflict_do_update(index_elements=["name"], set_=values))
