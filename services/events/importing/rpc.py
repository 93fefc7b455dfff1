"""What may be asked of imports."""

from chassis.wiring import in_parts, own_transactions
from services.events.importing.kind import IMPORTS

update_event_import = IMPORTS.update
preview_event_import = IMPORTS.preview
correct_event_import = IMPORTS.correct
start_event_import = IMPORTS.start
cancel_event_import = IMPORTS.cancel
undo_event_import = IMPORTS.undo
download_rejected_event_rows = IMPORTS.rejected_rows


@in_parts
def upload_event_import(upload, begin):
    """Keeps a file and says what it seems to be."""
    return IMPORTS.upload(upload, begin)


@own_transactions
def delete_event_import(request, begin):
    """Forgets an import."""
    return IMPORTS.delete(request, begin)
