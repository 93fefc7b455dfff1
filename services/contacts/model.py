"""Contacts: what is true of persons and companies."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, Text, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, aliased, mapped_column

from chassis.db import ALSO_FORMER_NAMES, FORMER_NAMES, HOLDS_NAMES, Name, UtcDateTime
from chassis.errors import FailedPrecondition, InvalidArgument
from chassis.kit import clearing, custom, deletion, dictionary, handover, people, tags
from chassis.kit.access import Restricted
from chassis.kit.pictures import Picture
from chassis.resource import Resource
from chassis.standard import fold, occurs, visible
from services.contacts import likeness, phones
from services.contacts.batch import ContactBatch
from services.contacts.entries import search_text, settle_primary, web_address
from services.contacts.exporting.model import Export  # noqa: F401 its table is among ours
from services.contacts.forms.model import ContactForm  # noqa: F401 its tables are among ours
from services.contacts.importing.model import ContactImport  # noqa: F401 its tables are among ours
from services.contacts.mailing.model import Mailing, unsubscribed  # noqa: F401 its tables are among ours
from services.contacts.schema import Base

__all__ = ["Base", "ContactBatch", "settle_primary"]


class Kind(StrEnum):
    """Whether a contact is a human being or an organisation."""

    PERSON = "PERSON"
    COMPANY = "COMPANY"


class State(StrEnum):
    """Where a contact is in its life."""

    ACTIVE = "ACTIVE"
    DELETING = "DELETING"


class Source(StrEnum):
    """How a contact came into the customer base."""

    MANUAL = "MANUAL"
    IMPORT = "IMPORT"
    FORM = "FORM"
    CALL = "CALL"


class Contact(tags.Tagged, custom.CustomFields, Restricted, Base):
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
        "websites",
        "socials",
        "description",
        "type",
        "temperature",
        "currency",
        "language",
        "tags",
        "custom",
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
        "type",
        "temperature",
        "currency",
        "language",
        "source",
        "origin",
    )
    detail = ("description", "addresses", "websites", "socials")
    told_when_read = ("unsubscribed",)
    sort_columns = {"display_name": "sort_key", "temperature": "temperature_rank"}
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
    websites: Mapped[list] = mapped_column(JSONB, default=list)
    socials: Mapped[list] = mapped_column(JSONB, default=list)
    description: Mapped[str] = mapped_column(Text, default="")
    type: Mapped[str | None] = mapped_column(Name("contactTypes"), ForeignKey("contact_type.id"))
    temperature: Mapped[str | None] = mapped_column(Name("temperatureLevels"), ForeignKey("temperature_level.id"))
    # The place of its temperature level, by which lists are sorted; 0 without one.
    temperature_rank: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(Text, default="", server_default="")
    photo: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default=Source.MANUAL)
    origin: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text, default=State.ACTIVE)
    deletion: Mapped[str | None] = mapped_column(Text)
    # What lists are sorted by and what `q` searches; both follow from the fields above.
    sort_key: Mapped[str] = mapped_column(Text(collation="C"))
    search_text: Mapped[str] = mapped_column(Text)
    # By which it is recognised as another one's double (likeness.py); null until a job has settled it.
    keys: Mapped[list[str] | None] = mapped_column(ARRAY(Text))

    __table_args__ = (
        Index("ix_contact_sort_key_id", "sort_key", "id"),
        Index("ix_contact_create_time_id", "create_time", "id"),
        Index("ix_contact_update_time_id", "update_time", "id"),
        Index("ix_contact_first_name_id", "first_name", "id"),
        Index("ix_contact_last_name_id", "last_name", "id"),
        Index("ix_contact_temperature_rank_id", "temperature_rank", "id"),
        Index("ix_contact_kind_sort_key", "kind", "sort_key", "id"),
        Index("ix_contact_type_sort_key", "type", "sort_key", "id"),
        Index("ix_contact_temperature_sort_key", "temperature", "sort_key", "id"),
        Index("ix_contact_origin", "origin", postgresql_where=text("origin <> ''")),
        Index("ix_contact_unsettled", "id", postgresql_where=text("keys IS NULL")),
        Index("ix_contact_managers", "managers", postgresql_using="gin"),
        Index("ix_contact_tag_keys", "tag_keys", postgresql_using="gin"),
        Index("ix_contact_custom", "custom", postgresql_using="gin"),
        Index("ix_contact_keys", "keys", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
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
        return occurs(cls.search_text, word)

    @classmethod
    def computed(cls, actor):
        """What the company is called, to those who may see it; whether he wants no mailings."""
        company = aliased(cls)
        named = select(company.display_name).where(company.id == cls.company, company.visible(actor))
        return {"company_display_name": named.correlate(cls).scalar_subquery(), "unsubscribed": unsubscribed(cls)}

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
            setattr(self, field, visible(getattr(self, field) or "").strip())
            if not getattr(self, field):
                raise InvalidArgument("fill it in", "NAME_REQUIRED", field=field)
        if self.kind == Kind.COMPANY and self.company:
            raise InvalidArgument("a company belongs to no other company", "COMPANY_OF_COMPANY", field="company")
        self.settle_access()
        self.settle_tags()
        for entries in ("emails", "phones", "addresses", "websites", "socials"):
            setattr(self, entries, settle_primary(getattr(self, entries) or []))
        self.display_name = self.company_name if self.kind == Kind.COMPANY else f"{self.first_name} {self.last_name}"
        self.sort_key = fold(self.display_name)
        self.search_text = search_text(self)
        self.keys = likeness.keys(self)
        # Who brought it in says so beforehand.
        self.source = self.source or Source.MANUAL

    def settle_entries(self, region):
        """Writes phones and addresses on the web as they are kept; `region` is where numbers are at home."""
        self.phones = [phones.settled(entry, region) for entry in self.phones or []]
        self.websites = [{**entry, "value": web_address(entry["value"])} for entry in self.websites or []]

    def require_changeable(self):
        """A contact whose deletion is being decided stays as it is until then."""
        if self.state == State.DELETING:
            raise FailedPrecondition("{name} is being deleted", "CONTACT_DELETING", name=self.name)


class ContactType(dictionary.Entry, Base):
    """What kind of business partner a contact is."""

    __tablename__ = "contact_type"

    collection = "contactTypes"

    @classmethod
    def holders(cls):
        """Contacts of this type."""
        return Contact, Contact.type == cls.id


class TemperatureLevel(dictionary.Entry, Base):
    """How likely business with a contact is."""

    __tablename__ = "temperature_level"

    collection = "temperatureLevels"

    @classmethod
    def holders(cls):
        """Contacts of this temperature."""
        return Contact, Contact.temperature == cls.id


class ContactTag(tags.Tag, Base):
    """A word that groups contacts."""

    __tablename__ = "contact_tag"

    collection = "contactTags"

    @classmethod
    def tagged(cls):
        """Contacts."""
        return Contact


class ContactField(custom.Field, Base):
    """A field of one's own that contacts have."""

    __tablename__ = "contact_field"

    collection = "contactFields"

    @classmethod
    def holder(cls):
        """Contacts."""
        return Contact


class ContactPhoto(Picture, Base):
    """The photo of a contact."""

    __tablename__ = "contact_photo"


class DistinctPair(Base):
    """Two contacts of which somebody said that they are not one."""

    __tablename__ = "distinct_pair"

    # The one of the lower number, and the other.
    one: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    other: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True, index=True)
    creator: Mapped[str] = mapped_column(Text, info=HOLDS_NAMES)
    create_time: Mapped[datetime] = mapped_column(UtcDateTime)


class Clearing(clearing.Clearing, Base):
    """A tag or field on its way out of all contacts."""


class Spread(StrEnum):
    """Whether a change goes to those who belong to the contact too."""

    ASK = "ASK"
    ALWAYS = "ALWAYS"
    NEVER = "NEVER"


class ContactSettings(Resource, Base):
    """What administrators decided about contacts: one row, made when the first user is heard of."""

    __tablename__ = "contact_settings"

    collection = "contactSettings"
    writable = ("temperature_to_related", "tags_to_related", "mail_to_history", "phone_region")

    temperature_to_related: Mapped[str] = mapped_column(Text, default=Spread.ASK)
    tags_to_related: Mapped[str] = mapped_column(Text, default=Spread.ASK)
    mail_to_history: Mapped[bool] = mapped_column(default=False)
    phone_region: Mapped[str] = mapped_column(Text, default="")

    @property
    def name(self):
        """There is one."""
        return self.collection

    @classmethod
    def present(cls, fields):
        """There is one, without a number."""
        fields["name"] = cls.collection

    def check(self):
        """Asks unless said otherwise."""
        for field in ("temperature_to_related", "tags_to_related"):
            if getattr(self, field) == "SPREAD_UNSPECIFIED":
                setattr(self, field, Spread.ASK)


class Principal(people.Principal, Base):
    """A user or group that contacts can be given to."""


class HandOver(handover.HandOver, Base):
    """Contacts on their way from one manager to another."""


class Deletion(deletion.Attempt, Base):
    """An attempt to delete a contact."""


class MergeState(StrEnum):
    """Whether a merge stands."""

    MERGED = "MERGED"
    UNDONE = "UNDONE"


class ContactMerge(Resource, Base):
    """A contact that was taken into another one, with what both were before."""

    __tablename__ = "contact_merge"

    collection = "contactMerges"
    filterable = ("source", "target", "state")

    # The contact that is not there any more: its name is answered with the survivor.
    source: Mapped[str] = mapped_column(Name("contacts"), index=True, info=FORMER_NAMES)
    source_title: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Name("contacts"), index=True, info=ALSO_FORMER_NAMES)
    state: Mapped[str] = mapped_column(Text, default=MergeState.MERGED)
    source_before: Mapped[dict] = mapped_column(JSONB)
    target_before: Mapped[dict] = mapped_column(JSONB)
    target_after: Mapped[dict] = mapped_column(JSONB)
    # The numbers of the persons who worked for the source, and of what mailings wrote to it.
    persons: Mapped[list] = mapped_column(JSONB, default=list)
    recipients: Mapped[list] = mapped_column(JSONB, default=list, server_default="[]")

    __table_args__ = (Index("ix_contact_merge_create_time_id", "create_time", "id"),)

    @classmethod
    def visible(cls, actor):
        """Whoever may see the survivor."""
        return select(Contact.id).where(Contact.id == cls.target, Contact.visible(actor)).correlate(cls).exists()

    def label(self):
        """What was taken into another."""
        return self.source_title

    def require_standing(self):
        """Refuses what was undone already."""
        if self.state != MergeState.MERGED:
            raise FailedPrecondition("{name} was undone already", "MERGE_UNDONE", name=self.name)
