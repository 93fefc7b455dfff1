"""Groups: several users, to share things with at once."""

from typing import Any

from crm.identity.v1 import domain_events_pb2 as events
from crm.identity.v1 import identity_pb2 as pb
from sqlalchemy import func, update

from chassis.db import number
from chassis.standard import Standard
from gateway.identity.model import Group, User
from gateway.identity.people import changed_portal, locked_portal, require_known, unless_taken

groups = Standard(Group, pb.Group, events)
USER: Any = User.__table__


def create_group(request, tx):
    """Makes a group."""
    tx.actor.require_portal_admin()
    require_known(tx, "members", request.group.members)
    with _unless_taken(tx, request.group.title):
        message = groups.create(request, tx)
    _follow(tx, message.name, set(), set(message.members))
    return message


def update_group(request, tx):
    """Changes a group; its members are in it from the next request on."""
    tx.actor.require_portal_admin()
    require_known(tx, "members", request.group.members)
    before = {*tx.get(Group, request.group.name, lock=True).members}
    with _unless_taken(tx, request.group.title):
        message = groups.update(request, tx)
    _follow(tx, message.name, before, set(message.members))
    return message


def delete_group(request, tx):
    """Deletes a group; nobody has access by it any more."""
    tx.actor.require_portal_admin()

    def leave(group):
        _follow(tx, group.name, {*group.members}, set())
        portal = locked_portal(tx)
        if group.name in portal.crm_members:
            before = tx.message(portal, pb.PortalSettings)
            portal.crm_members = [name for name in portal.crm_members if name != group.name]
            changed_portal(tx, portal, before, "crm_members")

    return groups.delete(request, tx, leave)


def _unless_taken(tx, title):
    message = "another group is called {title}"
    return unless_taken(tx, "uq_group_title", message, "GROUP_TITLE_TAKEN", title=title)


def _follow(tx, name, before, after):
    """Has users know which groups they are in."""
    without = func.array_remove(USER.c.groups, name)
    for members, groups_then in ((before - after, without), (after - before, func.array_append(without, name))):
        if members:
            numbers = sorted(number(member, "users") for member in members)
            tx.session.execute(update(USER).where(USER.c.id.in_(numbers)).values(groups=groups_then))
