"""What time makes contacts do."""

from chassis.kit import deletion
from chassis.wiring import every
from services.contacts.deciding import cancel
from services.contacts.model import Deletion


@every(5)
def cancel_expired_deletions(tx):
    """Keeps the contacts about which not every voter answered in time: whoever waited for it has died."""
    for attempt in deletion.expired(tx, Deletion):
        cancel(tx, attempt.id)
