"""Mail on its way: queued in the transaction that causes it, sent at most once.

An attempt is written down before the dialogue with the server begins. If its end is never seen, because the process
died, nobody knows whether the mail left; it is then not sent again by itself.
"""

import threading
import time
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

import orjson
import structlog
from crm.notifications.v1 import domain_events_pb2 as events
from crm.notifications.v1 import notifications_pb2 as pb
from prometheus_client import Counter
from sqlalchemy import or_, select, update

from chassis import mail as post
from chassis import sealing
from chassis.errors import FailedPrecondition
from gateway.notifications import sentences
from gateway.notifications.model import (
    SUPERSEDED,
    TO_GUESTS,
    TOO_LATE,
    UNKNOWN,
    WITH_ONE_TIME_LINK,
    Mail,
    MailSettings,
    Portal,
    State,
)

log = structlog.get_logger()
MAILS = Counter("rapport_mails_total", "Attempts to send a mail, by the state they led to", ["state"])
SENDER_NAME = "Rapport"
# The event that a mail to a guest is about.
CALENDAR = "invite.ics"
LATE_AT_ONCE = 500
PASSWORD = "mail server password"  # noqa: S105 what it is sealed for
# How long one thread goes on; so long a process that stops may wait for a mail that is on its way.
ROUND_SECONDS = 5
# An attempt ends within a minute (post.WHOLE_SECONDS); one that is older has no end that anybody will write down.
LOST = timedelta(minutes=3)
_sending = threading.Lock()


@dataclass(frozen=True)
class Way:
    """How mail leaves: to a server, into a folder, or not yet."""

    server: post.Server | None
    folder: object
    sender_name: str
    sender: str
    # Why the server cannot be spoken to: its password cannot be read.
    problem: str = ""
    # What the portal is called, which guests are told.
    portal: str = ""

    @property
    def delivery(self):
        """What the way is called."""
        return "SMTP" if self.server else "MAILDIR" if self.folder else "NOWHERE"


def content_of(kind, subject, title, values):
    """Returns what a notification says, as mail keeps it."""
    return {"kind": kind, "subject": subject, "title": title, "values": values}


def queue(tx, template, to, language, content, by=None, key="", expire_time=None, goes_along=None):
    """Puts a mail on its way; it leaves if this transaction commits. `by` is a Way that it must take; under `key` it is
    announced what became of it. `goes_along` has what else a mail to a guest has: reply_to, unsubscribe_url, calendar.
    """
    by = asdict(by) if by and by.server else None
    text = orjson.dumps({"told": content, "by": by, "goes_along": goes_along or {}}).decode()
    row = Mail(to=to, template=template, language=language or "en", next_attempt_time=tx.now, key=key)
    row.expire_time = expire_time
    row.content, row.once = (
        sealing.seal(tx.service.settings, _purpose(row), text),
        template in WITH_ONE_TIME_LINK or by is not None,
    )
    return tx.add(row)


def _purpose(mail):
    return f"mail {mail.template} to {mail.to}"


def way(tx):
    """Returns how mail leaves now."""
    found, settings = tx.session.get(MailSettings, 1), tx.service.settings
    portal = tx.session.scalar(select(Portal.title)) or SENDER_NAME
    if found is None or not found.host:
        name = found.from_name if found else ""
        sender = (found.from_address if found else "") or "rapport@rapport"
        return Way(None, settings.maildir, name or SENDER_NAME, sender, portal=portal)
    password = problem = ""
    try:
        password = sealing.unseal(settings, PASSWORD, found.sealed_password) if found.sealed_password else ""
    except FailedPrecondition as error:
        problem = str(error)
    server = post.Server(found.host, found.port, found.security, found.user, password)
    return Way(server, None, found.from_name or SENDER_NAME, found.from_address, problem, portal)


def deliver(route, compose, seconds):
    """Sends or keeps what `compose()` makes; returns the state it is in then, and what was said. Raises MailError."""
    if route.delivery == "NOWHERE":
        raise post.Postponed("no mail server is set")
    if route.problem:
        raise post.Postponed(route.problem)
    message = compose()
    if route.server:
        return State.SENT, post.send(route.server, message, seconds=seconds)
    post.keep(route.folder, message)
    return State.KEPT, ""


def anything_due(tx):
    """Whether there is a mail to send, or one whose attempt nobody will end."""
    due = (Mail.state == State.QUEUED) & (Mail.next_attempt_time <= tx.now)
    lost = (Mail.state == State.SENDING) & (Mail.claim_time < tx.now - LOST)
    late = (Mail.state == State.QUEUED) & (Mail.expire_time <= tx.now)
    return tx.session.scalar(select(Mail.id).where(or_(due, lost, late)).limit(1)) is not None


def start(begin):
    """Sends what is due on a thread of its own, unless one does so already: a slow server must hold up nothing."""
    if _sending.acquire(blocking=False):
        threading.Thread(target=_round, args=[begin], name="mail").start()


def _round(begin):
    try:
        send_due(begin, time.monotonic() + ROUND_SECONDS)
    except Exception:
        # Whatever it was, it is written down by nobody else; the next round begins within a second.
        log.exception("mail_round_failed")
    finally:
        _sending.release()


def send_due(begin, end):
    """Sends what is due, one after the other, until `end` (of time.monotonic)."""
    with begin() as tx:
        give_up_lost(tx)
        give_up_late(tx)
    while time.monotonic() < end:
        with begin() as tx:
            claimed = _claim(tx)
            route = way(tx) if claimed else None
        if claimed is None:
            return
        state, words = _attempt(claimed, route, tx.service.settings)
        with begin() as tx:
            _conclude(tx, claimed, state, words)


def _claim(tx):
    """Begins an attempt to send the mail that has waited longest; returns it, or None."""
    in_time = or_(Mail.expire_time.is_(None), Mail.expire_time > tx.now)
    due = select(Mail).where(Mail.state == State.QUEUED, Mail.next_attempt_time <= tx.now, in_time)
    order = Mail.template.in_(TO_GUESTS), Mail.next_attempt_time
    found = tx.session.scalar(due.order_by(*order).limit(1).with_for_update(skip_locked=True))
    if found is not None:
        found.claim(tx.now)
        tx.flush()
    return found


def _attempt(mail, route, settings):
    """Tries once, in no transaction; returns the state that the mail is in then, and what was said."""
    try:
        content = orjson.loads(sealing.unseal(settings, _purpose(mail), mail.content or b""))
        route = _named(content["by"]) or route
        site = settings.public_url.rstrip("/")
        along = content.get("goes_along") or {}
        told = {**content["told"], "portal": route.portal, "unsubscribe": along.get("unsubscribe_url", "")}
        letter = sentences.letter(mail.template, mail.language, told, site)
        if along.get("calendar"):
            letter = replace(letter, files=((CALENDAR, along["calendar"].encode()),))
        envelope = envelope_of(mail, route, settings, along)
        return deliver(route, lambda: post.compose(letter, envelope), post.WHOLE_SECONDS)
    except (post.Postponed, OSError) as error:
        return State.QUEUED, str(error)
    except post.Unknown as error:
        return State.FAILED, f"{UNKNOWN}: {error}"
    except (post.Refused, FailedPrecondition) as error:
        return State.FAILED, str(error)
    except Exception as error:
        # A fault of ours: it must not stay unfinished, and nobody knows how far it came.
        log.exception("mail_not_written", mail=mail.name)
        return State.FAILED, f"it could not be written: {error!r}"


def _named(by):
    """Returns the Way that a mail must take, if it names one."""
    return Way(**{**by, "server": post.Server(**by["server"])}) if by else None


def envelope_of(mail, route, settings, along):
    """Returns whom a mail is from and to. Its id stays the same, so that one sent twice by hand can be told."""
    page = sentences.settings_page(settings.public_url.rstrip("/"))
    way_out = along.get("unsubscribe_url", "")
    unsubscribe = page if mail.template in sentences.UNSUBSCRIBABLE else way_out
    message_id = f"mail.{mail.id}.{int(mail.create_time.timestamp() * 1000)}"
    more = {"one_click": bool(way_out), "reply_to": along.get("reply_to", "")}
    name = route.portal if mail.template in TO_GUESTS and route.sender_name == SENDER_NAME else route.sender_name
    return post.Envelope(name, route.sender, mail.to, message_id, mail.create_time, unsubscribe, **more)


def _conclude(tx, claimed, state, words):
    """Writes down how an attempt ended."""
    mail = tx.session.get(Mail, claimed.id, with_for_update=True)
    if mail is None or mail.claim_time != claimed.claim_time:
        # It was given up and begun anew meanwhile; what follows is another's.
        return
    if state == State.QUEUED:
        mail.postpone(tx.now, words)
    else:
        mail.conclude(state, tx.now, "" if state in (State.SENT, State.KEPT) else words)
    _announce_end(tx, mail)
    MAILS.labels(mail.state).inc()
    log.info("mail", mail=mail.name, state=mail.state, attempts=mail.attempts, error=mail.last_error)


def _announce_end(tx, mail):
    """Announces what became of a mail, to whoever wants to hear of it."""
    if mail.key and mail.state not in (State.QUEUED, State.SENDING):
        tx.flush()
        event = events.MailFinished(mail=tx.message(mail, pb.Mail), request_id=mail.key)
        tx.announce(event, mail.name, mail.etag, label=mail.to)


def give_up_late(tx):
    """Fails the mails that are of no use any more."""
    late = select(Mail).where(Mail.state == State.QUEUED, Mail.expire_time <= tx.now).limit(LATE_AT_ONCE)
    for mail in tx.session.scalars(late.with_for_update(skip_locked=True)).all():
        mail.conclude(State.FAILED, tx.now, f"{TOO_LATE}: {mail.last_error}".removesuffix(": "))
        _announce_end(tx, mail)


def supersede(tx, keys):
    """Fails the mails whose keys begin so, as another takes their place, unless they have left."""
    waiting = Mail.key.startswith(keys, autoescape=True), Mail.state.in_((State.QUEUED, State.SENDING))
    for mail in tx.session.scalars(select(Mail).where(*waiting).order_by(Mail.id).with_for_update()).all():
        if mail.state == State.SENDING:
            # This attempt may succeed; there is no other.
            mail.expire_time = tx.now
            continue
        mail.conclude(State.FAILED, tx.now, SUPERSEDED)
        _announce_end(tx, mail)


def give_up_lost(tx):
    """Fails the mails whose attempt nobody will end: to send them again might be to send them twice."""
    lost = (Mail.state == State.SENDING) & (Mail.claim_time < tx.now - LOST)
    for mail in tx.session.scalars(select(Mail).where(lost, Mail.key != "").with_for_update(skip_locked=True)).all():
        mail.conclude(State.FAILED, tx.now, UNKNOWN)
        _announce_end(tx, mail)
    over = {"state": State.FAILED, "last_error": UNKNOWN, "next_attempt_time": None, "update_time": tx.now}
    tx.session.execute(update(Mail).where(lost, Mail.once).values(**over, content=None))
    tx.session.execute(update(Mail).where(lost).values(over))
