"""Lists that administrators keep and records choose from: contact types, temperature levels, stages of deals."""

from typing import ClassVar

from sqlalchemy import BigInteger, Text, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import STAYS, number
from chassis.errors import AlreadyExists, FailedPrecondition, InvalidArgument
from chassis.resource import Resource
from chassis.standard import fold, plain


class Ordered(Resource):
    """A record with a place in a list that administrators arrange."""

    default_order = "position"
    sort_columns = {"position": "position"}

    position: Mapped[int] = mapped_column(BigInteger)


class Titled(Ordered):
    """An entry of a dictionary. Who mounts it says in `holders` which records have it."""

    writable: ClassVar[tuple[str, ...]] = ("title",)
    # What its count of records is called in the contract.
    count_field = "contact_count"

    title: Mapped[str] = mapped_column(Text)
    # By which a title is one whatever its case.
    key: Mapped[str] = mapped_column(Text, unique=True)

    @classmethod
    def holders(cls):
        """Returns the model of the records that have it, and the condition that one does."""
        raise NotImplementedError

    @classmethod
    def computed(cls, actor):
        """How many records that the actor may see have it."""
        model, holds = cls.holders()
        count = select(func.count()).select_from(model).where(holds, model.visible(actor))
        return {cls.count_field: count.correlate(cls).scalar_subquery()}

    def label(self):
        """Its title."""
        return self.title

    def check(self):
        """It has a title, by which it is one whatever its case."""
        self.title = (self.title or "").strip()
        if not self.title:
            raise InvalidArgument("fill it in", "TITLE_REQUIRED", field="title")
        self.key = fold(self.title)


class Entry(Titled):
    """An entry with a colour of its own."""

    writable = ("title", "color")

    color: Mapped[str] = mapped_column(Text, default="")


def alone(tx, model):
    """Lets nobody else add to a list, or arrange it, until the end."""
    tx.session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:table))"), {"table": model.__tablename__})


def find(tx, model, title):
    """Returns the entry of a title, whatever its case, or None."""
    return tx.session.scalars(select(model).where(model.key == fold(title.strip()))).one_or_none()


def find_or_add(tx, standard, title, **shown):
    """Returns the entry of a title, added at the end of the list if there is none."""
    model = standard.model
    alone(tx, model)
    found = find(tx, model, title)
    if found is None:
        found = model(title=title, position=next_position(tx, model), **shown)
        found.check()
        tx.add(found)
        standard.announce("Created", found, tx)
    return found


def next_position(tx, model):
    """Returns the place behind the last."""
    return (tx.session.scalar(select(func.max(model.position))) or 0) + 1


def create(request, tx, standard):
    """Adds an entry at the end; one of the same title is returned as it is."""
    tx.actor.require_admin()
    wanted = getattr(request, standard.field)
    fields = wanted.DESCRIPTOR.fields_by_name
    shown = {
        name: plain(standard.model, fields[name], getattr(wanted, name))
        for name in standard.model.writable
        if name != "title"
    }
    found = find_or_add(tx, standard, wanted.title, **shown)
    return tx.message(found, standard.message_class)


def update(request, tx, standard):
    """Changes title or colour of an entry; what records have keeps its title."""
    tx.actor.require_admin()
    alone(tx, standard.model)

    def complete(entry, changed):
        if "title" in changed:
            require_unused(entry, tx)
            other = find(tx, standard.model, entry.title)
            if other is not None and other.id != entry.id:
                raise AlreadyExists("this title is there already", "TITLE_TAKEN")

    return standard.update(request, tx, complete)


def delete(request, tx, standard):
    """Deletes an entry that no record has, unless it is the last."""
    tx.actor.require_admin()
    alone(tx, standard.model)

    def complete(entry):
        require_unused(entry, tx)
        if tx.session.scalar(select(func.count()).select_from(standard.model)) == 1:
            raise FailedPrecondition("the last entry of a list cannot be deleted", "LAST_ENTRY")

    return standard.delete(request, tx, complete)


def require_unused(entry, tx):
    """Refuses while records have the entry. They cannot come to have it meanwhile: it is locked."""
    model, holds = type(entry).holders()
    entries = type(entry)
    held = select(func.count()).select_from(model).where(holds, entries.id == entry.id)
    count = tx.session.scalar(held.select_from(entries))
    if count:
        raise FailedPrecondition("{count} records have {title}", "ENTRY_IN_USE", count=count, title=entry.label())


def require_entry(tx, model, name, field):
    """Returns the entry called `name`, which nobody deletes until the end; None if there is no name."""
    if not name:
        return None
    key = number(name, model.collection)
    found = select(model).where(model.id == key).with_for_update(**STAYS)
    entry = tx.session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if entry is None:
        raise InvalidArgument("there is no {entry}", "ENTRY_NOT_FOUND", field=field, entry=name)
    return entry


def reorder(tx, standard, names):
    """Puts a list in the order of `names`, the rest behind them; returns what got another place."""
    tx.actor.require_admin()
    model = standard.model
    alone(tx, model)
    rows = {row.name: row for row in tx.session.scalars(select(model).order_by(model.position).with_for_update())}
    unknown = [name for name in names if name not in rows]
    if unknown:
        raise InvalidArgument("there is no {entry}", "ENTRY_NOT_FOUND", field="names", entry=unknown[0])
    ordered = dict.fromkeys([*names, *rows])
    return [row for place, name in enumerate(ordered, 1) if (row := _moved(tx, standard, rows[name], place))]


def _moved(tx, standard, row, place):
    """Gives a row another place and announces it; None if it is there already."""
    if row.position == place:
        return None
    before = tx.message(row, standard.message_class)
    row.position, row.update_time = place, tx.now
    tx.flush()
    standard.announce("Updated", row, tx, ["position"], before)
    return row
