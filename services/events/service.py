"""The events service, wired."""

from crm.events.v1 import calendar_pb2, events_pb2, exports_pb2, files_pb2, guests_pb2, history_pb2, imports_pb2
from crm.events.v1 import domain_events_pb2 as events
from crm.events.v1 import settings_pb2 as choices

from chassis.service import Service
from services.events import handlers, jobs, model, rpc

gatherings = (events_pb2, guests_pb2, calendar_pb2, exports_pb2, imports_pb2)
contracts = (*gatherings, history_pb2, files_pb2, choices)
service = Service("events", *contracts, events=events, model=model, rpc=rpc, handlers=handlers, jobs=jobs)
