"""Files as people look at them: columns with samples, rows with what was mended, rows that were rejected."""

from dataclasses import dataclass, field
from itertools import groupby

from sqlalchemy import select, tuple_

from chassis.errors import InvalidArgument, Violation, said
from chassis.kit.importing.cells import MESSAGES
from chassis.kit.importing.model import Outcome, Undo
from chassis.kit.importing.rows import WIDEST, Row, records, rows

# Of one column, of the rows that they are taken from, and of a sample.
SAMPLES, LOOKED_AT, LONG = 3, 100, 100
# A file that has more rows is not counted anew when it is read in another way.
MANY = 200_000
STEP = 1000


@dataclass
class Mended(Row):
    """A row with the columns in which something was mended."""

    corrected: set[int] = field(default_factory=set)


@dataclass
class Found:
    """What a file has: its headers, samples of each column, and how many rows."""

    headers: list[str]
    samples: list[list[str]]
    count: int

    def columns(self, fields):
        """Returns the columns, each with its field."""
        return [
            {"index": index, "header": header[:255], "samples": samples, "field": name}
            for index, (header, samples, name) in enumerate(zip(self.headers, self.samples, fields, strict=True))
        ]


def examine(pieces, how, known=0):
    """Reads a file through; `known` is how many rows it has if that was found out before.

    Refuses with TOO_MANY_COLUMNS.
    """
    found: list[list[str]] = []
    count = 0
    every = records(pieces, how)
    headers: list[str] = next(every, ([],))[0] if how.has_header else []
    for cells, *_ in every:
        count += 1
        if count <= LOOKED_AT:
            found.append(cells)
        elif known > MANY:
            count = known
            break
    while headers and not headers[-1].strip():
        headers = headers[:-1]
    width = len(headers) or max(map(len, found), default=0)
    if width > WIDEST:
        raise InvalidArgument("more than {limit} columns", "TOO_MANY_COLUMNS", field="file", limit=WIDEST)
    return Found((headers + [""] * width)[:width], [_samples(found, index) for index in range(width)], count)


def _samples(found, index):
    cells = (cells[index].strip()[:LONG].replace("\0", "") for cells in found if index < len(cells))
    return [cell for cell in cells if cell][:SAMPLES]


def corrected_rows(kind, tx, row, after, start=0):
    """Gives the rows of an import from the one after `after` on, as they were mended.

    `start` is the byte at which that one ends, if it is known: what stands before need not be read.
    """
    mended = corrections(kind, tx, row.id, after)
    for each in rows(tx.service.blobs.get(row.blob, start), row.writing, after, start):
        yield apply(each, mended)


def corrections(kind, tx, import_id, after):
    """Returns row → column → value of what was mended from a row on."""
    model = kind.corrections
    statement = select(model).where(model.import_id == import_id, model.row > after)
    found = tx.session.scalars(statement.order_by(model.row)).all()
    return {
        number: {each.column: each.value for each in together}
        for number, together in groupby(found, lambda each: each.row)
    }


def apply(row, mended):
    """Returns a row as it was mended."""
    given = mended.get(row.number)
    if not given:
        return Mended(row.number, row.cells, row.problem, row.end)
    cells = row.cells + [""] * (max(given) + 1 - len(row.cells))
    # Who has mended a row has looked at it, whatever it was.
    return Mended(row.number, [given.get(i, cell) for i, cell in enumerate(cells)], "", row.end, {*given})


def rejected_rows(kind, tx, row):
    """Gives the headers, and the rows that were not imported or could not be taken back, with the reason of each.

    Before them stand the records that rows named.
    """
    yield [*(column["header"] or str(column["index"] + 1) for column in row.columns), "reason"]
    every = corrected_rows(kind, tx, row, 0)
    for number, problems, title in _rejected(kind, tx, row.id):
        if number:
            cells = next((each.cells for each in every if each.number >= number), None)
        else:
            cells = [title if column["field"] == kind.title_field else "" for column in row.columns]
        if cells is None:
            return
        width = max(len(row.columns), len(cells))
        reasons = "; ".join(_reason(row, problem, tx.cause.language) for problem in problems)
        yield [*cells, *[""] * (width - len(cells)), reasons]


def _rejected(kind, tx, import_id):
    """Gives (row, problems, title of the record) of what was rejected or kept, in order."""
    last = (0, 0)
    wanted = (kind.rows.outcome == Outcome.REJECTED) | (kind.rows.undo == Undo.KEPT)
    place = tuple_(kind.rows.row, kind.rows.id)
    titled = kind.titled(tx, select(*place.clauses, kind.rows.problems))
    while True:
        some = titled.where(kind.rows.import_id == import_id, wanted, place > last).order_by(*place.clauses)
        found = tx.session.execute(some.limit(STEP)).all()
        for number, _, problems, title in found:
            yield number, problems, title or ""
        if len(found) < STEP:
            return
        last = (found[-1].row, found[-1].id)


def _reason(row, problem, language):
    """Returns what was wrong, with the header of the cell."""
    column, reason, message, facts = problem
    sentence = said(Violation("", reason, message or MESSAGES.get(reason, reason), tuple(map(tuple, facts))), language)
    return sentence if column < 0 else f"{row.columns[column]['header'] or column + 1}: {sentence}"
