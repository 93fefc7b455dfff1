"""Guests as tests invite them: contacts and notifications are the real services, mail is kept in a folder."""

import mailbox
import re
import time
from datetime import UTC, datetime, timedelta
from email.policy import SMTP

from crm.contacts.v1 import contacts_pb2
from crm.contacts.v1 import domain_events_pb2 as contacts_events
from crm.events.v1 import events_pb2 as pb

from chassis.identity import Actor
from chassis.testing import Caller, announced, hear
from gateway.notifications import outgoing
from services.events import jobs

SITE = "https://crm.example.com"
GUEST = Actor()


class House:
    """The services that guests have to do with."""

    def __init__(self, events, contacts, notifications, owner):
        self.events, self.contacts, self.notifications, self.owner = events, contacts, notifications, owner
        self.guest = Caller(events, GUEST)

    def person(self, first_name="Ada", address="ada@example.com", **more):
        """Adds a contact that events has heard of; returns its name."""
        emails = [{"value": address}] if address else []
        fields = {
            "kind": "PERSON",
            "first_name": first_name,
            "last_name": "L",
            "emails": emails,
            "sharing": "READ_WRITE",
        }
        made = Caller(self.contacts, self.owner.actor).create_contact(contact={**fields, **more})
        self.tell(made)
        return made.name

    def persons(self, count):
        """Adds several; returns their names."""
        return [self.person(f"Guest {number}", f"guest{number}@example.com") for number in range(count)]

    def tell(self, contact):
        """Lets events hear of a contact."""
        event = contacts_events.ContactUpdated(contact=contacts_pb2.Contact.FromString(contact.SerializeToString()))
        hear(self.events, event, event_id=f"{contact.name} {contact.etag}")

    def event(self, **fields):
        """Adds an event of tomorrow; returns its name."""
        start = datetime.now(UTC) + timedelta(days=1)
        fields = {"title": "Fair", "start_time": start, "end_time": start + timedelta(hours=2), **fields}
        return self.owner.create_event(event=fields).name

    def send(self):
        """Has all mail sent that is due, and lets events hear what became of it."""
        jobs.mail_guests(self.events.job_context())
        outgoing.send_due(self.notifications.job_context(), time.monotonic() + 30)
        for number, (_, event, _) in enumerate(announced(self.notifications)):
            if event.DESCRIPTOR.name == "MailFinished":
                hear(self.events, event, event_id=f"mail {number}")

    def letters(self):
        """Returns the messages in the folder, as (to, subject, text), in the order of their addresses."""
        box = mailbox.Maildir(self.notifications.settings.maildir)
        parsed = [mailbox.email.message_from_bytes(each.as_bytes(), policy=SMTP) for each in box]
        found = [(each["To"], each["Subject"], each.get_body(("plain",)).get_content()) for each in parsed]
        return sorted(found)

    def link(self, address, subject="Invitation"):
        """Returns the invitation that somebody was mailed: `eventInvitations/…`."""
        [text] = [text for to, about, text in self.letters() if to == address and about.startswith(subject)]
        return "eventInvitations/" + re.search(rf"{SITE}/rsvp/([\w-]+)", text)[1]

    def responses(self, name):
        """Returns what each guest answered, by his name."""
        found = self.owner.list_event_participants(name=name, page_size=200).participants
        return {each.display_name: pb.EventParticipant.Response.Name(each.response) for each in found}

    def counts(self, name):
        """Returns (invited, accepted, declined, waiting, attended, absent)."""
        counts = self.owner.get_event(name=name).guest_counts
        names = ("invited", "accepted", "declined", "waiting", "attended", "absent")
        return tuple(getattr(counts, f"{name}_count") for name in names)
