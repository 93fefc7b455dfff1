"""The chain of hashes: how an entry is hashed, how an export is signed, and how both are checked without a server."""

import hashlib
import json
import time
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, datetime

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from chassis.identity import ALGORITHM

# What is hashed, besides the hash of the entry before.
FIELDS = (
    "number",
    "event_id",
    "time",
    "actor",
    "session",
    "address",
    "service",
    "event",
    "action",
    "resource",
    "title",
    "changes",
)
SIGNER = "services/audit"
# No token that anybody would take for a person's.
TYPE = "rapport-audit-head"


class BrokenError(Exception):
    """The file is not what was exported; the text says where."""


@dataclass(frozen=True)
class Head:
    """The end of an export: how far the chain went when it was made, and what the file holds of it."""

    number: int
    hash: str
    # SHA-256 over the lines before this one.
    lines: str
    # The filter, and the services that whoever exported may not see; empty if the file holds the whole chain.
    filter: str
    without: tuple[str, ...]
    # When it was made, in seconds since 1970.
    iat: int

    @property
    def whole(self):
        """Whether nothing was to be left out."""
        return not self.filter.strip() and not self.without

    @property
    def time(self):
        """When it was made."""
        return datetime.fromtimestamp(self.iat, UTC)


@dataclass
class Report:
    """What a file proves."""

    entries: int = 0
    # Entries that a filter left out between those that are there.
    left_out: int = 0
    last: int = 0
    signed: bool = False
    head: Head | None = None


def hash_of(previous, entry):
    """Returns the hash of an entry (name → JSON value) that follows the one with the hash `previous`."""
    told = {name: entry[name] for name in FIELDS}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def line(entry):
    """Returns an entry as it is exported."""
    told = {name: entry[name] for name in (*FIELDS, "previous_hash", "hash")}
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def head(signer, number, last_hash, digest, left_out=("", ())):
    """Returns the last line of an export, signed by the service; `digest` is over the lines before.

    `left_out` is the filter, and the services that whoever exports may not see.
    """
    wanted, without = left_out
    told = Head(number, last_hash, digest, wanted, without, int(time.time()))
    header = {"alg": ALGORITHM, "kid": signer.issuer, "typ": TYPE}
    return _head_line(jwt.encode(header, vars(told), signer.key, algorithms=[ALGORITHM]))


def verify(lines, keys=None, earlier=None):
    """Returns the Report on an export; raises BrokenError. `keys` is the JWKS with the service's public key.

    `earlier` is the head of an export made before, as `head_of` gives it: this one must continue it.
    """
    report, digest = Report(), hashlib.sha256()
    # Number → hash, of the end of the part that is checked and of the head that must be among it.
    hashes = {0: ""}
    for place, text in enumerate(lines, 1):
        if report.head is not None:
            raise BrokenError(f"line {place}: something follows the head")
        told = _read(place, text)
        if "head" in told:
            report.head, report.signed = _head(place, told["head"], keys), keys is not None
            continue
        _check(place, told, hashes[report.last], report)
        digest.update(line(told))
        kept = {earlier.number: hashes[earlier.number]} if earlier and earlier.number in hashes else {}
        hashes = {**kept, report.last: told["hash"]}
    _check_end(report, digest.hexdigest(), hashes[report.last])
    if earlier is not None:
        _check_continues(report.head, earlier, hashes)
    return report


def head_of(lines, keys=None):
    """Returns the head of an export, which is its last line; raises BrokenError."""
    place, text = 0, b""
    for place, text in enumerate(lines, 1):  # noqa: B007 the last one counts
        pass
    return _head(place, _read(place, text).get("head"), keys)


def _check_end(report, digest, last_hash):
    """Checks that the file holds what its head says."""
    if report.head is None:
        raise BrokenError("the head is missing: the file was cut off")
    if report.head.whole and (report.left_out or (report.last, last_hash) != (report.head.number, report.head.hash)):
        raise BrokenError(f"entries are missing: the chain has {report.head.number}, the file {report.entries}")
    if digest != report.head.lines:
        raise BrokenError("the entries are not those that were exported with this head")


def _check_continues(head, earlier, hashes):
    """Checks that the chain of an export is the one that an earlier head ended, gone on."""
    if head.number < earlier.number:
        raise BrokenError(f"it ends at entry {head.number}, before the earlier export, which ends at {earlier.number}")
    if earlier.number not in hashes:
        raise BrokenError(f"it leaves out entry {earlier.number}, with which the earlier export ends")
    if hashes[earlier.number] != earlier.hash:
        raise BrokenError(f"entry {earlier.number} is another than the one with which the earlier export ends")


def _read(place, text):
    """Returns what a line says; only as it was written, for what reads the same need not be the same."""
    try:
        told = json.loads(text)
        same = text.removesuffix(b"\n") + b"\n" == (_head_line(told["head"]) if "head" in told else line(told))
    except (ValueError, TypeError, KeyError):
        same = False
    if not same or not isinstance(told.get("number", 0), int):
        raise BrokenError(f"line {place}: this is no entry")
    return told


def _head_line(token):
    return json.dumps({"head": token}).encode() + b"\n"


def _check(place, entry, previous, report):
    """Checks one entry against itself and the one before."""
    if hash_of(entry["previous_hash"], entry) != entry["hash"]:
        raise BrokenError(f"line {place}: entry {entry['number']} was changed")
    gap = entry["number"] - report.last - 1
    if gap < 0 or (not gap and entry["previous_hash"] != previous):
        raise BrokenError(f"line {place}: entry {entry['number']} does not follow the one before")
    report.entries += 1
    report.left_out += gap
    report.last = entry["number"]


def _head(place, token, keys):
    """Returns what a head says, once the signature on it is known to be the audit's, if there are `keys`."""
    try:
        if keys is None:
            claims = json.loads(_decoded(token.split(".")[1]))
        else:
            [key] = [OKPKey.import_key(key) for key in keys["keys"] if key["kid"] == SIGNER]
            decoded = jwt.decode(token, key, algorithms=[ALGORITHM])
            if decoded.header.get("typ") != TYPE:
                raise BrokenError(f"line {place}: this is no head")
            claims = decoded.claims
        return Head(**{**claims, "without": tuple(claims["without"])})
    except (JoseError, ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise BrokenError(f"line {place}: the head is not signed by this installation") from error


def _decoded(payload):
    return urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
