"""The audit service, wired."""

from crm.audit.v1 import audit_pb2 as pb
from crm.audit.v1 import domain_events_pb2 as events

from chassis.service import Service
from gateway.audit import handlers, model, rpc

service = Service("audit", pb, events=events, model=model, rpc=rpc, handlers=handlers)
