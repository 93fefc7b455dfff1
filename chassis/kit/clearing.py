"""What is taken out of every record that has it, a hundred at a time: a tag, a field or a group that was deleted.

Or what becomes another: a tag that was renamed.
"""

from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy import BigInteger, Identity, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import UtcDateTime
from chassis.errors import Error

log = structlog.get_logger()

BATCH = 100
# Where it is looked for, and which field of the contract changes, if not in the column of that name.
COLUMNS = {"tags": "tag_keys"}
SHOWN_AS = {"listed": "access"}


class Clearing:
    """Something on its way out of the records that have it."""

    __tablename__ = "clearing"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    # The column it stands in, `tags`, `custom` or `managers`, and what it is there: a folded title, or the name of a
    # field or group.
    field: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    # What stands there instead afterwards, the new title of a tag; "" for nothing.
    becomes: Mapped[str] = mapped_column(Text, default="", server_default="")
    # On whose account it is done, and from where it was asked for.
    actor: Mapped[str] = mapped_column(Text)
    session: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    time: Mapped[datetime] = mapped_column(UtcDateTime)
    # The record up to which it is done.
    last: Mapped[int] = mapped_column(BigInteger, default=0)


def begin_clearing(tx, model, field, value, becomes=""):
    """Notes that something is to go from all records, or becomes another."""
    tx.session.add(
        model(
            field=field,
            value=value,
            becomes=becomes,
            actor=tx.cause.actor or tx.actor.name,
            session=tx.actor.session or tx.cause.session,
            address=tx.cause.address,
            time=tx.now,
        )
    )


def keep_after_all(tx, model, field, values):
    """Stops what is on its way out: somebody has made it again."""
    tx.session.execute(delete(model).where(model.field == field, model.value.in_(values), model.becomes == ""))


def carry_out(begin, model, standard):
    """Clears what is due; the job of a service calls it."""
    while _some(begin, model, standard):
        pass


def _some(begin, model, standard):
    """Clears up to a hundred records; returns whether there may be more to do."""
    with begin() as tx:
        due = tx.session.scalars(select(model).order_by(model.id).limit(1).with_for_update()).first()
        if due is None:
            return False
        tx.cause = replace(tx.cause, actor=due.actor, session=due.session, address=due.address)
        record = standard.model
        column = getattr(record, COLUMNS.get(due.field, due.field))
        has = column.has_key(due.value) if due.field == "custom" else column.contains([due.value])
        rows = tx.session.scalars(
            select(record).where(has, record.id > due.last).order_by(record.id).limit(BATCH).with_for_update()
        ).all()
        for row in rows:
            _clear(tx, due, row, standard)
        due.last = rows[-1].id if rows else due.last
        if len(rows) < BATCH:
            tx.session.delete(due)
        return True


def _clear(tx, due, row, standard):
    """Clears one record; one that cannot be changed must not hold up the others."""
    try:
        with tx.session.begin_nested():
            before = tx.message(row, standard.message_class)
            row.readers_before = row.readers()
            _take_out(due, row)
            row.update_time = tx.now
            tx.flush()
            standard.announce("Updated", row, tx, [SHOWN_AS.get(due.field, due.field)], before)
    except Error as error:
        log.error("not_cleared", name=row.name, field=due.field, value=due.value, error=str(error))


def _take_out(due, row):
    if due.field == "tags":
        pairs = zip(row.tags, row.tag_keys, strict=True)
        row.tags = [each for title, key in pairs if (each := due.becomes if key == due.value else title)]
        row.settle_tags()
    elif due.field == "custom":
        row.custom = {name: value for name, value in row.custom.items() if name != due.value}
    else:
        setattr(row, due.field, [name for name in getattr(row, due.field) if name != due.value])
