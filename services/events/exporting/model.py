"""Exports: which list of events is wanted, and in whose time."""

from zoneinfo import ZoneInfo

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.kit import exporting
from services.events.schema import Base
from services.events.zones import require_time_zone


class EventExport(exporting.Export, Base):
    """Events on their way into a file."""

    __tablename__ = "event_export"

    collection = "eventExports"
    immutable = (*exporting.Export.immutable, "time_zone")

    time_zone: Mapped[str] = mapped_column(Text, default="")

    @property
    def zone(self):
        """In which its times are written."""
        return ZoneInfo(self.time_zone or "UTC")

    def check(self):
        """The time zone is one that there is."""
        require_time_zone(self.time_zone)
