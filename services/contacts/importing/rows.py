"""The rows of a CSV file, one at a time and whatever it holds: no line and no cell can fill the memory."""

import codecs
import csv
import io
from dataclasses import dataclass

# Characters of one line, and bad rows in a row of which each costs a second look.
LONGEST, HOPELESS = 1_000_000, 100
WIDEST = 500
END = "\0end of the file\0"
CODECS = {"utf-8": "utf-8-sig"}


@dataclass
class Row:
    """One row: its number from 1 without headers, its cells, and why it cannot be read, if so."""

    number: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True)
class Writing:
    """How a file is written."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    has_header: bool = True


class TooLongError(Exception):
    """A line that is no row."""


class Lines:
    """The lines of a text; what a broken quote swallowed can be read again."""

    def __init__(self, lines):
        self.lines = lines
        self.again: list[str] = []
        self.taken: list[str] = []

    def __iter__(self):
        return self

    def __next__(self):
        line = self.again.pop() if self.again else next(self.lines)
        if line is None:
            raise TooLongError
        self.taken.append(line)
        return line

    def settled(self):
        """Forgets the lines of the row that is complete."""
        self.taken.clear()

    def but_first(self):
        """Goes back to the second of the lines of this row."""
        self.again.extend(reversed(self.taken[1:]))
        self.taken.clear()


def text_of(pieces, encoding):
    """Gives the text in pieces of a file; what cannot be read stands as �."""
    decoder = codecs.getincrementaldecoder(CODECS.get(encoding, encoding))("replace")
    newlines = io.IncrementalNewlineDecoder(decoder, translate=True)
    for piece in pieces:
        yield newlines.decode(piece)
    yield newlines.decode(b"", final=True)


def lines_of(texts):
    """Gives lines; None for one that is too long to be one."""
    rest, too_long = "", False
    for text in texts:
        first, *others = text.split("\n")
        rest = "" if too_long else rest + first
        too_long = too_long or len(rest) > LONGEST
        for other in others:
            yield None if too_long else rest + "\n"
            rest, too_long = other, len(other) > LONGEST
    if rest or too_long:
        yield None if too_long else rest + "\n"
    yield END


def records(pieces, writing):
    """Gives (cells, problem) of each row, headers included; empty lines are none."""
    source, bad = Lines(lines_of(text_of(pieces, writing.encoding))), 0
    while bad < HOPELESS:
        try:
            for cells in _reader(source, writing):
                if cells and cells[-1].startswith(END):
                    return
                if cells and END in cells[-1]:
                    raise csv.Error("a quote that is never closed")
                source.settled()
                if any(cells):
                    bad = 0
                    yield cells[: WIDEST + 1], "" if len(cells) <= WIDEST else "TOO_MANY_CELLS"
        except csv.Error:
            source.but_first()
            problem = "QUOTE_NOT_CLOSED"
        except TooLongError:
            source.settled()
            problem = "ROW_TOO_LONG"
        bad += 1
        yield [], problem


def _reader(source, writing):
    how = {"quotechar": writing.quote} if writing.quote else {"quotechar": None, "quoting": csv.QUOTE_NONE}
    return csv.reader(source, delimiter=writing.delimiter, **how)


def rows(pieces, writing, after=0):
    """Gives the rows of a file whose number is greater than `after`."""
    number = -1 if writing.has_header else 0
    for cells, problem in records(pieces, writing):
        number += 1
        if number > after:
            yield Row(number, cells, problem)


def header(pieces, writing):
    """Returns the cells of the first row, as headers."""
    cells, _ = next(records(pieces, writing), ([], ""))
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells
