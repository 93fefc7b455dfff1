"""May this record go? Its owner decides, the services that may hold it are heard, and silence is a no.

A clear vote is a promise: in the transaction that finds nothing, the voter writes a hold, and nothing that would object
comes into being while a hold stands. Attempts are never taken up again, so a hold may be lifted only because the owner
said, after the hold was made, that this attempt is over. See docs/deletion.md.
"""

import time
from datetime import datetime, timedelta

from crm.type.v1 import deletion_pb2
from sqlalchemy import BigInteger, Identity, Text, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import UtcDateTime
from chassis.errors import FailedPrecondition, Unavailable

# How long a caller waits for the votes, and after which time a job gives the attempt up.
PATIENCE = 3.0
EXPIRY = timedelta(seconds=30)
POLL = 0.02
SHOWN = 10

PENDING, DONE, CANCELLED = "PENDING", "DONE", "CANCELLED"


class Attempt:
    """An attempt to delete a record, in its owner's database."""

    __tablename__ = "deletion"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    subject: Mapped[str] = mapped_column(Text, index=True)
    state: Mapped[str] = mapped_column(Text, default=PENDING)
    waiting: Mapped[list] = mapped_column(JSONB)
    objections: Mapped[list] = mapped_column(JSONB, default=list)
    objection_count: Mapped[int] = mapped_column(default=0)
    expire_time: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    @property
    def name(self):
        """`contacts/17/deletions/4`"""
        return f"{self.subject}/deletions/{self.id}"

    def count(self, voter, vote):
        """Counts one service's vote; a late or second one changes nothing. Returns whether that decides."""
        if self.state != PENDING or voter not in self.waiting:
            return False
        self.waiting = [name for name in self.waiting if name != voter]
        if vote.objection_count:
            self.objections = [[each.type, each.name, each.title] for each in vote.objections]
            self.objection_count = vote.objection_count
            self.state = CANCELLED
        elif not self.waiting:
            self.state = DONE
        return self.state != PENDING

    def outcome(self, in_use):
        """Refuses if the record was kept: with the reason `in_use` and what holds it, or because nobody could say."""
        if self.state == DONE:
            return
        if self.objection_count:
            raise FailedPrecondition(
                "{name} cannot be deleted: it is needed by {titles}",
                in_use,
                resources=self.objections,
                name=self.subject,
                count=self.objection_count,
                titles=", ".join(title for _, _, title in self.objections),
            )
        raise Unavailable(
            "nobody could confirm that {name} is not in use; it was kept",
            "DELETION_UNCONFIRMED",
            retry_after=5,
            name=self.subject,
        )


def open_attempt(tx, model, row, voters):
    """Writes down that `row` is to go and who must be asked; returns the attempt."""
    attempt = model(subject=row.name, waiting=list(voters), expire_time=tx.now + EXPIRY)
    tx.session.add(attempt)
    tx.session.flush()
    return attempt


def number_of(attempt_name):
    """Returns the number in `contacts/17/deletions/4`."""
    return int(attempt_name.rpartition("/")[2])


def await_decision(begin, model, number, patience=PATIENCE):
    """Returns the attempt once it is decided, or as it is when patience is at an end."""
    give_up = time.monotonic() + patience
    while True:
        with begin() as tx:
            attempt = tx.session.get(model, number)
        if attempt.state != PENDING or time.monotonic() > give_up:
            return attempt
        time.sleep(POLL)


def expired(tx, model):
    """Returns the attempts that nobody decided in time."""
    return tx.session.scalars(select(model).where(model.state == PENDING, model.expire_time < tx.now)).all()


class Account:
    """What a voter locks before it writes anything that would hold a record: one row per record."""

    __tablename__ = "account"

    subject: Mapped[str] = mapped_column(Text, primary_key=True)


class Hold:
    """A voter's promise that nothing will hold a record while an attempt to delete it is undecided."""

    __tablename__ = "hold"

    attempt: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text, index=True)
    # Over: the record was kept. A hold that is not over binds for ever, for the record may be gone.
    over: Mapped[bool] = mapped_column(default=False)
    # When to ask the owner what became of the attempt; null once the record is known to be gone.
    ask_time: Mapped[datetime | None] = mapped_column(UtcDateTime)


def lock_account(tx, account, *subjects):
    """Keeps everybody else from voting on subjects, or from making what would hold them, until the end."""
    # Always in the same order, so that two who lock several wait for each other and not both.
    row = insert(account).values([{"subject": subject} for subject in sorted({*subjects})])
    tx.session.execute(row.on_conflict_do_update(index_elements=["subject"], set_={"subject": row.excluded.subject}))


def require_no_hold(tx, hold, subject):
    """Refuses if `subject` is being deleted, or is gone. Call it with the account locked."""
    held = select(func.count()).select_from(hold).where(hold.subject == subject, hold.over.is_(False))
    if tx.session.execute(held).scalar_one():
        raise FailedPrecondition("{name} is being deleted", "CONTACT_DELETING", name=subject)


def known_attempts(tx, hold, deletions):
    """Returns the names of the deletions that are over, or voted on, already."""
    return {*tx.session.scalars(select(hold.attempt).where(hold.attempt.in_([each.name for each in deletions])))}


def cast(tx, hold, deletion, objections, count):
    """Returns the vote on a deletion that is not known yet, and writes the hold if it is clear.

    `objections` are (type, name, title) of some of the `count` records that hold the subject.
    """
    if not count:
        ask = deletion.expire_time.ToDatetime(tx.now.tzinfo)
        tx.session.add(hold(attempt=deletion.name, subject=deletion.subject, over=False, ask_time=ask))
    return deletion_pb2.DeletionVote(
        deletion=deletion.name,
        subject=deletion.subject,
        objections=[deletion_pb2.Objection(type=kind, name=name, title=title) for kind, name, title in objections],
        objection_count=count,
    )


def lift(tx, hold, deletion_name, subject):
    """Ends a hold because the owner said that the attempt is over; also before the attempt itself has arrived."""
    statement = insert(hold).values(attempt=deletion_name, subject=subject, over=True, ask_time=None)
    tx.session.execute(
        statement.on_conflict_do_update(index_elements=["attempt"], set_={"over": True, "ask_time": None})
    )


def keep_for_ever(tx, hold, subjects):
    """Notes that subjects are gone: their holds bind for ever and need not be asked about."""
    tx.session.execute(hold.__table__.update().where(hold.subject.in_(subjects)).values(ask_time=None))
