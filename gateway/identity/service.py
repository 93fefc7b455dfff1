"""The identity service, wired."""

from crm.identity.v1 import domain_events_pb2 as events
from crm.identity.v1 import identity_pb2 as pb

from chassis.service import Service
from gateway.identity import jobs, model, rpc

service = Service("identity", pb, events=events, model=model, rpc=rpc, jobs=jobs)
