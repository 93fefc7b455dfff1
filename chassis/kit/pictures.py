"""Pictures of records, made anew from what was sent, without anything else in it."""

import hashlib
import subprocess
import sys
import threading

from sqlalchemy import LargeBinary, Text, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from chassis import drawing
from chassis.db import ALSO_FORMER_NAMES
from chassis.download import Download
from chassis.errors import InvalidArgument, Unavailable, no_such

SECONDS = drawing.SECONDS
# One at a time, and nobody waits: of the threads that answer requests some are left.
SLOT = threading.BoundedSemaphore(1)


class Picture:
    """The picture of a record."""

    # One that was merged into another keeps its own, for it may come back.
    subject: Mapped[str] = mapped_column(Text, primary_key=True, info=ALSO_FORMER_NAMES)
    content: Mapped[bytes] = mapped_column(LargeBinary)


def drawn(data, how, width, height):
    """Has another process draw: whatever it is given, it takes no more than it may, and knows nothing of ours.

    Refuses with NOT_A_PICTURE, PICTURE_TOO_LARGE or BUSY.
    """
    if not SLOT.acquire(blocking=False):
        raise _busy()
    try:
        program = [sys.executable, "-I", drawing.__file__, how, str(width), str(height)]
        done = subprocess.run(program, input=data, capture_output=True, timeout=SECONDS, env={}, check=False)
    except subprocess.TimeoutExpired:
        raise _busy() from None
    finally:
        SLOT.release()
    if done.returncode == drawing.TOO_LARGE:
        most = drawing.MOST_PIXELS // 1_000_000
        message = "the picture has more than {megapixels} megapixels"
        raise InvalidArgument(message, "PICTURE_TOO_LARGE", field="file", megapixels=most)
    if done.returncode:
        raise InvalidArgument("no JPEG, PNG, WebP or GIF", "NOT_A_PICTURE", field="file")
    return done.stdout


def _busy():
    return Unavailable("too many pictures are made at once; try again", "BUSY", retry_after=1)


def version(content):
    """Returns which picture it is."""
    return hashlib.sha256(content).hexdigest()[:16]


def keep(tx, model, subject, content):
    """Keeps the picture of a subject in place of the one before; returns which one it is."""
    row = insert(model).values(subject=subject, content=content)
    tx.session.execute(row.on_conflict_do_update(index_elements=["subject"], set_={"content": content}))
    return version(content)


def drop(tx, model, subject):
    """Removes the picture of a subject; returns which one there is then: none."""
    tx.session.execute(delete(model).where(model.subject == subject))
    return ""


def download(tx, model, subject):
    """Gives the picture of a subject. Refuses with NOT_FOUND."""
    found = tx.session.get(model, subject)
    if found is None:
        raise no_such(f"picture of {subject}")
    title = f"{subject.replace('/', '-')}.webp"
    return Download(title=title, content_type="image/webp", parts=[found.content], size=len(found.content))
