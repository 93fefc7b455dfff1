"""What notifications does when others speak."""

from datetime import UTC, timedelta

from crm.contacts.v1 import domain_events_pb2 as contacts
from crm.identity.v1 import domain_events_pb2 as identity
from crm.identity.v1 import identity_pb2
from sqlalchemy.dialects.postgresql import insert

from chassis.wiring import on
from gateway.notifications.model import Group, Kind, Person
from gateway.notifications.telling import Told, tell

# What happened longer ago is no news: the log may be read again from its beginning.
NEWS = timedelta(days=7)
# A group that is gone has no later version.
LAST = 2**62


@on(contacts.ContactAssigned)
def tell_of_contact(event, tx):
    """Tells people that they are responsible for a contact now."""
    contact = event.contact
    if tx.now - contact.update_time.ToDatetime(UTC) < NEWS:
        tell(tx, Told(Kind.RECORD_ASSIGNED, {}, contact.name, contact.display_name), event.recipients)


@on(identity.UserHandedOver)
def tell_of_hand_over(event, tx):
    """Tells somebody that he has now what another was responsible for."""
    if tx.now - tx.cause.time >= NEWS:
        return
    previous = tx.session.get(Person, getattr(event, "from"))
    values = {"previous": previous.display_name if previous else getattr(event, "from")}
    tell(tx, Told(Kind.RECORDS_HANDED_OVER, values), [event.to])


@on(identity.UserCreated, identity.UserUpdated)
def follow_person(event, tx):
    """Keeps what notifications knows of a person: where he is reached, and in which language."""
    user = event.user
    values = {
        "name": user.name,
        "display_name": user.display_name,
        "email": user.email,
        "language": user.language,
        "time_zone": user.time_zone,
        "state": identity_pb2.User.State.Name(user.state),
        "version": _version(user),
    }
    _keep_newer(tx, Person, values)


@on(identity.GroupCreated, identity.GroupUpdated)
def follow_group(event, tx):
    """Keeps who is in a group."""
    group = event.group
    _keep_newer(tx, Group, {"name": group.name, "members": list(group.members), "version": _version(group)})


@on(identity.GroupDeleted)
def forget_group(event, tx):
    """Tells nobody by way of a group that is gone, whatever is heard of it later."""
    _keep_newer(tx, Group, {"name": event.group.name, "members": [], "version": LAST})


def _version(resource):
    return int(resource.etag.strip('"') or 0)


def _keep_newer(tx, model, values):
    """Takes over what another service said, unless a newer version is known."""
    statement = insert(model).values(values)
    newer = model.version < statement.excluded.version
    tx.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values, where=newer))
