"""Rows as CSV that spreadsheets open: with a mark that says UTF-8, and without anything they take for a formula."""

import csv
import io
import re

import orjson
from google.protobuf.json_format import MessageToDict

# Of the first character; also as it is written in full width. What begins so would be calculated when it is opened.
# A plus and digits are a number, whoever opens the file.
PHONE = re.compile(r"[+][0-9]{5,15}")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARK = "\ufeff"
MANY = 500


def sheet(rows, language):
    """Gives rows as the bytes of a CSV file, in pieces; cells are divided as spreadsheets of a language expect."""
    text = io.StringIO(MARK)
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text, delimiter=";" if language == "ru" else ",")
    for number, row in enumerate(rows, 1):
        writer.writerow([defused(cell) for cell in row])
        if not number % MANY:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def defused(cell):
    """Returns a cell as nothing but text; numbers stay numbers. What is read back is without the apostrophe."""
    dangerous = isinstance(cell, str) and cell.startswith(FORMULA) and not PHONE.fullmatch(cell)
    return f"'{cell}" if dangerous else cell


def table(descriptor, messages):
    """Gives records as rows: a column per field, under its name; what has parts of its own as JSON."""
    names = [field.name for field in descriptor.fields if field.name != "etag"]
    yield names
    for message in messages:
        shown = MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
        yield [_cell(shown.get(name, "")) for name in names]


def _cell(value):
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else value
