"""How a file is written, as far as it shows: its encoding, what stands between its cells, whether it has headers."""

import codecs
import csv
import re
from collections import Counter

from chassis.errors import InvalidArgument
from chassis.kit.importing.rows import END, Writing, lines_of

# Of the text that is looked at for delimiters, and of the bytes for an encoding.
SAMPLE = 64 * 1024
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-r", "cp866", "cp1252")
CYRILLIC = ("cp1251", "koi8-r", "cp866")
DELIMITERS = ",;\t|"
# Letters that stand where they do in words: small after any other, large where a word begins.
IN_WORDS = re.compile(r"(?<=[а-яёА-ЯЁ])[оеаинтсрвлкмдпуы]|(?<=[А-ЯЁ])[ОЕАИНТСРВЛКМДПУЫ]|\b[А-ЯЁ](?=[а-яё])")
ODD = re.compile(r"(?<=[а-яё])[А-ЯЁ]|[^\x00-\x7fа-яёА-ЯЁ№«»–—…’“”„]")
# In western languages accents stand among plain letters.
ACCENTED = re.compile(r"(?<=[A-Za-z])[à-ÿß]|[À-Ýà-ý](?=[A-Za-z])")
# A few may be somebody's mistake.
STRANGE = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x9f\ufffd]")
NO_HEADER = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]+|\+?[\d() -]{7,}", re.IGNORECASE)


def written(pieces):
    """Returns the Writing that a file seems to have; `pieces()` gives it from the beginning.

    Refuses with FILE_NOT_READABLE what is no text.
    """
    encoding = encoding_of(pieces())
    lines = _beginning(pieces(), encoding)
    require_text(lines)
    delimiter = delimiter_of(lines)
    return Writing(encoding, delimiter, '"', has_header(lines, delimiter))


def require_text(lines):
    """Refuses what is no text, whatever its name: pictures and programs are full of signs that nobody types."""
    text = "".join(line for line in lines if line != END)[:SAMPLE]
    if len(STRANGE.findall(text)) > max(9, len(text) // 50):
        raise InvalidArgument("it cannot be read as a table", "FILE_NOT_READABLE", field="file")


def encoding_of(pieces):
    """Returns the encoding of a file: by its mark, or as UTF-8 if all of it is, or as its letters make most sense."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for index, piece in enumerate(pieces):
        if not index:
            marked = next((name for mark, name in MARKS if piece.startswith(mark)), None)
            if marked:
                return marked
            # Every second byte of plain text; a few are somebody's mistake.
            if piece[:SAMPLE].count(0) > len(piece[:SAMPLE]) // 5:
                return _wide(piece[:SAMPLE])
        try:
            decoder.decode(piece)
        except UnicodeDecodeError as error:
            return _narrow(piece[max(0, error.start - 1000) :])
    return "utf-8"


def _wide(sample):
    """Returns which bytes of each pair are the empty ones."""
    return "utf-16-be" if sample[::2].count(0) > sample[1::2].count(0) else "utf-16-le"


def _narrow(piece):
    """Returns the encoding of one byte per letter in which a text reads most like words."""
    telling = b"\n".join(line for line in piece[: 4 * SAMPLE].split(b"\n") if not line.isascii())[:SAMPLE]

    def sense(encoding):
        text = telling.decode(encoding, "replace")
        if encoding == "cp1252":
            return len(ACCENTED.findall(text)) - text.count("\ufffd")
        return len(IN_WORDS.findall(text)) - 2 * len(ODD.findall(text))

    return max((*CYRILLIC, "cp1252"), key=sense)


def _beginning(pieces, encoding):
    """Returns the first lines of a file."""
    lines: list[str] = []
    size = 0
    for line, _ in lines_of(pieces, encoding):
        if line is None or size > SAMPLE or len(lines) == 50:
            break
        size += len(line)
        lines.append(line)
    return lines


def delimiter_of(lines):
    """Returns what divides most lines into as many cells each."""

    def sense(delimiter):
        widths = Counter(len(cells) for cells in _cells(lines, delimiter) if cells)
        width, times = max(widths.items(), key=lambda each: (each[0] > 1, each[1]), default=(1, 0))
        return (times / max(1, widths.total()) if width > 1 else 0) * min(width, 6)

    return max(DELIMITERS, key=sense)


def has_header(lines, delimiter):
    """Returns whether the first line holds headers: no address and no number stands in it."""
    first: list[str] = next(iter(_cells(lines, delimiter)), [])
    return not any(NO_HEADER.fullmatch(cell.strip()) for cell in first)


def _cells(lines, delimiter):
    try:
        return list(csv.reader(lines[:-1] or lines, delimiter=delimiter))
    except csv.Error:
        return []
