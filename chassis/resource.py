"""Resources: rows that have a name, a version and a creator, and are shown as the message of the same fields."""

from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Identity, Text, bindparam, inspect, select, true
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from chassis.db import HOLDS_NAMES, UtcDateTime
from chassis.errors import Aborted
from chassis.identity import EVERYONE
from chassis.prepared import ASKING, prepare


class Resource:
    """A row that the API shows. Columns are named as the message's fields; what the row lacks, the message lacks."""

    collection: ClassVar[str]
    # What clients may set, and what only when they create the record: names of columns.
    writable: ClassVar[tuple[str, ...]] = ()
    immutable: ClassVar[tuple[str, ...]] = ()
    # What may stand in filter and order_by, besides what every resource has.
    filterable: ClassVar[tuple[str, ...]] = ()
    # Columns that lists leave out, because no list shows them.
    detail: ClassVar[tuple[str, ...]] = ()
    # Columns that no field shows as they are, but that `present` needs.
    supporting: ClassVar[tuple[str, ...]] = ()
    # Computed fields that only Get and List tell: whoever sends them back with an update changes nothing.
    told_when_read: ClassVar[tuple[str, ...]] = ()
    # Where a field's order differs from its column's: display_name is sorted by sort_key.
    sort_columns: ClassVar[dict[str, str]] = {}
    default_order: ClassVar[str] = "create_time desc"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    create_time: Mapped[datetime] = mapped_column(UtcDateTime)
    update_time: Mapped[datetime] = mapped_column(UtcDateTime)
    creator: Mapped[str] = mapped_column(Text, info=HOLDS_NAMES)

    @declared_attr.directive
    def __mapper_args__(cls):  # noqa: N805 - declared_attr hands in the class
        return {"version_id_col": cls.version}

    @property
    def name(self):
        """`contacts/17`"""
        return f"{self.collection}/{self.id}"

    @property
    def etag(self):
        """The version as HTTP writes it: `"5"`."""
        return f'"{self.version}"'

    def require_etag(self, etag):
        """Refuses if the caller saw another version than this one."""
        require_version(self, etag, self.name)

    @classmethod
    def visible(cls, actor):
        """Returns the SQL condition for the rows that `actor` may know of."""
        return true()

    @classmethod
    def editable(cls, actor):
        """Returns the SQL condition for the rows that `actor` may change, among those visible to him."""
        return true()

    @classmethod
    def matches(cls, word):
        """Returns the SQL condition for the rows in which a typed word occurs."""
        raise NotImplementedError(f"{cls.__name__} is not searched")

    @classmethod
    def filtered(cls, field, operator, value):
        """Returns the SQL condition of a filter's term about a field that is no column; None if it is one."""
        return

    @classmethod
    def computed(cls, actor):
        """Returns the fields that are SQL expressions rather than columns: name → expression."""
        return {}

    def has_computed(self):
        """Returns whether a computed field of this row may have a value."""
        return True

    @classmethod
    def present(cls, fields):
        """Completes, in place, the message fields that were read from a row."""

    def readers(self):
        """Returns the principals who may know of this row: whom announcements about it may reach."""
        return [EVERYONE]

    def label(self):
        """Returns what people call it."""
        return self.name

    def was(self, field):
        """Returns what a field held when the row was read; nothing of a new row."""
        history = inspect(self).attrs[field].history
        return (history.deleted or history.unchanged or [()])[0]

    def check(self):
        """Settles what follows from the fields, and refuses if they break a rule that spans several of them."""

    def require_changeable(self):
        """Refuses if the state of the row forbids any change."""


def require_version(row, etag, name):
    """Refuses if the caller saw another version of a row than this one; `name` is what it is called."""
    if etag and etag.removeprefix("W/").strip('"') != str(row.version):
        raise Aborted("{name} was changed by somebody else in the meantime", "ETAG_MISMATCH", name=name)


class Shape:
    """How rows of one model become messages of one type."""

    def __init__(self, model, message_class):
        self.model = model
        self.message_class = message_class
        self.has_etag = "etag" in message_class.DESCRIPTOR.fields_by_name
        columns = inspect(model).column_attrs.keys()
        shown = [field.name for field in message_class.DESCRIPTOR.fields if field.name in columns]
        self.names = tuple(dict.fromkeys([*shown, *model.supporting]))
        self.list_names = tuple(name for name in self.names if name not in model.detail)

    def select_list(self, actor, detail):
        """Returns what to select and under which names: `row_message` makes a message of them."""
        names = self.names if detail else self.list_names
        computed = self.model.computed(actor)
        columns = [self.model.id, self.model.version, *(getattr(self.model, name) for name in names)]
        return ("id", "version", *names, *computed), [*columns, *computed.values()]

    @lru_cache  # noqa: B019 there is one Shape of each kind, for ever
    def one(self, sees_all):
        """Returns the names and the prepared statement of one row by its number `key`."""
        keys, columns = self.select_list(ASKING[sees_all], detail=True)
        where = (self.model.id == bindparam("key"), self.model.visible(ASKING[sees_all]))
        return keys, prepare(select(*columns).where(*where))

    def row_message(self, keys, row):
        """Returns the message of a selected row; what stands in it beyond `keys` is passed over."""
        return self._message(dict(zip(keys, row, strict=False)))

    def object_message(self, row, computed):
        """Returns the message of a loaded object and its computed fields."""
        fields = {name: getattr(row, name) for name in self.names}
        return self._message({"id": row.id, "version": row.version, **fields, **computed})

    def _message(self, fields: dict[str, Any]):
        fields["name"] = f"{self.model.collection}/{fields.pop('id')}"
        version = fields.pop("version")
        if self.has_etag:
            fields["etag"] = f'"{version}"'
        self.model.present(fields)
        return self.message_class(**fields)


@lru_cache
def shape(model, message_class):
    """Returns the one Shape of a model and a message type."""
    return Shape(model, message_class)
