"""What somebody is responsible for becomes another's: record after record, each announced as changed."""

from dataclasses import replace
from datetime import datetime

import structlog
from crm.identity.v1 import domain_events_pb2 as identity
from sqlalchemy import BigInteger, Identity, Text, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import UtcDateTime
from chassis.errors import Error
from chassis.kit.people import Standing
from chassis.wiring import on

log = structlog.get_logger()

BATCH = 100


class HandOver:
    """Records of `giver` that are on their way to `taker`."""

    __tablename__ = "hand_over"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    giver: Mapped[str] = mapped_column(Text)
    taker: Mapped[str] = mapped_column(Text)
    # On whose account it is done, and from where it was asked for.
    actor: Mapped[str] = mapped_column(Text)
    session: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    # When it was asked for. What is done stays, so that hearing of it again does nothing.
    time: Mapped[datetime] = mapped_column(UtcDateTime)
    done: Mapped[bool] = mapped_column(default=False)
    # The record up to which it is done.
    last: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (UniqueConstraint("giver", "time"),)


def follow(model, also=lambda tx, giver, taker: None):
    """Returns the handler that notes a hand-over; there may be more records than one transaction should change.

    `also(tx, giver, taker)` does, once, what is to be done at once.
    """

    @on(identity.UserHandedOver)
    def note_hand_over(event, tx):
        cause = tx.cause
        who = {"giver": getattr(event, "from"), "taker": event.to, "actor": cause.actor}
        where = {"session": cause.session, "address": cause.address, "time": cause.time}
        noted = insert(model).values(**who, **where, done=False, last=0).on_conflict_do_nothing()
        if tx.session.execute(noted.returning(model.id)).first():
            also(tx, who["giver"], who["taker"])

    return note_hand_over


def carry_out(begin, model, principal, standard):
    """Hands over what is due of the resource that `standard` stands for; the job of a service calls it."""
    while _some(begin, model, principal, standard):
        pass


def _some(begin, model, principal, standard):
    """Hands over up to a hundred records; returns whether there may be more to do."""
    record = standard.model
    with begin() as tx:
        oldest = select(model).where(model.done.is_(False)).order_by(model.id).limit(1)
        due = tx.session.scalars(oldest.with_for_update()).first()
        if due is None:
            return False
        tx.cause = replace(tx.cause, actor=due.actor, session=due.session, address=due.address)
        his = select(record).where(record.managers.contains([due.giver]), record.id > due.last).order_by(record.id)
        rows = tx.session.scalars(his.limit(BATCH).with_for_update()).all() if _may_take(tx, principal, due) else []
        for row in rows:
            _hand_over(tx, due, row, standard)
        due.last = rows[-1].id if rows else due.last
        due.done = len(rows) < BATCH
        return True


def _may_take(tx, principal, due):
    """Returns whether the taker is still there; without him what is left stays where it is."""
    standing = tx.session.scalar(select(principal.standing).where(principal.name == due.taker))
    if standing != Standing.ACTIVE:
        log.warning("hand_over_ended", giver=due.giver, taker=due.taker, why="the taker is gone")
    return standing == Standing.ACTIVE


def _hand_over(tx, due, row, standard):
    """Hands over one record; one that cannot be changed must not hold up the others."""
    try:
        with tx.session.begin_nested():
            before = tx.message(row, standard.message_class)
            row.readers_before = row.readers()
            row.managers = list(dict.fromkeys(due.taker if name == due.giver else name for name in row.managers))
            row.update_time = tx.now
            tx.flush()
            standard.announce("Updated", row, tx, ["managers"], before)
    except Error as error:
        log.error("not_handed_over", name=row.name, giver=due.giver, taker=due.taker, error=str(error))
