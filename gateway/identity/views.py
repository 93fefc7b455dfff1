"""Views of lists that people keep for themselves."""

from sqlalchemy import Index, Text, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.errors import FailedPrecondition, InvalidArgument
from chassis.resource import Resource
from chassis.standard import fold
from gateway.identity.schema import Base

MOST = 100


class SavedView(Resource, Base):
    """How somebody wants to see a list again."""

    __tablename__ = "saved_view"

    collection = "savedViews"
    writable = ("title", "query", "hidden_columns")
    immutable = ("list",)
    filterable = ("list", "title")
    sort_columns = {"title": "sort_key"}
    default_order = "title"

    title: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text, default="")
    hidden_columns: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    sort_key: Mapped[str] = mapped_column(Text(collation="C"))
    list: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("uq_saved_view_title", "creator", "list", "sort_key", unique=True),)

    @classmethod
    def visible(cls, actor):
        """Whoever keeps it, and nobody else."""
        return cls.creator == actor.user

    def readers(self):
        """Whoever keeps it."""
        return [self.creator]

    def label(self):
        """Its title."""
        return self.title

    @classmethod
    def require_room(cls, session, user):
        """Refuses if somebody keeps as many as one may."""
        if session.scalar(select(func.count()).where(cls.creator == user)) >= MOST:
            raise FailedPrecondition("you have {limit} views; delete one of them", "SAVED_VIEWS_FULL", limit=MOST)

    def check(self):
        """Titles differ by more than case and spaces."""
        self.title = " ".join(self.title.split())
        if not self.title:
            raise InvalidArgument("must not be empty", "string.min_len", field="title", limit=1)
        self.sort_key = fold(self.title)
