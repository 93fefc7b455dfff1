"""What belongs to the caller alone: pages of it, the newest first, and doing away with it."""

from sqlalchemy import delete, select

from chassis.aip.paging import DEFAULT_SIZE
from chassis.db import number
from chassis.errors import no_such
from gateway.identity.people import me


def page(tx, model, request):
    """Returns the rows of one page and the token of the next."""
    size, query = request.page_size or DEFAULT_SIZE, f"{model.__tablename__} of {tx.actor.user}"
    statement = select(model).where(model.user_id == me(tx)).order_by(model.id.desc())
    if request.page_token:
        (last,) = tx.service.tokens.read(query, request.page_token)
        statement = statement.where(model.id < last)
    rows = tx.session.execute(statement.limit(size + 1)).scalars().all()
    token = tx.service.tokens.make(query, [rows[size - 1].id]) if len(rows) > size else ""
    return rows[:size], token


def delete_own(tx, model, collection, name):
    """Deletes a row of the caller's own and returns it; another's looks like none."""
    mine = select(model.id).where(model.id == number(name, collection), model.user_id == me(tx))
    found = tx.session.scalars(delete(model).where(model.id.in_(mine.with_for_update())).returning(model)).first()
    if found is None:
        raise no_such(name)
    return found
