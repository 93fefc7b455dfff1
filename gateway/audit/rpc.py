"""What may be asked of the audit, beyond the standard methods."""

from crm.audit.v1 import audit_pb2 as pb
from sqlalchemy import select

from chassis.aip.filtering import condition
from chassis.download import Download
from chassis.errors import PermissionDenied
from chassis.standard import Standard
from gateway.audit import chain
from gateway.audit.model import AuditEntry

PAGE = 500
entries = Standard(AuditEntry, pb.AuditEntry, None)


def list_audit_entries(request, tx):
    """Lists entries to administrators."""
    require_admin(tx)
    return entries.list(request, tx, pb.ListAuditEntriesResponse)


def export_audit_entries(request, tx):
    """Gives administrators the entries as a file."""
    require_admin(tx)
    matching = condition(request.filter, AuditEntry)
    return Download("audit.jsonl", "application/jsonl", lines(tx.service, matching, bool(request.filter.strip())))


def require_admin(tx):
    """Refuses unless an administrator asks."""
    if not tx.actor.sees_all:
        raise PermissionDenied("only administrators may", "ADMIN_REQUIRED")


def lines(service, matching, filtered):
    """Gives the entries that match, oldest first, and the signed head, some hundreds at a time."""
    last = select(AuditEntry.number, AuditEntry.hash).order_by(AuditEntry.number.desc()).limit(1)
    columns = [getattr(AuditEntry, name) for name in (*chain.FIELDS, "previous_hash", "hash")]
    with service.reading.connect() as connection:
        end, last_hash = connection.execute(last).first() or (0, "")
    done = 0
    while done < end:
        some = select(*columns).where(matching, AuditEntry.number > done, AuditEntry.number <= end)
        # No connection is held while somebody slow reads.
        with service.reading.connect() as connection:
            rows = connection.execute(some.order_by(AuditEntry.number).limit(PAGE)).mappings().all()
        if not rows:
            break
        yield b"".join(chain.line({**row, "time": row["time"].isoformat()}) for row in rows)
        done = rows[-1]["number"]
    yield chain.head(service.signer, end, last_hash, filtered)
