"""Who works here, as far as a service must know: that a user or group exists, and is still there to be given things."""

from enum import StrEnum

from crm.identity.v1 import domain_events_pb2 as identity
from crm.identity.v1 import identity_pb2
from sqlalchemy import BigInteger, Text, or_, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from chassis.errors import InvalidArgument
from chassis.wiring import on


class Standing(StrEnum):
    """Whether somebody may be given something."""

    ACTIVE = "ACTIVE"
    GONE = "GONE"


class Principal:
    """A user or a group as another service knows it."""

    __tablename__ = "principal"

    copy_of = ("users", "groups")

    # `users/3` or `groups/2`
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    standing: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(BigInteger)
    # What people call it and, of a user, where mail reaches him and whether he may sign in.
    display_name: Mapped[str] = mapped_column(Text, default="", server_default="")
    email: Mapped[str] = mapped_column(Text, default="", server_default="")
    state: Mapped[str] = mapped_column(Text, default="", server_default="")

    def agrees(self, record):
        """Whether it says of a user or group, None if there is none, what identity does."""
        gone = record is None or getattr(record, "state", "") == "DISABLED"
        # Whoever was heard of before names were kept has none until he changes.
        named = record is None or self.display_name in ("", record.label())
        return named and self.standing == (Standing.GONE if gone else Standing.ACTIVE)


# A group that is gone has no later version.
LAST = 2**62


@on(identity.UserCreated, identity.UserUpdated)
def follow_user(event, tx):
    """Keeps what is known of a user: disabled ones are given nothing more."""
    user = event.user
    standing = Standing.GONE if user.state == identity_pb2.User.DISABLED else Standing.ACTIVE
    known = {"display_name": user.display_name, "email": user.email, "state": identity_pb2.User.State.Name(user.state)}
    keep_newer(tx, "principal", user, standing=standing, **known)


@on(identity.GroupCreated, identity.GroupUpdated)
def follow_group(event, tx):
    """Keeps that a group is there."""
    keep_newer(tx, "principal", event.group, standing=Standing.ACTIVE, display_name=event.group.title)


@on(identity.GroupDeleted)
def forget_group(event, tx):
    """Keeps that a group is gone: nothing more is shared with it."""
    keep_newer(tx, "principal", event.group, LAST, standing=Standing.GONE)


def keep_newer(tx, table, resource, version=None, **values):
    """Takes over what identity said of one of its resources into a table, unless a newer version is known."""
    version = int(resource.etag.strip('"') or 0) if version is None else version
    row = {"name": resource.name, "version": version, **values}
    statement = insert(tx.service.metadata.tables[table]).values(row)
    newer = statement.table.c.version < statement.excluded.version
    tx.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row, where=newer))


def gone_groups(tx, model):
    """Returns the names of the groups that were deleted."""
    gone = select(model.name).where(model.name.startswith("groups/"), model.standing == Standing.GONE)
    return {*tx.session.scalars(gone)}


def put_instead(tx, standard, fields, name, other="", among=None):
    """Puts `other`, or nobody, where records name a user or group in one of `fields`; announces each.

    For records of which there are few: `standard` stands for them, and `among` is a condition on which.
    """
    model = standard.model
    named = or_(*(getattr(model, field).contains([name]) for field in fields))
    found = select(model).where(named, among if among is not None else true())
    for row in tx.session.scalars(found.order_by(model.id).with_for_update()).all():
        before = tx.message(row, standard.message_class)
        row.readers_before = row.readers()
        changed = [field for field in fields if name in getattr(row, field)]
        for field in changed:
            others = dict.fromkeys(other if each == name else each for each in getattr(row, field))
            setattr(row, field, [each for each in others if each])
        row.update_time = tx.now
        tx.flush()
        standard.announce("Updated", row, tx, changed, before)


def require_known(tx, model, names, field):
    """Refuses unless all `names` are users or groups who may be given something; `field` is where they stand."""
    if not names:
        return
    known = tx.session.scalars(select(model.name).where(model.name.in_(names), model.standing == Standing.ACTIVE))
    unknown = sorted({*names} - {*known})
    if unknown:
        raise InvalidArgument("{person} does not work here", "PERSON_NOT_FOUND", field=field, person=unknown[0])
