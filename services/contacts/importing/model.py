"""Imports of contacts: what is to be done with those that are there already, and who gets the others."""

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.errors import FailedPrecondition
from chassis.kit.access import Sharing
from chassis.kit.importing import model as importing
from chassis.kit.importing.model import BUSY, HOW_WRITTEN, OVER, Outcome, State, Undo
from services.contacts.importing.meanings import FIELDS, NAMES, repeated
from services.contacts.schema import Base

__all__ = [
    "BUSY",
    "HOW_WRITTEN",
    "OVER",
    "ContactImport",
    "Correction",
    "ImportRow",
    "Meaning",
    "Outcome",
    "State",
    "Undo",
]
DEFAULTS = {"duplicates": "SKIP", "match_by": "EMAIL_THEN_PHONE"}


class ContactImport(importing.Import, Base):
    """A file of contacts on its way in."""

    __tablename__ = "contact_import"

    collection = "contactImports"
    writable = (*importing.Import.writable, "duplicates", "match_by", "managers", "sharing", "tags", "notify")
    counts = ("created", "updated", "skipped", "rejected", "conflict")
    fields = FIELDS

    duplicates: Mapped[str] = mapped_column(Text, default="SKIP")
    match_by: Mapped[str] = mapped_column(Text, default="EMAIL_THEN_PHONE")
    managers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    sharing: Mapped[str] = mapped_column(Text, default=Sharing.PRIVATE)
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    notify: Mapped[bool] = mapped_column(default=False)
    updated_count: Mapped[int] = mapped_column(default=0)
    skipped_count: Mapped[int] = mapped_column(default=0)
    conflict_count: Mapped[int] = mapped_column(default=0)

    @classmethod
    def repeated(cls, field):
        """Those of which a contact has several."""
        return repeated(field)

    def check(self):
        """What is not said is as it is unless said otherwise."""
        super().check()
        if self.sharing in (None, "SHARING_UNSPECIFIED"):
            self.sharing = Sharing.PRIVATE
        for name, default in DEFAULTS.items():
            if getattr(self, name).endswith("_UNSPECIFIED"):
                setattr(self, name, default)

    def require_columns(self):
        """Nobody is without a name."""
        if not self.meant & {*NAMES}:
            raise FailedPrecondition("no column holds a name", "NAME_COLUMN_MISSING", name=self.name)


class ImportRow(importing.ImportRow, Base):
    """What became of one row, or of a company that it named: enough to take it back."""

    __tablename__ = "contact_import_row"

    imports = ContactImport.__tablename__

    contact: Mapped[int | None] = mapped_column(BigInteger)
    # Of an update: the fields as they were before.
    before: Mapped[dict | None] = mapped_column(JSONB)

    __table_args__ = (
        Index("ix_contact_import_row_import_id_row", "import_id", "row"),
        Index("ix_contact_import_row_contact", "import_id", "contact"),
    )


class Correction(importing.Correction, Base):
    """A cell that somebody mended."""

    __tablename__ = "contact_import_correction"

    imports = ContactImport.__tablename__


class Meaning(importing.Meaning, Base):
    """What columns of these headers meant to somebody the last time."""

    __tablename__ = "contact_import_meaning"
