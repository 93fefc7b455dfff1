"""The people and records that the policy speaks of, in a whole installation."""

import base64
from functools import cached_property, partial

import psycopg

from chassis.testing import eventually
from deploy.processes import databases
from tests.installation import OWNER

# Everybody has the same.
PASSWORD = OWNER["password"]
PERSON = {"kind": "PERSON", "firstName": "Ada", "lastName": "Lovelace"}
FORM = {"title": "Write to us", "kind": "PERSON", "fields": [{"field": "full_name"}, {"field": "emails.work"}]}
MAILING = {"subject": "News", "body": "<p>Dear {{first_name}}</p>"}
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FAIRS = b"Title,Start\nFair,01/12/2026 10:00\n"
PEOPLE = b"First name,Last name,E-mail\nAda,Lovelace,ada@example.com\n"
ROLES = {
    "outsider": "USER",
    "stranger": "USER",
    "member": "USER",
    "manager": "USER",
    "disabled": "USER",
    "crm_admin": "CRM_ADMIN",
    "portal_admin": "PORTAL_ADMIN",
}
# What changes without anybody changing a record: bookkeeping of deliveries, of guessing, and of what was last used.
NO_RECORDS = {"inbox", "position", "sign_in_failure", "attempt", "outgoing_mail", "alembic_version"}
NO_COLUMNS = {"last_use_time", "sent_time", "handled_time"}
until = partial(eventually, seconds=30, pause=0.1)


class World:
    """Who asks, and what there is to be asked for."""

    def __init__(self, installation):
        self.installation = installation
        self.tokens = {"anonymous": "", "owner": installation.sign_in()}
        self.users = {"owner": "users/1"}
        for who, role in ROLES.items():
            self.users[who] = self.person(who, role=role)["name"]
            self.tokens[who] = self.session(who)["accessToken"]
        for key, scope in (("reading_key", "read"), ("writing_key", "contacts.write")):
            made = self.done("owner", "POST", "/v1/apiKeys", {"title": key, "scopes": [scope], "password": PASSWORD})
            self.tokens[key] = made["secret"]
        self.done("owner", "PATCH", f"/v1/{self.users['disabled']}", {"state": "DISABLED"})
        team = {"title": "Team", "members": [self.users["member"]]}
        self.team = self.done("owner", "POST", "/v1/groups", team)["name"]
        listed = [self.team, *(self.users[who] for who in ("stranger", "manager", "crm_admin"))]
        self.done("owner", "PATCH", "/v1/portalSettings", {"crmAccess": "LISTED", "crmMembers": listed})
        self.done("owner", "POST", "/v1/portalSettings:uploadLogo", PICTURE)
        self.number = 0
        self.guest = ""

    def ask(self, who, method, path, body=None):
        """Calls as somebody; returns status and answer. Bytes are sent as a picture."""
        token = self.tokens[who]
        if isinstance(body, bytes):
            return self.installation.send(method, path, body, "image/png", token)
        return self.installation.call(method, path, body, token)

    def done(self, who, method, path, body=None):
        """Calls as somebody who must succeed; returns the answer."""
        status, answer = self.ask(who, method, path, body)
        assert status == 200, (who, method, path, answer)
        return answer

    def person(self, name, **more):
        """Adds a user."""
        user = {"email": f"{name}@example.com", "displayName": name, "password": PASSWORD, **more}
        return self.done("owner", "POST", "/v1/users", {key: value for key, value in user.items() if value})

    def session(self, name):
        """Signs a user in."""
        return self.done("anonymous", "POST", "/v1/sessions", {"email": f"{name}@example.com", "password": PASSWORD})

    def fresh(self, thing):
        """Returns the name of a new thing that is the manager's, or that only administrators may change."""
        self.number += 1
        return getattr(self, f"_{thing}")()

    @cached_property
    def usual(self):
        """Names of things that stay as they are: thing → name."""
        things = (
            "contact",
            "shared",
            "open",
            "invoice",
            "user",
            "invited",
            "group",
            "api_key",
            "saved_view",
            "session",
            "notification",
            "mail",
            "contact_type",
            "temperature_level",
            "contact_field",
            "contact_tag",
            "photographed",
            "contact_batch",
            "contact_merge",
            "double",
            "contact_import",
            "export",
            "contact_form",
            "public_form",
            "mailing",
            "event",
            "gathering",
            "history_entry",
            "file",
            "deleted_file",
            "event_export",
            "event_import",
            "event_tag",
            "event_field",
            "history_category",
        )
        return {thing: self.fresh(thing) for thing in (*things, "pictured")}

    def _contact(self, **more):
        """A contact of the manager and his team."""
        managers = [self.users["manager"], self.team]
        made = until(lambda: self._tried("/v1/contacts", PERSON | {"managers": managers} | more))
        return made["name"]

    def _shared(self):
        return self._contact(sharing="READ", managers=[self.users["manager"]])

    def _open(self):
        return self._contact(sharing="READ_WRITE", managers=[self.users["manager"]])

    def _photographed(self):
        name = self._contact()
        self.done("manager", "POST", f"/v1/{name}:uploadPhoto", PICTURE)
        return name

    def _contact_batch(self):
        body = {"names": [self._contact()], "change": {"addTags": ["batch"]}}
        return self.done("manager", "POST", "/v1/contacts:batchUpdate", body)["name"]

    def _double(self):
        return self._contact()

    def _contact_merge(self):
        answer = self.done("manager", "POST", f"/v1/{self._contact()}:merge", {"source": self._contact()})
        return answer["merge"]["name"]

    def _contact_import(self):
        """A file that the manager has brought along."""
        return self.done("manager", "POST", "/v1/contactImports:upload?fileName=people.csv", PEOPLE)["name"]

    def _event_import(self):
        """A file of events that the manager has brought along."""
        return self.done("manager", "POST", "/v1/eventImports:upload?fileName=events.csv", FAIRS)["name"]

    def _event_export(self):
        """The manager's events, ready to be downloaded."""
        name = self.done("manager", "POST", "/v1/eventExports", {})["name"]
        until(lambda: self.done("manager", "GET", f"/v1/{name}")["state"] == "SUCCEEDED")
        return name

    def _export(self):
        """The manager's contacts, ready to be downloaded."""
        name = self.done("manager", "POST", "/v1/exports", {"kind": "CONTACTS"})["name"]
        until(lambda: self.done("manager", "GET", f"/v1/{name}")["state"] == "SUCCEEDED")
        return name

    def _contact_type(self):
        return self.done("owner", "POST", "/v1/contactTypes", {"title": f"Type {self.number}"})["name"]

    def _temperature_level(self):
        return self.done("owner", "POST", "/v1/temperatureLevels", {"title": f"Level {self.number}"})["name"]

    def _contact_field(self):
        field = {"label": f"Field {self.number}", "kind": "TEXT"}
        return self.done("owner", "POST", "/v1/contactFields", field)["name"]

    def _contact_form(self):
        return self.done("owner", "POST", "/v1/contactForms", FORM)["name"]

    def _public_form(self):
        return f"publicForms/{self.done('owner', 'POST', '/v1/contactForms', FORM)['key']}"

    def _mailing(self):
        """A draft to one contact."""
        body = {**MAILING, "contacts": [self._contact(emails=[{"value": "ada@example.com"}])]}
        return self.done("owner", "POST", "/v1/mailings", body)["name"]

    def _event(self):
        """An event of the manager and his team."""
        access = {"isPrivate": True, "readers": [self.team]}
        made = until(lambda: self._tried("/v1/events", {"title": f"Fair {self.number}", "access": access}))
        return made["name"]

    def _gathering(self):
        """An event of the manager and his team that is to come, and a guest of it."""
        self.guest = self._contact(emails=[{"value": f"guest{self.number}@example.com"}])
        access = {"isPrivate": True, "readers": [self.team]}
        body = {"title": "Fair", "access": access, "participants": [self.guest], "startTime": "2036-01-01T10:00:00Z"}
        return until(lambda: self._tried("/v1/events", body))["name"]

    def _tried(self, path, body):
        """Adds something as the manager; None while the service has not heard of everybody yet."""
        status, answer = self.ask("manager", "POST", path, body)
        return answer if status == 200 else None

    def _history_entry(self):
        """What the manager wrote about a contact of his and his team."""
        entry = {"subject": self._contact(), "text": "We talked"}
        return until(lambda: self._tried("/v1/historyEntries", entry))["name"]

    def _file(self):
        path = f"/v1/files:upload?title=picture.png&subject={self._contact()}"
        return until(lambda: self._tried(path, PICTURE))["name"]

    def _deleted_file(self):
        name = self._file()
        self.done("manager", "DELETE", f"/v1/{name}")
        return name

    def _event_tag(self):
        return self.done("owner", "POST", "/v1/eventTags", {"title": f"tag {self.number}"})["name"]

    def _event_field(self):
        field = {"label": f"Field {self.number}", "kind": "TEXT"}
        return self.done("owner", "POST", "/v1/eventFields", field)["name"]

    def _history_category(self):
        return self.done("owner", "POST", "/v1/historyCategories", {"title": f"Category {self.number}"})["name"]

    def _contact_tag(self):
        return self.done("owner", "POST", "/v1/contactTags", {"title": f"tag {self.number}"})["name"]

    def _invoice(self):
        lines = [{"description": "Work", "price": {"units": "1"}}]
        body = {"client": self._contact(), "currencyCode": "EUR", "lines": lines}
        return self.done("manager", "POST", "/v1/invoices", body)["name"]

    def _user(self):
        return self.person(f"somebody{self.number}")["name"]

    def _invited(self):
        return self.person(f"invited{self.number}", password="")["name"]

    def _pictured(self):
        name = self._user()
        self.done("owner", "POST", f"/v1/{name}:uploadPhoto", PICTURE)
        return name

    def _group(self):
        return self.done("owner", "POST", "/v1/groups", {"title": f"Group {self.number}"})["name"]

    def _api_key(self):
        return self.done("manager", "POST", "/v1/apiKeys", {"title": "mine", "password": PASSWORD})["name"]

    def _saved_view(self):
        view = {"list": "contacts", "title": f"View {self.number}"}
        return self.done("manager", "POST", "/v1/savedViews", view)["name"]

    def _session(self):
        token = self.session("manager")["accessToken"]
        answer = self.installation.call("GET", "/v1/sessions?pageSize=200", token=token)[1]
        return next(each["name"] for each in answer["sessions"] if each["current"])

    def _notification(self):
        self.done("owner", "POST", "/v1/contacts", PERSON | {"managers": [self.users["manager"]]})
        return until(lambda: self.done("manager", "GET", "/v1/notifications")["notifications"])[0]["name"]

    def _mail(self):
        """One that lies in the folder and held a link that works once."""
        wanted = "/v1/mails?filter=template%20%3D%20INVITATION%20AND%20state%20%3D%20KEPT"
        return until(lambda: self.done("owner", "GET", wanted)["mails"])[0]["name"]

    def announced(self):
        """Returns how much all services have announced."""
        return sum(self._announced(self.installation.database(name)) for name in databases())

    @staticmethod
    def _announced(url):
        with psycopg.connect(url, autocommit=True) as database:
            return database.execute("SELECT count(*) FROM outbox").fetchone()[0]

    def quiet(self):
        """Returns what stands in all databases, once nothing is on its way any more."""
        seen = [self._everything()]

        def rests():
            seen.append(self._everything())
            return seen[-1] == seen[-2]

        eventually(rests, 60, pause=1)
        return seen[-1]

    def _everything(self):
        return {name: self._digests(self.installation.database(name)) for name in databases()}

    @staticmethod
    def _digests(url):
        """Returns a digest of every table that holds records: table → digest."""
        with psycopg.connect(url, autocommit=True) as database:
            found = database.execute(
                "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
                " WHERE table_schema = 'public' GROUP BY table_name"
            ).fetchall()
            digests = {}
            for table, columns in found:
                shown = ", ".join(f'"{column}"' for column in sorted({*columns} - NO_COLUMNS))
                if table not in NO_RECORDS and shown:
                    rows = f'(SELECT {shown} FROM "{table}") r'  # noqa: S608
                    digest = f"SELECT md5(coalesce(string_agg(r::text, '' ORDER BY r::text), '')) FROM {rows}"  # noqa: S608
                    digests[table] = database.execute(digest).fetchone()[0]
            return digests
