"""Mail on its way: queued in the transaction that causes it, sent at most once.

An attempt is written down before the dialogue with the server begins. If its end is never seen, because the process
died, nobody knows whether the mail left; it is then not sent again by itself.
"""

import threading
import time
from dataclasses import dataclass
from datetime import timedelta

import orjson
import structlog
from prometheus_client import Counter
from sqlalchemy import or_, select, update

from chassis import mail as post
from gateway.notifications import sealing, sentences
from gateway.notifications.model import UNKNOWN, WITH_ONE_TIME_LINK, Mail, MailSettings, State

log = structlog.get_logger()
MAILS = Counter("rapport_mails_total", "Attempts to send a mail, by the state they led to", ["state"])
SENDER_NAME = "Rapport"
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

    @property
    def delivery(self):
        """What the way is called."""
        return "SMTP" if self.server else "MAILDIR" if self.folder else "NOWHERE"


def content_of(kind, subject, title, values):
    """Returns what a notification says, as mail keeps it."""
    return {"kind": kind, "subject": subject, "title": title, "values": values}


def queue(tx, template, to, language, content):
    """Puts a mail on its way; it leaves if this transaction commits."""
    sealed = sealing.seal(tx.service.settings.secret_key, orjson.dumps(content).decode())
    row = Mail(to=to, template=template, language=language or "en", next_attempt_time=tx.now, content=sealed)
    return tx.add(row)


def way(tx):
    """Returns how mail leaves now."""
    found, settings = tx.session.get(MailSettings, 1), tx.service.settings
    if found is None or not found.host:
        name = found.from_name if found else ""
        sender = (found.from_address if found else "") or "rapport@rapport"
        return Way(None, settings.maildir, name or SENDER_NAME, sender)
    password = sealing.unseal(settings.secret_key, found.sealed_password) if found.sealed_password else ""
    server = post.Server(found.host, found.port, found.security, found.user, password)
    return Way(server, None, found.from_name or SENDER_NAME, found.from_address)


def deliver(route, letter, envelope, seconds):
    """Sends or keeps a letter; returns the state it is in then, and what the server said. Raises MailError."""
    if route.delivery == "NOWHERE":
        raise post.Postponed("no mail server is set")
    message = post.compose(letter, envelope)
    if route.server:
        return State.SENT, post.send(route.server, message, seconds=seconds)
    post.keep(route.folder, message)
    return State.KEPT, ""


def anything_due(tx):
    """Whether there is a mail to send, or one whose attempt nobody will end."""
    due = (Mail.state == State.QUEUED) & (Mail.next_attempt_time <= tx.now)
    lost = (Mail.state == State.SENDING) & (Mail.claim_time < tx.now - LOST)
    return tx.session.scalar(select(Mail.id).where(or_(due, lost)).limit(1)) is not None


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
    due = select(Mail).where(Mail.state == State.QUEUED, Mail.next_attempt_time <= tx.now)
    found = tx.session.scalar(due.order_by(Mail.next_attempt_time).limit(1).with_for_update(skip_locked=True))
    if found is not None:
        found.claim(tx.now)
        tx.flush()
    return found


def _attempt(mail, route, settings):
    """Tries once, in no transaction; returns the state that the mail is in then, and what was said."""
    content = sealing.unseal(settings.secret_key, mail.content or b"")
    if not content:
        return State.FAILED, "its content cannot be read"
    letter = sentences.letter(mail.template, mail.language, orjson.loads(content), settings.public_url.rstrip("/"))
    try:
        return deliver(route, letter, envelope_of(mail, route, settings), post.WHOLE_SECONDS)
    except (post.Postponed, OSError) as error:
        return State.QUEUED, str(error)
    except post.Unknown as error:
        return State.FAILED, f"{UNKNOWN}: {error}"
    except post.Refused as error:
        return State.FAILED, str(error)


def envelope_of(mail, route, settings):
    """Returns whom a mail is from and to. Its id stays the same, so that one sent twice by hand can be told."""
    page = sentences.settings_page(settings.public_url.rstrip("/"))
    unsubscribe = page if mail.template in sentences.UNSUBSCRIBABLE else ""
    message_id = f"mail.{mail.id}.{int(mail.create_time.timestamp() * 1000)}"
    return post.Envelope(route.sender_name, route.sender, mail.to, message_id, mail.create_time, unsubscribe)


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
    MAILS.labels(mail.state).inc()
    log.info("mail", mail=mail.name, state=mail.state, attempts=mail.attempts, error=mail.last_error)


def give_up_lost(tx):
    """Fails the mails whose attempt nobody will end: to send them again might be to send them twice."""
    lost = (Mail.state == State.SENDING) & (Mail.claim_time < tx.now - LOST)
    over = {"state": State.FAILED, "last_error": UNKNOWN, "next_attempt_time": None, "update_time": tx.now}
    tx.session.execute(update(Mail).where(lost, Mail.template.in_(WITH_ONE_TIME_LINK)).values(**over, content=None))
    tx.session.execute(update(Mail).where(lost).values(over))
