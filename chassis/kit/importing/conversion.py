"""Makes CSV of a spreadsheet, or of what another program can read: a process of its own, which may fail, or want too
much.

python -I conversion.py [vcards.py] < file > rows.csv
"""

import csv
import io
import os
import resource
import runpy
import sys
from contextlib import suppress
from datetime import date, datetime, time

MEMORY, SECONDS = 512 * 1024 * 1024, 240
# Of what is written; the rest of a file that unfolds to more is nobody's address book.
LARGEST = 1024 * 1024 * 1024
WIDEST = 501
TOO_LARGE = 3


def main(program=""):
    """Converts, by the `rows(file)` of a program if one is named; ends with TOO_LARGE, or another code if it cannot."""
    os.nice(10)
    # Where a system has no such limits, those of whoever started this remain.
    with suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="", write_through=False)
    writer, size = csv.writer(out), 0
    read = runpy.run_path(program)["rows"] if program else spreadsheet
    for cells in read(sys.stdin.buffer):
        if any(cells):
            writer.writerow(cells)
            size += sum(map(len, cells))
        if size > LARGEST:
            sys.exit(TOO_LARGE)
    out.flush()


def spreadsheet(file):
    """Gives the rows of the first sheet that has any."""
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        # What a file says of its own size is not believed.
        sheet.reset_dimensions()
        empty = True
        for values in sheet.iter_rows(values_only=True):
            cells = [_shown(value) for value in values[:WIDEST]]
            empty = empty and not any(cells)
            yield cells
        if not empty:
            return


def _shown(value):
    """A value of a cell as people write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)


if __name__ == "__main__":
    main(*sys.argv[1:])
