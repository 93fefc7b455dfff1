"""The standard methods of this service's resources, for those who call them inside their own."""

from crm.contacts.v1 import bulk_pb2, merges_pb2, settings_pb2
from crm.contacts.v1 import contacts_pb2 as pb
from crm.contacts.v1 import domain_events_pb2 as events

from chassis.standard import Standard
from services.contacts.batch import ContactBatch
from services.contacts.model import (
    Contact,
    ContactField,
    ContactMerge,
    ContactSettings,
    ContactTag,
    ContactType,
    TemperatureLevel,
)

contacts = Standard(Contact, pb.Contact, events)
contact_types = Standard(ContactType, settings_pb2.ContactType, events)
temperature_levels = Standard(TemperatureLevel, settings_pb2.TemperatureLevel, events)
contact_tags = Standard(ContactTag, settings_pb2.ContactTag, events)
contact_fields = Standard(ContactField, settings_pb2.ContactField, events)
contact_settings = Standard(ContactSettings, settings_pb2.ContactSettings, events)
batches = Standard(ContactBatch, bulk_pb2.ContactBatch, events)
merges = Standard(ContactMerge, merges_pb2.ContactMerge, events)
