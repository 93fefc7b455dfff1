"""What others say, and what events makes of it."""

from datetime import UTC, datetime

import pytest
from crm.contacts.v1 import domain_events_pb2 as contacts
from crm.contacts.v1 import merges_pb2
from crm.identity.v1 import domain_events_pb2 as identity
from crm.identity.v1 import identity_pb2
from crm.invoicing.v1 import domain_events_pb2 as invoicing
from sqlalchemy import select

from chassis.identity import Actor
from chassis.inbox import Heard, Inbox
from chassis.testing import Caller, announced, hear, refused
from chassis.tx import subject_of
from services.events import jobs
from services.events.model import ContactRef
from tests.events.test_history import note, timeline

pytestmark = pytest.mark.usefixtures("people")


def test_a_contact_that_is_gone_takes_part_no_more(events, ada, known):
    contact = known(17, "Ada")
    name = ada.create_event(event={"title": "Fair", "participants": ["contacts/17"]}).name
    hear(events, contacts.ContactDeleted(contact={"name": contact.name}), event_id="gone")

    event = ada.get_event(name=name)
    assert (list(event.participants), event.participant_count) == ([], 0)
    # What was on its way when it went does not bring it back.
    known(17, "Ada", version=2)
    with refused("CONTACT_NOT_FOUND"):
        ada.add_event_participants(name=name, contacts=["contacts/17"])


def test_a_merge_moves_everything_and_its_end_moves_it_back(events, ada, known):
    known(17, "Ada")
    source = known(18, "Augusta")
    name = ada.create_event(event={"title": "Fair", "participants": ["contacts/18", "contacts/17"]}).name
    ada.create_history_entry(history_entry={"subject": "contacts/18", "text": "<p>hello</p>"})
    merge = merges_pb2.ContactMerge(name="contactMerges/1", source="contacts/18", target="contacts/17")
    hear(events, contacts.ContactMerged(merge=merge, source=source, target={"name": "contacts/17"}), event_id="merged")

    assert list(ada.get_event(name=name).participants) == ["contacts/17"]
    found = ada.list_history_entries(filter='subject = "contacts/17"').history_entries
    assert {entry.Kind.Name(entry.kind) for entry in found} == {"NOTE", "PARTICIPANT_ADDED", "CONTACT_MERGED"}
    assert {entry.related for entry in timeline(ada, name)} == {"", "contacts/17"}
    # The old name is that of the survivor.
    entry = ada.create_history_entry(history_entry={"subject": "contacts/18", "text": "late"})
    assert entry.subject == "contacts/17"

    hear(
        events, contacts.ContactUnmerged(merge=merge, source=source, target={"name": "contacts/17"}), event_id="parted"
    )
    back = ada.list_history_entries(filter='subject = "contacts/18"').history_entries
    assert [entry.Kind.Name(entry.kind) for entry in back if entry.text] == ["NOTE"]
    assert [entry.text for entry in back if entry.text] == ["<p>hello</p>"]
    assert {entry.related for entry in timeline(ada, name)} == {"", "contacts/17", "contacts/18"}


def test_what_others_do_is_written_down_once(events, ada, known):
    known(17, "Ada")
    invoice = {"name": "invoices/3", "number": "INV0000003", "client": "contacts/17"}
    for _ in range(2):
        hear(events, invoicing.InvoiceCreated(invoice=invoice), event_id="invoiced")
    hear(events, contacts.ContactMailed(contact="contacts/17", mailing="mailings/1", subject="Hi"), event_id="mailed")
    hear(events, contacts.ContactMailed(contact="contacts/99", mailing="mailings/1", subject="Hi"), event_id="nobody")

    told = {entry.Kind.Name(entry.kind): (entry.related, dict(entry.values)) for entry in timeline(ada, "contacts/17")}
    assert told == {
        "INVOICE_CREATED": ("invoices/3", {"number": "INV0000003"}),
        "MAILED": ("mailings/1", {"title": "Hi"}),
    }
    entry = timeline(ada, "contacts/17")[0]
    with refused("PERMISSION_DENIED"):
        ada.update_history_entry(history_entry={"name": entry.name, "text": "mine"})


def test_history_goes_with_its_contact_and_nothing_late_brings_it_back(events, owner, known):
    known(17, "Ada")
    note(owner, "contacts/17", "hello")
    hear(events, contacts.ContactDeleted(contact={"name": "contacts/17"}), event_id="gone")
    invoice = {"name": "invoices/3", "number": "INV0000003", "client": "contacts/17"}
    hear(events, invoicing.InvoiceCreated(invoice=invoice), event_id="late")

    assert owner.list_history_entries().total_size == 0
    with refused("SUBJECT_NOT_FOUND"):
        note(owner, "contacts/17", "late")


def test_who_is_gone_or_merged_works_for_nobody(events, known):
    for number in (17, 18, 19):
        known(number, "Ada", company="contacts/1")
    hear(events, contacts.ContactDeleted(contact={"name": "contacts/17"}), event_id="gone")
    merge = merges_pb2.ContactMerge(name="contactMerges/1", source="contacts/18", target="contacts/19")
    hear(events, contacts.ContactMerged(merge=merge, source={"name": "contacts/18"}), event_id="merged")

    with events.engine.connect() as connection:
        kept = connection.execute(select(ContactRef.name).where(ContactRef.company == "contacts/1")).scalars().all()
    assert kept == ["contacts/19"]


def test_contacts_is_told_what_goes_with_a_contact(events, ada, known):
    known(17, "Ada")
    ada.create_event(event={"title": "Fair", "participants": ["contacts/17"]})
    note(ada, "contacts/17", "<p>hello</p>")
    impacts = Caller(events, Actor(service="services/contacts")).get_contact_impact(contact="contacts/17").impacts

    found = {each.type: (each.count, each.Effect.Name(each.effect), each.examples[0].title) for each in impacts}
    assert found == {"Event": (1, "DETACHED", "Fair"), "HistoryEntry": (1, "DELETED", "hello")}


def test_a_group_that_is_gone_is_listed_no_more(events, ada):
    group = identity_pb2.Group(name="groups/3", etag='"1"')
    hear(events, identity.GroupCreated(group=group), event_id="group")
    access = {"is_private": True, "readers": [group.name]}
    name = ada.create_event(event={"title": "Fair", "access": access}).name
    hear(events, identity.GroupDeleted(group=group), event_id="no group")
    jobs.clear_what_was_deleted(events.job_context())

    kept = ada.get_event(name=name).access
    assert (kept.is_private, list(kept.readers)) == (True, [ada.actor.user])


def created(events, number, title, event_id, **headers):
    """Lets events hear that a contact was added."""
    contact = {"name": f"contacts/{number}", "display_name": title, "etag": '"1"', "sharing": "READ"}
    event = contacts.ContactCreated(contact={**contact, "create_time": datetime(2026, 11, 1, 12, tzinfo=UTC)})
    headers = {"Crm-Actor": "users/1", "Crm-Time": datetime.now(UTC).isoformat(), **headers}
    heard = Heard(event_id, subject_of(event.DESCRIPTOR), event.SerializeToString(), headers)
    Inbox(events).once(heard)


def test_that_a_contact_was_added_is_written_down_once_though_it_is_told_again_much_later(events, ada):
    for event_id in ("first", "first", "republished"):
        created(events, 17, "Ada", event_id)

    [entry] = timeline(ada, "contacts/17")
    assert (entry.Kind.Name(entry.kind), dict(entry.values)) == ("RECORD_CREATED", {"title": "Ada"})
    assert entry.time.ToDatetime(UTC) == datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_what_an_import_adds_is_told_by_the_import_alone(events, ada):
    created(events, 17, "Ada", "row", **{"Crm-Bulk": "contactImports/1"})

    assert not timeline(ada, "contacts/17")


def test_of_what_is_heard_together_each_creation_is_on_the_account_of_its_own_maker(events):
    now = datetime(2026, 11, 1, 12, tzinfo=UTC)

    def heard(number, actor, **headers):
        contact = {"name": f"contacts/{number}", "display_name": f"C{number}", "etag": '"1"', "sharing": "READ"}
        event = contacts.ContactCreated(contact={**contact, "create_time": now})
        headers = {"Crm-Actor": actor, "Crm-Time": now.isoformat(), **headers}
        return Heard(f"e{number}", subject_of(event.DESCRIPTOR), event.SerializeToString(), headers, number)

    made = [heard(17, "users/2"), heard(18, "users/3"), heard(19, "users/2", **{"Crm-Bulk": "contactImports/1"})]
    assert Inbox(events)._together("log", made)

    created = [each for each in announced(events) if each[1].DESCRIPTOR.name == "HistoryEntryCreated"]
    told = [(event.history_entry.subject, headers["Crm-Actor"]) for _, event, headers in created]
    assert told == [("contacts/17", "users/2"), ("contacts/18", "users/3")]
