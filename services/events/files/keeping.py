"""Files on their way in: counted, and looked at before they are kept."""

import codecs
from itertools import chain

import filetype

from chassis.errors import InvalidArgument
from chassis.kit.importing import writing

# What is needed of a file to say what it is.
BEGINNING = 8192
# What a text may be called; everything else of no known form is just bytes.
TEXTS = {"txt": "text/plain", "csv": "text/csv", "md": "text/markdown", "json": "application/json"}
# What encodings are called where a browser hears of them.
CHARSETS = {
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
    "cp1251": "windows-1251",
    "cp1252": "windows-1252",
    "cp866": "ibm866",
}
BYTES = "application/octet-stream"
ARCHIVE = "application/zip"
# What else an archive may be called: files of office programs are archives, some of an order that nobody expects.
OFFICE = {"docx", "xlsx", "pptx", "odt", "ods", "odp", "epub"}


class Arriving:
    """A file that is being received: gives its parts on, and knows afterwards how much it was, and of what kind."""

    def __init__(self, title, parts, limit):
        self.title, self.limit = title, limit
        self.size = 0
        parts = iter(parts)
        beginning = bytearray()
        for part in parts:
            beginning += part
            if len(beginning) >= BEGINNING:
                break
        if not beginning:
            raise InvalidArgument("the file is empty", "FILE_EMPTY", field="file")
        self.content_type = kind_of(title, bytes(beginning))
        self.parts = chain([bytes(beginning)], parts)

    def counted(self):
        """Gives the parts. Refuses with FILE_TOO_LARGE."""
        for part in self.parts:
            self.size += len(part)
            if self.size > self.limit:
                limit = f"{self.limit // 1024 // 1024} MB"
                raise InvalidArgument("larger than {limit}", "FILE_TOO_LARGE", field="file", limit=limit)
            yield part


def kind_of(title, beginning):
    """Returns the content type of a file by how it begins. Refuses with FILE_TYPE_WRONG if its name says another."""
    ending = title.rpartition(".")[2].lower()
    found = filetype.guess(beginning)
    if found is None:
        return _text_kind(ending, beginning)
    said = filetype.get_type(ext=ending)
    if said is None or said.mime == found.mime:
        return found.mime
    if found.mime == ARCHIVE and ending in OFFICE:
        return said.mime
    message = "it is called {ending}, but holds {found}"
    raise InvalidArgument(message, "FILE_TYPE_WRONG", field="file", ending=ending, found=found.extension)


def _text_kind(ending, beginning):
    """Returns the content type of what has no known form: a text with the encoding that makes most sense of it, said
    unless it is UTF-8, or just bytes.
    """
    if ending not in TEXTS:
        return BYTES
    encoding = writing.encoding_of([beginning])
    text = beginning.decode(encoding, "ignore")
    try:
        writing.require_text([text])
    except InvalidArgument:
        return BYTES
    if not text or "\0" in text:
        return BYTES
    # What a mark says decides: browsers take a bare utf-16 for that of small machines.
    encoding = "utf-16-be" if beginning.startswith(codecs.BOM_UTF16_BE) else encoding
    return TEXTS[ending] if encoding == "utf-8" else f"{TEXTS[ending]}; charset={CHARSETS.get(encoding, encoding)}"
