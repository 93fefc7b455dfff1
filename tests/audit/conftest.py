"""What the audit hears from: contacts, as the stream would bring it."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from chassis.inbox import Heard, Inbox
from chassis.tx import subject_of


@pytest.fixture
def hear_all(audit, contacts):
    """Lets the audit hear all that contacts announced and it has not heard, some of it together."""
    heard: set = set()

    def deliver():
        with contacts.engine.connect() as connection:
            rows = connection.execute(contacts.outbox.select().order_by(contacts.outbox.c.id)).all()
        messages = [message(row) for row in rows if row.event_id not in heard]
        heard.update(row.event_id for row in rows)
        assert Inbox(audit).handle_all("CRM@1", messages, lambda: True) == len(messages)

    return deliver


def message(row):
    """An announcement as the stream brings it."""
    headers = {**row.headers, "Nats-Msg-Id": row.event_id}
    place = SimpleNamespace(sequence=SimpleNamespace(stream=row.id))
    return SimpleNamespace(headers=headers, subject=row.subject, data=row.payload, metadata=place)


def hear(service, event):
    """Lets a service hear what was announced just now, about the record of no particular name."""
    name = event.DESCRIPTOR.name
    headers = {"Crm-Actor": "users/1", "Crm-Resource": name, "Crm-Time": datetime.now(UTC).isoformat()}
    Inbox(service).once(Heard(name, subject_of(event.DESCRIPTOR), event.SerializeToString(), headers))
