"""What notifications does when others speak."""

from crm.identity.v1 import domain_events_pb2 as identity
from crm.identity.v1 import identity_pb2
from sqlalchemy.dialects.postgresql import insert

from chassis.wiring import on
from gateway.notifications.model import Person


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
        "version": int(user.etag.strip('"') or 0),
    }
    _keep_newer(tx, Person, values)


def _keep_newer(tx, model, values):
    """Takes over what another service said, unless a newer version is known."""
    statement = insert(model).values(values)
    newer = model.version < statement.excluded.version
    tx.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values, where=newer))
