"""Where the tables of events are gathered."""

from sqlalchemy.orm import DeclarativeBase

from chassis.tables import service_metadata


class Base(DeclarativeBase):
    """The tables of this service."""

    metadata = service_metadata()
