"""What time makes contacts do."""

from sqlalchemy import bindparam, select, update

from chassis.kit import clearing, deletion, handover
from chassis.service import remove_some
from chassis.wiring import every
from services.contacts import batching
from services.contacts.deciding import cancel
from services.contacts.exporting.running import delete_expired_files, make_exports  # noqa: F401 jobs of ours
from services.contacts.forms.model import REMEMBERED, Submission
from services.contacts.importing import running
from services.contacts.likeness import keys
from services.contacts.mailing import sending
from services.contacts.model import Clearing, Contact, Deletion, HandOver, Principal
from services.contacts.standard import contacts

STEP = 500
carry_out_imports = running.carry_out_imports
sweep_blobs = running.sweep_blobs
send_mailings = sending.send_mailings


@every(3600)
def forget_submissions(tx):
    """Forgets what was handed in so long ago that its proof is too old anyway."""
    remove_some(tx, Submission.__table__, Submission.time < tx.now - REMEMBERED)


@every(5)
def cancel_expired_deletions(tx):
    """Keeps the contacts about which not every voter answered in time: whoever waited for it has died."""
    for attempt in deletion.expired(tx, Deletion):
        cancel(tx, attempt.id)


@every(1, own_transactions=True)
def hand_over_contacts(begin):
    """Gives the contacts of somebody who leaves to whoever takes them over."""
    handover.carry_out(begin, HandOver, Principal, contacts)


@every(1, own_transactions=True)
def clear_what_was_deleted(begin):
    """Takes tags and fields that somebody deleted from the contacts that have them."""
    clearing.carry_out(begin, Clearing, contacts)


@every(1, own_transactions=True)
def carry_out_batches(begin):
    """Changes and deletes contacts of which somebody wants many changed or deleted."""
    batching.carry_out(begin)


@every(5, own_transactions=True)
def settle_keys(begin):
    """Gives the contacts that have none the keys by which doubles are found: those of before there were keys."""
    while _settle_some(begin):
        pass


def _settle_some(begin):
    with begin() as tx:
        bare = select(Contact).where(Contact.keys.is_(None)).order_by(Contact.id).limit(STEP)
        rows = tx.session.scalars(bare.with_for_update(skip_locked=True)).all()
        if rows:
            # No change of the contacts: their versions stay.
            tx.session.connection().execute(_SETTLE, [{"key": row.id, "found": keys(row)} for row in rows])
        return len(rows) == STEP


_SETTLE = update(Contact).where(Contact.id == bindparam("key")).values(keys=bindparam("found"))
