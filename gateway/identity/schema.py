"""Where identity's tables are gathered."""

from sqlalchemy.orm import DeclarativeBase

from chassis.tables import service_metadata


class Base(DeclarativeBase):
    """The tables of identity."""

    metadata = service_metadata()
