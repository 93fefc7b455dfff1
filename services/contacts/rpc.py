"""What may be asked of the contacts service, beyond the standard methods."""

from google.protobuf.empty_pb2 import Empty

from chassis.errors import ResourceExhausted
from chassis.kit import access, deletion
from chassis.wiring import own_transactions
from services.contacts import batching, choices, duplicates, impact, lookups, merging, photos, related, unmerging
from services.contacts.deciding import WAITING, cancel, request_deletion
from services.contacts.exporting import rpc as exports
from services.contacts.forms import rpc as forms
from services.contacts.importing import rpc as imports
from services.contacts.mailing import recipients, unsubscribing
from services.contacts.mailing import rpc as mailings
from services.contacts.model import Contact, Deletion, Source
from services.contacts.saving import find_or_add_company, require_company, require_managers, settle
from services.contacts.standard import contacts
from services.contacts.telling import tell_managers

explain_contact_access = access.explain(Contact)
find_duplicates = duplicates.find_duplicates
list_contact_duplicates = duplicates.list_contact_duplicates
dismiss_contact_duplicates = duplicates.dismiss_contact_duplicates
get_deletion_impact = impact.get_deletion_impact
upload_contact_photo = photos.upload_contact_photo
delete_contact_photo = photos.delete_contact_photo
download_contact_photo = photos.download_contact_photo
get_contact = merging.get_contact
find_contacts_by_email = lookups.find_contacts_by_email
merge_contact = merging.merge_contact
undo_contact_merge = unmerging.undo_contact_merge
batch_update_contacts = batching.batch_update_contacts
batch_delete_contacts = batching.batch_delete_contacts
cancel_contact_batch = batching.cancel_contact_batch
create_contact_type = choices.create_contact_type
update_contact_type = choices.update_contact_type
delete_contact_type = choices.delete_contact_type
reorder_contact_types = choices.reorder_contact_types
create_temperature_level = choices.create_temperature_level
update_temperature_level = choices.update_temperature_level
delete_temperature_level = choices.delete_temperature_level
reorder_temperature_levels = choices.reorder_temperature_levels
create_contact_tag = choices.create_contact_tag
update_contact_tag = choices.update_contact_tag
delete_contact_tag = choices.delete_contact_tag
delete_unused_contact_tags = choices.delete_unused_contact_tags
create_contact_field = choices.create_contact_field
update_contact_field = choices.update_contact_field
delete_contact_field = choices.delete_contact_field
reorder_contact_fields = choices.reorder_contact_fields
get_contact_settings = choices.get_contact_settings
update_contact_settings = choices.update_contact_settings
get_contact_form = forms.get_contact_form
list_contact_forms = forms.list_contact_forms
create_contact_form = forms.create_contact_form
update_contact_form = forms.update_contact_form
preview_contact_form = forms.preview_contact_form
delete_contact_form = forms.delete_contact_form
rotate_contact_form_key = forms.rotate_contact_form_key
get_public_form = forms.get_public_form
submit_public_form = forms.submit_public_form
get_mailing = mailings.get_mailing
list_mailings = mailings.list_mailings
create_mailing = mailings.create_mailing
update_mailing = mailings.update_mailing
delete_mailing = mailings.delete_mailing
upload_mailing_attachment = mailings.upload_mailing_attachment
remove_mailing_attachment = mailings.remove_mailing_attachment
preview_mailing = mailings.preview_mailing
test_mailing = mailings.test_mailing
start_mailing = mailings.start_mailing
cancel_mailing = mailings.cancel_mailing
look_up_contacts = recipients.look_up_contacts
list_mailing_recipients = recipients.list_mailing_recipients
get_unsubscription = unsubscribing.get_unsubscription
unsubscribe = unsubscribing.unsubscribe
resubscribe = unsubscribing.resubscribe
upload_contact_import = imports.upload_contact_import
update_contact_import = imports.update_contact_import
delete_contact_import = imports.delete_contact_import
preview_contact_import = imports.preview_contact_import
correct_contact_import = imports.correct_contact_import
start_contact_import = imports.start_contact_import
cancel_contact_import = imports.cancel_contact_import
undo_contact_import = imports.undo_contact_import
download_rejected_rows = imports.download_rejected_rows
create_export = exports.create_export
delete_export = exports.delete_export
cancel_export = exports.cancel_export
download_export = exports.download_export


def create_contact(request, tx):
    """Adds a contact; without managers, whoever adds it looks after it."""

    def complete(contact):
        contact.managers = contact.managers or [tx.actor.user]
        contact.settle_access()
        require_managers(contact, [tx.actor.user], tx)
        if request.new_company:
            find_or_add_company(tx, contact, request.new_company)
        else:
            require_company(contact, tx)
        settle(tx, contact, [field.name for field, _ in request.contact.ListFields()])

    contact = contacts.create(request, tx, complete)
    if says_it(request):
        tell_managers(contact, (), tx.actor.user, tx)
    return contact


def update_contact(request, tx):
    """Changes a contact, and those who belong to it as far as that goes to them too."""
    managers: list = []
    if request.new_company:
        name_company(request, tx)

    def complete(contact, changed):
        if "company" in changed:
            require_company(contact, tx)
        managers.extend(contact.was("managers"))
        if {"managers", "sharing"} & {*changed}:
            contact.require_say(tx.actor)
            require_managers(contact, managers, tx)
        tags_before = contact.was("tags")
        settle(tx, contact, changed, contact.was("custom"))
        related.spread(tx, contact, changed, tags_before, request.apply_to_related)

    contact = contacts.update(request, tx, complete)
    if managers and says_it(request):
        tell_managers(contact, managers, tx.actor.user, tx)
    return contact


def name_company(request, tx):
    """Puts the company that an update names by its title, found or added, where its name is expected."""
    person = tx.get(Contact, request.contact.name, lock=True)
    person.require_changeable()
    wanted = Contact(managers=person.managers, sharing=person.sharing, source=Source.MANUAL, origin="")
    find_or_add_company(tx, wanted, request.new_company)
    if request.update_mask.paths:
        request.update_mask.paths.append("company")
    request.contact.company = wanted.company


def says_it(request):
    """Whether those who are given a contact are told; they are unless the caller wants none of it."""
    return request.notify or not request.HasField("notify")


@own_transactions
def delete_contact(request, begin):
    """Puts the contact before those who may hold it, and waits a moment for what they say."""
    if not WAITING.acquire(blocking=False):
        raise ResourceExhausted("too many contacts are being deleted; try again", "BUSY", retry_after=1)
    try:
        with begin() as tx:
            number = request_deletion(tx, request.name, request.etag)
        attempt = deletion.await_decision(begin, Deletion, number)
        if attempt.state == deletion.PENDING:
            with begin() as tx:
                attempt = cancel(tx, number)
    finally:
        WAITING.release()
    attempt.outcome("CONTACT_IN_USE")
    return Empty()
