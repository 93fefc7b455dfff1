"""What time makes invoicing do."""

import structlog
from crm.contacts.v1 import contacts_pb2
from sqlalchemy import select

from chassis.errors import Error, NotFound
from chassis.kit import deletion
from chassis.wiring import every
from services.invoicing.model import Account, Hold

log = structlog.get_logger()


@every(10, own_transactions=True)
def ask_about_old_holds(begin):
    """Asks contacts what became of deletions whose end never arrived.

    Their time being over is leave to ask, never leave to assume: the deletion may have been decided a second before.
    """
    with begin() as tx:
        due = select(Hold.attempt, Hold.subject).where(Hold.over.is_(False), Hold.ask_time < tx.now).limit(50)
        holds = tx.session.execute(due).all()
    for attempt, subject in holds:
        with begin() as tx:
            _ask(tx, attempt, subject)


def _ask(tx, attempt, subject):
    """Lifts one hold, or makes it last for ever, as contacts says now."""
    try:
        contact = tx.ask(contacts_pb2.GetContactRequest(name=subject))
    except NotFound:
        deletion.keep_for_ever(tx, Hold, [subject])
        return
    except Error as error:
        log.warning("hold_not_asked_about", attempt=attempt, error=str(error))
        return
    if contact.deletion != attempt:
        deletion.lock_account(tx, Account, subject)
        deletion.lift(tx, Hold, attempt, subject)
