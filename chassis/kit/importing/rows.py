"""The rows of a CSV file, one at a time and whatever it holds: no line and no cell can fill the memory."""

import codecs
import csv
from dataclasses import dataclass

# Characters of one line, and bad rows in a row of which each costs a second look.
LONGEST, HOPELESS = 1_000_000, 100
WIDEST = 500
END = "\0end of the file\0"


@dataclass
class Row:
    """One row: its number from 1 without headers, its cells, why it cannot be read, if so, and where it ends."""

    number: int
    cells: list[str]
    problem: str = ""
    end: int = 0


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
    """The lines of a text, with where each ends; what a broken quote swallowed can be read again."""

    def __init__(self, lines):
        self.lines = lines
        self.again: list = []
        self.taken: list = []
        # Where the last line that was given ends.
        self.end = 0

    def __iter__(self):
        return self

    def __next__(self):
        line, self.end = found = self.again.pop() if self.again else next(self.lines)
        if line is None:
            raise TooLongError
        self.taken.append(found)
        return line

    def settled(self):
        """Forgets the lines of the row that is complete."""
        self.taken.clear()

    def but_first(self):
        """Goes back to the second of the lines of this row."""
        self.again.extend(reversed(self.taken[1:]))
        self.taken.clear()


def lines_of(pieces, encoding, start=0):
    """Gives (line, the byte of the file at which it ends) of what begins at a byte; what cannot be read stands as �.

    None stands for a line that is too long to be one, and 0 for an end that nobody knows.
    """
    wide, end = encoding.startswith("utf-16"), start
    for raw, size in _split(_narrowed(pieces, encoding) if wide else pieces):
        text = raw.decode("utf-8" if wide else encoding, "replace")
        text = text if end else text.removeprefix("\ufeff")
        end += size
        too_long = size > 4 * LONGEST or len(text) > LONGEST
        yield None if too_long else text.rstrip("\r\n") + "\n", 0 if wide else end
    yield END, 0


def _narrowed(pieces, encoding):
    """Gives text of two bytes a letter as UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for piece in pieces:
        yield decoder.decode(piece).encode()
    yield decoder.decode(b"", final=True).encode()


def _split(pieces):
    """Gives (line, its size) of bytes; of what is too long the end is enough."""
    rest, dropped = b"", 0
    for piece in pieces:
        *whole, rest = (rest + piece).splitlines(keepends=True) or [b""]
        for line in whole:
            yield line, dropped + len(line)
            dropped = 0
        if len(rest) > 4 * LONGEST:
            dropped, rest = dropped + len(rest) - 1, rest[-1:]
    if rest:
        yield rest, dropped + len(rest)


def records(pieces, writing, start=0):
    """Gives (cells, problem, the byte at which it ends) of each row, headers included; empty lines are none."""
    source, bad = Lines(lines_of(pieces, writing.encoding, start)), 0
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
                    yield cells[: WIDEST + 1], "" if len(cells) <= WIDEST else "TOO_MANY_CELLS", source.end
        except csv.Error:
            source.but_first()
            problem = "QUOTE_NOT_CLOSED"
        except TooLongError:
            source.settled()
            problem = "ROW_TOO_LONG"
        bad += 1
        # How many were bad before decides whether one reads on: nobody begins after one of them.
        yield [], problem, 0


def _reader(source, writing):
    how = {"quotechar": writing.quote} if writing.quote else {"quotechar": None, "quoting": csv.QUOTE_NONE}
    return csv.reader(source, delimiter=writing.delimiter, **how)


def rows(pieces, writing, after=0, start=0):
    """Gives the rows of a file whose number is greater than `after`; `start` is the byte at which the pieces begin."""
    number = after if start else -int(writing.has_header)
    for cells, problem, end in records(pieces, writing, start):
        number += 1
        if number > after:
            yield Row(number, cells, problem, end)
