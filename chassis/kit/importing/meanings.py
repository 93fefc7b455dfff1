"""What columns mean, by their headers."""

import re

from chassis.kit.importing.cells import CUSTOM
from chassis.standard import fold


def simple(header):
    """Returns a header as it is compared: its words."""
    return " ".join(re.findall(r"[^\W_]+", fold(header)))


def proposed(headers, own, model, field_of):
    """Returns the field of each column, single ones once.

    `own` are labels of fields of one's own: label → name; `field_of` gives the field that the words of any other header
    name. What is called as a field of the `model` of imports holds that.
    """
    labels = {simple(label): CUSTOM + name for label, name in own.items()}
    fields: list[str] = []
    for header in headers:
        words = simple(header)
        field = header if header in model.fields else labels.get(words) or field_of(words)
        fields.append(field if model.repeated(field) or field not in fields else "")
    return fields
