"""Files on their way in: counted, and looked at before they are kept."""

from itertools import chain

import filetype

from chassis.errors import InvalidArgument

# What is needed of a file to say what it is.
BEGINNING = 8192
# What a text may be called; everything else of no known form is just bytes.
TEXTS = {"txt": "text/plain", "csv": "text/csv", "md": "text/markdown", "json": "application/json"}
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
        return TEXTS.get(ending, BYTES) if _is_text(beginning) else BYTES
    said = filetype.get_type(ext=ending)
    if said is None or said.mime == found.mime:
        return found.mime
    if found.mime == ARCHIVE and ending in OFFICE:
        return said.mime
    message = "it is called {ending}, but holds {found}"
    raise InvalidArgument(message, "FILE_TYPE_WRONG", field="file", ending=ending, found=found.extension)


def _is_text(beginning):
    """Whether it is UTF-8, up to a sign that the end may have cut, without control characters."""
    try:
        text = beginning[: len(beginning) - 3].decode() if len(beginning) >= BEGINNING else beginning.decode()
    except UnicodeDecodeError as error:
        return len(beginning) >= BEGINNING and error.start > len(beginning) - 8
    return "\0" not in text
