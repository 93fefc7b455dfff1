"""What time makes contacts do."""

from datetime import UTC, datetime

from crm.identity.v1 import domain_events_pb2 as identity_events

from chassis.testing import ADA, BOB, OWNER, Caller, announced, hear
from services.contacts.jobs import hand_over_contacts

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}


def test_what_somebody_looked_after_is_anothers(contacts, monkeypatch):
    monkeypatch.setattr("chassis.kit.handover.BATCH", 2)
    ada, bob = Caller(contacts, ADA), Caller(contacts, BOB)
    alone = [ada.create_contact(contact=PERSON).name for _ in range(5)]
    both = ada.create_contact(contact={**PERSON, "managers": ["users/3", "users/2"]}).name
    others = ada.create_contact(contact={**PERSON, "managers": ["groups/1"]}).name
    before = len(announced(contacts))

    handed = identity_events.UserHandedOver(**{"from": ADA.user, "to": BOB.user})
    when = datetime.now(UTC)
    hear(contacts, handed, actor=OWNER.user, time=when)
    hand_over_contacts(contacts.job_context())

    assert {contact.name for contact in bob.list_contacts().contacts} == {*alone, both}
    assert [list(bob.get_contact(name=name).managers) for name in (alone[0], both)] == [[BOB.user], [BOB.user]]
    assert list(Caller(contacts, OWNER).get_contact(name=others).managers) == ["groups/1"]
    told = announced(contacts)[before:]
    assert len(told) == 6
    # Ada hears of it once more, and it is on the account of whoever asked for it.
    assert {(headers["Crm-Actor"], headers["Crm-Readers"]) for _, _, headers in told} == {
        (OWNER.user, '["users/2","users/3"]')
    }
    # One goes to nobody who is gone, and to himself without end.
    hear(contacts, identity_events.UserHandedOver(**{"from": BOB.user, "to": "users/99"}), event_id="event-3")
    hear(contacts, identity_events.UserHandedOver(**{"from": BOB.user, "to": BOB.user}), event_id="event-4")
    hand_over_contacts(contacts.job_context())
    assert bob.list_contacts().total_size == 6
    # It was done once, though the log be read again: what she gets later stays hers.
    ada.create_contact(contact=PERSON)
    hear(contacts, handed, event_id="event-2", actor=OWNER.user, time=when)
    hand_over_contacts(contacts.job_context())
    assert ada.list_contacts().total_size == 1
