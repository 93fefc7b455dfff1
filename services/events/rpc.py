"""What may be asked of the events service, beyond the standard methods."""

from services.events import calendar, choices, deleting, gathering, impact
from services.events.exporting import rpc as exports
from services.events.files import rpc as files
from services.events.guests import answering, inviting, listing, noting
from services.events.history import rpc as history
from services.events.importing import rpc as imports

explain_event_access = gathering.explain_event_access
get_contact_impact = impact.get_contact_impact
create_event = gathering.create_event
update_event = gathering.update_event
delete_event = deleting.delete_event
close_event = gathering.close_event
cancel_event = gathering.cancel_event
reopen_event = gathering.reopen_event
batch_update_events = gathering.batch_update_events
batch_delete_events = deleting.batch_delete_events
list_event_participants = listing.list_event_participants
batch_get_event_participants = listing.batch_get_event_participants
add_event_participants = gathering.add_event_participants
remove_event_participants = gathering.remove_event_participants
invite_event_participants = inviting.invite_event_participants
tell_event_guests = inviting.tell_event_guests
set_event_participant_response = noting.set_event_participant_response
batch_set_event_participant_responses = noting.batch_set_event_participant_responses
mark_event_attendance = noting.mark_event_attendance
get_event_invitation = answering.get_event_invitation
accept_event_invitation = answering.accept_event_invitation
decline_event_invitation = answering.decline_event_invitation
download_event_invitation_calendar = answering.download_event_invitation_calendar
download_event_calendar = calendar.download_event_calendar
download_calendar = calendar.download_calendar
create_history_entry = history.create_history_entry
update_history_entry = history.update_history_entry
delete_history_entry = history.delete_history_entry
pin_history_entry = history.pin_history_entry
upload_file = files.upload_file
get_file = files.get_file
list_files = files.list_files
update_file = files.update_file
delete_file = files.delete_file
restore_file = files.restore_file
download_file = files.download_file
create_event_tag = choices.create_event_tag
update_event_tag = choices.update_event_tag
delete_event_tag = choices.delete_event_tag
delete_unused_event_tags = choices.delete_unused_event_tags
create_event_field = choices.create_event_field
update_event_field = choices.update_event_field
delete_event_field = choices.delete_event_field
reorder_event_fields = choices.reorder_event_fields
create_history_category = choices.create_history_category
update_history_category = choices.update_history_category
delete_history_category = choices.delete_history_category
reorder_history_categories = choices.reorder_history_categories
create_event_export = exports.create_event_export
cancel_event_export = exports.cancel_event_export
delete_event_export = exports.delete_event_export
download_event_export = exports.download_event_export
export_records = exports.export_records
upload_event_import = imports.upload_event_import
update_event_import = imports.update_event_import
delete_event_import = imports.delete_event_import
preview_event_import = imports.preview_event_import
correct_event_import = imports.correct_event_import
start_event_import = imports.start_event_import
cancel_event_import = imports.cancel_event_import
undo_event_import = imports.undo_event_import
download_rejected_event_rows = imports.download_rejected_event_rows
