"""What may be asked of the contacts service, beyond the standard methods."""

from crm.contacts.v1 import contacts_pb2 as pb
from crm.contacts.v1 import domain_events_pb2 as events
from google.protobuf.empty_pb2 import Empty
from sqlalchemy import inspect

from chassis.errors import Error, InvalidArgument, PermissionDenied, ResourceExhausted
from chassis.kit import deletion
from chassis.standard import Standard
from chassis.wiring import own_transactions
from services.contacts.deciding import WAITING, cancel, request_deletion
from services.contacts.model import Contact, Deletion, Kind

contacts = Standard(Contact, pb.Contact, events)


def create_contact(request, tx):
    """Adds a contact; without managers, whoever adds it looks after it."""

    def complete(contact):
        contact.managers = contact.managers or [tx.actor.user]
        require_company(contact, tx)

    return contacts.create(request, tx, complete)


def update_contact(request, tx):
    """Changes a contact."""

    def complete(contact, changed):
        if "company" in changed:
            require_company(contact, tx)
        if {"managers", "sharing"} & set(changed):
            require_say(contact, tx)

    return contacts.update(request, tx, complete)


def require_say(contact, tx):
    """Refuses unless the caller may say who sees the contact; who may only write in it could take it from others."""
    history = inspect(contact).attrs.managers.history
    (managers,) = history.deleted or history.unchanged
    if not (tx.actor.sees_all or tx.actor.user in managers):
        raise PermissionDenied("only its managers say who may see {name}", "MANAGER_REQUIRED", name=contact.name)
    if not contact.managers:
        raise InvalidArgument("name at least one manager", "MANAGER_MISSING", field="managers")


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
