"""Exports: what is wanted of contacts, or of everything there is."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.kit import exporting
from services.contacts.schema import Base


class Export(exporting.Export, Base):
    """Records on their way into a file."""

    __tablename__ = "export"

    collection = "exports"
    immutable = ("kind", *exporting.Export.immutable, "with_files")
    filterable = ("kind", *exporting.Export.filterable)

    kind: Mapped[str] = mapped_column(Text)
    with_files: Mapped[bool] = mapped_column(default=False)

    @property
    def everything(self):
        """Whether it is of all records of all services."""
        return self.kind == "EVERYTHING"

    def file_title(self, day):
        """Returns what its file is called."""
        return f"rapport-{day}.zip" if self.everything else f"contacts-{day}.csv"
