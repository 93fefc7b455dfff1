"""Telling people: each as he wants to be told, nobody of what he did himself."""

from dataclasses import dataclass, replace
from datetime import timedelta

from crm.notifications.v1 import domain_events_pb2 as events
from crm.notifications.v1 import notifications_pb2 as pb
from sqlalchemy import func, select

from chassis.identity import PORTAL_ADMIN_ROLES
from gateway.notifications import outgoing
from gateway.notifications.model import (
    Email,
    Group,
    Kind,
    Mail,
    Notification,
    Person,
    Portal,
    Preference,
    Template,
    unsaid,
)

DISABLED = "DISABLED"
# What is told of the CRM's records, to those who may use it.
OF_RECORDS = frozenset(Kind) - {Kind.SECURITY}
PORTAL = "portalSettings"
# Who is given hundreds of contacts at once is to get a mail that he reads, not hundreds.
MAILS_AN_HOUR = 30


@dataclass(frozen=True)
class Told:
    """What there is to tell: its kind, and the record it is about."""

    kind: str
    values: dict
    subject: str = ""
    title: str = ""
    # What somebody wrote, which a mail about it alone holds too.
    text: str = ""


@dataclass(frozen=True)
class Reader:
    """Somebody who is told: who he is, what he wants, and how much he was mailed lately, if identity spoke of him."""

    name: str
    person: Person | None = None
    preference: Preference | None = None
    mails_lately: int = 0

    def channels(self, kind):
        """Returns how a kind reaches him: whether on the page, and when by mail."""
        return (self.preference or unsaid(self.name)).channels(kind)


@dataclass(frozen=True)
class Access:
    """Who may use the CRM, as the portal's settings say; everybody while they were never changed."""

    portal: Portal | None
    listed: set[str]

    @classmethod
    def now(cls, tx):
        """Returns what is known of it now."""
        portal = tx.session.get(Portal, PORTAL)
        return cls(portal, set() if portal is None or portal.everyone else _users(tx, portal.members))

    def includes(self, name, person):
        """Returns whether somebody may, by what identity said of him, if it did."""
        if self.portal is None or (person is not None and person.role in PORTAL_ADMIN_ROLES):
            return True
        return self.portal.enabled and (self.portal.everyone or name in self.listed)


def tell(tx, told, recipients, *, doer_too=False):
    """Tells people something that somebody else did; `recipients` are users and groups.

    The doer is told too of what went on without him, as a job that he started.

    Who may not use the CRM is told of none of its records: he would read here what the API refuses him. Whoever
    identity has not spoken of yet gets it on his page: his address is not known.
    """
    doer = tx.cause.actor or tx.actor.name
    names = _users(tx, recipients) - ({doer} if not doer_too else set())
    if not names:
        return
    people = _people(tx, {*names, doer})
    values = {"actor": people[doer].person.display_name if doer in people else "Rapport", **told.values}
    access = Access.now(tx)
    for name in sorted(names):
        reader = people.get(name) or Reader(name)
        if told.kind not in OF_RECORDS or access.includes(name, reader.person):
            _tell_one(tx, replace(told, values=values), reader)


def _tell_one(tx, told, reader):
    """Tells one person something as he wants to be told, mail included if it is known where to."""
    page, email = reader.channels(told.kind)
    if reader.person is None:
        note(tx, told, reader.name, shown=page, daily=False)
        return
    if reader.person.state == DISABLED:
        return
    flooded = email == Email.IMMEDIATELY and reader.mails_lately >= MAILS_AN_HOUR
    note(tx, told, reader.name, shown=page, daily=email == Email.DAILY or flooded)
    if email == Email.IMMEDIATELY and not flooded:
        content = outgoing.content_of(told.kind, told.subject, told.title, told.values) | {"text": told.text}
        outgoing.queue(tx, Template.NOTIFICATION, reader.person.email, reader.person.language, content)


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


def tell_of_mail_server(tx, before, host):
    """Tells all administrators of the portal, whoever did it too, that mail leaves by another server from now on.

    By the way it left `before`: another's server would not pass it on.
    """
    doer = tx.session.get(Person, tx.actor.name)
    values = {
        "event": "MAIL_SERVER_CHANGED",
        "title": host or "–",
        "actor": doer.display_name if doer else tx.actor.name,
    }
    administers = Person.role.in_(PORTAL_ADMIN_ROLES) & (Person.state != DISABLED)
    for person in tx.session.scalars(select(Person).where(administers).order_by(Person.name)).all():
        if note_security(tx, person.name, person.email, values) == Email.IMMEDIATELY:
            outgoing.queue(tx, Template.SECURITY_NOTICE, person.email, person.language, values, before)


def note_security(tx, user, address, values):
    """Puts on a person's page what happened to his account; returns when he wants it mailed.

    He is known by his name, or else by his address.
    """
    found = _readers(tx, Person.name == user if user else func.lower(Person.email) == address.lower())
    reader = found[0] if found else Reader(user)
    page, email = reader.channels(Kind.SECURITY)
    if reader.name:
        told = Told(Kind.SECURITY, values, title=values.get("title", ""))
        note(tx, told, reader.name, shown=page, daily=email == Email.DAILY)
    return email


def _users(tx, recipients):
    """Returns the names of the users among recipients, and of the members of the groups among them."""
    users = {name for name in recipients if name.startswith("users/")}
    groups = [name for name in recipients if name.startswith("groups/")]
    if groups:
        users |= set(tx.session.scalars(select(func.unnest(Group.members)).where(Group.name.in_(groups))))
    return users


def _people(tx, names):
    """Returns name → reader, of those whom identity has spoken of."""
    return {reader.name: reader for reader in _readers(tx, Person.name.in_(names))}


def _readers(tx, wanted):
    """Returns the people who are wanted, with what they want and how much they got, with one statement."""
    recent = (Mail.to == Person.email) & (Mail.create_time > tx.now - timedelta(hours=1))
    lately = select(func.count()).where(recent, Mail.template == Template.NOTIFICATION).scalar_subquery()
    statement = select(Person, Preference, lately).outerjoin(Preference, Preference.user == Person.name)
    return [Reader(row[0].name, *row) for row in tx.session.execute(statement.where(wanted)).all()]
