"""Mail to guests on its way to notifications, which sends what it was asked once, however often it is asked.

That a guest is to be mailed is written down with what causes it. A job asks notifications, under the key of the mail,
and forgets it; whoever dies in between asks again, and nothing is sent twice. What a guest was told is what stands in
the letter that was written, not what the event was when it was asked for.
"""

import time
from datetime import timedelta

import structlog
from crm.notifications.v1 import notifications_pb2
from sqlalchemy import select, update

from chassis.db import number
from chassis.errors import Error, FailedPrecondition, InvalidArgument
from chassis.wiring import every
from services.events.guests import letters, moving, places
from services.events.guests.inviting import REASONS, left_out, look_up
from services.events.guests.model import EXPECTED, TELLING, Delivery, EventGuest, GuestMail, Occasion, Response, told_of
from services.events.model import ContactRef, Event, State

log = structlog.get_logger()
# How long one round goes on, and how long it waits while notifications does not answer.
ROUND_SECONDS, PAUSE = 3.0, timedelta(seconds=10)
# So long somebody may take back that an event was closed or called off before its mails are given up.
SECOND_THOUGHTS = timedelta(minutes=1)
# These are for those who come, and nobody else.
TO_COMING = (Occasion.EVENT_REMINDER, Occasion.EVENT_PLACE)
# The key was used for a mail that said something else then: it was asked for before the event changed.
ASKED_BEFORE = "REQUEST_ID_REUSED"


@every(1, own_transactions=True)
def mail_guests(begin):
    """Asks notifications to send what is due, each in a transaction of its own."""
    end = time.monotonic() + ROUND_SECONDS
    while time.monotonic() < end:
        with begin() as tx:
            if not _mail_one(tx):
                return


def _mail_one(tx):
    """Asks for the mail that has waited longest; returns whether it makes sense to go on."""
    mail = _next(tx)
    if mail is None:
        return False
    if mail.request is not None:
        return _ask(tx, mail, notifications_pb2.QueueMailRequest.FromString(mail.request))
    [row] = letters.addressed(tx, EventGuest.id == mail.guest)
    guest, event = row.EventGuest, row.Event
    ended, tells_so = event.ended(tx.now), mail.occasion == Occasion.EVENT_CANCELLED
    if _is_pointless(mail, guest, event):
        _conclude(tx, mail, Delivery.UNSPECIFIED)
        _count_again(tx, row)
    elif not ended and (event.state == State.OPEN or tells_so):
        return _write(tx, mail, row)
    elif not ended and tx.now - event.close_time < SECOND_THOUGHTS:
        # It may be opened again at once.
        mail.due_time = tx.now + PAUSE
    else:
        _fail(tx, mail, row, FailedPrecondition("the event is over", "EVENT_OVER"))
    return True


def _is_pointless(mail, guest, event):
    """Whether a mail is not for its reader any more: he does not come, or what was called off is open again."""
    if mail.occasion == Occasion.EVENT_CANCELLED:
        return event.state != State.CANCELLED or guest.response not in EXPECTED
    return mail.occasion in TO_COMING and guest.response != Response.ACCEPTED


def _next(tx):
    """Returns the mail that has waited longest, kept from others; so is its event, of which it tells, if it has one.

    What somebody is just changing has time until he is done: nobody waits for another here.
    """
    due = select(GuestMail).where(GuestMail.due_time <= tx.now).order_by(GuestMail.due_time).limit(1)
    written = due.where(GuestMail.request.is_not(None)).with_for_update(skip_locked=True)
    others = due.join(EventGuest, EventGuest.id == GuestMail.guest).join(Event, Event.id == EventGuest.event)
    others = others.where(GuestMail.request.is_(None))
    others = others.with_for_update(skip_locked=True, key_share=True, of=[GuestMail, Event])
    return tx.session.scalars(written).first() or tx.session.scalars(others).first()


def _write(tx, mail, row):
    """Writes one mail to where its reader is written to now, and asks for it; returns whether it makes sense to go on.

    One that cannot be written keeps no other from leaving.
    """
    contact = row.EventGuest.contact
    try:
        found = look_up(tx, [contact]).get(contact)
    except Error:
        mail.due_time = tx.now + PAUSE
        return False
    if found is None and not _is_gone(tx, contact):
        # It was merged, or is being deleted, and we hear of that soon: his mail goes to the survivor, or with him.
        mail.due_time = tx.now + PAUSE
        return True
    reason = left_out(found)
    if reason:
        _fail(tx, mail, row, FailedPrecondition(REASONS[reason], reason, name=contact))
        return True
    row.EventGuest.address = found.address
    try:
        request = letters.letter(tx.service, row, found, mail)
    except Exception as error:
        log.exception("guest_mail_not_written", about=row.Event.name)
        unwritten = FailedPrecondition("it could not be written: {error}", "MAIL_NOT_WRITTEN", error=repr(error))
        _fail(tx, mail, row, unwritten)
        return True
    return _ask(tx, mail, request, row)


def _is_gone(tx, contact):
    """Whether it was heard that a contact was deleted."""
    return tx.session.scalar(select(ContactRef.deleted).where(ContactRef.name == contact))


def _ask(tx, mail, request, row=None):
    """Asks for one mail, to the guest of a `row` if he still is one; returns whether notifications answered."""
    try:
        tx.ask(request)
    except Error as error:
        if isinstance(error, InvalidArgument | FailedPrecondition) and error.reason != ASKED_BEFORE:
            _fail(tx, mail, row, error)
            return True
        if error.reason != ASKED_BEFORE:
            # Whatever else it is passes, and to ask again does no harm. It may have been taken all the same.
            if row is not None and row.EventGuest.told_start_time is None:
                _note(row.EventGuest, row.Event)
            mail.due_time = tx.now + PAUSE
            return False
        tx.session.delete(mail)
        _count_again(tx, row)
        return True
    tx.session.delete(mail)
    _note_told(tx, mail, row)
    return True


def _note_told(tx, mail, row):
    """Notes which time and place a guest was told, if he still is one."""
    if row is None:
        return
    guest, event = row.EventGuest, row.Event
    # Whom the letter was asked for to tell counted as told since then.
    news = mail.occasion not in TELLING and guest.knows_other(event)
    _note(guest, event)
    if news:
        tx.flush()
        places.recount(tx, event)
        places.announce(tx, event, [guest.contact])


def _note(guest, event):
    for name, value in told_of(event).items():
        setattr(guest, name, value)


def _count_again(tx, row):
    """Counts a guest whose letter did not tell him of a change among those who are still to be told."""
    tx.flush()
    if row is not None and row.EventGuest.knows_other(row.Event):
        places.recount(tx, row.Event)
        places.announce(tx, row.Event, [row.EventGuest.contact])


def _fail(tx, mail, row, error):
    """Notes that a mail will not be sent, and tells the pages; who was not reached is invited with all others later."""
    if row is None:
        log.warning("guest_mail_refused", error=str(error))
        tx.session.delete(mail)
        return
    guest = row.EventGuest
    if mail.occasion == Occasion.EVENT_INVITATION:
        guest.invite_time = None
    _conclude(tx, mail, Delivery.FAILED, error, guest.language)
    _count_again(tx, row)
    places.announce(tx, row.Event, [guest.contact])


def _conclude(tx, mail, delivery, error=None, language=""):
    """Notes that a mail will not be sent, and why."""
    told = {"delivery": delivery, "delivery_message": error.sentence(language or "en") if error else ""}
    tx.session.execute(update(EventGuest).where(EventGuest.mail_key == mail.key).values(told))
    tx.session.delete(mail)


def note_deliveries(tx, finished):
    """Notes what became of mails, (key, state, what was said) each, and announces it once per event."""
    concerned: dict = {}
    moving.note_deliveries(tx, {key: (state, words) for key, state, words in finished})
    for key, state, words in finished:
        noted = update(EventGuest).where(EventGuest.mail_key == key).values(delivery=state, delivery_message=words)
        row = tx.session.execute(noted.returning(EventGuest.event, EventGuest.contact)).first()
        if row is not None:
            concerned.setdefault(row.event, []).append(row.contact)
    ids = [number(name, Event.collection) for name in concerned]
    for event in tx.session.scalars(select(Event).where(Event.id.in_(ids))).all() if ids else ():
        places.announce(tx, event, concerned[event.name])
