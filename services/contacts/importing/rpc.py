"""What may be asked of imports."""

from chassis.kit import people
from chassis.wiring import in_parts, own_transactions
from services.contacts.importing.kind import IMPORTS
from services.contacts.importing.model import ContactImport, State

update_contact_import = IMPORTS.update
preview_contact_import = IMPORTS.preview
correct_contact_import = IMPORTS.correct
start_contact_import = IMPORTS.start
cancel_contact_import = IMPORTS.cancel
undo_contact_import = IMPORTS.undo
download_rejected_rows = IMPORTS.rejected_rows


@in_parts
def upload_contact_import(upload, begin):
    """Keeps a file and says what it seems to be."""
    return IMPORTS.upload(upload, begin)


@own_transactions
def delete_contact_import(request, begin):
    """Forgets an import."""
    return IMPORTS.delete(request, begin)


def replace_in_imports(tx, name, other=""):
    """Puts `other`, or nobody, where imports will give contacts to a user or group."""
    still = ContactImport.state.in_((State.DRAFT, State.QUEUED, State.RUNNING)) | ContactImport.dry_run
    people.put_instead(tx, IMPORTS.standard, ("managers",), name, other, still)
