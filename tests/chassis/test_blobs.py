"""Files outlive crashes whole, or not at all."""

import os
import time

import pytest

from chassis.blobs import PIECE, Blobs
from chassis.errors import OUTCOME_UNKNOWN, DeadlineExceeded
from chassis.testing import refused


@pytest.fixture
def blobs(tmp_path):
    """The blobs of contacts, in a folder."""
    return Blobs((tmp_path / "имя с пробелом").as_uri(), "contacts")


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_was_put_is_given_back_piece_by_piece(blobs):
    parts = [os.urandom(300_000) for _ in range(20)]

    name = blobs.put(iter(parts))

    assert name.startswith("contacts/")
    pieces = list(blobs.get(name))
    assert b"".join(pieces) == b"".join(parts)
    assert max(map(len, pieces)) < 4 * PIECE


def test_a_file_is_given_from_a_byte_on(blobs):
    name = blobs.put([b"0123", b"456789"])

    assert b"".join(blobs.get(name, 3)) == b"3456789"


def test_an_empty_file_is_a_file(blobs):
    assert b"".join(blobs.get(blobs.put([]))) == b""


def test_half_a_file_is_not_kept(blobs, tmp_path):
    def parts():
        yield b"x" * 3 * PIECE
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        blobs.put(parts())

    assert files(tmp_path) == []


def test_what_is_deleted_is_gone_and_may_be_deleted_again(blobs):
    name = blobs.put([b"x"])

    blobs.delete(name)
    blobs.delete(name)

    with pytest.raises(FileNotFoundError):
        list(blobs.get(name))


def test_what_nothing_names_is_swept_after_a_day(blobs, tmp_path):
    kept, orphan, young = (blobs.put([b"x"]) for _ in range(3))
    other = Blobs((tmp_path / "имя с пробелом").as_uri(), "invoicing").put([b"x"])
    for path in files(tmp_path):
        if not path.match(young):
            os.utime(path, (time.time() - 100_000,) * 2)

    assert blobs.sweep({kept}) == 1

    assert {"/".join(path.parts[-2:]) for path in files(tmp_path)} == {kept, young, other}
    assert orphan not in {kept, young}


def test_without_a_place_for_files_there_are_none():
    with refused("NO_BLOBS", "UNAVAILABLE"):
        Blobs("", "contacts").put([b"x"])


def test_what_no_row_could_name_is_deleted(blobs):
    name = blobs.put([b"a"])

    with pytest.raises(KeyboardInterrupt), blobs.until_named(name):
        raise KeyboardInterrupt

    assert not blobs.has(name)


def test_what_a_row_may_name_is_kept(blobs):
    named, maybe = blobs.put([b"a"]), blobs.put([b"b"])

    with blobs.until_named(named):
        pass
    with pytest.raises(DeadlineExceeded), blobs.until_named(maybe):
        raise DeadlineExceeded("the answer was lost", OUTCOME_UNKNOWN)

    assert blobs.has(named)
    assert blobs.has(maybe)
