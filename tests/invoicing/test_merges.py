"""What becomes of invoices when their client is taken into another contact, and when that is undone."""

import pytest
from crm.contacts.v1 import domain_events_pb2 as events

from chassis.testing import ADA, Caller, Neighbours, announced, hear

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}
LINES = [{"description": "Work", "price": {"units": 100}}]


@pytest.fixture
def ada(contacts):
    """Ada, as she calls contacts."""
    return Caller(contacts, ADA)


@pytest.fixture
def biller(invoicing):
    """Ada, as she calls invoicing."""
    return Caller(invoicing, ADA)


@pytest.fixture
def pair(ada):
    """Two contacts that are one."""
    return [ada.create_contact(contact=PERSON).name for _ in range(2)]


def draft(client):
    """What an invoice takes at least."""
    return {"client": client, "currency_code": "EUR", "lines": LINES}


def tell(contacts, invoicing, kind, event_id):
    """Lets invoicing hear the last announcement of a kind."""
    heard = [event for _, event, _ in announced(contacts) if isinstance(event, kind)]
    hear(invoicing, heard[-1], event_id=event_id)
    return heard[-1]


def clients(biller):
    """The clients of all invoices, in the order of their numbers."""
    return [invoice.client for invoice in biller.list_invoices(order_by="number").invoices]


def test_invoices_name_the_survivor_and_afterwards_the_old_one_again(contacts, invoicing, ada, biller, pair):
    target, source = pair
    for client in (source, target, source):
        biller.create_invoice(invoice=draft(client))
    merge = ada.merge_contact(name=target, source=source).merge
    tell(contacts, invoicing, events.ContactMerged, "1")
    assert clients(biller) == [target] * 3
    assert [list(event.changed.paths) for _, event, _ in announced(invoicing)[3:]] == [["client"], ["client"]]
    biller.create_invoice(invoice=draft(source))

    ada.undo_contact_merge(name=merge.name)
    tell(contacts, invoicing, events.ContactUnmerged, "2")

    assert clients(biller) == [source, target, source, target]


def test_an_invoice_that_was_pointed_elsewhere_since_stays_there(contacts, invoicing, ada, biller, pair):
    target, source = pair
    other = ada.create_contact(contact=PERSON).name
    invoice = biller.create_invoice(invoice=draft(source))
    merge = ada.merge_contact(name=target, source=source).merge
    tell(contacts, invoicing, events.ContactMerged, "1")
    biller.update_invoice(invoice={"name": invoice.name, "client": other})

    ada.undo_contact_merge(name=merge.name)
    tell(contacts, invoicing, events.ContactUnmerged, "2")

    assert clients(biller) == [other]


def test_what_is_heard_again_or_out_of_order_has_no_effect(contacts, invoicing, ada, biller, pair):
    target, source = pair
    biller.create_invoice(invoice=draft(source))
    merge = ada.merge_contact(name=target, source=source).merge
    ada.undo_contact_merge(name=merge.name)

    tell(contacts, invoicing, events.ContactUnmerged, "1")
    tell(contacts, invoicing, events.ContactMerged, "2")
    tell(contacts, invoicing, events.ContactUnmerged, "3")

    assert clients(biller) == [source]


class Late(Neighbours):
    """Contacts as it answered before something happened, once."""

    def __init__(self, contacts, first):
        super().__init__(contacts)
        self.first = first

    def ask(self, request, cause, actor):
        """The old answer, and then the true ones."""
        old, self.first = self.first, None
        return old or super().ask(request, cause, actor)


def test_an_invoice_made_while_its_client_is_merged_names_the_survivor(contacts, invoicing, ada, biller, pair):
    target, source = pair
    before = ada.get_contact(name=source)
    ada.merge_contact(name=target, source=source)
    tell(contacts, invoicing, events.ContactMerged, "1")
    invoicing.peers = Late(contacts, before)

    assert biller.create_invoice(invoice=draft(source)).client == target


def test_an_invoice_made_before_an_undone_merge_was_heard_of_names_whom_it_says(contacts, invoicing, ada, biller, pair):
    target, source = pair
    merge = ada.merge_contact(name=target, source=source).merge
    tell(contacts, invoicing, events.ContactMerged, "1")
    ada.undo_contact_merge(name=merge.name)

    assert biller.create_invoice(invoice=draft(source)).client == source
    tell(contacts, invoicing, events.ContactUnmerged, "2")
    assert clients(biller) == [source]
