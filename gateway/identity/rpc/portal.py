"""The portal: what anybody may know of it, and how it begins."""

from crm.identity.v1 import identity_pb2 as pb
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from chassis.errors import FailedPrecondition
from chassis.identity import Actor
from gateway.identity import signing_in
from gateway.identity.model import Portal, Role, User
from gateway.identity.people import PORTAL, users


def get_portal(request, tx):
    """Returns what anybody may know; the currency is for those who have signed in."""
    portal = tx.session.get(Portal, PORTAL)
    if portal is None:
        return pb.Portal(name="portal", language="en")
    currency = portal.currency_code if tx.actor.user else ""
    return pb.Portal(name="portal", set_up=True, language=portal.language, currency_code=currency)


def set_up_portal(request, tx):
    """Makes the portal and its owner, and signs him in; the one row of the portal can be made once."""
    row = {"id": PORTAL, "language": request.language or "en", "currency_code": request.currency or "USD"}
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
