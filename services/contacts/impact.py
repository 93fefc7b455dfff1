"""What hangs on a contact: our own records, and those of the services that know contacts."""

from crm.contacts.v1 import duplicates_pb2
from crm.events.v1 import events_pb2
from crm.invoicing.v1 import invoicing_pb2
from crm.type.v1.impact_pb2 import Impact, ImpactExample
from sqlalchemy import func, select

from chassis.errors import Error
from services.contacts.model import Contact

EXAMPLES = 10
# Service → the message that asks it.
ASKED = {"invoicing": invoicing_pb2.GetContactImpactRequest, "events": events_pb2.GetContactImpactRequest}


def get_deletion_impact(request, tx):
    """Returns what hangs on a contact; a service that does not answer is listed as unknown."""
    contact = tx.get(Contact, request.name)
    impacts = [_persons(tx, contact)]
    for service, message in ASKED.items():
        try:
            # Whoever may see the contact may see what is for it.
            answer = tx.service.peers.ask(message(contact=contact.name), tx.cause, tx.service.actor)
            impacts += answer.impacts
        except Error:
            impacts.append(Impact(service=service, effect=Impact.UNKNOWN))
    found = [each for each in impacts if each.count or each.effect == Impact.UNKNOWN]
    return duplicates_pb2.GetDeletionImpactResponse(impacts=found)


def _persons(tx, company):
    """The persons of a company lose it. All are counted, and those named that the caller may see."""
    his = Contact.company == company.name
    seen = select(Contact.id, Contact.display_name).where(his, Contact.visible(tx.actor))
    rows = tx.session.execute(seen.order_by(Contact.sort_key, Contact.id).limit(EXAMPLES)).all()
    return Impact(
        service="contacts",
        type="Contact",
        count=tx.session.scalar(select(func.count()).select_from(Contact).where(his)),
        effect=Impact.DETACHED,
        examples=[ImpactExample(name=f"contacts/{row.id}", title=row.display_name) for row in rows],
    )
