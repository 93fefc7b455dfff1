"""Rows as CSV that spreadsheets open: with a mark that says UTF-8, and without anything they take for a formula."""

import csv
import io

# Of the first character; also as it is written in full width. What begins so would be calculated when it is opened.
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
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
