"""Identity: what is true of users and the portal. How they prove who they are is in `proofs`."""

from enum import StrEnum
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Index, Text, and_, cast, exists, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import HOLDS_NAMES
from chassis.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from chassis.identity import PORTAL_ADMIN_ROLES
from chassis.resource import Resource
from chassis.standard import fold, occurs
from gateway.identity import outgoing, passwords, pictures, proofs
from gateway.identity.schema import Base
from gateway.identity.views import SavedView

__all__ = ["Base", "Group", "Portal", "Role", "SavedView", "State", "Theme", "User", "outgoing", "pictures", "proofs"]


class Role(StrEnum):
    """What a user may do."""

    OWNER = "OWNER"
    PORTAL_ADMIN = "PORTAL_ADMIN"
    CRM_ADMIN = "CRM_ADMIN"
    USER = "USER"


class State(StrEnum):
    """Whether a user may sign in."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"
    INVITED = "INVITED"


class Theme(StrEnum):
    """In which colours pages are shown."""

    SYSTEM = "SYSTEM"
    LIGHT = "LIGHT"
    DARK = "DARK"


class Access(StrEnum):
    """Who may use the CRM besides those who always may."""

    EVERYONE = "EVERYONE"
    LISTED = "LISTED"


# What everybody may change of themselves.
OWN = frozenset({"display_name", "job_title", "language", "time_zone", "theme", "photo"})
# What only the owner changes of the owner: an administrator who could would be the owner.
OWNERS = frozenset({"email", "password"})


def require_session(actor):
    """Refuses programs: how somebody signs in is changed by himself, in a session of his own."""
    if not actor.session.startswith("sessions/"):
        raise PermissionDenied("an API key cannot do this; sign in", "SESSION_REQUIRED")


def require_time_zone(name):
    """Refuses a time zone that does not exist."""
    if name not in available_timezones():
        raise InvalidArgument("there is no such time zone", "UNKNOWN_TIME_ZONE", field="time_zone")


class Portal(Resource, Base):
    """What everybody here shares, and who may use the CRM; its one row is there once the owner is."""

    __tablename__ = "portal"

    collection = "portalSettings"
    writable = (
        *("title", "language", "time_zone", "first_day_of_week", "date_format", "currency_code"),
        *("crm_enabled", "crm_access", "crm_members"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=1, autoincrement=False)
    title: Mapped[str] = mapped_column(Text, default="", server_default="")
    language: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text, default="UTC", server_default="UTC")
    first_day_of_week: Mapped[str] = mapped_column(Text, default="MONDAY", server_default="MONDAY")
    date_format: Mapped[str] = mapped_column(Text, default="", server_default="")
    currency_code: Mapped[str] = mapped_column(Text)
    crm_enabled: Mapped[bool] = mapped_column(default=True, server_default=true())
    crm_access: Mapped[str] = mapped_column(Text, default=Access.EVERYONE, server_default=Access.EVERYONE)
    # Names of users and groups.
    crm_members: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}", info=HOLDS_NAMES)
    # Which logo there is; "" if none.
    logo: Mapped[str] = mapped_column(Text, default="", server_default="")

    @property
    def name(self):
        """There is one."""
        return self.collection

    @classmethod
    def present(cls, fields):
        """Is called what it is called."""
        fields["name"] = cls.collection

    def check(self):
        """Refuses a time zone that does not exist."""
        require_time_zone(self.time_zone)


class Group(Resource, Base):
    """Several users, to share things with at once."""

    __tablename__ = "group"

    collection = "groups"
    writable = ("title", "members")
    filterable = ("title", "members")
    sort_columns = {"title": "sort_key"}
    default_order = "title"

    title: Mapped[str] = mapped_column(Text)
    members: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, info=HOLDS_NAMES)
    sort_key: Mapped[str] = mapped_column(Text(collation="C"))

    __table_args__ = (Index("uq_group_title", "sort_key", unique=True),)

    @classmethod
    def matches(cls, word):
        """A word is found anywhere in the title."""
        return occurs(cls.sort_key, word)

    def label(self):
        """Its title."""
        return self.title

    def check(self):
        """Titles differ by more than case and spaces."""
        self.title = " ".join(self.title.split())
        if not self.title:
            raise InvalidArgument("must not be empty", "string.min_len", field="title", limit=1)
        self.sort_key = fold(self.title)


class User(Resource, Base):
    """Somebody who works here."""

    __tablename__ = "user"

    collection = "users"
    writable = ("email", "display_name", "job_title", "role", "language", "time_zone", "theme", "state", "password")
    filterable = ("email", "display_name", "job_title", "role", "state")
    sort_columns = {"display_name": "sort_key"}
    default_order = "display_name"

    email: Mapped[str] = mapped_column(Text)
    display_name: Mapped[str] = mapped_column(Text)
    job_title: Mapped[str] = mapped_column(Text, default="", server_default="")
    role: Mapped[str] = mapped_column(Text, default=Role.USER)
    language: Mapped[str] = mapped_column(Text, default="")
    time_zone: Mapped[str] = mapped_column(Text, default="")
    theme: Mapped[str] = mapped_column(Text, default=Theme.SYSTEM, server_default=Theme.SYSTEM)
    state: Mapped[str] = mapped_column(Text, default=State.INVITED)
    # Whether he has ever had a way to sign in.
    joined: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str | None] = mapped_column(Text)
    # Which picture of him there is; "" if none.
    photo: Mapped[str] = mapped_column(Text, default="", server_default="")
    # Follows from the members of groups: here the statement that finds the actor has them at hand.
    groups: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}", info=HOLDS_NAMES)
    sort_key: Mapped[str] = mapped_column(Text(collation="C"))
    search_text: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("uq_user_email", func.lower(email), unique=True),
        Index("uq_user_owner", role, unique=True, postgresql_where=role == Role.OWNER),
        Index("ix_user_sort_key_id", "sort_key", "id"),
    )

    # A password on its way to becoming a hash; it is never kept.
    password = ""

    @classmethod
    def editable(cls, actor):
        """Everybody changes themselves; of administrators `require_change_by` knows more, for it sees their role."""
        return true() if actor.sees_all else _name_of(cls) == actor.user

    @classmethod
    def computed(cls, actor):
        """Whether he may use the CRM: who administers the portal always, others as its settings say.

        And, for himself and administrators to see, whether he signs in with an authenticator.
        """
        listed = Portal.crm_members.overlap(func.array_append(cls.groups, _name_of(cls)))
        may = and_(Portal.crm_enabled, or_(Portal.crm_access == Access.EVERYONE, listed))
        administers = [cls.role == role for role in sorted(PORTAL_ADMIN_ROLES)]
        protected = exists().where(proofs.Totp.user_id == cls.id, proofs.Totp.enabled)
        return {
            "crm_access": select(and_(cls.state != State.DISABLED, or_(*administers, may))).scalar_subquery(),
            "totp_enabled": protected if actor.sees_all else and_(protected, _name_of(cls) == actor.user),
        }

    @classmethod
    def matches(cls, word):
        """A word is found anywhere in the display name, job title or e-mail."""
        return occurs(cls.search_text, word)

    def label(self):
        """His display name."""
        return self.display_name

    def require_change_by(self, actor, changed):
        """Refuses what this actor may not change of this user."""
        changed, mine = set(changed), self.name == actor.user
        if mine and "password" in changed:
            raise PermissionDenied("change your password with the present one", "PASSWORD_CHANGE_REQUIRED")
        if mine and changed <= OWN:
            return
        actor.require_portal_admin()
        if changed & OWNERS and self.role == Role.OWNER and not mine:
            raise PermissionDenied("only the owner changes how the owner signs in", "OWNER_PROTECTED")
        if "password" in changed and self.joined:
            raise PermissionDenied("they choose their password; send them a link to reset it", "PASSWORD_NOT_YOURS")

    def require_owner_stays(self, before, changed):
        """Refuses to make somebody the owner, or the owner anything else. `before` is the role until now."""
        if "role" in changed and Role.OWNER in (before, self.role):
            raise FailedPrecondition("there is one owner, for ever", "OWNER_PROTECTED")
        if "state" in changed and before == Role.OWNER:
            raise FailedPrecondition("the owner cannot be disabled", "OWNER_PROTECTED")

    def require_active(self):
        """Refuses whoever cannot sign in."""
        if self.state != State.ACTIVE:
            raise FailedPrecondition("{name} is not active", "USER_NOT_ACTIVE", name=self.name)

    def join(self, password_hash):
        """Has a password from now on, and may sign in with it."""
        self.password_hash, self.joined, self.state = password_hash, True, State.ACTIVE

    def check(self):
        """Settles what was not said, and refuses an e-mail or time zone that does not exist."""
        self.role = self.role if self.role in Role.__members__ else Role.USER
        self.theme = self.theme if self.theme in Theme.__members__ else Theme.SYSTEM
        self.time_zone = self.time_zone or "UTC"
        self.display_name = " ".join((self.display_name or "").split())
        if not self.display_name:
            raise InvalidArgument("must not be empty", "string.min_len", field="display_name", limit=1)
        try:
            self.email = validate_email(self.email, check_deliverability=False, test_environment=True).normalized
        except EmailNotValidError:
            raise InvalidArgument("no e-mail address", "string.email", field="email") from None
        require_time_zone(self.time_zone)
        if self.password:
            passwords.require_strength(self.password, self.email, self.display_name)
            self.password_hash, self.joined, self.password = passwords.hashed(self.password), True, ""
        if self.state != State.DISABLED:
            self.state = State.ACTIVE if self.joined else State.INVITED
        self.sort_key = fold(self.display_name)
        self.search_text = fold(f"{self.display_name} {self.job_title or ''} {self.email}")


def _name_of(user):
    """Returns the SQL expression of a user's name."""
    return literal("users/") + cast(user.id, Text)
