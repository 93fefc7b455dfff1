"""Who works here, as far as a service must know: that a user or group exists, and is still there to be given things."""

from enum import StrEnum

from crm.identity.v1 import domain_events_pb2 as identity
from crm.identity.v1 import identity_pb2
from sqlalchemy import BigInteger, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis.errors import InvalidArgument
from chassis.prepared import Prepared
from chassis.wiring import on


class Standing(StrEnum):
    """Whether somebody may be given something."""

    ACTIVE = "ACTIVE"
    GONE = "GONE"


class Principal:
    """A user or a group as another service knows it."""

    __tablename__ = "principal"

    # `users/3` or `groups/2`
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    standing: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(BigInteger)


KEEP = Prepared(
    "INSERT INTO principal (name, standing, version) VALUES (%(name)s, %(standing)s, %(version)s)"
    " ON CONFLICT (name) DO UPDATE SET standing = excluded.standing, version = excluded.version"
    " WHERE principal.version < excluded.version RETURNING name"
)
# A group that is gone has no later version.
LAST = 2**62


@on(identity.UserCreated, identity.UserUpdated)
def follow_user(event, tx):
    """Keeps what is known of a user: disabled ones are given nothing more."""
    gone = event.user.state == identity_pb2.User.DISABLED
    _keep(tx, event.user, Standing.GONE if gone else Standing.ACTIVE)


@on(identity.GroupCreated, identity.GroupUpdated)
def follow_group(event, tx):
    """Keeps that a group is there."""
    _keep(tx, event.group, Standing.ACTIVE)


@on(identity.GroupDeleted)
def forget_group(event, tx):
    """Keeps that a group is gone: nothing more is shared with it."""
    _keep(tx, event.group, Standing.GONE, LAST)


def _keep(tx, principal, standing, version=None):
    version = int(principal.etag.strip('"') or 0) if version is None else version
    KEEP.on(tx.connection, {"name": principal.name, "standing": standing, "version": version})


def require_known(tx, model, names, field):
    """Refuses unless all `names` are users or groups who may be given something; `field` is where they stand."""
    if not names:
        return
    known = tx.session.scalars(select(model.name).where(model.name.in_(names), model.standing == Standing.ACTIVE))
    unknown = sorted({*names} - {*known})
    if unknown:
        raise InvalidArgument("{person} does not work here", "PERSON_NOT_FOUND", field=field, person=unknown[0])
