"""What a streaming RPC is sent: a file, part by part, and what the first part says of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from chassis.errors import InvalidArgument

# Of a file that an RPC takes whole, as a picture.
LARGEST_WHOLE = 1024 * 1024


@dataclass
class Upload:
    """A file on its way in; nothing of it is read before it is asked for."""

    # The first message, without the bytes.
    request: Any
    content_type: str
    parts: Iterable[bytes]


def received(messages, field):
    """Returns the Upload that messages bring, whose bytes are in the body field `field`."""
    messages = iter(messages)
    first = next(messages, None)
    if first is None:
        raise InvalidArgument("nothing was sent", "EMPTY_UPLOAD")
    body = getattr(first, field)
    data, body.data = body.data, b""
    return Upload(first, body.content_type, chain([data], (getattr(message, field).data for message in messages)))


def whole(upload, field):
    """Returns an upload as one message. Refuses with FILE_TOO_LARGE."""
    pieces, size = [], 0
    for part in upload.parts:
        pieces.append(part)
        size += len(part)
        if size > LARGEST_WHOLE:
            raise InvalidArgument("larger than {limit}", "FILE_TOO_LARGE", field=field, limit="1 MB")
    getattr(upload.request, field).data = b"".join(pieces)
    return upload.request
