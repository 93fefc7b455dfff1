"""The audit service, wired."""

from crm.audit.v1 import audit_pb2 as pb

from chassis.service import Service
from gateway.audit import handlers, model, rpc

service = Service("audit", pb, events=None, model=model, rpc=rpc, handlers=handlers)
