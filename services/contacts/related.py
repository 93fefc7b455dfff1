"""Who belongs to a contact: a change of temperature or tags may go to them too."""

from crm.contacts.v1 import contacts_pb2 as pb
from sqlalchemy import or_, select

from chassis.db import number
from services.contacts.model import Contact, ContactSettings, Kind, Spread, State
from services.contacts.standard import contacts

MOST = 500


def spread(tx, contact, changed, before, asked):
    """Gives a new temperature, and tags that were added, to those who belong to a contact, as settings and caller say.

    `before` are the tags that it had.
    """
    if not {"temperature", "tags"} & {*changed}:
        return
    settings = tx.session.scalars(select(ContactSettings)).one_or_none()
    says = {Spread.ASK: bool(asked), Spread.ALWAYS: True, Spread.NEVER: False}
    warm = "temperature" in changed and says[settings.temperature_to_related if settings else Spread.ASK]
    added = [title for title in contact.tags if title not in before] if "tags" in changed else []
    added = added if says[settings.tags_to_related if settings else Spread.ASK] else []
    if not warm and not added:
        return
    for other in _related(tx, contact):
        _take_over(tx, other, contact, warm, added)


def _related(tx, contact):
    """Returns, locked, the persons of a company, or the company of a person and its other persons."""
    if contact.kind == Kind.PERSON and not contact.company:
        return []
    company = contact.company if contact.kind == Kind.PERSON else contact.name
    belongs = or_(Contact.company == company, Contact.id == number(company, Contact.collection))
    others = select(Contact).where(
        belongs, Contact.id != contact.id, Contact.state == State.ACTIVE, Contact.visible(tx.actor)
    )
    statement = others.where(Contact.editable(tx.actor)).order_by(Contact.id).limit(MOST).with_for_update()
    return tx.session.scalars(statement).all()


def _take_over(tx, other, contact, warm, added):
    before = tx.message(other, pb.Contact)
    changed = []
    if warm and other.temperature != contact.temperature:
        other.temperature, other.temperature_rank = contact.temperature, contact.temperature_rank
        changed.append("temperature")
    titles = [*other.tags, *(title for title in added if title not in other.tags)]
    if titles != other.tags:
        other.tags = titles
        other.settle_tags()
        changed.append("tags")
    if changed:
        other.update_time = tx.now
        tx.flush()
        contacts.announce("Updated", other, tx, changed, before)
