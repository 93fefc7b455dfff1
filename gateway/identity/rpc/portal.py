"""The portal: what anybody may know of it, what its administrators decide, and how it begins."""

from urllib.parse import urlsplit

from crm.identity.v1 import identity_pb2 as pb
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from chassis.errors import FailedPrecondition
from chassis.identity import Actor
from chassis.wiring import own_transactions
from gateway.identity import pictures, signing_in
from gateway.identity.model import Portal, Role, User
from gateway.identity.people import PORTAL, changed_portal, locked_portal, require_known, settings, users


def get_portal(request, tx):
    """Returns what anybody may know; how money and time are written is for those who have signed in."""
    portal = tx.session.get(Portal, PORTAL)
    if portal is None:
        return pb.Portal(name="portal", language="en")
    anybody = {"title": portal.title, "logo": portal.logo, "language": portal.language}
    elsewhere = tx.service.settings
    if elsewhere.oidc_issuer:
        anybody["oidc_title"] = elsewhere.oidc_title or urlsplit(elsewhere.oidc_issuer).netloc
    known = ("currency_code", "time_zone", "first_day_of_week", "date_format", "crm_enabled")
    names = known if tx.actor.user else ()
    return pb.Portal(name="portal", set_up=True, **anybody, **{name: getattr(portal, name) for name in names})


def get_portal_settings(request, tx):
    """Returns the settings of the portal."""
    tx.actor.require_portal_admin()
    return tx.read(Portal, f"{Portal.collection}/{PORTAL}", pb.PortalSettings)


def update_portal_settings(request, tx):
    """Changes the settings of the portal."""
    tx.actor.require_portal_admin()
    request.portal_settings.name = f"{Portal.collection}/{PORTAL}"
    require_known(tx, "crm_members", request.portal_settings.crm_members)
    return settings.update(request, tx)


@own_transactions
def upload_portal_logo(request, begin):
    """Keeps the logo. It is made between two transactions: it takes long."""
    with begin() as tx:
        tx.actor.require_portal_admin()
    logo = pictures.logo(request.file.data)
    with begin() as tx:
        portal = locked_portal(tx)
        before = tx.message(portal, pb.PortalSettings)
        portal.logo = pictures.keep(tx, portal.name, logo)
        return changed_portal(tx, portal, before, "logo")


def delete_portal_logo(request, tx):
    """Removes the logo."""
    tx.actor.require_portal_admin()
    portal = locked_portal(tx)
    before = tx.message(portal, pb.PortalSettings)
    portal.logo = pictures.drop(tx, portal.name)
    return changed_portal(tx, portal, before, "logo")


def download_portal_logo(request, tx):
    """Gives the logo back."""
    return pictures.download(tx, Portal.collection)


def set_up_portal(request, tx):
    """Makes the portal and its owner, and signs him in; the one row of the portal can be made once."""
    row = {
        "id": PORTAL,
        "language": request.language or "en",
        "currency_code": request.currency or "USD",
        "time_zone": request.time_zone or "UTC",
        "version": 1,
        "create_time": tx.now,
        "update_time": tx.now,
        "creator": "",
    }
    made = insert(Portal).values(row).on_conflict_do_nothing().returning(Portal.id)
    if tx.session.execute(made).first() is None:
        raise FailedPrecondition("the portal has been set up; sign in", "PORTAL_ALREADY_SET_UP")
    owner = User(
        email=request.email,
        display_name=request.display_name,
        role=Role.OWNER,
        language=row["language"],
        time_zone=request.time_zone,
    )
    owner.password = request.password
    owner.check()
    tx.add(owner)
    # He made himself; his number is known now that he is there.
    owner.creator = owner.name
    tx.session.execute(update(User).where(User.id == owner.id).values(creator=owner.creator))
    tx.actor = Actor(user=owner.name, role=Role.OWNER)
    users.announce("Created", owner, tx)
    return signing_in.signed_in(tx, owner)
