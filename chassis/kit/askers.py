"""Who asked for what goes on after the call: kept as he was then, and asked after for as long as it lasts."""

from dataclasses import asdict

from sqlalchemy import select

from chassis.errors import Error, FailedPrecondition
from chassis.identity import Actor
from chassis.kit.people import Standing


def kept(actor):
    """Returns an actor as he is kept, as JSON, with what he asked for."""
    return asdict(actor)


def restored(known):
    """Returns the actor who was kept so."""
    fields: dict = {field: tuple(value) if isinstance(value, list) else value for field, value in known.items()}
    return Actor(**fields)


def require_here(tx, model, asker):
    """Refuses if whoever asked was disabled since: nothing goes on with his rights. `model` is that of principals."""
    if tx.session.scalar(select(model.standing).where(model.name == asker.user)) == Standing.GONE:
        raise FailedPrecondition("whoever asked for it does not work here any more", "ASKER_GONE")


def told(error):
    """Returns the Error by which whoever asked hears what ended it; of one that is no refusal the log says more."""
    if isinstance(error, Error):
        return error
    return FailedPrecondition("it cannot be done; an administrator finds why in the log", "JOB_FAILED")
