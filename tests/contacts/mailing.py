"""Mailings as tests write and send them: through the real notifications service, to a real mail server."""

import time
from datetime import UTC, datetime, timedelta

import time_machine
from crm.contacts.v1 import mailings_pb2 as pb
from google.protobuf.struct_pb2 import Value

from services.contacts.mailing import sending

BODY = "<p>Dear {{first_name}}</p>"
SITE = "https://crm.example.com"
LETTER = {"subject": "News for {{first_name}}", "body": BODY, "language": "en", "per_minute": 600}


def person(caller, first_name="Ada", address="ada@example.com", **more):
    """Adds somebody; returns his name."""
    emails = [{"value": address}] if address else []
    custom = {name: _value(value) for name, value in more.pop("custom", {}).items()}
    names = {"kind": "PERSON", "first_name": first_name, "last_name": "Lovelace"}
    return caller.create_contact(contact={**names, "emails": emails, "custom": custom, **more}).name


def _value(kept):
    return Value(bool_value=kept) if isinstance(kept, bool) else Value(string_value=kept)


def draft(caller, **more):
    """Writes a letter to everybody."""
    if "contacts" not in more:
        more = {"selection": {}, **more}
    return caller.create_mailing(mailing={**LETTER, **more})


def send(service, seconds=30):
    """Sends what is due, in this thread."""
    sending.send_due(service, time.monotonic() + seconds)


def finish(service, rounds=60):
    """Lets the job send for a minute."""
    now = datetime.now(UTC)
    for second in range(rounds):
        with time_machine.travel(now + timedelta(seconds=second), tick=True):
            send(service)


def state(mailing):
    """The state of a mailing as it is called."""
    return pb.Mailing.State.Name(mailing.state)


def outcomes(caller, mailing, **how):
    """What became of each recipient: (who, state, reason)."""
    found = caller.list_mailing_recipients(parent=mailing.name, page_size=200, **how).recipients
    return [(each.address, pb.MailingRecipient.State.Name(each.state), each.reason) for each in found]


def upload(caller, mailing, data, *, name="price.pdf", piece=100_000):
    """Attaches a file, piece by piece."""
    request = caller.service.rpcs["UploadMailingAttachment"].method.input_type._concrete_class
    parts = [data[start : start + piece] for start in range(0, len(data), piece)] or [b""]
    messages = [request(file={"data": part}) for part in parts]
    messages[0].name, messages[0].file_name = mailing.name, name
    return caller.service.call("UploadMailingAttachment", iter(messages), caller.actor, caller.cause)
