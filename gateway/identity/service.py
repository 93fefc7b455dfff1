"""The identity service, wired."""

from crm.identity.v1 import domain_events_pb2 as events
from crm.identity.v1 import identity_pb2 as pb
from crm.identity.v1 import views_pb2 as views

from chassis.service import Service
from gateway.identity import jobs, model, rpc

service = Service("identity", pb, views, events=events, model=model, rpc=rpc, jobs=jobs)
