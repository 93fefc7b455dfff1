"""The notifications service, wired."""

from crm.notifications.v1 import domain_events_pb2 as events
from crm.notifications.v1 import notifications_pb2 as pb

from chassis.service import Service
from gateway.notifications import handlers, jobs, model, rpc

service = Service("notifications", pb, events=events, model=model, rpc=rpc, handlers=handlers, jobs=jobs)
