"""Fields of one's own: administrators say which there are, and records keep their values in one column."""

import re
from datetime import date
from enum import StrEnum

from google.protobuf.struct_pb2 import Value
from sqlalchemy import Text, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.aip.filtering import ANY
from chassis.db import HOLDS_NAMES, number
from chassis.errors import FailedPrecondition, InvalidArgument
from chassis.kit import dictionary
from chassis.resource import Resource

LINE, TEXT = 1000, 65_000
PREFIX = "custom."
MASK = {"9": r"[0-9]", "a": r"[^\W\d_]", "*": r"[^\W_]"}
# What may change although values are kept.
SHOWN = frozenset({"label", "size", "rows", "mask", "options"})


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "TEXT"
    TEXTAREA = "TEXTAREA"
    SELECT = "SELECT"
    CHECKBOX = "CHECKBOX"
    HEADING = "HEADING"
    DATE = "DATE"


class Field(dictionary.Ordered):
    """A field of one's own. Who mounts it names in `holder` the model of the records."""

    writable = ("label", "kind", "applies_to", "size", "rows", "mask", "options")
    filterable = ("kind", "applies_to", "label")
    # The value of `applies_to` that stands for every kind of record.
    everything = "CONTACT"
    # What its count of records is called in the contract.
    count_field = "contact_count"

    label: Mapped[str] = mapped_column(Text)  # type: ignore[assignment]
    kind: Mapped[str] = mapped_column(Text)
    applies_to: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    mask: Mapped[str] = mapped_column(Text, default="")
    options: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)

    @classmethod
    def holder(cls):
        """Returns the model of the records that have values."""
        raise NotImplementedError

    @classmethod
    def computed(cls, actor):
        """In how many records that the actor may see it has a value."""
        model = cls.holder()
        count = select(func.count()).select_from(model).where(cls._kept_in(model), model.visible(actor))
        return {cls.count_field: count.correlate(cls).scalar_subquery()}

    @classmethod
    def _kept_in(cls, model):
        return model.custom.has_key(func.concat(literal(f"{cls.collection}/"), cls.id))

    def check(self):
        """It has a label; options if one chooses among them, and only then."""
        self.label = (self.label or "").strip()
        if not self.label:
            raise InvalidArgument("fill it in", "TITLE_REQUIRED", field="label")
        if self.applies_to in (None, "APPLIES_TO_UNSPECIFIED"):
            self.applies_to = self.everything
        self.options = [option.strip() for option in self.options or []] if self.kind == Kind.SELECT else []
        if self.kind == Kind.SELECT and not all(self.options or [""]):
            raise InvalidArgument("name at least one option", "OPTIONS_REQUIRED", field="options")

    def value(self, given):
        """Returns a value as it is kept, None for none. Refuses what the field does not take."""
        if given in (None, "", False):
            return None
        kept = getattr(self, f"_{self.kind.lower()}")(given)
        if kept is None:
            raise self._wrong("the field does not take this value", "CUSTOM_VALUE_WRONG")
        return kept

    def _wrong(self, message, reason, **facts):
        return InvalidArgument(message, reason, field=PREFIX + self.name, **facts)

    def _text(self, given):
        kept = given.strip() if isinstance(given, str) and len(given) <= LINE and "\n" not in given else None
        if kept and self.mask and not re.fullmatch("".join(MASK.get(c, re.escape(c)) for c in self.mask), kept):
            raise self._wrong("it must look like {mask}", "CUSTOM_VALUE_MASK", mask=self.mask)
        return kept

    def _textarea(self, given):
        return given if isinstance(given, str) and len(given) <= TEXT else None

    def _select(self, given):
        return given if given in self.options else None

    def _checkbox(self, given):
        return True if given is True else None

    def _heading(self, given):
        return None

    def _date(self, given):
        try:
            return date.fromisoformat(given).isoformat()
        except (ValueError, TypeError):
            return None


class CustomFields(Resource):
    """A record with values in fields of one's own."""

    custom: Mapped[dict] = mapped_column(JSONB, default=dict, info=HOLDS_NAMES)

    @classmethod
    def filtered(cls, field, operator, value):
        """`custom.contactFields/4 = "x"` is whoever has that value; `:` whoever's value it is part of."""
        if not field.startswith(PREFIX):
            return super().filtered(field, operator, value)
        name = field.removeprefix(PREFIX)
        kept = cls.custom[name].astext
        if value is ANY:
            return cls.custom.has_key(name)
        if operator == ":":
            return kept.icontains(value, autoescape=True)
        if operator == "=" and not value:
            return ~cls.custom.has_key(name)
        if operator in ("=", "!="):
            same = cls.custom.contains({name: value})
            # A box that is ticked is no text.
            same = same | cls.custom.contains({name: True}) if value == "true" else same
            return same if operator == "=" else ~same
        return {"<": kept < value, "<=": kept <= value, ">": kept > value, ">=": kept >= value}[operator]

    @classmethod
    def present(cls, fields):
        """Values as the contract has them."""
        super().present(fields)
        fields["custom"] = {name: _value(kept) for name, kept in fields["custom"].items()}


def _value(kept):
    return Value(bool_value=kept) if isinstance(kept, bool) else Value(string_value=kept)


def settle(tx, model, row, kind, before):
    """Settles the values of a record of a kind: those that changed are checked against their fields."""
    given = row.custom or {}
    changed = {name: value for name, value in given.items() if name not in before or before[name] != value}
    numbers = [number(name, model.collection) for name in changed]
    found = tx.session.scalars(select(model).where(model.id.in_(numbers))) if changed else ()
    fields = {field.name: field for field in found}
    kept = {}
    for name, value in given.items():
        if name not in changed:
            kept[name] = value
            continue
        field = fields.get(name)
        if field is None:
            raise InvalidArgument("there is no field {name}", "UNKNOWN_CUSTOM_FIELD", field=PREFIX + name, name=name)
        if field.applies_to not in (field.everything, kind):
            raise InvalidArgument("another kind has this field", "FIELD_OF_OTHER_KIND", field=PREFIX + name)
        stored = field.value(value)
        if stored is not None:
            kept[name] = stored
    row.custom = kept


def create(request, tx, standard):
    """Adds a field at the end."""
    tx.actor.require_admin()
    dictionary.alone(tx, standard.model)

    def complete(field):
        field.position = dictionary.next_position(tx, standard.model)

    return standard.create(request, tx, complete)


def update(request, tx, standard):
    """Changes a field; what has values keeps its kind, and all its options."""
    tx.actor.require_admin()
    dictionary.alone(tx, standard.model)
    offered = tx.get(standard.model, getattr(request, standard.field).name).options

    def complete(field, changed):
        if {*changed} - SHOWN or {*offered} - {*field.options}:
            require_empty(field, tx)

    return standard.update(request, tx, complete)


def require_empty(field, tx):
    """Refuses while records have values in the field."""
    model = type(field).holder()
    count = tx.session.scalar(select(func.count()).select_from(model).where(model.custom.has_key(field.name)))
    if count:
        raise FailedPrecondition(
            "{count} records have a value in {title}", "FIELD_IN_USE", count=count, title=field.label
        )
