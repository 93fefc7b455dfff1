"""Mailings as they are sent: one letter after the other, each to each address once, whoever dies meanwhile.

That a recipient is being written to is committed before notifications is asked to send; it sends the same key once.
Whoever finds a recipient half done later therefore asks again, and hears what became of it.
"""

import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from crm.contacts.v1 import domain_events_pb2 as events
from crm.contacts.v1 import mailings_pb2 as pb
from crm.notifications.v1 import notifications_pb2
from sqlalchemy import func, select, update

from chassis.errors import Error, FailedPrecondition, ResourceExhausted, Unavailable
from chassis.kit import askers
from chassis.tx import Cause
from chassis.wiring import every
from services.contacts.mailing.letters import Letters
from services.contacts.mailing.model import (
    COUNTED,
    OPEN,
    UNFINISHED,
    Mailing,
    MailingRecipient,
    Outcome,
    State,
    unsubscribed,
)
from services.contacts.mailing.rpc import brief, mailings
from services.contacts.model import Contact, Principal

log = structlog.get_logger()
# How long one thread goes on; so long a process that stops may wait for a letter that is on its way.
ROUND_SECONDS = 5.0
# How long notifications may take for one letter; and when it is asked again what became of it, which does no harm.
ASK_SECONDS, AGAIN = 50.0, timedelta(seconds=15)
# How long a mailing waits while notifications does not answer.
PAUSE = timedelta(seconds=10)
# What notifications takes, in bytes.
LARGEST = 15 * 1024 * 1024
OUTCOMES = {"SENT": Outcome.SENT, "KEPT": Outcome.KEPT, "REFUSED": Outcome.FAILED, "UNKNOWN": Outcome.UNCERTAIN}
_sending = threading.Lock()


@every(1, own_transactions=True)
def send_mailings(begin):
    """Has what is due sent, on a thread of its own: a slow mail server must hold up nothing."""
    with begin() as tx:
        due = Mailing.state.in_(OPEN) & (Mailing.next_time <= tx.now)
        anything = tx.session.scalar(select(Mailing.id).where(due).limit(1)) is not None
        _give_up_lost(tx)
        service = tx.service
    if anything and _sending.acquire(blocking=False):
        threading.Thread(target=_round, args=[service], name="mailing").start()


def _round(service):
    try:
        send_due(service, time.monotonic() + ROUND_SECONDS)
    except Exception:
        # Whatever it was, it is written down by nobody else; the next round begins within a second.
        log.exception("mailing_round_failed")
    finally:
        _sending.release()


def _give_up_lost(tx):
    """Notes that nobody knows what became of whom somebody was writing to when the mailing was stopped and he died."""
    since = tx.now - timedelta(seconds=ASK_SECONDS)
    lost = (MailingRecipient.state == Outcome.SENDING) & (MailingRecipient.due_time <= since)
    over = select(MailingRecipient).join(Mailing).where(lost, Mailing.state.not_in(OPEN)).limit(100)
    for row in tx.session.scalars(over.with_for_update(of=MailingRecipient, skip_locked=True)).all():
        _conclude(tx, row, Outcome.UNCERTAIN)


@dataclass
class Work:
    """One letter on its way."""

    mailing: int
    cause: Cause
    # None if there was nothing to send after all.
    request: Any = None
    recipient: int = 0
    # (name, etag, readers, label) of the contact.
    contact: tuple = ()


def send_due(service, end):
    """Sends what is due, one after the other, until `end` (of time.monotonic)."""
    letters: dict[tuple, Letters] = {}
    touched = {}
    while time.monotonic() < end:
        with service.begin(service.actor) as tx:
            work = _claim(tx, letters)
        if work is None:
            break
        touched[work.mailing] = work.cause
        if work.request is not None:
            result, words = _ask(service, work)
            with service.begin(service.actor, work.cause) as tx:
                _note(tx, work, result, words)
    for number, cause in touched.items():
        with service.begin(service.actor, cause) as tx:
            row = tx.session.get(Mailing, number)
            if row is not None and row.state in OPEN:
                tx.announce(events.MailingStepMade(mailing=brief(tx, row)), row.name, row.etag)


def _claim(tx, letters):
    """Begins to write to the next recipient of the mailing that has waited longest; None if nothing is due."""
    due = select(Mailing).where(Mailing.state.in_(OPEN), Mailing.next_time <= tx.now)
    oldest = due.order_by(Mailing.next_time).limit(1)
    mailing = tx.session.scalars(oldest.with_for_update(skip_locked=True)).first()
    if mailing is None:
        return None
    starter = mailing.starter
    cause = Cause(actor=starter.user, session=starter.session, language=starter.language, bulk=mailing.name)
    # What it announces itself is not one of many.
    tx.cause = Cause(actor=cause.actor, session=cause.session, language=cause.language)
    work = Work(mailing.id, cause)
    try:
        askers.require_here(tx, Principal, starter)
    except FailedPrecondition as error:
        _end(tx, mailing, State.FAILED, error.sentence(starter.language))
        return work
    recipient = _next(tx, mailing)
    if recipient is not None:
        _prepare(tx, mailing, recipient, letters, work)
    return work


def _next(tx, mailing):
    """Returns the next recipient, first those of whom nobody knows yet what became; ends a mailing that has none."""
    mine = (MailingRecipient.mailing == mailing.id) & MailingRecipient.state.in_(UNFINISHED)
    order = ((MailingRecipient.state == Outcome.PENDING), MailingRecipient.due_time, MailingRecipient.id)
    due = select(MailingRecipient).where(mine, MailingRecipient.due_time <= tx.now).order_by(*order).limit(1)
    row = tx.session.scalars(due.with_for_update(skip_locked=True)).first()
    if row is None:
        later = tx.session.scalar(select(func.min(MailingRecipient.due_time)).where(mine))
        if later is None:
            _end(tx, mailing, State.SUCCEEDED)
        else:
            # One that was locked just now is due already.
            _set(tx, mailing.id, next_time=max(later, tx.now + timedelta(seconds=1)))
    return row


def _prepare(tx, mailing, row, letters, work):
    """Writes the letter to a recipient, who is being written to from now on; or leaves him out."""
    contact, gone = tx.session.execute(select(Contact, unsubscribed(Contact)).where(Contact.id == row.contact)).one()
    has_it = any(entry.get("value", "").lower() == row.address_key.lower() for entry in contact.emails)
    if gone or not has_it:
        # Of one that was begun nobody could tell without asking, and asking might send it.
        begun = row.state == Outcome.SENDING
        _conclude(tx, row, Outcome.UNCERTAIN if begun else Outcome.SKIPPED, "UNSUBSCRIBED" if gone else "ADDRESS_GONE")
        return
    key = (mailing.id, mailing.version)
    if key not in letters:
        letters.clear()
        letters[key] = Letters(tx, mailing)
    try:
        letters[key].read_files(tx)
    except FileNotFoundError:
        _fail(tx, mailing, "a file that goes along is gone", "ATTACHMENT_GONE")
        return
    letter, link = letters[key].of(tx, contact, row.address)
    request = letters[key].request(letter, link, row.key, to=row.address)
    if request.ByteSize() > LARGEST:
        _conclude(
            tx, row, Outcome.FAILED, "REFUSED", _said(mailing, "with its values it is too large", "LETTER_TOO_LARGE")
        )
        return
    work.request = request
    work.recipient, work.contact = row.id, (contact.name, contact.etag, contact.readers(), contact.label())
    row.claim(tx.now, AGAIN)
    _set(tx, mailing.id, next_time=mailing.after_one(tx.now), state=State.RUNNING)


def _ask(service, work):
    """Has a letter sent; returns what came of it, "" if that is not known, and what was said."""
    try:
        answer = service.peers.ask(work.request, Cause(language=work.cause.language), service.actor, ASK_SECONDS)
    except (Unavailable, ResourceExhausted) as error:
        return "", str(error)
    except Error as error:
        return "REFUSED", error.sentence(work.cause.language)
    return notifications_pb2.SendMailResponse.Result.Name(answer.result), answer.words


def _note(tx, work, result, words):
    """Writes down what became of a recipient, unless another process did."""
    row = tx.session.get(MailingRecipient, work.recipient, with_for_update=True)
    if row is None or row.state != Outcome.SENDING:
        return
    if not result:
        # It is asked again, of this recipient first.
        row.due_time = tx.now + PAUSE
        _set(tx, work.mailing, next_time=row.due_time)
        return
    if result == "LATER":
        row.postpone(tx.now, words)
    else:
        row.conclude(OUTCOMES[result], tx.now, "REFUSED" if result == "REFUSED" else "", words)
    if row.state in (Outcome.SENT, Outcome.KEPT, Outcome.UNCERTAIN):
        name, etag, readers, label = work.contact
        facts = {"contact": name, "mailing": tx.cause.bulk, "subject": work.request.subject}
        event = events.ContactMailed(**facts, result=row.state)
        tx.announce(event, name, etag, readers, label)
    _count(tx, row)


def _conclude(tx, row, outcome, reason="", message=""):
    row.conclude(outcome, tx.now, reason, message)
    _count(tx, row)


def _count(tx, row):
    """Counts what became of a recipient, if it has come to an end; ends the mailing after the last one."""
    if row.state not in COUNTED:
        return
    count = getattr(Mailing, COUNTED[row.state])
    left = Mailing.recipient_count - sum(getattr(Mailing, name) for name in {*COUNTED.values()})
    counted = _setting(row.mailing, {COUNTED[row.state]: count + 1}).returning(left, Mailing.state)
    remaining, state = tx.session.execute(counted, execution_options={"synchronize_session": False}).one()
    if remaining <= 0 and state in OPEN:
        _end(tx, tx.session.get(Mailing, row.mailing), State.SUCCEEDED)


def _set(tx, number, **values):
    """Sets how far a mailing is: no change of what it says, so its version stays."""
    tx.session.execute(_setting(number, values), execution_options={"synchronize_session": False})


def _setting(number, values):
    return update(Mailing).where(Mailing.id == number).values(values)


def _fail(tx, mailing, message, reason):
    """Ends a mailing that cannot go on."""
    _end(tx, mailing, State.FAILED, _said(mailing, message, reason))


def _said(mailing, message, reason):
    """Returns a sentence in the language of whoever started a mailing."""
    return FailedPrecondition(message, reason).sentence(mailing.starter.language)


def _end(tx, mailing, state, error=""):
    """Ends a mailing, and tells whoever started it."""
    tx.session.refresh(mailing)
    before = tx.message(mailing, pb.Mailing)
    mailing.end(state, tx.now, error)
    tx.flush()
    mailings.announce("Updated", mailing, tx, ["state"], before)
    event = events.MailingFinished(mailing=brief(tx, mailing), recipients=[mailing.starter.user])
    tx.announce(event, mailing.name, mailing.etag, mailing.readers(), mailing.label())
