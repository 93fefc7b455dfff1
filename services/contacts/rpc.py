"""What may be asked of the contacts service, beyond the standard methods."""

from crm.contacts.v1 import contacts_pb2 as pb
from crm.contacts.v1 import domain_events_pb2 as events
from google.protobuf.empty_pb2 import Empty

from chassis.errors import Error, InvalidArgument, ResourceExhausted
from chassis.kit import access, deletion, people
from chassis.standard import Standard
from chassis.wiring import own_transactions
from services.contacts.deciding import WAITING, cancel, request_deletion
from services.contacts.model import Contact, Deletion, Kind, Principal

contacts = Standard(Contact, pb.Contact, events)


explain_contact_access = access.explain(Contact)


def create_contact(request, tx):
    """Adds a contact; without managers, whoever adds it looks after it."""

    def complete(contact):
        contact.managers = contact.managers or [tx.actor.user]
        require_company(contact, tx)
        people.require_known(tx, Principal, {*contact.managers} - {tx.actor.user}, "managers")

    contact = contacts.create(request, tx, complete)
    tell_managers(request, contact, (), tx)
    return contact


def update_contact(request, tx):
    """Changes a contact."""
    before: list = []

    def complete(contact, changed):
        if "company" in changed:
            require_company(contact, tx)
        before.extend(access.managers_before(contact))
        if {"managers", "sharing"} & set(changed):
            contact.require_say(tx.actor)
            people.require_known(tx, Principal, {*contact.managers} - {*before}, "managers")

    contact = contacts.update(request, tx, complete)
    if before:
        tell_managers(request, contact, before, tx)
    return contact


def tell_managers(request, contact, before, tx):
    """Announces who was given the contact, for them to be told, unless the caller wants none of it."""
    given = [name for name in contact.managers if name not in {*before, tx.actor.user}]
    if given and (request.notify or not request.HasField("notify")):
        event = events.ContactAssigned(contact=contact, recipients=given)
        tx.announce(event, contact.name, contact.etag, given)


def require_company(contact, tx):
    """Refuses unless the company a person works for is a company that the caller may see."""
    if not contact.company:
        contact.company = None
        return
    try:
        company = tx.get(Contact, contact.company)
    except Error:
        company = None
    if company is None or company.kind != Kind.COMPANY or company.deletion:
        raise InvalidArgument(
            "there is no company {company}", "COMPANY_NOT_FOUND", field="company", company=contact.company
        )


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
