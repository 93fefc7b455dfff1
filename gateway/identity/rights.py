"""What a caller may use at all, whoever he is: the gateway asks before it calls anybody."""

from chassis.errors import PermissionDenied

IDENTITY, NOTIFICATIONS = "identity", "notifications"
# One's own account is there for everybody.
OUTSIDE_CRM = frozenset({IDENTITY, NOTIFICATIONS})
# What in notifications is the caller's own; whoever changes how mail leaves gets to read links in it.
OWN = frozenset({"MarkNotificationsRead", "UpdateNotificationSettings"})


def require_use(actor, service, rpc="", *, reads):
    """Refuses with CRM_ACCESS_DENIED whoever may not use the CRM, with SCOPE_MISSING a key that is not for this.

    A service without a name stands for all of them together.
    """
    if not actor.crm_access and service not in OUTSIDE_CRM:
        raise PermissionDenied("you have no access to the CRM; ask an administrator of the portal", "CRM_ACCESS_DENIED")
    if actor.session.startswith("apiKeys/"):
        administers = not reads and (service == IDENTITY or (service == NOTIFICATIONS and rpc not in OWN))
        _require_scope(actor.scopes, service, "read" if reads else "write", administers)


def _require_scope(scopes, service, verb, administers):
    own = f"{service}.{verb}" if service else verb
    # A key for everything is for every record, but not for people, the portal and its mail.
    enough = {own} if administers else {own, verb}
    if (scopes or administers) and enough.isdisjoint(scopes):
        raise PermissionDenied("the API key lacks the scope {scope}", "SCOPE_MISSING", scope=own)
