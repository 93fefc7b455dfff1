"""The standard methods of this service's resources, for those who call them inside their own."""

from crm.events.v1 import domain_events_pb2 as events
from crm.events.v1 import events_pb2, files_pb2, history_pb2, settings_pb2

from chassis.standard import Standard
from services.events.model import Event, EventField, EventTag, File, HistoryCategory, HistoryEntry

gatherings = Standard(Event, events_pb2.Event, events)
event_tags = Standard(EventTag, settings_pb2.EventTag, events)
event_fields = Standard(EventField, settings_pb2.EventField, events)
categories = Standard(HistoryCategory, settings_pb2.HistoryCategory, events)
entries = Standard(HistoryEntry, history_pb2.HistoryEntry, events)
files = Standard(File, files_pb2.File, events)
