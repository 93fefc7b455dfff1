"""What a caller may use at all, whoever he is: the gateway asks before it calls anybody."""

from chassis.errors import PermissionDenied

# One's own account is there for everybody.
OUTSIDE_CRM = frozenset({"identity", "notifications"})


def require_use(actor, service, *, reads):
    """Refuses with CRM_ACCESS_DENIED whoever may not use the CRM."""
    if not actor.crm_access and service not in OUTSIDE_CRM:
        raise PermissionDenied("you have no access to the CRM; ask an administrator of the portal", "CRM_ACCESS_DENIED")
