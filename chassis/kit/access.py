"""Who may see and change a record: its managers, administrators, and whoever it is shared with.

The rule is SQL, in the one statement that reads or locks the record, so nobody can forget it or ask too late.
"""

from enum import StrEnum

from crm.type.v1.access_pb2 import AccessEntry, AccessExplanation
from sqlalchemy import Text, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import HOLDS_NAMES
from chassis.errors import InvalidArgument, PermissionDenied
from chassis.identity import EVERYONE
from chassis.resource import Resource

ADMINISTRATORS = "administrators"


class Sharing(StrEnum):
    """Who, besides managers and administrators, may see or change a record."""

    PRIVATE = "PRIVATE"
    READ = "READ"
    READ_WRITE = "READ_WRITE"


class Restricted(Resource):
    """A record with managers (users and groups), that may be shared with everybody."""

    managers: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, info=HOLDS_NAMES)
    sharing: Mapped[str] = mapped_column(Text, default=Sharing.PRIVATE)

    @classmethod
    def visible(cls, actor):
        """Everybody sees what is shared; what is private, its managers and administrators."""
        if actor.sees_all:
            return true()
        return (cls.sharing != Sharing.PRIVATE) | cls.managers.overlap(actor.principals)

    @classmethod
    def editable(cls, actor):
        """Managers and administrators change a record, and everybody one that is shared for writing."""
        if actor.sees_all:
            return true()
        return (cls.sharing == Sharing.READ_WRITE) | cls.managers.overlap(actor.principals)

    def readers(self):
        """Everybody, once shared; else its managers."""
        return list(self.managers) if self.sharing == Sharing.PRIVATE else [EVERYONE]

    def settle_access(self):
        """Makes private what says nothing of its sharing."""
        self.sharing = Sharing.PRIVATE if self.sharing in (None, "SHARING_UNSPECIFIED") else self.sharing

    def require_say(self, actor):
        """Refuses unless `actor` may say who sees the record; who may only write in it could take it from others."""
        if not (actor.sees_all or {*actor.principals} & {*self.was("managers")}):
            raise PermissionDenied("only its managers say who may see {name}", "MANAGER_REQUIRED", name=self.name)
        if not self.managers:
            raise InvalidArgument("name at least one manager", "MANAGER_MISSING", field="managers")


class Listed(Resource):
    """A record that everybody may see and change, unless it is restricted to those who are listed.

    Who mounts it has both columns among `supporting`: the contract shows them as `access`.
    """

    is_private: Mapped[bool] = mapped_column(default=False)
    # Users and groups; whoever made the record is among them.
    listed: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, info=HOLDS_NAMES)

    @property
    def access(self):
        """As the contract has it."""
        return {"is_private": self.is_private, "readers": self.listed}

    @access.setter
    def access(self, wanted):
        self.is_private, self.listed = wanted.get("is_private", False), list(wanted.get("readers", ()))

    @classmethod
    def present(cls, fields):
        """Who may see it, as the contract has it."""
        super().present(fields)
        fields["access"] = {"is_private": fields.pop("is_private"), "readers": fields.pop("listed")}

    @classmethod
    def visible(cls, actor):
        """Everybody sees what is not private; what is, those who are listed, and administrators."""
        if actor.sees_all:
            return true()
        return ~cls.is_private | (cls.creator == actor.user) | cls.listed.overlap(actor.principals)

    def readers(self):
        """Everybody, or those who are listed."""
        return list(dict.fromkeys([self.creator, *self.listed])) if self.is_private else [EVERYONE]

    def settle_access(self, maker):
        """Lists whoever made the record, if it is private; and nobody if it is not."""
        self.is_private = bool(self.is_private)
        self.listed = list(dict.fromkeys([maker, *(self.listed or ())])) if self.is_private else []

    def require_say(self, actor):
        """Refuses unless `actor` may say who sees the record: whoever made it, and administrators."""
        if not actor.sees_all and actor.user != self.creator:
            raise PermissionDenied("only whoever made {name} says who may see it", "CREATOR_REQUIRED", name=self.name)


def explain_listed(model):
    """Returns the RPC that says who may see a record that is `Listed`, and why."""

    def explain_access(request, tx):
        row = tx.get(model, request.name)
        shared = [_entry(name, "WRITE", "CREATOR" if name == row.creator else "LISTED") for name in row.listed]
        entries = shared if row.is_private else [_entry(EVERYONE, "WRITE", "SHARED")]
        return AccessExplanation(entries=[*entries, _entry(ADMINISTRATORS, "WRITE", "ADMINISTRATOR")])

    return explain_access


def explain(model):
    """Returns the RPC that says who may see a record of `model`, and why."""

    def explain_access(request, tx):
        row = tx.get(model, request.name)
        entries = [_entry(principal, "WRITE", "MANAGER") for principal in row.managers]
        if row.sharing != Sharing.PRIVATE:
            entries.append(_entry(EVERYONE, "READ" if row.sharing == Sharing.READ else "WRITE", "SHARED"))
        return AccessExplanation(entries=[*entries, _entry(ADMINISTRATORS, "WRITE", "ADMINISTRATOR")])

    return explain_access


def _entry(principal, level, reason):
    return AccessEntry(principal=principal, level=level, reason=reason)
