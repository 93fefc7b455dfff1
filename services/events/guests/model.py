"""What is true of a guest: what he answered, whether he has a place, whether he was there, and how far his mail is."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    and_,
    false,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Name, UtcDateTime
from chassis.errors import ResourceExhausted
from services.events.event import State
from services.events.schema import Base

# So often within an hour somebody may change his mind.
CHANGES, WINDOW = 20, timedelta(hours=1)


class Response(StrEnum):
    """What a guest answered."""

    UNSPECIFIED = "RESPONSE_UNSPECIFIED"
    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    WAITING = "WAITING"


# Of two answers of one person the one that is worth more to him.
WORTH = (Response.UNSPECIFIED, Response.PENDING, Response.DECLINED, Response.WAITING, Response.ACCEPTED)


class Attendance(StrEnum):
    """Whether a guest was there."""

    UNSPECIFIED = "ATTENDANCE_UNSPECIFIED"
    ATTENDED = "ATTENDED"
    ABSENT = "ABSENT"


class Delivery(StrEnum):
    """What became of the last mail to a guest."""

    UNSPECIFIED = "DELIVERY_UNSPECIFIED"
    QUEUED = "QUEUED"
    SENT = "SENT"
    KEPT = "KEPT"
    FAILED = "FAILED"


class Occasion(StrEnum):
    """Why a guest is mailed."""

    EVENT_INVITATION = "EVENT_INVITATION"
    EVENT_REMINDER = "EVENT_REMINDER"
    EVENT_PLACE = "EVENT_PLACE"
    EVENT_CHANGED = "EVENT_CHANGED"
    EVENT_CANCELLED = "EVENT_CANCELLED"


# These say when and where it is, or that it is not, to whoever gets them.
TELLING = (Occasion.EVENT_INVITATION, Occasion.EVENT_CHANGED, Occasion.EVENT_CANCELLED)
# Who would come, or may.
EXPECTED = (Response.PENDING, Response.ACCEPTED, Response.WAITING)


class EventGuest(Base):
    """What became of one who takes part in an event. It changes only while the event is locked."""

    __tablename__ = "event_guest"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    event: Mapped[str] = mapped_column(Name("events"), ForeignKey("event.id", ondelete="CASCADE"))
    contact: Mapped[str] = mapped_column(Name("contacts"), index=True)
    response: Mapped[str] = mapped_column(Text, default=Response.UNSPECIFIED)
    response_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Who waits for a place is given one in this order.
    queue: Mapped[int | None] = mapped_column(BigInteger)
    comment: Mapped[str] = mapped_column(Text, default="")
    attendance: Mapped[str] = mapped_column(Text, default=Attendance.UNSPECIFIED)
    # Where and in which language he is mailed, as it was when he was invited.
    invite_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(Text, default="")
    # Who invited him: `users/3`.
    inviter: Mapped[str] = mapped_column(Text, default="", server_default="")
    # The time and place of the last letter to him that was written; nothing while he was told none.
    told_start_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_end_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_place: Mapped[str] = mapped_column(Text, default="", server_default="")
    # Whether that letter said that the event does not take place.
    told_cancelled: Mapped[bool] = mapped_column(default=False, server_default="false")
    # The key of the last mail to him, and what became of that.
    mail_key: Mapped[str] = mapped_column(Text, default="")
    delivery: Mapped[str] = mapped_column(Text, default=Delivery.UNSPECIFIED)
    delivery_message: Mapped[str] = mapped_column(Text, default="")
    # How often he changed his mind by the link since when.
    changes: Mapped[int] = mapped_column(default=0)
    changes_since: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("event", "contact"),
        Index("ix_event_guest_mail_key", "mail_key", postgresql_where=text("mail_key <> ''")),
    )

    def count_change(self, now):
        """Refuses who changes his mind all the time."""
        if self.changes_since is None or now - self.changes_since > WINDOW:
            self.changes, self.changes_since = 0, now
        if self.changes >= CHANGES:
            raise ResourceExhausted("too often; try again later", "TOO_MANY_CHANGES", retry_after=WINDOW.seconds)
        self.changes += 1

    def worth(self):
        """Returns what his answer is worth to him: the more, the earlier in the queue he is."""
        return WORTH.index(self.response), -(self.queue or 0)

    def knows_other(self, event):
        """Whether he was last told of another time or place than his event has."""
        said = told_of(event)
        return self.told_start_time is not None and said != {name: getattr(self, name) for name in said}

    def absorb(self, other):
        """Takes over what is better of another guest who turned out to be the same person."""
        if other.worth() > self.worth():
            for name in ("response", "response_time", "queue", "comment"):
                setattr(self, name, getattr(other, name))
        if self.attendance != Attendance.ATTENDED and other.attendance != Attendance.UNSPECIFIED:
            self.attendance = other.attendance
        newly_invited = self.invite_time is None and other.invite_time is not None
        for first, *more in INVITED:
            if getattr(other, first) and (newly_invited or not getattr(self, first)):
                for name in (first, *more):
                    setattr(self, name, getattr(other, name))


class GuestMail(Base):
    """A mail to a guest that notifications was not asked to send yet; its key is that of one mail, for ever.

    It is written once it is due; one to the guest of an event that is gone was before, and belongs to nobody.
    """

    __tablename__ = "guest_mail"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    guest: Mapped[int | None] = mapped_column(ForeignKey("event_guest.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    occasion: Mapped[str] = mapped_column(Text)
    # What whoever has it sent has to say.
    message: Mapped[str] = mapped_column(Text, default="")
    # With EVENT_CHANGED: what the guest was told before.
    before: Mapped[dict | None] = mapped_column(JSONB)
    # What notifications is asked, if it was written before.
    request: Mapped[bytes | None] = mapped_column(LargeBinary)
    due_time: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def keys_of(guest):
    """Returns how the keys of all mails to a guest begin; `guest` is his number."""
    return f"guest-{guest}-"


def new_key(guest):
    """Returns what tells one mail to a guest from all others."""
    return keys_of(guest) + uuid.uuid4().hex


# What is true of a guest once he was invited; what belongs together, the first of which says whether it is known.
INVITED = (
    ("invite_time", "inviter"),
    ("address",),
    ("language",),
    ("mail_key", "delivery", "delivery_message"),
    ("told_start_time", "told_end_time", "told_place", "told_cancelled"),
)


def told_of(event):
    """Returns what a guest knows of an event who is told of it now."""
    told = {"told_start_time": event.start_time, "told_end_time": event.end_time, "told_place": event.place}
    return {**told, "told_cancelled": event.state == State.CANCELLED}


def outdated(event):
    """Returns the SQL condition that a guest was last told something else than is true of his event, and that no letter
    is on its way that will tell him.
    """
    if event.start_time is None:
        return false()
    if event.state == State.CANCELLED:
        return uninformed(event)
    others = [getattr(EventGuest, name).is_distinct_from(value) for name, value in told_of(event).items()]
    knows_other = and_(EventGuest.event == event.name, EventGuest.told_start_time.is_not(None), or_(*others))
    return and_(knows_other, ~awaits(*TELLING))


def uninformed(event):
    """Returns the SQL condition that a guest is expected at an event, knows of it, and not that it is called off."""
    # His invitation waits, or could not leave, and nobody told him otherwise.
    uninvited = or_(EventGuest.invite_time.is_(None), awaits(Occasion.EVENT_INVITATION))
    ignorant = and_(EventGuest.response == Response.PENDING, EventGuest.told_start_time.is_(None), uninvited)
    unheard = ~EventGuest.told_cancelled, ~awaits(Occasion.EVENT_CANCELLED)
    return and_(EventGuest.event == event.name, EventGuest.response.in_(EXPECTED), ~ignorant, *unheard)


def awaits(*occasions):
    """Returns the SQL condition that a letter to a guest did not leave yet."""
    mine = GuestMail.guest == EventGuest.id, GuestMail.occasion.in_(occasions)
    return select(GuestMail.id).where(*mine).correlate(EventGuest).exists()


def counts(event):
    """Returns the SQL of how many of the guests of an event that are selected have come how far."""
    said = {
        "invited_count": EventGuest.response != Response.UNSPECIFIED,
        "accepted_count": EventGuest.response == Response.ACCEPTED,
        "declined_count": EventGuest.response == Response.DECLINED,
        "waiting_count": EventGuest.response == Response.WAITING,
        "attended_count": EventGuest.attendance == Attendance.ATTENDED,
        "absent_count": EventGuest.attendance == Attendance.ABSENT,
        "outdated_count": outdated(event),
    }
    return func.jsonb_build_object(
        *(part for name, which in said.items() for part in (name, func.count().filter(which)))
    )
