"""What the portal is called, for strangers too."""

from crm.identity.v1 import identity_pb2 as pb

from chassis.identity import Actor


def portal_title(identity):
    """Returns it; the name of the product before somebody said so."""
    return identity.call("GetPortal", pb.GetPortalRequest(), Actor()).title or "Rapport"
