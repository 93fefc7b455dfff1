"""The contacts service, wired."""

from crm.contacts.v1 import bulk_pb2, duplicates_pb2, exports_pb2, forms_pb2, imports_pb2, lookups_pb2, mailings_pb2
from crm.contacts.v1 import contacts_pb2 as pb
from crm.contacts.v1 import domain_events_pb2 as events
from crm.contacts.v1 import merges_pb2 as merges
from crm.contacts.v1 import settings_pb2 as choices

from chassis.service import Service
from services.contacts import handlers, jobs, model, rpc

records = (pb, choices, bulk_pb2, imports_pb2, exports_pb2, lookups_pb2)
contracts = (*records, forms_pb2, merges, duplicates_pb2, mailings_pb2)
service = Service("contacts", *contracts, events=events, model=model, rpc=rpc, handlers=handlers, jobs=jobs)
