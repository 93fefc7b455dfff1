"""Passwords: argon2id, one at a time, and none that anybody would guess first."""

import functools
import itertools
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chassis.errors import InvalidArgument, Unavailable

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
NICENESS = 10
# What people choose when twelve characters are asked for. A password made of these alone is refused.
COMMON = (
    *("password", "passwort", "qwertyuiop", "qwerty", "asdfgh", "zxcvbn", "letmein", "welcome", "iloveyou", "monkey"),
    *("dragon", "football", "baseball", "sunshine", "princess", "superman", "master", "login", "secret", "changeme"),
    *("admin", "administrator", "root", "user", "test", "guest", "default", "hello", "trustno", "whatever", "freedom"),
    *("1q2w3e4r5t6y", "1q2w3e4r", "q1w2e3r4", "1qaz2wsx", "abc", "aaa", "пароль", "йцукен", "привет", "любовь"),
    *("rapport", "crm", "onlyoffice", "contacts", "company", "portal", "summer", "winter", "spring", "autumn"),
)


def _step_back():
    """Lets every other thread of the machine go first; where threads have no priority of their own, none does."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


# Each hash takes a core for a while: fifty people who sign in at once wait a moment, and pages do not.
HASHING = ThreadPoolExecutor(1, "hashing", initializer=_step_back)
# How many may wait for that: of the sixteen threads of a process some are left for those who are signed in.
PLACES = threading.BoundedSemaphore(12)


@contextmanager
def in_turn():
    """Lets so many in as may wait. Refuses the others with BUSY, before anything of theirs is looked at or counted."""
    if not PLACES.acquire(blocking=False):
        raise Unavailable("too many are signing in at once; try again", "BUSY", retry_after=1)
    try:
        yield
    finally:
        PLACES.release()


def hashed(password):
    """The hash to keep of a password."""
    return HASHING.submit(HASHER.hash, password).result()


def matches(password, kept):
    """Whether a password is the one whose hash was kept; without one it takes as long and is false."""
    try:
        return HASHING.submit(HASHER.verify, kept or _nobodys(), password).result() and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept):
    """Whether a hash was made with weaker parameters than ours are now."""
    return HASHER.check_needs_rehash(kept)


@functools.cache
def _nobodys():
    return HASHER.hash("the password of nobody")


def require_strength(password, *context, field="password"):
    """Refuses a password that is made of common words, of one or two characters, or of who its owner is."""
    if len(password) < 12:
        raise InvalidArgument("at least 12 characters", "PASSWORD_TOO_SHORT", field=field)
    rest = password.casefold()
    about = [part for text in context for part in text.casefold().replace("@", " ").replace(".", " ").split()]
    for word in sorted({*COMMON, *(part for part in about if len(part) > 2)}, key=len, reverse=True):
        rest = rest.replace(word, "")
    letters = "".join(character for character in rest if character.isalpha())
    if len(set(password)) < 5 or (len(letters) < 4 and len(set(rest)) < 6) or _runs(rest):
        raise InvalidArgument("too easy to guess", "PASSWORD_TOO_COMMON", field=field)


def _runs(text):
    """Whether a text only counts up or down: 123456789012, abcdefghijkl."""
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(text)}
    return bool(text) and len(steps) <= 2 and steps <= {1, -1, -9, 0, 9}
