"""What an operator does to one service: bring its tables up to date, send its history again, look at parked events.

Each needs the settings of that service in the environment, and loads no more of the chassis than it uses: the run on
one box waits for the first two.
"""

import os
from contextlib import contextmanager
from importlib import import_module

from chassis.settings import Settings
from deploy.processes import IDENTITY, packages

# Who does what is done here, as the audit names him.
OPERATOR = "operator"


def migrate(name):
    """Brings the database of a service up to date."""
    from chassis import migrations

    migrations.upgrade(packages()[name], Settings().database_url.get_secret_value())


def revise(name, message):
    """Writes the next migration of a service."""
    from chassis import migrations

    migrations.revise(packages()[name], Settings().database_url.get_secret_value(), message)


def provision():
    """Makes the stream that carries the events, with the rights of NATS' user `boot`."""
    from chassis import stream

    stream.provision(Settings().nats_url.get_secret_value(), replicas=int(os.environ.get("CRM_NATS_REPLICAS", "1")))


def republish(name):
    """Has a service send everything it ever announced once more; returns how many events."""
    from chassis import inbox

    with _opened(name) as service:
        return inbox.republish(service)


def audit():
    """Gives the whole audit as it is exported, part by part; the audit says that the operator took it along."""
    from crm.audit.v1 import audit_pb2
    from sqlalchemy import true

    from chassis.tx import Cause
    from gateway.audit import rpc

    with _opened("audit") as service:
        with service.begin(service.actor, Cause(actor=OPERATOR)) as tx:
            rpc.note_export(tx, audit_pb2.ExportAuditEntriesRequest())
        yield from rpc.lines(service, true())


def link(email):
    """Makes a link with which somebody sets a new password, or joins; the audit says that the operator did."""
    from chassis.tx import Cause
    from gateway.identity.joining import operators_link

    with _opened(IDENTITY) as service, service.begin(service.actor, Cause(actor=OPERATOR)) as tx:
        return operators_link(tx, email)


def parked(name):
    """Returns the events that a service could not handle."""
    from chassis import inbox

    with _opened(name) as service:
        return inbox.Parked(service).list()


def retry(name, event):
    """Has a service handle a parked event again; raises what its handler raises."""
    from chassis import inbox

    with _opened(name) as service:
        inbox.Parked(service).retry(event)


def drop(name, event):
    """Forgets a parked event."""
    from chassis import inbox

    with _opened(name) as service:
        inbox.Parked(service).drop(event)


def examined(name):
    """Returns a service as `crm doctor` looks at it; needs no keys."""
    from chassis.doctor import Examined

    return Examined(import_module(f"{packages()[name]}.service").service, Settings())


@contextmanager
def _opened(name):
    service = import_module(f"{packages()[name]}.service").service.open(Settings())
    try:
        yield service
    finally:
        service.close()
