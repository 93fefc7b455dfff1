"""Telling people: each as he wants to be told, nobody of what he did himself."""

from dataclasses import dataclass

from crm.notifications.v1 import domain_events_pb2 as events
from crm.notifications.v1 import notifications_pb2 as pb
from sqlalchemy import func, select

from gateway.notifications import outgoing
from gateway.notifications.model import Email, Group, Kind, Notification, Person, Preference, Template, unsaid

DISABLED = "DISABLED"


@dataclass(frozen=True)
class Told:
    """What there is to tell: its kind, and the record it is about."""

    kind: str
    values: dict
    subject: str = ""
    title: str = ""


def tell(tx, told, recipients):
    """Tells people something that somebody else did; `recipients` are users and groups.

    Whoever identity has not spoken of yet gets it on his page: his address is not known.
    """
    doer = tx.cause.actor or tx.actor.name
    names = _users(tx, recipients) - {doer}
    if not names:
        return
    people = _people(tx, {*names, doer})
    known, _ = people.get(doer, (None, None))
    values = {"actor": known.display_name if known else "Rapport", **told.values}
    for name in sorted(names):
        person, preference = people.get(name, (None, None))
        if person is None or person.state != DISABLED:
            _tell_one(tx, Told(told.kind, values, told.subject, told.title), name, person, preference)


def _tell_one(tx, told, name, person, preference):
    """Tells one person something as he wants to be told, mail included if it is known where to."""
    page, email = (preference or unsaid(name)).channels(told.kind)
    note(tx, told, name, shown=page, daily=email == Email.DAILY and person is not None)
    if email == Email.IMMEDIATELY and person is not None:
        content = outgoing.content_of(told.kind, told.subject, told.title, told.values)
        outgoing.queue(tx, Template.NOTIFICATION, person.email, person.language, content)


def note(tx, told, name, *, shown, daily):
    """Puts something on a person's page, and aside for the mail of the day, as he wants it."""
    if not (shown or daily):
        return
    row = Notification(
        reader=name,
        kind=told.kind,
        subject=told.subject,
        title=told.title,
        values=told.values,
        actor=tx.cause.actor or tx.actor.name,
        shown=shown,
        awaits_digest=daily,
    )
    tx.add(row)
    if shown:
        tx.publish(events.NotificationCreated(notification=tx.message(row, pb.Notification)), row)


def note_security(tx, user, address, values):
    """Puts on a person's page what happened to his account; returns when he wants it mailed.

    He is known by his name, or else by his address.
    """
    wanted = Person.name == user if user else func.lower(Person.email) == address.lower()
    statement = select(Person, Preference).outerjoin(Preference, Preference.user == Person.name).where(wanted)
    person, preference = tx.session.execute(statement.limit(1)).first() or (None, None)
    name = person.name if person else user
    page, email = (preference or unsaid(name)).channels(Kind.SECURITY)
    if name:
        told = Told(Kind.SECURITY, values, title=values.get("title", ""))
        note(tx, told, name, shown=page, daily=email == Email.DAILY)
    return email


def _users(tx, recipients):
    """Returns the names of the users among recipients, and of the members of the groups among them."""
    users = {name for name in recipients if name.startswith("users/")}
    groups = [name for name in recipients if name.startswith("groups/")]
    if groups:
        users |= set(tx.session.scalars(select(func.unnest(Group.members)).where(Group.name.in_(groups))))
    return users


def _people(tx, names):
    """Returns name → (person, what he wants), with one statement."""
    statement = select(Person, Preference).outerjoin(Preference, Preference.user == Person.name)
    found = tx.session.execute(statement.where(Person.name.in_(names))).all()
    return {person.name: (person, preference) for person, preference in found}
