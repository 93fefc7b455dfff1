"""What a record can be about: a contact or an event. Whoever may see the subject sees what is about it."""

from sqlalchemy import BigInteger, Text, case, cast, func, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import FORMER_NAMES, Name
from chassis.kit import refs
from chassis.resource import Resource
from services.events.event import Event
from services.events.schema import Base


class ContactRef(refs.Ref, Base):
    """A contact as events knows it."""

    __tablename__ = "contact_ref"

    copy_of = ("contacts",)
    more = {"company": "bigint", "editors": "text[]"}

    name: Mapped[str] = mapped_column(Name("contacts"), primary_key=True, autoincrement=False)
    # Whom a person works for: what happens with persons belongs to the history of their company too.
    company: Mapped[str | None] = mapped_column(Name("contacts"), index=True)
    # The principals who may change it.
    editors: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)

    @classmethod
    def seen_by(cls, actor):
        """Returns the SQL condition for the contacts that `actor` may see."""
        return ~cls.deleted if actor.sees_all else cls.readers.overlap([*actor.principals])


class Merge(Base):
    """A contact that contacts took into another one; over once that was undone, though it be heard of late."""

    __tablename__ = "merge"

    name: Mapped[str] = mapped_column(Name("contactMerges"), primary_key=True, autoincrement=False, info=FORMER_NAMES)
    source: Mapped[str] = mapped_column(Name("contacts"), index=True, info=FORMER_NAMES)
    target: Mapped[str] = mapped_column(Name("contacts"), info=FORMER_NAMES)
    over: Mapped[bool] = mapped_column(default=False)
    # What was pointed to the survivor: the numbers of records by their tables.
    moved: Mapped[dict] = mapped_column(JSONB, default=dict)


class About(Resource):
    """A record about one subject, which stands in the column of its collection.

    Who mounts it has both columns among `supporting`: the contract shows them as `subject`.
    """

    contact: Mapped[str | None] = mapped_column(Name("contacts"))
    event: Mapped[str | None] = mapped_column(Name("events"))

    @property
    def subject(self):
        """`contacts/17` or `events/3`"""
        return self.contact or self.event

    @subject.setter
    def subject(self, name):
        self.contact = name if name.startswith("contacts/") else None
        self.event = name if name.startswith("events/") else None

    def belong_to(self, subject):
        """Makes an Event or a ContactRef what it is about, of which the title is known then."""
        self.subject, self.known_title = subject.name, subject.title
        self.remember_readers(subject)

    def remember_readers(self, subject):
        """Notes who may see the subject: they may see what becomes of this too."""
        readers = getattr(subject, "readers", [])
        self.subject_readers = readers() if callable(readers) else readers

    @classmethod
    def present(cls, fields):
        """What it is about, as the contract has it."""
        super().present(fields)
        contact, event = fields.pop("contact"), fields.pop("event")
        fields["subject"] = contact or event

    @classmethod
    def visible(cls, actor):
        """Whoever may see the subject."""
        if actor.sees_all:
            return true()
        contact = select(ContactRef.name).where(
            ContactRef.name == cls.contact, ContactRef.readers.overlap(actor.principals)
        )
        event = select(Event.id).where(Event.id == cls.event, Event.visible(actor))
        return or_(contact.correlate(cls).exists(), event.correlate(cls).exists())

    @classmethod
    def names_only_seen(cls, actor, column):
        """Returns the SQL condition that `actor` may see the contact or the event that a column names; any other name
        is nobody's secret.
        """
        if actor.sees_all:
            return true()
        key = cast(func.split_part(column, "/", 2), BigInteger)
        contact = select(ContactRef.name).where(ContactRef.name == key, ContactRef.readers.overlap(actor.principals))
        event = select(Event.id).where(Event.id == key, Event.visible(actor))
        return case(
            (column.startswith("contacts/"), contact.correlate(cls).exists()),
            (column.startswith("events/"), event.correlate(cls).exists()),
            else_=true(),
        )

    @classmethod
    def subject_editable(cls, actor):
        """Returns the SQL condition that `actor` may change the subject."""
        if actor.sees_all:
            return true()
        contact = select(ContactRef.name).where(
            ContactRef.name == cls.contact, ContactRef.editors.overlap(actor.principals)
        )
        event = select(Event.id).where(Event.id == cls.event, Event.visible(actor))
        return or_(contact.correlate(cls).exists(), event.correlate(cls).exists())

    @classmethod
    def filtered(cls, field, operator, value):
        """`subject = "contacts/17"` is what is about a contact, or about the persons of a company."""
        if field != "subject" or operator != "=":
            return super().filtered(field, operator, value)
        if value.startswith("events/"):
            return cls.event == value
        persons = select(ContactRef.name).where(ContactRef.company == value)
        return or_(cls.contact == value, cls.contact.in_(persons))

    @classmethod
    def subject_titled(cls):
        """Returns the SQL expression of what the subject is called."""
        contact = select(ContactRef.title).where(ContactRef.name == cls.contact).correlate(cls)
        event = select(Event.title).where(Event.id == cls.event).correlate(cls)
        return func.coalesce(contact.scalar_subquery(), event.scalar_subquery(), "")

    def readers(self):
        """Those who may know of the subject, once they were remembered: whoever announces does."""
        return list(getattr(self, "subject_readers", ()))
