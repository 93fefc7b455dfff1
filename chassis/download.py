"""What a streaming RPC answers with: a file, part by part, and what the browser should know of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from google.api.httpbody_pb2 import HttpBody


@dataclass
class Download:
    """A file on its way out; nothing of it is read before it is asked for."""

    title: str
    content_type: str
    parts: Iterable[bytes]
    size: int | None = None

    def metadata(self):
        """Returns what the gateway makes headers of."""
        plain = "".join(
            sign if sign.isascii() and sign.isprintable() and sign not in '"\\' else "_" for sign in self.title
        )
        disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(self.title, safe='')}"
        length = [] if self.size is None else [("http-content-length", str(self.size))]
        return [("http-content-disposition", disposition), *length]

    def messages(self):
        """Gives the parts as the contract has them; the first says what kind of file it is."""
        kind = self.content_type
        for part in self.parts:
            yield HttpBody(content_type=kind, data=part)
            kind = ""
