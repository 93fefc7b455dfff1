"""What time makes notifications do."""

from datetime import timedelta

from sqlalchemy import and_, delete, or_, select

from chassis.wiring import every
from gateway.notifications import outgoing
from gateway.notifications.model import Email, Mail, Notification, Person, Preference, State, Template, unsaid
from gateway.notifications.telling import DISABLED

READ_KEPT, UNREAD_KEPT, MAIL_KEPT = timedelta(days=90), timedelta(days=365), timedelta(days=90)


@every(1, own_transactions=True)
def send_mail(begin):
    """Has what is due sent."""
    with begin() as tx:
        due = outgoing.anything_due(tx)
    if due:
        outgoing.start(begin)


@every(60, own_transactions=True)
def mail_the_day(begin):
    """Sends everybody, at his hour, one mail with what he has not read and wants to hear of once a day."""
    with begin() as tx:
        waiting = select(Notification.reader).where(Notification.awaits_digest).distinct().subquery()
        statement = select(Person, Preference).outerjoin(Preference, Preference.user == Person.name)
        people = tx.session.execute(statement.join(waiting, waiting.c.reader == Person.name)).all()
    for person, preference in people:
        with begin() as tx:
            _mail_day_of(tx, person, preference or unsaid(person.name))


def _mail_day_of(tx, person, preference):
    moment = person.last_digest_moment(preference.digest_hour, tx.now)
    mine = (Notification.reader == person.name) & Notification.awaits_digest & (Notification.create_time < moment)
    rows = tx.session.scalars(select(Notification).where(mine).order_by(Notification.id).with_for_update()).all()
    for row in rows:
        row.awaits_digest = False
    # He may have changed his mind since, and must not be told what he has read.
    wanted = [row for row in rows if row.unread and preference.channels(row.kind)[1] != Email.NEVER]
    if wanted and person.state != DISABLED:
        items = [outgoing.content_of(row.kind, row.subject, row.title, row.values) for row in wanted]
        outgoing.queue(tx, Template.DIGEST, person.email, person.language, {"items": items})


@every(3600)
def forget_the_past(tx):
    """Removes notifications that were read long ago, or will not be read any more, and mail that is over."""
    read = and_(Notification.unread.is_(False), Notification.read_time < tx.now - READ_KEPT)
    mailed_only = and_(Notification.shown.is_(False), Notification.awaits_digest.is_(False))
    old = Notification.create_time < tx.now - UNREAD_KEPT
    tx.session.execute(delete(Notification).where(or_(read, mailed_only, old)))
    over = Mail.state.in_((State.SENT, State.KEPT, State.FAILED))
    tx.session.execute(delete(Mail).where(over, Mail.create_time < tx.now - MAIL_KEPT))
