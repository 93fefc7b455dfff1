"""What is to be mailed: noted in the transaction that causes it, handed to the notifications service by a job."""

from datetime import datetime, timedelta

from crm.notifications.v1 import notifications_pb2 as notifications
from sqlalchemy import BigInteger, Identity, LargeBinary, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis import sealing
from chassis.db import UtcDateTime
from gateway.identity.schema import Base

INVITATION, PASSWORD_RESET, SECURITY_NOTICE = "INVITATION", "PASSWORD_RESET", "SECURITY_NOTICE"
LIFE = {INVITATION: timedelta(days=7), PASSWORD_RESET: timedelta(hours=1), SECURITY_NOTICE: timedelta(days=1)}
LONGEST_PAUSE = 300


class OutgoingMail(Base):
    """One mail that the notifications service has not taken yet."""

    __tablename__ = "outgoing_mail"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    template: Mapped[str] = mapped_column(Text)
    # Whom it goes to; somebody who forgot his password is looked for by his address when it is sent.
    user: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text, default="")
    values: Mapped[dict] = mapped_column(JSONB)
    # The secret of the link in it: elsewhere there is only a digest.
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    request_id: Mapped[str] = mapped_column(Text, server_default=func.gen_random_uuid().cast(Text))
    attempts: Mapped[int] = mapped_column(default=0)
    try_time: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    expire_time: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    @property
    def purpose(self):
        """What its secret is sealed for."""
        return f"{self.template} of {self.email}"

    def seal(self, settings, secret):
        """Puts the secret of a link into it."""
        self.sealed = sealing.seal(settings, self.purpose, secret)

    def secret(self, settings):
        """The secret of the link in it. Refuses with SECRET_UNREADABLE."""
        return sealing.unseal(settings, self.purpose, self.sealed)

    def put_off(self, now):
        """Is tried again later, each time twice as late."""
        self.attempts += 1
        self.try_time = now + timedelta(seconds=min(LONGEST_PAUSE, 2**self.attempts))

    def request(self, values):
        """What the notifications service is asked."""
        return notifications.QueueMailRequest(
            to=self.email,
            language=self.language,
            template=self.template,
            values=values,
            request_id=self.request_id,
            user=self.user,
        )


def _note(tx, template, email, values, user=None):
    mail = OutgoingMail(
        template=template,
        user=user.name if user else "",
        email=email,
        language=user.language if user else "",
        values=values,
        try_time=tx.now,
        expire_time=tx.now + LIFE[template],
    )
    tx.session.add(mail)
    return mail


def invite(tx, user, inviter, secret):
    """Sends a user the link to join."""
    values = {"inviter": inviter, "display_name": user.display_name}
    _note(tx, INVITATION, user.email, values, user).seal(tx.service.settings, secret)


def reset(tx, user, secret):
    """Sends a user the link to set a new password."""
    _note(tx, PASSWORD_RESET, user.email, {"display_name": user.display_name}, user).seal(tx.service.settings, secret)


def look_up_and_reset(tx, email):
    """Sends whoever has an address, if anybody has, the link to set a new password: later, so that nobody can tell."""
    _note(tx, PASSWORD_RESET, email, {})


def notice(tx, user, event, *, to="", **values):
    """Tells a user what happened to his account; `to` is an address other than his present one."""
    values |= {"event": event, "address": getattr(tx.cause, "address", "")}
    values |= {"user_agent": getattr(tx.cause, "user_agent", "")}
    _note(tx, SECURITY_NOTICE, to or user.email, values, user)
