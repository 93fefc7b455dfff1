"""Fields of one's own: administrators say which there are, and records keep their values in one column."""

import re
from datetime import date
from enum import StrEnum

from google.protobuf.struct_pb2 import Value
from sqlalchemy import Text, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import number
from chassis.errors import FailedPrecondition, InvalidArgument
from chassis.kit import dictionary

LINE, TEXT = 1000, 65_000
PREFIX = "custom."
MASK = {"9": r"[0-9]", "a": r"[^\W\d_]", "*": r"[^\W_]"}
# What may change although values are kept.
SHOWN = frozenset({"label", "size", "rows", "mask", "options"})


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "TEXT"
    TEXTAREA = "TEXTAREA"
    SELECT = "SELECT"
    CHECKBOX = "CHECKBOX"
    HEADING = "HEADING"
    DATE = "DATE"


class Field(dictionary.Ordered):
    """A field of one's own. Who mounts it names in `holder` the model of the records."""

    writable = ("label", "kind", "applies_to", "size", "rows", "mask", "options")
    filterable = ("kind", "applies_to", "label")
    # The value of `applies_to` that stands for every kind of record.
    everything = "CONTACT"

    label_text: Mapped[str] = mapped_column("label", Text)
    kind: Mapped[str] = mapped_column(Text)
    applies_to: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    mask: Mapped[str] = mapped_column(Text, default="")
    options: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
