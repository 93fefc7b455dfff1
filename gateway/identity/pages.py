"""How somebody signs in: pages of it, the newest first, and doing away with it.

It is his own affair; administrators of the portal see it too, for a lost laptop or a leaked key is everybody's, and
end it for everybody but the owner.
"""

from sqlalchemy import delete, false, or_, select

from chassis.aip.paging import DEFAULT_SIZE
from chassis.db import number
from chassis.errors import no_such
from gateway.identity.model import Role, User
from gateway.identity.people import me


def page(tx, model, request):
    """Returns the rows of one page and the token of the next."""
    whose = request.user or tx.actor.user
    if whose != tx.actor.user:
        tx.actor.require_portal_admin()
    size, query = request.page_size or DEFAULT_SIZE, f"{model.__tablename__} of {whose}"
    statement = select(model).where(model.user_id == number(whose, User.collection)).order_by(model.id.desc())
    if request.page_token:
        (last,) = tx.service.tokens.read(query, request.page_token)
        statement = statement.where(model.id < last)
    rows = tx.session.execute(statement.limit(size + 1)).scalars().all()
    token = tx.service.tokens.make(query, [rows[size - 1].id]) if len(rows) > size else ""
    return rows[:size], token


def delete_one(tx, model, collection, name):
    """Deletes a row that is the caller's to delete, and returns it; another's looks like none."""
    others = select(User.id).where(User.role != Role.OWNER)
    his = or_(model.user_id == me(tx), model.user_id.in_(others) if tx.actor.is_portal_admin else false())
    mine = select(model.id).where(model.id == number(name, collection), his)
    found = tx.session.scalars(delete(model).where(model.id.in_(mine.with_for_update())).returning(model)).first()
    if found is None:
        raise no_such(name)
    return found
