"""Imports of events: in whose time they are written, and who may see what is added."""

from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.errors import FailedPrecondition
from chassis.kit.importing import model as importing
from services.events.schema import Base
from services.events.zones import require_time_zone

FIELDS = (
    *("title", "description", "start_time", "end_time", "place", "tags", "state", "participants"),
    *("capacity", "reminders"),
)


class EventImport(importing.Import, Base):
    """A file of events on its way in."""

    __tablename__ = "event_import"

    collection = "eventImports"
    writable = (*importing.Import.writable, "time_zone", "access")
    fields = frozenset({"", *FIELDS})

    time_zone: Mapped[str] = mapped_column(Text, default="")
    # As the contract has it: whether events are for those only who are listed, and who that is.
    access: Mapped[dict] = mapped_column(JSONB, default=dict)

    @property
    def zone(self):
        """In which its times are written."""
        return ZoneInfo(self.time_zone or "UTC")

    @property
    def listed(self):
        """Users and groups who may see what is added; nobody is listed if everybody may."""
        return list(self.access.get("readers", ())) if self.access.get("is_private") else []

    @classmethod
    def repeated(cls, field):
        """Tags and those who take part may stand in several columns."""
        return field in ("tags", "participants")

    def check(self):
        """The time zone is one that there is; nobody is listed unless that restricts anything."""
        super().check()
        require_time_zone(self.time_zone)
        self.access = {"is_private": bool((self.access or {}).get("is_private")), "readers": self.listed}

    def require_columns(self):
        """No event is without a title."""
        if "title" not in self.meant:
            raise FailedPrecondition("no column holds a title", "TITLE_COLUMN_MISSING", name=self.name)


class EventImportRow(importing.ImportRow, Base):
    """What became of one row: enough to take it back."""

    __tablename__ = "event_import_row"

    imports = EventImport.__tablename__

    event: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_event_import_row_import_id_row", "import_id", "row"),)


class EventImportCorrection(importing.Correction, Base):
    """A cell that somebody mended."""

    __tablename__ = "event_import_correction"

    imports = EventImport.__tablename__


class EventImportMeaning(importing.Meaning, Base):
    """What columns of these headers meant to somebody the last time."""

    __tablename__ = "event_import_meaning"
