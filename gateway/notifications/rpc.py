"""What may be asked of notifications, beyond the standard methods."""

import threading
from datetime import UTC

from crm.notifications.v1 import domain_events_pb2 as events
from crm.notifications.v1 import notifications_pb2 as pb
from google.protobuf.json_format import MessageToDict
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from chassis import mail as post
from chassis import sealing
from chassis.aip.masks import fields_to_change
from chassis.db import number
from chassis.errors import FailedPrecondition, InvalidArgument, ResourceExhausted, no_such
from chassis.prepared import Prepared
from chassis.resource import require_version
from chassis.standard import Standard
from chassis.wiring import own_transactions
from gateway.notifications import outgoing, sending, sentences, telling
from gateway.notifications.model import (
    TO_GUESTS,
    Email,
    Kind,
    Mail,
    MailSettings,
    Notification,
    Preference,
    State,
    Template,
    no_server,
    unsaid,
)

send_mail = sending.send_mail
notifications = Standard(Notification, pb.Notification, events)
mails = Standard(Mail, pb.Mail, events)
ALL = "notifications/-"
UNREAD = Prepared("""
    SELECT count(*) FROM (
        SELECT FROM notification WHERE reader = %(asking_user)s AND unread AND shown LIMIT 1000
    ) AS counted
""")
# The gateway waits ten seconds for an answer.
TEST_SECONDS = 8.0
_testing = threading.Lock()


def get_notification(request, tx):
    """Returns one of the caller's own notifications, in his language."""
    return _worded(notifications.get(request, tx), tx)


def list_notifications(request, tx):
    """Lists the caller's own notifications, in his language."""
    answer = notifications.list(request, tx, pb.ListNotificationsResponse)
    for each in answer.notifications:
        _worded(each, tx)
    return answer


def _worded(message, tx):
    kind = pb.Notification.Kind.Name(message.kind)
    message.text = sentences.sentence(kind, message.title, dict(message.values), tx.cause.language)
    return message


def count_unread_notifications(request, tx):
    """Counts the caller's unread notifications."""
    return pb.CountUnreadNotificationsResponse(unread_count=tx.rows(UNREAD)[0][0])


def mark_notifications_read(request, tx):
    """Marks the caller's notifications as read, and tells his other pages."""
    if not request.names and not request.HasField("all_until"):
        raise InvalidArgument("name notifications, or a moment", "NOTHING_NAMED", field="names")
    mine = (Notification.reader == tx.actor.user) & Notification.shown
    if request.names:
        _require_own(request.names, mine, tx)
        mine &= Notification.id.in_([number(name, Notification.collection) for name in request.names])
    if request.HasField("all_until"):
        # Protobuf knows nanoseconds, PostgreSQL does not: what was made within that microsecond is meant too.
        mine &= Notification.create_time <= request.all_until.ToDatetime(tx.now.tzinfo)
    read = {"unread": False, "awaits_digest": False, "read_time": tx.now, "update_time": tx.now}
    marked = update(Notification).where(mine, Notification.unread).values(read).returning(Notification.id)
    if tx.session.execute(marked).first():
        event = events.NotificationsRead(user=tx.actor.user, names=request.names)
        if request.HasField("all_until"):
            event.all_until.CopyFrom(request.all_until)
        tx.announce(event, ALL, readers=[tx.actor.user])
    return pb.MarkNotificationsReadResponse(unread_count=tx.rows(UNREAD)[0][0])


def _require_own(names, mine, tx):
    """Refuses if one of the names is not the caller's; another's looks like none."""
    ids = {number(name, Notification.collection): name for name in names}
    found = set(tx.session.scalars(select(Notification.id).where(mine, Notification.id.in_(ids))))
    for key, name in ids.items():
        if key not in found:
            raise no_such(name)


def get_notification_settings(request, tx):
    """Returns what the caller wants to be told, and how."""
    return _settings(tx.session.get(Preference, tx.actor.user) or unsaid(tx.actor.user))


def update_notification_settings(request, tx):
    """Changes what the caller wants to be told, and how."""
    wanted = request.notification_settings
    row = _locked(tx, Preference, unsaid(tx.actor.user), tx.actor.user)
    require_version(row, wanted.etag, "notificationSettings")
    before = _settings(row)
    named = fields_to_change(request, wanted, Preference)
    if "digest_hour" in named:
        row.digest_hour = wanted.digest_hour
    for each in wanted.kinds if "kinds" in named else ():
        email = pb.NotificationSettings.Email.Name(each.email)
        row.choose(pb.Notification.Kind.Name(each.kind), each.page, email)
    row.version += 1
    after = _settings(row)
    event = events.NotificationSettingsUpdated(notification_settings=after)
    tx.announce(event, after.name, after.etag, [tx.actor.user], changes=_changes(before, after))
    return after


def _settings(row):
    message = pb.NotificationSettings(name="notificationSettings", etag=f'"{row.version}"', digest_hour=row.digest_hour)
    for kind in Kind:
        page, email = row.channels(kind)
        message.kinds.add(kind=pb.Notification.Kind.Value(kind), page=page, email=Email(email).value)
    return message


def _changes(before, after):
    """Returns what differs between two messages, for the audit: (field, value before, value after) each."""
    was, now = (MessageToDict(each, preserving_proto_field_name=True) for each in (before, after))
    names = sorted({*was, *now} - {"etag"})
    return [(name, was.get(name), now.get(name)) for name in names if was.get(name) != now.get(name)]


def _locked(tx, model, fresh, key):
    """Returns a row that there is one of, kept from others until the end; as `fresh` if nobody made it yet."""
    values = {column.key: getattr(fresh, column.key) for column in model.__table__.columns}
    tx.session.execute(insert(model).values(values).on_conflict_do_nothing())
    return tx.session.get(model, key, with_for_update=True)


def get_mail_settings(request, tx):
    """Returns how mail leaves."""
    tx.actor.require_portal_admin()
    return _mail_settings(tx, tx.session.get(MailSettings, 1) or no_server())


def update_mail_settings(request, tx):
    """Changes how mail leaves, and tries what waits for it."""
    tx.actor.require_portal_admin()
    wanted = request.mail_settings
    row = _locked(tx, MailSettings, no_server(), 1)
    require_version(row, wanted.etag, "mailSettings")
    before, way = _mail_settings(tx, row), outgoing.way(tx)
    named, host = fields_to_change(request, wanted, MailSettings), row.host
    for name in named:
        if name == "password":
            row.sealed_password = sealing.seal(tx.service.settings, outgoing.PASSWORD, wanted.password)
        elif name == "security":
            row.security = pb.MailSettings.Security.Name(wanted.security)
        elif name in MailSettings.writable:
            setattr(row, name, getattr(wanted, name))
    if ("password" in named and not wanted.password) or ("password" not in named and row.host != host):
        # Nobody learns it by having it sent to a server of his.
        row.sealed_password = None
    row.check(tx.service.settings.smtp_ports)
    row.version += 1
    tx.flush()
    tx.session.execute(update(Mail).where(Mail.state == State.QUEUED).values(next_attempt_time=tx.now))
    if row.host != host:
        telling.tell_of_mail_server(tx, way, row.host)
    after = _mail_settings(tx, row)
    # That the password was changed is to be known, and nothing else of it.
    changes = [*_changes(before, after), *([("password", None, None)] if "password" in named else [])]
    tx.announce(events.MailSettingsUpdated(mail_settings=after), after.name, after.etag, changes=changes)
    return after


def _mail_settings(tx, row):
    fields = ("host", "port", "user", "from_address", "from_name")
    return pb.MailSettings(
        name="mailSettings",
        etag=f'"{row.version}"',
        security=row.security,
        password_set=row.sealed_password is not None,
        delivery=outgoing.way(tx).delivery,
        **{name: getattr(row, name) for name in fields},
    )


@own_transactions
def test_mail_settings(request, begin):
    """Sends one mail at once, in no transaction: the server may be slow."""
    with begin() as tx:
        tx.actor.require_portal_admin()
        route = outgoing.way(tx)
    if not _testing.acquire(blocking=False):
        raise ResourceExhausted("another test is not over yet; try again soon", "MAIL_TEST_RUNNING", retry_after=10)
    try:
        with begin() as tx:
            settings = _mail_settings(tx, tx.session.get(MailSettings, 1) or no_server())
            tx.announce(events.MailSettingsTested(to=request.to), settings.name, settings.etag)
        letter = sentences.trial(tx.cause.language)
        envelope = post.Envelope(route.sender_name, route.sender, request.to, f"test.{tx.now.timestamp()}", tx.now)
        _, answer = outgoing.deliver(route, lambda: post.compose(letter, envelope), TEST_SECONDS)
    except (post.MailError, OSError) as error:
        words = error.told(tx.cause.language) if isinstance(error, post.MailError) else str(error)
        raise FailedPrecondition("the mail server did not take it: {words}", "MAIL_REFUSED", words=words) from error
    finally:
        _testing.release()
    return pb.TestMailSettingsResponse(delivery=route.delivery, answer=answer)


def get_mail(request, tx):
    """Returns one mail."""
    tx.actor.require_portal_admin()
    return mails.get(request, tx)


def list_mails(request, tx):
    """Lists what was and is to be mailed."""
    tx.actor.require_portal_admin()
    return mails.list(request, tx, pb.ListMailsResponse)


def retry_mail(request, tx):
    """Sends a mail that failed once more."""
    tx.actor.require_portal_admin()
    row = tx.get(Mail, request.name, lock=True)
    row.retry(tx.now)
    tx.flush()
    message = tx.message(row, pb.Mail)
    tx.announce(events.MailRetried(mail=message), row.name, row.etag, label=row.to)
    return message


def queue_mail(request, tx):
    """Puts a mail of another service on its way; tells a person on his page what happened to his account."""
    try:
        post.postal_address(request.to)
    except post.Refused as error:
        raise InvalidArgument("no e-mail address", "string.email", field="to") from error
    site = tx.service.settings.public_url.rstrip("/")
    links = [link for link in (request.values.get("link"), request.unsubscribe_url) if link]
    if not all(site and link.startswith(f"{site}/") for link in links):
        raise InvalidArgument("a mail of ours leads to ourselves only", "LINK_ELSEWHERE", field="values")
    template, values = Template(pb.Mail.Template.Name(request.template)), dict(request.values)
    if template == Template.SECURITY_NOTICE and telling.note_security(tx, request.user, request.to, values) != (
        Email.IMMEDIATELY
    ):
        return pb.QueueMailResponse()
    return pb.QueueMailResponse(mail=_queued(tx, template, request, values).name)


def _queued(tx, template, request, values):
    """Returns a mail that is put on its way; one to guests that was asked for before is the same."""
    key = request.request_id if template in TO_GUESTS else ""
    known = tx.session.scalar(select(Mail).where(Mail.key == key)) if key else None
    if known:
        return known
    if request.supersedes:
        outgoing.supersede(tx, request.supersedes)
    along = {name: getattr(request, name) for name in ("reply_to", "unsubscribe_url", "calendar")}
    expires = request.expire_time.ToDatetime(UTC) if request.HasField("expire_time") else None
    more = {"key": key, "expire_time": expires, "goes_along": along}
    return outgoing.queue(tx, template, request.to, request.language, values, **more)
