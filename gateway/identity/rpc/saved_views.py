"""Views of lists that people keep for themselves."""

from crm.identity.v1 import domain_events_pb2 as events
from crm.identity.v1 import views_pb2 as pb
from sqlalchemy import select

from chassis.standard import Standard
from gateway.identity.model import SavedView, User
from gateway.identity.people import me, unless_taken

saved_views = Standard(SavedView, pb.SavedView, events)


def create_saved_view(request, tx):
    """Keeps a view."""
    # One after the other for each user, lest two that come at once are one too many.
    tx.session.execute(select(User.id).where(User.id == me(tx)).with_for_update())
    SavedView.require_room(tx.session, tx.actor.user)
    with _unless_taken(tx, request.saved_view.title):
        return saved_views.create(request, tx)


def update_saved_view(request, tx):
    """Changes a view."""
    with _unless_taken(tx, request.saved_view.title):
        return saved_views.update(request, tx)


def _unless_taken(tx, title):
    message = "another view of the list is called {title}"
    return unless_taken(tx, "uq_saved_view_title", message, "SAVED_VIEW_TITLE_TAKEN", title=title)
