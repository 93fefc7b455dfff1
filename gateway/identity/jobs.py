"""What time makes identity do."""

from datetime import timedelta

from sqlalchemy import delete

from chassis.wiring import every
from gateway.identity.credentials import SESSION_IDLE
from gateway.identity.model import Attempt, Session
from gateway.identity.signing_in import WINDOW


@every(3600)
def forget_the_past(tx):
    """Removes sessions that ended by themselves and tries that no longer count."""
    over = (Session.expire_time < tx.now) | (Session.last_use_time < tx.now - SESSION_IDLE)
    tx.session.execute(delete(Session).where(over))
    tx.session.execute(delete(Attempt).where(Attempt.time < tx.now - WINDOW - timedelta(hours=1)))
