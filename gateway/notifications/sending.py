"""Letters that another service wrote: sent while it waits, each key once at most, whoever dies meanwhile.

That a letter is being sent is committed before the dialogue with the server begins. Whoever asks for the same key again
hears what became of it; if its end was never seen, nobody knows, and it is not sent again.
"""

import time

import structlog
from crm.notifications.v1 import notifications_pb2 as pb
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis import mail as post
from chassis.errors import Unavailable
from chassis.wiring import own_transactions
from gateway.notifications import outgoing
from gateway.notifications.model import Delivery, Person, Result

log = structlog.get_logger()
LATER = "LATER"
# Of the time that the caller waits, what is left for writing down how it ended.
RESERVE = 3.0


@own_transactions
def send_mail(request, begin):
    """Sends a letter, or says what became of it if it was sent before."""
    with begin() as tx:
        known = _claim(tx, request.key)
        if known is not None:
            return pb.SendMailResponse(result=known.result, words=known.words)
        route = outgoing.way(tx)
        to = request.to or tx.session.scalar(select(Person.email).where(Person.name == request.user)) or ""
        # What is written down afterwards is, whether or not the caller still waits.
        conclude = tx.service.job_context()
        deadline = tx.cause.deadline
    left = post.WHOLE_SECONDS if deadline is None else deadline - time.monotonic() - RESERVE
    result, words = _attempt(request, to, route, tx.now, max(1.0, min(post.WHOLE_SECONDS, left)))
    with conclude() as tx:
        mine = Delivery.key == request.key
        if result == LATER:
            tx.session.execute(delete(Delivery).where(mine))
        else:
            tx.session.execute(update(Delivery).where(mine).values(result=result, words=words, time=tx.now))
    outgoing.MAILS.labels(result).inc()
    return pb.SendMailResponse(result=result, words=words)


def _claim(tx, key):
    """Begins to send; returns what is known of it if somebody did before."""
    mine = insert(Delivery).values(key=key, result=Result.SENDING, words="", time=tx.now)
    if tx.session.execute(mine.on_conflict_do_nothing().returning(Delivery.key)).first():
        return None
    known = tx.session.get(Delivery, key, with_for_update=True)
    if known is None or (known.result == Result.SENDING and tx.now < known.time + outgoing.LOST):
        raise Unavailable("it is being sent; ask again", "MAIL_IN_PROGRESS", retry_after=10)
    if known.result == Result.SENDING:
        known.result, known.time = Result.UNKNOWN, tx.now
    return known


def _attempt(request, to, route, now, seconds):
    """Tries once, in no transaction; returns what came of it, and what was said."""
    envelope = post.Envelope(
        request.sender_name or route.sender_name,
        route.sender,
        to,
        f"letter.{request.key}",
        now,
        request.unsubscribe_url,
        one_click=bool(request.unsubscribe_url),
        reply_to=request.reply_to,
    )
    files = tuple((each.file_name, each.content) for each in request.attachments)
    letter = post.Written(request.language or "en", request.subject, request.text, request.html, files)
    try:
        state, words = outgoing.deliver(route, lambda: post.compose_written(letter, envelope), seconds)
    except (post.Postponed, OSError) as error:
        return LATER, str(error)
    except post.Refused as error:
        return Result.REFUSED, str(error)
    except post.Unknown as error:
        return Result.UNKNOWN, str(error)
    except Exception as error:
        # A fault of ours: it must not stay unfinished, and nobody knows how far it came.
        log.exception("letter_not_written", key=request.key)
        return Result.UNKNOWN, f"it could not be written: {error!r}"
    return Result(state), words
