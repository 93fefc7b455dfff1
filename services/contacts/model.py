"""Contacts: what is true of persons and companies."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, aliased, mapped_column

from chassis.db import Name
from chassis.errors import FailedPrecondition, InvalidArgument
from chassis.kit import deletion, handover, people
from chassis.kit.access import Restricted
from chassis.standard import fold
from chassis.tables import service_metadata


class Base(DeclarativeBase):
    """The tables of this service."""

    metadata = service_metadata()


class Kind(StrEnum):
    """Whether a contact is a human being or an organisation."""

    PERSON = "PERSON"
    COMPANY = "COMPANY"


class State(StrEnum):
    """Where a contact is in its life."""

    ACTIVE = "ACTIVE"
    DELETING = "DELETING"


class Contact(Restricted, Base):
    """A person or a company one does business with."""

    __tablename__ = "contact"

    collection = "contacts"
    writable = (
        "first_name",
        "last_name",
        "company_name",
        "job_title",
        "company",
        "emails",
        "phones",
        "addresses",
        "description",
        "managers",
        "sharing",
    )
    immutable = ("kind",)
    filterable = (
        "kind",
        "first_name",
        "last_name",
        "company_name",
        "display_name",
        "job_title",
        "company",
        "managers",
        "sharing",
        "state",
    )
    detail = ("description", "addresses")
    sort_columns = {"display_name": "sort_key"}
    default_order = "display_name"

    kind: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text, default="")
    last_name: Mapped[str] = mapped_column(Text, default="")
    company_name: Mapped[str] = mapped_column(Text, default="")
    display_name: Mapped[str] = mapped_column(Text)
    job_title: Mapped[str] = mapped_column(Text, default="")
    company: Mapped[str | None] = mapped_column(Name("contacts"), ForeignKey("contact.id"), index=True)
    emails: Mapped[list] = mapped_column(JSONB, default=list)
    phones: Mapped[list] = mapped_column(JSONB, default=list)
    addresses: Mapped[list] = mapped_column(JSONB, default=list)
    description: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text, default=State.ACTIVE)
    deletion: Mapped[str | None] = mapped_column(Text)
    # What lists are sorted by and what `q` searches; both follow from the fields above.
    sort_key: Mapped[str] = mapped_column(Text(collation="C"))
    search_text: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("ix_contact_sort_key_id", "sort_key", "id"),
        Index("ix_contact_create_time_id", "create_time", "id"),
        Index("ix_contact_managers", "managers", postgresql_using="gin"),
        Index(
            "ix_contact_search_text",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )

    @classmethod
    def matches(cls, word):
        """A word is found anywhere in names, job title, e-mails, phone digits and addresses."""
        return cls.search_text.contains(word, autoescape=True)

    @classmethod
    def computed(cls, actor):
        """What the company is called, to those who may see it."""
        company = aliased(cls)
        named = select(company.display_name).where(company.id == cls.company, company.visible(actor))
        return {"company_display_name": named.correlate(cls).scalar_subquery()}

    def label(self):
        """Its display name."""
        return self.display_name

    def has_computed(self):
        """Only who has a company has its name."""
        return bool(self.company)

    def check(self):
        """A person has both names, a company its own and no company above it; then settles names and primaries."""
        names = {Kind.COMPANY: ("company_name",), Kind.PERSON: ("first_name", "last_name")}
        needed = names[Kind(self.kind)]
        for field in {*sum(names.values(), ())} - {*needed}:
            if getattr(self, field):
                raise InvalidArgument("a {kind} has none", "NAME_OF_OTHER_KIND", field=field, kind=self.kind.lower())
        for field in needed:
            setattr(self, field, (getattr(self, field) or "").strip())
            if not getattr(self, field):
                raise InvalidArgument("fill it in", "NAME_REQUIRED", field=field)
        if self.kind == Kind.COMPANY and self.company:
            raise InvalidArgument("a company belongs to no other company", "COMPANY_OF_COMPANY", field="company")
        self.settle_access()
        for entries in ("emails", "phones", "addresses"):
            setattr(self, entries, settle_primary(getattr(self, entries) or []))
        self.display_name = self.company_name if self.kind == Kind.COMPANY else f"{self.first_name} {self.last_name}"
        self.sort_key = fold(self.display_name)
        self.search_text = search_text(self)

    def require_changeable(self):
        """A contact whose deletion is being decided stays as it is until then."""
        if self.state == State.DELETING:
            raise FailedPrecondition("{name} is being deleted", "CONTACT_DELETING", name=self.name)


class Principal(people.Principal, Base):
    """A user or group that contacts can be given to."""


class HandOver(handover.HandOver, Base):
    """Contacts on their way from one manager to another."""


class Deletion(deletion.Attempt, Base):
    """An attempt to delete a contact."""


def settle_primary(entries):
    """Returns e-mails, phones or addresses with a category each and exactly one primary: the first that says so."""
    first = next((index for index, entry in enumerate(entries) if entry.get("primary")), 0)
    return [
        {**entry, "category": entry.get("category", "WORK"), "primary": index == first}
        for index, entry in enumerate(entries)
    ]


def search_text(contact):
    """Returns all that a contact is found by, folded; phone numbers by their digits."""
    words = [contact.display_name, contact.job_title or ""]
    words += [entry.get("value", "") for entry in contact.emails]
    words += ["".join(filter(str.isdigit, entry.get("value", ""))) for entry in contact.phones]
    for address in contact.addresses:
        words += [address.get(part, "") for part in ("street", "city", "state", "postal_code", "country")]
    return fold(" ".join(word for word in words if word))
