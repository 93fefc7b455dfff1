"""What time makes notifications do."""

from datetime import timedelta

from sqlalchemy import func, select, update

from chassis import mail as post
from chassis.service import STEP, remove_some
from chassis.wiring import every
from gateway.notifications import outgoing
from gateway.notifications.model import (
    Delivery,
    Email,
    Kind,
    Mail,
    Notification,
    Person,
    Preference,
    State,
    Template,
    unsaid,
)
from gateway.notifications.sentences import SHOWN
from gateway.notifications.telling import DISABLED, OF_RECORDS, Access

READ_KEPT, UNREAD_KEPT, MAIL_KEPT = timedelta(days=90), timedelta(days=365), timedelta(days=90)
# No link in a mail works longer than that.
FOLDER_KEPT = timedelta(days=7)
FOLDER_HOLDS = 1000


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
    # He may have changed his mind since, and must not be told what he has read, or may not know any more.
    kinds = [kind for kind in Kind if preference.channels(kind)[1] != Email.NEVER]
    told = kinds if Access.now(tx).includes(person.name, person) else [kind for kind in kinds if kind not in OF_RECORDS]
    wanted = mine & Notification.unread & Notification.kind.in_(told)
    count = tx.session.scalar(select(func.count()).where(wanted))
    if count and person.state != DISABLED:
        rows = tx.session.scalars(select(Notification).where(wanted).order_by(Notification.id).limit(SHOWN)).all()
        items = [outgoing.content_of(row.kind, row.subject, row.title, row.values) for row in rows]
        outgoing.queue(tx, Template.DIGEST, person.email, person.language, {"items": items, "count": count})
    _settle(tx, mine)


def _settle(tx, mine):
    """Notes that what waited for the mail of the day does no more, some at a time: no statement may take long."""
    settled = STEP
    while settled == STEP:
        some = select(Notification.id).where(mine).limit(STEP).scalar_subquery()
        settled = tx.session.execute(
            update(Notification).where(Notification.id.in_(some)).values(awaits_digest=False),
            execution_options={"synchronize_session": False},
        ).rowcount


@every(3600, own_transactions=True)
def forget_the_past(begin):
    """Removes notifications that were read long ago, or will not be read any more, and mail that is over."""
    with begin() as tx:
        now = tx.now
    mailed_only = Notification.shown.is_(False) & Notification.awaits_digest.is_(False)
    over = Mail.state.in_((State.SENT, State.KEPT, State.FAILED))
    for model, past in (
        (Notification, Notification.read_time < now - READ_KEPT),
        (Notification, mailed_only),
        (Notification, Notification.create_time < now - UNREAD_KEPT),
        (Mail, over & (Mail.create_time < now - MAIL_KEPT)),
        (Delivery, Delivery.time < now - MAIL_KEPT),
    ):
        removed = STEP
        while removed == STEP:
            with begin() as tx:
                removed = remove_some(tx, model.__table__, past)


@every(3600, own_transactions=True)
def empty_the_folder(begin):
    """Removes old mail from the folder where it is kept: there are links in it that must not lie about."""
    with begin() as tx:
        folder = tx.service.settings.maildir
    if folder:
        post.forget_kept(folder, (tx.now - FOLDER_KEPT).timestamp(), FOLDER_HOLDS)
