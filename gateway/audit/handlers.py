"""What the audit does when others speak: it writes it down."""

import json
from datetime import datetime

from google.protobuf.json_format import MessageToDict
from sqlalchemy import insert, select

from chassis.wiring import on
from gateway import contract
from gateway.audit import chain
from gateway.audit.model import Action, AuditEntry

# What is said only to carry out something else, or to one person about what others did.
NOT_RECORDED = (
    *("ContactDeletionVoted", "ContactDeletionsVoted", "NotificationCreated", "NotificationsRead"),
    *("ContactImportStepMade", "ExportStepMade", "MailingStepMade"),
)
EVENTS = [event for event in contract.events() if event.DESCRIPTOR.name not in NOT_RECORDED]
# What every record has, and nobody changes.
USUAL = ("name", "etag", "createTime", "updateTime", "creator")


@on(*EVENTS, together=True)
def record(events, tx):
    """Writes down what was announced, in the order of the log, each once."""
    # The inbox forgets; the chain does not, and all may be announced again.
    ids = [heard.event_id for _, heard in events]
    known = set(tx.session.scalars(select(AuditEntry.event_id).where(AuditEntry.event_id.in_(ids))))
    new = [(event, heard) for event, heard in events if heard.event_id not in known]
    if new:
        _append(new, tx)


def _append(events, tx):
    """Adds to the end of the chain."""
    last = select(AuditEntry.number, AuditEntry.hash).order_by(AuditEntry.number.desc()).limit(1)
    number, previous = tx.session.execute(last).first() or (0, "")
    rows = []
    for event, heard in events:
        number += 1
        entry = {"number": number, **entry_of(event, heard)}
        row = {**entry, "previous_hash": previous, "hash": chain.hash_of(previous, entry)}
        previous = row["hash"]
        rows.append(row | _columns(entry, tx))
    tx.session.execute(insert(AuditEntry), rows)


def _columns(entry, tx):
    """Returns the columns that are not hashed, and the time as the column takes it."""
    return {
        "time": datetime.fromisoformat(entry["time"]),
        "search_text": AuditEntry.searched(entry["resource"], entry["title"]),
        "version": 1,
        "create_time": tx.now,
        "update_time": tx.now,
        "creator": tx.actor.name,
    }


def entry_of(event, heard):
    """Returns what an entry says of an event, as JSON values."""
    headers = heard.headers
    told = json.loads(headers.get("Crm-Audit", "{}"))
    name = event.DESCRIPTOR.name
    action = Action.of(name)
    changes = [(_camel(field), before, after) for field, before, after in told.get("changes", ())]
    if action == Action.CREATED:
        changes = [(field, None, value) for field, value in _content(event).items() if field not in USUAL]
    return {
        "event_id": heard.event_id,
        "time": datetime.fromisoformat(headers["Crm-Time"]).isoformat(),
        "actor": headers["Crm-Actor"],
        "session": told.get("session", ""),
        "address": told.get("address", ""),
        "service": heard.subject.split(".")[1],
        "event": name,
        "action": action.value,
        "resource": headers["Crm-Resource"],
        "title": told.get("label", ""),
        "changes": [{"field": field, "from": _text(before), "to": _text(after)} for field, before, after in changes],
    }


def _content(event):
    """Returns the record in an event, as JSON values: its first message."""
    return next((MessageToDict(value) for field, value in event.ListFields() if field.message_type), {})


def _text(value):
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _camel(field):
    first, *rest = field.split("_")
    return first + "".join(word.capitalize() for word in rest)
