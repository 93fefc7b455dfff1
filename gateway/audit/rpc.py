"""What may be asked of the audit, beyond the standard methods."""

import hashlib

from crm.audit.v1 import audit_pb2 as pb
from crm.audit.v1 import domain_events_pb2 as events
from sqlalchemy import and_, select

from chassis.aip.filtering import condition
from chassis.download import Download
from chassis.errors import PermissionDenied
from chassis.standard import Standard, words
from gateway.audit import chain
from gateway.audit.model import PORTAL, AuditEntry

# How many entries are read at once, and how many are looked at for them.
PAGE, RANGE = 500, 10_000
COLUMNS = [getattr(AuditEntry, name) for name in (*chain.FIELDS, "previous_hash", "hash")]
entries = Standard(AuditEntry, pb.AuditEntry, None)


def list_audit_entries(request, tx):
    """Lists entries to administrators."""
    require_admin(tx)
    return entries.list(request, tx, pb.ListAuditEntriesResponse)


def export_audit_entries(request, tx):
    """Gives administrators the entries as a file."""
    require_admin(tx)
    searched = [AuditEntry.matches(word) for word in words(request.q)]
    matching = and_(condition(request.filter, AuditEntry), AuditEntry.visible(tx.actor), *searched)
    chosen = " ".join(filter(None, (request.filter, f"q: {request.q}" if searched else "")))
    with tx.service.begin(tx.actor, tx.cause) as writing:
        note_export(writing, request)
    left_out = (chosen, () if tx.actor.is_portal_admin else PORTAL)
    return Download("audit.jsonl", "application/jsonl", lines(tx.service, matching, left_out))


def note_export(tx, request):
    """Announces that entries are taken along, so that this stands in the audit too."""
    asked = [(field, None, getattr(request, field)) for field in ("filter", "q") if getattr(request, field)]
    event = events.AuditExported(filter=request.filter, q=request.q)
    tx.announce(event, AuditEntry.collection, changes=asked)


def require_admin(tx):
    """Refuses unless an administrator asks."""
    if not tx.actor.sees_all:
        raise PermissionDenied("only administrators may", "ADMIN_REQUIRED")


def lines(service, matching, left_out=("", ())):
    """Gives the entries that match, oldest first, and the signed head, some hundreds at a time.

    `left_out` is the filter, and the services that whoever asks may not see.
    """
    last = select(AuditEntry.number, AuditEntry.hash).order_by(AuditEntry.number.desc()).limit(1)
    with service.reading.connect() as connection:
        end, last_hash = connection.execute(last).first() or (0, "")
    done, digest = 0, hashlib.sha256()
    while done < end:
        rows, done = _some(service, matching, done, min(done + RANGE, end))
        part = b"".join(chain.line({**row, "time": row["time"].isoformat()}) for row in rows)
        digest.update(part)
        yield part
    yield chain.head(service.signer, end, last_hash, digest.hexdigest(), left_out)


def _some(service, matching, done, until):
    """Returns some entries after number `done`, at most up to `until`, and the number up to which they are all."""
    # However few match, no statement looks at more than a range; and no connection is held while somebody slow reads.
    some = select(*COLUMNS).where(matching, AuditEntry.number > done, AuditEntry.number <= until)
    with service.reading.connect() as connection:
        rows = connection.execute(some.order_by(AuditEntry.number).limit(PAGE)).mappings().all()
    return rows, rows[-1]["number"] if len(rows) == PAGE else until
