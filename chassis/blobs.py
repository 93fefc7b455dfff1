"""What is too large for a database: files, in a folder or a bucket, under names that this service alone gives out.

A blob never changes. It is written before the row that names it is committed, and deleted after that row is gone; what
a crash leaves between the two is swept away a day later.
"""

import os
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import obstore
from obstore.store import from_url

from chassis.errors import OUTCOME_UNKNOWN, Unavailable

PIECE = 1024 * 1024
# A row may still be on its way to name a blob that is younger.
YOUNG = timedelta(days=1)


class Blobs:
    """The blobs of one service."""

    def __init__(self, url, service):
        self.service = service
        self.folder = Path(unquote(urlsplit(url).path)) if url.startswith("file:") else None
        self.store = from_url(url, mkdir=True) if self.folder else from_url(url) if url else None

    def put(self, parts):
        """Keeps what `parts` gives, piece by piece; returns the name of the blob. If they fail, nothing is kept."""
        name = f"{self.service}/{uuid.uuid4().hex}"
        obstore.put(self._opened(), name, _pieces(parts))
        if self.folder:
            _settle(self.folder / name)
        return name

    def get(self, name, start=0):
        """Gives a blob, from a byte on, piece by piece. Raises FileNotFoundError."""
        options: Any = {"range": {"offset": start}} if start else None
        for piece in obstore.get(self._opened(), name, options=options).stream(min_chunk_size=PIECE):
            yield bytes(piece)

    @contextmanager
    def until_named(self, name):
        """Deletes a blob unless the block, which commits the row that names it, succeeds or may have succeeded."""
        try:
            yield
        except BaseException as error:
            if getattr(error, "reason", "") != OUTCOME_UNKNOWN:
                self.delete(name)
            raise

    def delete(self, name):
        """Deletes a blob; one that is gone already is none."""
        try:
            obstore.delete(self._opened(), name)
        except FileNotFoundError:
            return

    def sweep(self, known):
        """Deletes what no row names and is older than a day; `known` are the names in use. Returns how many."""
        swept = 0
        for names in self.older(YOUNG):
            for name in {*names} - known:
                self.delete(name)
                swept += 1
        return swept

    def older(self, age):
        """Gives the names of the blobs that are older than `age`, some at a time."""
        since = datetime.now(UTC) - age
        for page in obstore.list(self._opened(), self.service):
            yield [blob["path"] for blob in page if blob["last_modified"] < since]

    def has(self, name):
        """Whether there is a blob of that name."""
        try:
            obstore.head(self._opened(), name)
        except FileNotFoundError:
            return False
        return True

    def _opened(self):
        if self.store is None:
            raise Unavailable("this installation has no place for files; set CRM_BLOBS", "NO_BLOBS")
        return self.store


def _pieces(parts):
    """Gives bytes in pieces that are worth a write."""
    waiting = bytearray()
    for part in parts:
        waiting += part
        if len(waiting) >= PIECE:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


def _settle(path):
    """Waits until a file and its place in the folder are on the disk."""
    for each in (path, path.parent):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
