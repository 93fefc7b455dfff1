"""Photos of contacts."""

from crm.contacts.v1 import contacts_pb2 as pb

from chassis.kit import pictures
from chassis.wiring import own_transactions
from services.contacts.model import Contact, ContactPhoto
from services.contacts.standard import contacts

# Decided by the guide; larger ones are made to fit.
WIDTH, HEIGHT = 200, 300


@own_transactions
def upload_contact_photo(request, begin):
    """Keeps the photo of a contact. It is made between two transactions: it takes long."""
    with begin() as tx:
        _locked(request.name, tx)
    photo = pictures.drawn(request.file.data, "within", WIDTH, HEIGHT)
    with begin() as tx:
        contact = _locked(request.name, tx)
        return _changed(contact, pictures.keep(tx, ContactPhoto, contact.name, photo), tx)


def delete_contact_photo(request, tx):
    """Removes the photo of a contact."""
    contact = _locked(request.name, tx)
    return _changed(contact, pictures.drop(tx, ContactPhoto, contact.name), tx)


def download_contact_photo(request, tx):
    """Gives the photo of a contact back."""
    return pictures.download(tx, ContactPhoto, tx.get(Contact, request.name).name)


def _locked(name, tx):
    contact = tx.get(Contact, name, lock=True)
    contact.require_changeable()
    return contact


def _changed(contact, photo, tx):
    """Notes which photo there is, and announces it."""
    before = tx.message(contact, pb.Contact)
    if photo == contact.photo:
        return before
    contact.photo, contact.update_time = photo, tx.now
    tx.flush()
    return contacts.announce("Updated", contact, tx, ["photo"], before)
