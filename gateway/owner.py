"""The owner, when the operator names him in the environment."""

import structlog
from crm.identity.v1 import identity_pb2 as pb

from chassis import errors
from chassis.identity import Actor

log = structlog.get_logger()


def set_up(identity, settings):
    """Sets up the portal with the owner of CRM_OWNER_EMAIL and CRM_OWNER_PASSWORD, unless that was done before."""
    password = settings.owner_password.get_secret_value()
    if not (settings.owner_email and password):
        return
    request = pb.SetUpPortalRequest(
        email=settings.owner_email, password=password, display_name=settings.owner_email.partition("@")[0]
    )
    try:
        identity.call("SetUpPortal", request, Actor())
        log.info("portal_set_up")
    except errors.FailedPrecondition:
        pass
    except errors.Error as error:
        log.error("portal_not_set_up", problem=str(error), reason=error.reason)
