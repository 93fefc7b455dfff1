"""What the audit writes down."""

from chassis.testing import ADA, OWNER, Caller, statements
from chassis.tx import Cause

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}


def entries(audit, **asked):
    return list(Caller(audit, OWNER).list_audit_entries(order_by="number", **asked).audit_entries)


def test_a_change_is_written_down_with_who_when_from_where_and_what(audit, contacts, hear_all):
    ada = Caller(contacts, ADA, Cause(address="192.0.2.7"))
    contact = ada.create_contact(contact=PERSON)
    ada.update_contact(contact={"name": contact.name, "first_name": "Augusta", "sharing": "READ"})

    hear_all()

    created, updated = entries(audit)
    assert (created.number, updated.number) == (1, 2)
    assert (updated.actor, updated.session, updated.address) == (ADA.user, ADA.session, "192.0.2.7")
    assert (updated.service, updated.event, updated.resource) == ("contacts", "ContactUpdated", contact.name)
    assert updated.title == "Augusta Lovelace"
    told = {change.field: (getattr(change, "from"), change.to) for change in updated.changes}
    assert told == {"firstName": ('"Ada"', '"Augusta"'), "sharing": ('"PRIVATE"', '"READ"')}
    assert {change.field: change.to for change in created.changes}["lastName"] == '"Lovelace"'
    assert created.time.ToDatetime() == contact.create_time.ToDatetime()


def test_each_entry_contains_the_hash_of_the_one_before(audit, contacts, hear_all):
    ada = Caller(contacts, ADA)
    for _ in range(2):
        for _ in range(3):
            ada.create_contact(contact=PERSON)
        hear_all()

    with audit.engine.connect() as connection:
        table = audit.metadata.tables["audit_entry"]
        rows = connection.execute(table.select().order_by(table.c.number)).all()
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row.previous_hash for row in rows] == ["", *(row.hash for row in rows[:-1])]
    assert len({row.hash for row in rows}) == 6


def test_what_comes_twice_is_written_once(audit, contacts, hear_all):
    from chassis.inbox import Inbox
    from tests.audit.conftest import message

    Caller(contacts, ADA).create_contact(contact=PERSON)
    hear_all()
    with contacts.engine.connect() as connection:
        rows = connection.execute(contacts.outbox.select()).all()

    Inbox(audit).handle_all("CRM@1", [message(rows[0]), message(rows[0])], lambda: True)

    assert len(entries(audit)) == 1


def test_what_has_piled_up_is_written_with_as_many_statements_as_one(audit, contacts, hear_all):
    ada = Caller(contacts, ADA)
    for _ in range(40):
        ada.create_contact(contact=PERSON)

    with statements(audit) as seen:
        hear_all()

    # Which are new to the inbox, and to the chain; the end of the chain, the entries, the position.
    assert len(seen) == 5, seen


def test_votes_on_a_deletion_and_notifications_are_no_entries(audit):
    recorded = set(audit.handlers)

    names = {kind.DESCRIPTOR.name for kind in recorded}
    assert {"ContactCreated", "InvoiceDeleted", "UserUpdated"} <= names
    assert not {"ContactDeletionVoted", "NotificationCreated", "NotificationsRead"} & names
