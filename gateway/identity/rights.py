"""What a caller may use at all, whoever he is: the gateway asks before it calls anybody."""

from chassis.errors import PermissionDenied

IDENTITY = "identity"
# One's own account is there for everybody.
OUTSIDE_CRM = frozenset({IDENTITY, "notifications"})


def require_use(actor, service, *, reads):
    """Refuses with CRM_ACCESS_DENIED whoever may not use the CRM, with SCOPE_MISSING a key that is not for this.

    A service without a name stands for all of them together.
    """
    if not actor.crm_access and service not in OUTSIDE_CRM:
        raise PermissionDenied("you have no access to the CRM; ask an administrator of the portal", "CRM_ACCESS_DENIED")
    if actor.session.startswith("apiKeys/"):
        _require_scope(actor.scopes, service, "read" if reads else "write")


def _require_scope(scopes, service, verb):
    own = f"{service}.{verb}" if service else verb
    administers = service == IDENTITY and verb == "write"
    # A key for everything is for every record, but not for people and the portal.
    enough = {own} if administers else {own, verb}
    if (scopes or administers) and enough.isdisjoint(scopes):
        raise PermissionDenied("the API key lacks the scope {scope}", "SCOPE_MISSING", scope=own)
