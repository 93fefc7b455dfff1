"""The invoicing service, wired."""

from crm.invoicing.v1 import domain_events_pb2 as events
from crm.invoicing.v1 import invoicing_pb2 as pb

from chassis.service import Service
from services.invoicing import handlers, jobs, model, rpc

service = Service("invoicing", pb, events=events, model=model, rpc=rpc, handlers=handlers, jobs=jobs)
