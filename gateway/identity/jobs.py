"""What time makes identity do."""

import structlog
from sqlalchemy import delete, select

from chassis import errors
from chassis.wiring import every
from gateway.identity import attempts, links, outgoing, signing_in
from gateway.identity.credentials import SESSION_IDLE
from gateway.identity.joining import reset_sent
from gateway.identity.model import State
from gateway.identity.outgoing import OutgoingMail
from gateway.identity.proofs import Attempt, KnownPlace, Link, Purpose, Session

log = structlog.get_logger()
AT_ONCE = 50


@every(3600)
def forget_the_past(tx):
    """Removes what ended by itself: sessions, links, tries that no longer count, places not seen for long."""
    over = (Session.expire_time < tx.now) | (Session.last_use_time < tx.now - SESSION_IDLE)
    tx.session.execute(delete(Session).where(over))
    tx.session.execute(delete(Link).where(Link.expire_time < tx.now))
    tx.session.execute(delete(OutgoingMail).where(OutgoingMail.expire_time < tx.now))
    tx.session.execute(delete(Attempt).where(Attempt.time < tx.now - attempts.FORGET))
    tx.session.execute(delete(KnownPlace).where(KnownPlace.time < tx.now - attempts.KNOWN))


@every(1, own_transactions=True)
def make_password_resets(begin):
    """Makes the links for those who forgot their password; addresses that are nobody's are forgotten."""
    with begin() as tx:
        unmade = (OutgoingMail.template == outgoing.PASSWORD_RESET) & OutgoingMail.sealed.is_(None)
        for mail in tx.session.execute(select(OutgoingMail).where(unmade).limit(AT_ONCE)).scalars().all():
            user = signing_in.user_of(tx, mail.email)
            if user and user.state == State.ACTIVE:
                reset_sent(tx, user)
            tx.session.delete(mail)


@every(2, own_transactions=True)
def hand_over_mail(begin):
    """Hands what is to be mailed to the notifications service; while that is away, it waits here."""
    with begin() as tx:
        due = (OutgoingMail.try_time <= tx.now) & (OutgoingMail.expire_time > tx.now)
        ready = due & ((OutgoingMail.template != outgoing.PASSWORD_RESET) | OutgoingMail.sealed.is_not(None))
        installed = "notifications" in tx.service.settings.services
        statement = select(OutgoingMail.id).where(ready).order_by(OutgoingMail.id).limit(AT_ONCE)
        numbers = tx.session.execute(statement).scalars().all() if installed else []
    for number in numbers:
        if not _handed_over(begin, number):
            return


def _handed_over(begin, number):
    """Hands one mail over; returns whether it makes sense to go on with the next."""
    with begin() as tx:
        mail = tx.session.get(OutgoingMail, number, with_for_update=True)
        settings, values = tx.service.settings, dict(mail.values)
        if mail.sealed and not settings.public_url:
            # It cannot be said where the link leads; a request's Host is not to be believed.
            log.warning("mail_waits", template=mail.template, problem="CRM_PUBLIC_URL is not set")
            mail.put_off(tx.now)
            return True
        try:
            if mail.sealed:
                values["link"] = links.address(settings, Purpose(mail.template), mail.secret(settings))
            tx.ask(mail.request(values))
        except errors.Error as error:
            log.warning("mail_not_taken", template=mail.template, problem=str(error), reason=error.reason)
            mail.put_off(tx.now)
            return not isinstance(error, errors.Unavailable)
        tx.session.delete(mail)
        return True
