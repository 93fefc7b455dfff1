"""Pages of what belongs to the caller, the newest first."""

from sqlalchemy import select

from chassis.aip.paging import DEFAULT_SIZE
from chassis.db import number


def page(tx, model, request):
    """Returns the rows of one page and the token of the next."""
    size, query = request.page_size or DEFAULT_SIZE, f"{model.__tablename__} of {tx.actor.user}"
    statement = select(model).where(model.user_id == number(tx.actor.user, "users")).order_by(model.id.desc())
    if request.page_token:
        (last,) = tx.service.tokens.read(query, request.page_token)
        statement = statement.where(model.id < last)
    rows = tx.session.execute(statement.limit(size + 1)).scalars().all()
    token = tx.service.tokens.make(query, [rows[size - 1].id]) if len(rows) > size else ""
    return rows[:size], token
