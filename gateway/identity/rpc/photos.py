"""Photos of users."""

from crm.identity.v1 import identity_pb2 as pb

from chassis.wiring import own_transactions
from gateway.identity import pictures
from gateway.identity.model import User
from gateway.identity.people import changed, named


@own_transactions
def upload_user_photo(request, begin):
    """Keeps the photo of a user. It is made between two transactions: it takes long."""
    with begin() as tx:
        name = named(request.name, tx)
        _his_to_change(tx, name)
    photo = pictures.photo(request.file.data)
    with begin() as tx:
        user = _his_to_change(tx, name)
        before = tx.message(user, pb.User)
        user.photo = pictures.keep(tx, user.name, photo)
        return changed(tx, user, before, "photo")


def delete_user_photo(request, tx):
    """Removes the photo of a user."""
    user = _his_to_change(tx, named(request.name, tx))
    before = tx.message(user, pb.User)
    user.photo = pictures.drop(tx, user.name)
    return changed(tx, user, before, "photo")


def download_user_photo(request, tx):
    """Gives the photo of a user back."""
    return pictures.download(tx, named(request.name, tx))


def _his_to_change(tx, name):
    user = tx.get(User, name, lock=True)
    user.require_change_by(tx.actor, {"photo"})
    return user
