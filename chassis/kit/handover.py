"""What somebody is responsible for becomes another's: record after record, each announced as changed."""

from dataclasses import replace
from datetime import datetime

from crm.identity.v1 import domain_events_pb2 as identity
from sqlalchemy import BigInteger, Identity, Text, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import UtcDateTime
from chassis.wiring import on

BATCH = 100


class HandOver:
    """Records of `giver` that are on their way to `taker`."""

    __tablename__ = "hand_over"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    giver: Mapped[str] = mapped_column(Text)
    taker: Mapped[str] = mapped_column(Text)
    # On whose account it is done.
    actor: Mapped[str] = mapped_column(Text)
    # When it was asked for. What is done stays, so that hearing of it again does nothing.
    time: Mapped[datetime] = mapped_column(UtcDateTime)
    done: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (UniqueConstraint("giver", "time"),)


def follow(model):
    """Returns the handler that notes a hand-over; there may be more records than one transaction should change."""

    @on(identity.UserHandedOver)
    def note_hand_over(event, tx):
        values = {"giver": getattr(event, "from"), "taker": event.to, "actor": tx.cause.actor, "time": tx.cause.time}
        tx.session.execute(insert(model).values(**values, done=False).on_conflict_do_nothing())

    return note_hand_over


def carry_out(begin, model, standard):
    """Hands over what is due of the resource that `standard` stands for; the job of a service calls it."""
    while _some(begin, model, standard):
        pass


def _some(begin, model, standard):
    """Hands over up to a hundred records; returns whether there may be more to do."""
    record = standard.model
    with begin() as tx:
        due = tx.session.scalars(
            select(model).where(model.done.is_(False)).order_by(model.id).limit(1).with_for_update()
        ).first()
        if due is None:
            return False
        tx.cause = replace(tx.cause, actor=due.actor)
        his = select(record).where(record.managers.contains([due.giver])).order_by(record.id).limit(BATCH)
        rows = tx.session.scalars(his.with_for_update()).all()
        for row in rows:
            before = tx.message(row, standard.message_class)
            row.readers_before = row.readers()
            row.managers = list(dict.fromkeys(due.taker if name == due.giver else name for name in row.managers))
            row.update_time = tx.now
            tx.flush()
            standard.announce("Updated", row, tx, ["managers"], before)
        if len(rows) < BATCH:
            due.done = True
        return True
