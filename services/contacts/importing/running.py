"""The jobs of imports."""

from sqlalchemy import select

from chassis.kit.importing.running import Runs
from chassis.wiring import every
from services.contacts.exporting.model import Export
from services.contacts.importing.kind import IMPORTS
from services.contacts.importing.model import ContactImport
from services.contacts.mailing.model import MailingAttachment

NAMING_BLOBS = (ContactImport.blob, Export.blob, MailingAttachment.blob)
RUNS = Runs(IMPORTS)


@every(1, own_transactions=True)
def carry_out_imports(begin):
    """Carries imports out, and takes them back, one after the other."""
    RUNS.go_on(begin)


@every(3600, own_transactions=True)
def sweep_blobs(begin):
    """Deletes the files that nothing names: what a crash left behind."""
    with begin() as tx:
        known = {name for column in NAMING_BLOBS for name in tx.session.scalars(select(column))}
        blobs = tx.service.blobs
    blobs.sweep(known)
