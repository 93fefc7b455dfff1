"""What is settled whenever a contact is saved, because it needs more than the contact: those it points to."""

from babel.core import get_global
from sqlalchemy import select, text

from chassis.db import STAYS, number
from chassis.errors import InvalidArgument
from chassis.kit import clearing, custom, dictionary, people, tags
from chassis.standard import fold
from services.contacts.model import (
    Clearing,
    Contact,
    ContactField,
    ContactSettings,
    ContactType,
    Kind,
    Principal,
    State,
    TemperatureLevel,
)
from services.contacts.standard import contact_tags, contacts

ALONE = text("SELECT pg_advisory_xact_lock(hashtext('company'), hashtext(:title))")
ENTRIES = frozenset({"phones", "websites"})


def settle(tx, contact, changed, before=()):
    """Settles the `changed` fields of a contact: everything they point to is there.

    `before` are the values of custom fields that it had.
    """
    if ENTRIES & {*changed}:
        typed_at_home = any(not entry.get("value", "").startswith("+") for entry in contact.phones or ())
        contact.settle_entries(region(tx) if typed_at_home else "")
    if "type" in changed:
        contact.type = getattr(dictionary.require_entry(tx, ContactType, contact.type, "type"), "name", None)
    if "temperature" in changed:
        level = dictionary.require_entry(tx, TemperatureLevel, contact.temperature, "temperature")
        contact.temperature, contact.temperature_rank = (level.name, level.position) if level else (None, 0)
    if "tags" in changed:
        contact.tags = tags.known(tx, contact_tags, contact.tags or [])
        contact.settle_tags()
        clearing.keep_after_all(tx, Clearing, "tags", contact.tag_keys)
    if "custom" in changed:
        custom.settle(tx, ContactField, contact, contact.kind, dict(before))
    if "currency" in changed and contact.currency:
        require_currency(contact.currency)


def region(tx):
    """Returns the country whose numbers are typed without a country code."""
    return tx.session.scalar(select(ContactSettings.phone_region)) or ""


def require_currency(code):
    """Refuses what is no currency."""
    if code not in get_global("all_currencies"):
        raise InvalidArgument("there is no currency {currency}", "CURRENCY_UNKNOWN", field="currency", currency=code)


def require_company(contact, tx):
    """Refuses unless the company a person works for is one that the caller may see; it stays until the end."""
    if not contact.company:
        contact.company = None
        return
    theirs = (Contact.id == number(contact.company, Contact.collection)) & Contact.visible(tx.actor)
    there = theirs & (Contact.kind == Kind.COMPANY) & Contact.deletion.is_(None)
    if tx.session.scalar(select(Contact.id).where(there).with_for_update(**STAYS)) is None:
        raise InvalidArgument(
            "there is no company {company}", "COMPANY_NOT_FOUND", field="company", company=contact.company
        )


def find_or_add_company(tx, person, title):
    """Makes a company the one a person works for: one of that name that the caller may see, or else a new one."""
    title = " ".join(title.split())
    # Two who name it at once mean one.
    tx.session.execute(ALONE, {"title": fold(title)})
    named = select(Contact).where(
        Contact.kind == Kind.COMPANY,
        Contact.sort_key == fold(title),
        Contact.state == State.ACTIVE,
        Contact.visible(tx.actor),
    )
    company = tx.session.scalars(named.order_by(Contact.id).limit(1).with_for_update(**STAYS)).one_or_none()
    if company is None:
        company = Contact(
            kind=Kind.COMPANY,
            company_name=title,
            managers=list(person.managers),
            sharing=person.sharing,
            source=person.source,
            origin=person.origin,
        )
        company.check()
        tx.add(company)
        contacts.announce("Created", company, tx)
    person.company = company.name


def require_managers(contact, before, tx):
    """Refuses managers who do not work here, unless they are managers already."""
    people.require_known(tx, Principal, {*contact.managers} - {*before}, "managers")
