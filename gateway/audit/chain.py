"""The chain of hashes: how an entry is hashed, how an export is signed, and how both are checked without a server."""

import hashlib
import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass

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
# No token that anybody would take for a person's.
HEAD = "rapport-audit-head"


class BrokenError(Exception):
    """The file is not what was exported; the text says where."""


@dataclass
class Report:
    """What a file proves."""

    entries: int = 0
    # Entries that a filter left out between those that are there.
    left_out: int = 0
    last: int = 0
    signed: bool = False


def hash_of(previous, entry):
    """Returns the hash of an entry (name → JSON value) that follows the one with the hash `previous`."""
    told = {name: entry[name] for name in FIELDS}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def line(entry):
    """Returns an entry as it is exported."""
    told = {name: entry[name] for name in (*FIELDS, "previous_hash", "hash")}
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def head(signer, number, last_hash, filtered):
    """Returns the last line of an export: how far the chain went, signed by the service."""
    claims = {"number": number, "hash": last_hash, "filtered": filtered}
    header = {"alg": ALGORITHM, "kid": signer.issuer, "typ": HEAD}
    return json.dumps({"head": jwt.encode(header, claims, signer.key, algorithms=[ALGORITHM])}).encode() + b"\n"


def verify(lines, keys=None):
    """Returns the Report on an export; raises BrokenError. `keys` is the JWKS with the service's public key."""
    report, previous = Report(), ""
    claims = None
    for place, text in enumerate(lines, 1):
        if claims is not None:
            raise BrokenError(f"line {place}: something follows the head")
        told = _read(place, text)
        if "head" in told:
            claims, report.signed = _claims(place, told["head"], keys)
        else:
            previous = _check(place, told, previous, report)
    if claims is None:
        raise BrokenError("the head is missing: the file was cut off")
    whole = not claims["filtered"]
    if whole and (report.left_out or (report.last, previous) != (claims["number"], claims["hash"])):
        raise BrokenError(f"entries are missing: the chain has {claims['number']}, the file {report.entries}")
    return report


def _read(place, text):
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if not isinstance(told, dict) or not ("head" in told or {*FIELDS, "previous_hash", "hash"} <= set(told)):
        raise BrokenError(f"line {place}: this is no entry")
    return told


def _check(place, entry, previous, report):
    """Checks one entry against itself and the one before; returns its hash."""
    if hash_of(entry["previous_hash"], entry) != entry["hash"]:
        raise BrokenError(f"line {place}: entry {entry['number']} was changed")
    gap = entry["number"] - report.last - 1
    if gap < 0 or (not gap and entry["previous_hash"] != previous):
        raise BrokenError(f"line {place}: entry {entry['number']} does not follow the one before")
    report.entries += 1
    report.left_out += gap
    report.last = entry["number"]
    return entry["hash"]


def _claims(place, token, keys):
    """Returns what a head says, and whether the signature on it was checked."""
    try:
        if keys is None:
            payload = token.split(".")[1]
            return json.loads(_decoded(payload)), False
        known = {key["kid"]: OKPKey.import_key(key) for key in keys["keys"]}
        decoded = jwt.decode(token, lambda signed: known[signed.headers()["kid"]], algorithms=[ALGORITHM])
    except (JoseError, ValueError, KeyError, IndexError) as error:
        raise BrokenError(f"line {place}: the head is not signed by this installation") from error
    if decoded.header.get("typ") != HEAD:
        raise BrokenError(f"line {place}: this is no head")
    return decoded.claims, True


def _decoded(payload):
    return urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
