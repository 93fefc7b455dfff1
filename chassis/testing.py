"""What tests stand on: a real database that is clean for each test, services called as an actor, events read back."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

import psycopg
from google.protobuf import symbol_database
from joserfc.jwk import OKPKey
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import make_url, text

from chassis import migrations
from chassis.errors import Error
from chassis.identity import Actor
from chassis.inbox import Heard, Inbox
from chassis.prepared import Prepared
from chassis.rpc import request_class
from chassis.settings import Settings
from chassis.tx import Cause, subject_of

OWNER = Actor(user="users/1", role="OWNER", session="sessions/1")
ADA = Actor(user="users/2", role="USER", session="sessions/2")
BOB = Actor(user="users/3", role="USER", session="sessions/3")
PRINCIPALS = (OWNER.user, ADA.user, BOB.user, "groups/1", "groups/2")


def keys(*issuers):
    """Makes a folder with a private key file per issuer, the public keys and a secret; returns it."""
    folder = Path(mkdtemp(prefix="rapport-keys-"))
    made = {issuer: OKPKey.generate_key("Ed25519", {"kid": issuer}) for issuer in issuers}
    for issuer, key in made.items():
        (folder / f"{issuer.replace('/', '-')}.json").write_text(json.dumps(key.as_dict(private=True)), "utf-8")
    public = {"keys": [key.as_dict(private=False) for key in made.values()]}
    (folder / "keys.json").write_text(json.dumps(public), "utf-8")
    (folder / "secret").write_text("0" * 64, "utf-8")
    return folder


def settings(database_url, folder, issuer, **more):
    """Returns the settings of a process whose keys `keys` made."""
    return Settings(
        database_url=SecretStr(str(database_url)),
        signing_key_file=folder / f"{issuer.replace('/', '-')}.json",
        keys_file=folder / "keys.json",
        secret_key_file=folder / "secret",
        **more,
    )


class Databases:
    """Databases on a test server: a template per service, made by its migrations once, and copies of it."""

    def __init__(self, admin_url):
        self.admin_url = admin_url

    def fresh(self, package, name):
        """Returns the URL of a new database `name` that has the tables of a service, `services.contacts`."""
        template = f"template_{package.rpartition('.')[2]}"
        with psycopg.connect(self.admin_url, autocommit=True) as server:
            # Workers of one run make the template once, and copy it one after the other.
            server.execute("select pg_advisory_lock(1)")
            if not server.execute("select 1 from pg_database where datname = %s", [template]).fetchone():
                self._make_template(server, template, package)
            server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
            copy = sql.SQL("create database {} template {}")
            server.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
        return self._url(name)

    def _make_template(self, server, template, package):
        server.execute(sql.SQL("create database {}").format(sql.Identifier(template)))
        with psycopg.connect(self._url(template, "postgresql"), autocommit=True) as database:
            database.execute("create extension if not exists pg_trgm")
        try:
            migrations.upgrade(package, self._url(template))
        except Exception:
            server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(template)))
            raise

    def _url(self, database, driver="postgresql+psycopg"):
        url = make_url(self.admin_url).set(drivername=driver, database=database)
        return url.render_as_string(hide_password=False)


def clean(service):
    """Empties every table of a service and starts its numbers again; it knows the three users, and two groups."""
    tables = ", ".join(f'"{name}"' for name in service.metadata.tables)
    with service.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
        if "principal" in service.metadata.tables:
            known = [{"name": name, "standing": "ACTIVE", "version": 1} for name in PRINCIPALS]
            connection.execute(service.metadata.tables["principal"].insert(), known)
    service.estimates.clear()
    service.numbers.forget()


class Caller:
    """A service as one actor calls it: `caller.create_contact(contact={…})` calls CreateContact in this process."""

    def __init__(self, service, actor, cause=None):
        self.service = service
        self.actor = actor
        self.cause = cause or Cause()

    def __getattr__(self, function):
        name = "".join(word.capitalize() for word in function.split("_"))
        rpc = self.service.rpcs[name]
        return lambda **fields: self.service.call(name, request_class(rpc.method)(**fields), self.actor, self.cause)


class Neighbours:
    """Other services as a service under test asks them: the real ones, in this process, without a network."""

    def __init__(self, *services):
        self.methods = {
            rpc.method.input_type: (service, name) for service in services for name, rpc in service.rpcs.items()
        }

    def ask(self, request, cause, actor, seconds=None):
        """Calls the RPC that takes `request`, however long it takes."""
        service, name = self.methods[request.DESCRIPTOR]
        return service.call(name, request, actor, cause)

    def download(self, request, actor):
        """Gives the parts of the file with which the RPC that takes `request` answers.

        They are read in a thread of their own, as by another process: who writes a blob cannot read one meanwhile.
        """
        with ThreadPoolExecutor(1) as another:
            yield from another.submit(lambda: list(self.ask(request, Cause(), actor).parts)).result()


def announced(service):
    """Returns what a service announced so far: (subject, message, headers) each, in order."""
    with service.engine.connect() as connection:
        rows = connection.execute(service.outbox.select().order_by(service.outbox.c.id)).all()
    found = []
    for row in rows:
        package = ".".join(row.subject.split(".")[:2])
        message = symbol_database.Default().GetSymbol(f"{package}.v1.{row.headers['Crm-Event']}")
        found.append((row.subject, message.FromString(row.payload), row.headers))
    return found


def hear(service, event, *, event_id="event-1", actor="users/1", time=None):
    """Lets a service handle an event as if the stream had brought it."""
    headers = {"Crm-Actor": actor, "Crm-Time": (time or datetime.now(UTC)).isoformat()}
    Inbox(service).once(Heard(event_id, subject_of(event.DESCRIPTOR), event.SerializeToString(), headers))


@contextmanager
def refused(reason, code=None):
    """Expects a refusal with this reason; gives it to look at."""
    try:
        caught: list = []
        yield caught
    except Error as error:
        fields = [violation.reason for violation in error.violations]
        assert reason in (error.reason, *fields), f"refused with {error.reason} {fields}, not with {reason}"
        assert code is None or error.code.name == code, f"refused as {error.code.name}, not as {code}"
        caught.append(error)
    else:
        raise AssertionError(f"was not refused with {reason}")


@contextmanager
def statements(service):
    """Collects the SQL statements that a service runs meanwhile, BEGIN and COMMIT left out."""
    seen = []
    engines, rows = (service.engine, service.reading), Prepared.rows

    def note(connection, cursor, statement, parameters, context, executemany):
        seen.append(statement)

    def noted(prepared, connection, parameters):
        # Its neighbours, in the same process, count their own.
        if connection.info.dbname == service.engine.url.database:
            seen.append(prepared.text)
        return rows(prepared, connection, parameters)

    for engine in engines:
        sqlalchemy_event.listen(engine, "before_cursor_execute", note)
    Prepared.rows = noted  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        Prepared.rows = rows  # type: ignore[method-assign]
        for engine in engines:
            sqlalchemy_event.remove(engine, "before_cursor_execute", note)


def eventually(fact, seconds=10.0, pause=0.02):
    """Returns what `fact()` gives as soon as it is true; fails after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        try:
            found = fact()
            problem = None
        except (AssertionError, LookupError, Error) as error:
            found, problem = None, error
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {problem or found!r}")
        time.sleep(pause)
