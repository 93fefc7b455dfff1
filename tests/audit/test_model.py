"""What is true of audit entries, without a database."""

import pytest

from gateway.audit.model import Action, AuditEntry


@pytest.mark.parametrize(
    ("event", "action"),
    [
        ("ContactCreated", "CREATED"),
        ("InvoiceUpdated", "UPDATED"),
        ("ContactDeleted", "DELETED"),
        ("ContactDeletionRequested", "OTHER"),
        ("UserHandedOver", "OTHER"),
    ],
)
def test_the_name_of_an_event_tells_what_was_done(event, action):
    assert Action.of(event) == action


def test_an_entry_is_found_by_its_record_and_title_whatever_the_case():
    assert AuditEntry.searched("contacts/17", "Пётр ЁЛКИН") == "contacts/17 петр елкин"
