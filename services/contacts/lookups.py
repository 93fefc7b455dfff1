"""What other services look up."""

from crm.contacts.v1 import lookups_pb2 as pb
from sqlalchemy import select

from chassis.standard import fold
from services.contacts.model import Contact, State


def find_contacts_by_email(request, tx):
    """Returns whose addresses are."""
    wanted = {"e:" + fold(email.strip()): email for email in request.emails}
    having = Contact.keys.overlap([*wanted]), Contact.state == State.ACTIVE
    found = select(Contact.id, Contact.keys).where(*having).order_by(Contact.id)
    response = pb.FindContactsByEmailResponse()
    for number, keys in tx.session.execute(found) if wanted else ():
        for key in keys:
            if key in wanted:
                response.found.add(email=wanted[key], contact=f"{Contact.collection}/{number}")
    return response
