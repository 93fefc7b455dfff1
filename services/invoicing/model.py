"""Invoices: what is true of what customers owe."""

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, Date, Index, Text, select
from sqlalchemy import true as always
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.db import FORMER_NAMES, Name
from chassis.errors import FailedPrecondition, InvalidArgument
from chassis.kit import deletion, refs
from chassis.resource import Resource
from chassis.standard import fold, occurs
from chassis.tables import service_metadata
from services.invoicing import money


class Base(DeclarativeBase):
    """The tables of this service."""

    metadata = service_metadata()


DUE_AFTER = timedelta(days=30)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)
PREFIX, WIDTH = "INV", 7
QUANTITY_MAXIMUM = Decimal("99999999.99")


class State(StrEnum):
    """Where an invoice is on its way to being paid."""

    DRAFT = "DRAFT"
    BILLED = "BILLED"
    PAID = "PAID"
    REJECTED = "REJECTED"


class ContactRef(refs.Ref, Base):
    """A contact as invoicing knows it."""

    __tablename__ = "contact_ref"

    copy_of = ("contacts",)

    name: Mapped[str] = mapped_column(Name("contacts"), primary_key=True, autoincrement=False)


class Account(deletion.Account, Base):
    """What is locked before an invoice names a contact, or invoicing votes on its deletion."""


class Hold(deletion.Hold, Base):
    """A promise to make no invoice for a contact that may be going."""


class Invoice(Resource, Base):
    """A request to a customer to pay for goods or services."""

    __tablename__ = "invoice"

    collection = "invoices"
    writable = ("client", "issue_date", "due_date", "currency_code", "lines", "notes")
    filterable = ("number", "state", "client", "client_display_name", "issue_date", "due_date", "currency_code")
    detail = ("lines", "notes", "billing_address")
    supporting = ("total_minor",)
    default_order = "number desc"

    number: Mapped[str] = mapped_column(Text, unique=True)
    state: Mapped[str] = mapped_column(Text, default=State.DRAFT)
    client: Mapped[str] = mapped_column(Name("contacts"), index=True)
    client_display_name: Mapped[str] = mapped_column(Text)
    billing_address: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    issue_date: Mapped[date] = mapped_column(Date)
    due_date: Mapped[date] = mapped_column(Date)
    currency_code: Mapped[str] = mapped_column(Text)
    lines: Mapped[list] = mapped_column(JSONB)
    # In the currency's smallest unit.
    total_minor: Mapped[int] = mapped_column(BigInteger)
    notes: Mapped[str] = mapped_column(Text, default="")
    search_text: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("ix_invoice_create_time_id", "create_time", "id"),
        Index(
            "ix_invoice_search_text",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )

    @classmethod
    def visible(cls, actor):
        """Administrators see all; others what they made, and what is for a contact that they may see."""
        if actor.sees_all:
            return always()
        client = select(ContactRef.name).where(ContactRef.name == cls.client)
        return (cls.creator == actor.user) | client.where(ContactRef.readers.overlap(actor.principals)).exists()

    @classmethod
    def editable(cls, actor):
        """Whoever made it, and administrators."""
        return always() if actor.sees_all else cls.creator == actor.user

    @classmethod
    def matches(cls, word):
        """A word is found anywhere in the number or the client's name."""
        return occurs(cls.search_text, word)

    @classmethod
    def present(cls, fields):
        """Amounts and days as the contract writes them."""
        fields["total"] = money.money(fields.pop("total_minor"), fields["currency_code"])
        for day in ("issue_date", "due_date"):
            fields[day] = fields[day].isoformat()

    def label(self):
        """Its number."""
        return self.number

    def check(self):
        """Settles days and sums."""
        if not FIRST_DAY <= self.issue_date <= LAST_DAY:
            raise InvalidArgument("it is too far away", "DATE_RANGE", field="issue_date")
        if self.due_date is None:
            self.due_date = self.issue_date + DUE_AFTER
        if self.due_date < self.issue_date:
            raise InvalidArgument("it is before the issue date", "DUE_BEFORE_ISSUE", field="due_date")
        self.lines = [compute_line(line, self.currency_code, index) for index, line in enumerate(self.lines)]
        self.total_minor = sum(money.minor(line["amount"], self.currency_code, "lines") for line in self.lines)
        if self.total_minor > money.MAXIMUM:
            raise InvalidArgument("the total is too large", "TOTAL_RANGE", field="lines")
        self.search_text = fold(f"{self.number} {self.client_display_name}")

    def require_changeable(self):
        """Only drafts change: what was sent stays what was sent."""
        if self.state != State.DRAFT:
            raise FailedPrecondition("{name} is no draft any more", "INVOICE_NOT_DRAFT", name=self.name)

    def bill_to(self, contact):
        """Takes over what the client is called, and where the invoice goes, as it is now."""
        self.client_display_name = contact.display_name
        billing = [address for address in contact.addresses if address.category == address.BILLING]
        chosen = next((address for address in billing if address.primary), billing[0] if billing else None)
        parts = ("street", "city", "state", "postal_code", "country")
        self.billing_address = {part: getattr(chosen, part) for part in parts} if chosen else None

    def readers(self):
        """Whoever made it; who else may see it follows from the client."""
        return [self.creator, *getattr(self, "client_readers", ())]


class Merge(Base):
    """A contact that contacts took into another one; over once that was undone, though it be heard of late."""

    __tablename__ = "merge"

    # All three may be gone by now.
    name: Mapped[str] = mapped_column(Name("contactMerges"), primary_key=True, autoincrement=False, info=FORMER_NAMES)
    source: Mapped[str] = mapped_column(Name("contacts"), index=True, info=FORMER_NAMES)
    target: Mapped[str] = mapped_column(Name("contacts"), info=FORMER_NAMES)
    over: Mapped[bool] = mapped_column(default=False)
    # The numbers of the invoices whose client it changed.
    invoices: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)


class Counter(Base):
    """The last number that was given out under a prefix."""

    __tablename__ = "counter"

    prefix: Mapped[str] = mapped_column(Text, primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger, default=0)


def compute_line(line, currency, index):
    """Returns a line with its amount. Refuses a quantity of nothing and a price that the currency does not have."""
    if not line["description"].strip():
        raise InvalidArgument("fill it in", "DESCRIPTION_REQUIRED", field=f"lines[{index}].description")
    quantity = Decimal(line.get("quantity") or "1")
    if not 0 < quantity <= QUANTITY_MAXIMUM:
        raise InvalidArgument("it must be above 0", "QUANTITY_RANGE", field=f"lines[{index}].quantity")
    price = money.minor(line.get("price", {}), currency, f"lines[{index}].price")
    amount = money.times(quantity, price)
    if amount > money.MAXIMUM:
        raise InvalidArgument("the amount is too large", "AMOUNT_RANGE", field=f"lines[{index}].quantity")
    return {
        "description": line["description"],
        "quantity": format(quantity.normalize(), "f"),
        "price": record(money.money(price, currency)),
        "amount": record(money.money(amount, currency)),
    }


def record(amount):
    """Returns a Money as JSON keeps it."""
    return {"currency_code": amount.currency_code, "units": amount.units, "nanos": amount.nanos}


def next_number(tx):
    """Returns the next invoice number. The counter stays locked until the end: a rollback gives the number back."""
    first = insert(Counter).values(prefix=PREFIX, last=1)
    taken = first.on_conflict_do_update(index_elements=["prefix"], set_={"last": Counter.last + 1})
    return f"{PREFIX}{tx.session.execute(taken.returning(Counter.last)).scalar_one():0{WIDTH}d}"
