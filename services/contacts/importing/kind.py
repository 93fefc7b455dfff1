"""Imports of contacts, as the kit carries them out."""

from pathlib import Path

from crm.contacts.v1 import domain_events_pb2 as events
from crm.contacts.v1 import imports_pb2 as pb
from sqlalchemy import select

from chassis.kit import people
from chassis.kit.importing import kind
from chassis.standard import Standard
from services.contacts.importing import undoing, vcards
from services.contacts.importing.batch import Batch
from services.contacts.importing.cells import Reader
from services.contacts.importing.meanings import proposed
from services.contacts.importing.model import ContactImport, Correction, ImportRow, Meaning
from services.contacts.model import Contact, ContactField, Principal


class ContactImports(kind.Kind):
    """Files of contacts."""

    standard = Standard(ContactImport, pb.ContactImport, events)
    rows = ImportRow
    corrections = Correction
    meanings = Meaning
    principal = Principal
    own_fields = ContactField
    row_class = pb.ImportRow
    preview_class = pb.PreviewContactImportResponse
    others = {"VCARD": Path(vcards.__file__)}
    title_field = "company_name"

    def begun(self, request, actor):
        """They are the importer's own."""
        return {
            "managers": [actor.user],
            "duplicates": "SKIP",
            "match_by": "EMAIL_THEN_PHONE",
            "sharing": "PRIVATE",
        }

    def proposed(self, headers, own):
        """By their words."""
        return proposed(headers, own)

    def reader(self, tx, row):
        """Reads rows as contacts."""
        custom = {each.name: each for each in tx.session.scalars(select(ContactField))}
        return Reader(row.columns, custom, row.bad_cells == "DROP_CELL")

    def batch(self, service, row, reader, rows):
        """Adds contacts, and changes those that are there."""
        return Batch(service, row, reader, rows)

    def undo_some(self, service, row):
        """Asks those who may hold what was added."""
        return undoing.undo_some(service, row, self)

    def settle(self, tx, row, changed):
        """Somebody looks after what is added."""
        if "managers" in changed:
            row.managers = row.managers or [tx.actor.user]
        if "managers" in changed or not changed:
            people.require_known(tx, Principal, {*row.managers} - {tx.actor.user}, "managers")

    def titled(self, tx, statement):
        """With the companies that rows named."""
        there = (Contact.id == ImportRow.contact) & Contact.visible(tx.actor)
        return statement.add_columns(Contact.display_name).outerjoin(Contact, there)

    def interested(self, row):
        """Those who got the contacts, if they are to know."""
        return {*row.managers} if row.notify else set()

    def step(self, message):
        """It has come so far."""
        return events.ContactImportStepMade(contact_import=message)

    def finished(self, message, recipients):
        """It is over."""
        return events.ContactImportFinished(contact_import=message, recipients=recipients)


IMPORTS = ContactImports()
