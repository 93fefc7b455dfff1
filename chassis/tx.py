"""The unit of work: one transaction, who asked for it, and what it announces."""

import hashlib
import json
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from google.protobuf.message import Message
from sqlalchemy import bindparam, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from chassis.db import number
from chassis.errors import OUTCOME_UNKNOWN, DeadlineExceeded, InvalidArgument, PermissionDenied, no_such
from chassis.identity import Actor
from chassis.prepared import ASKING, asking, borrowed, copy_rows, insert_into, insert_rows, prepare
from chassis.resource import shape

# Of an announcement with its headers; the broker takes 1 MB.
LARGEST = 900_000
# So much of a text's value before and after goes into the audit.
LONG = 4000


@dataclass(frozen=True)
class Cause:
    """What made a transaction happen: a call or an event, for logs, events and deadlines."""

    traceparent: str = ""
    token: str = ""
    # time.monotonic() after which nobody waits for the answer.
    deadline: float | None = None
    language: str = "en"
    # On whose account it is done, for the record and not for rights: a handler acts as its service.
    actor: str = ""
    # Through which session, and from which network address, that was.
    session: str = ""
    address: str = ""
    # When what a handler hears of happened; the log may be read again long after.
    time: datetime | None = None
    # The record for whose sake many others change, as an import: pages are told of it alone, and rows are written
    # together, at the end of the transaction.
    bulk: str = ""


@lru_cache
def subject_of(event_type):
    """Returns the subject of an event: crm.contacts.v1.ContactCreated is `crm.contacts.contact_created`."""
    package, _, message = event_type.full_name.rpartition(".")
    words = "".join("_" + letter.lower() if letter.isupper() else letter for letter in message).lstrip("_")
    return f"{package.rpartition('.')[0]}.{words}"


class Tx:
    """A transaction as RPC functions, handlers and jobs see it. The chassis commits it, or nothing of it."""

    def __init__(self, service, actor, cause=None, *, connection=None, writes=False):
        self.service = service
        self.actor: Actor = actor
        self.cause = cause or Cause()
        self.now = datetime.now(UTC)
        self.announced = False
        # Somebody else's, who commits; or one of our own, opened when it is first needed.
        self._connection = connection
        self._writes = writes
        # What is written at once with the COMMIT if nothing else happens: (table, name → value) each.
        self._waiting: list = []
        # Whether rows wait for each other.
        self._together = bool(self.cause.bulk)
        self._session: Session | None = None

    @property
    def connection(self):
        """The connection whose transaction this is, begun when first used; None in a call that only reads."""
        if self._connection is None and self._writes:
            self._connection = self.service.engine.connect()
            # Prepared statements run past SQLAlchemy, which would not notice that there is something to commit.
            self._connection.begin()
            if not self._together:
                self._write_waiting()
        return self._connection

    @property
    def session(self):
        """The ORM's session in this transaction, made when first used."""
        if self._session is None:
            self._session = Session(self.connection or self.service.reading, expire_on_commit=False)
        return self._session

    def flush(self):
        """Writes what the session holds."""
        if self._session is not None:
            self._session.flush()

    def commit(self):
        """Writes the rest and commits all of it. Says so if the answer is lost: nobody knows then what happened."""
        self.flush()
        self.require_time()
        if self.cause.bulk:
            self.write_together()
        if self._connection is not None:
            self._sent(self._connection.commit)
        elif self._waiting:
            # One statement is a transaction of its own.
            statement, parameters = insert_rows(self._waiting)
            with borrowed(self.service.reading) as connection:
                self._sent(lambda: statement.rows(connection, parameters))

    @staticmethod
    def _sent(commit):
        try:
            commit()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            raise DeadlineExceeded(
                "the database went away; whether it was done is unknown", OUTCOME_UNKNOWN, retry_after=2
            ) from error

    def close(self):
        """Lets go of everything; what was not committed is undone."""
        if self._session is not None:
            self._session.close()
        if self._writes and self._connection is not None:
            self._connection.close()

    def insert(self, table, values):
        """Inserts a row: at once if the transaction has begun, with the COMMIT if that is all there is to do."""
        self._waiting.append((table, values))
        if self._connection is not None and not self._together:
            self._write_waiting()

    @contextmanager
    def together(self):
        """Has the rows that are inserted meanwhile written at its end, those of a table at once."""
        before, self._together = self._together, True
        waiting = len(self._waiting)
        try:
            yield
        except BaseException:
            # Whoever catches it goes on without them.
            del self._waiting[waiting:]
            raise
        finally:
            self._together = before
        if not before:
            self.write_together()

    def write_together(self):
        """Writes the rows that wait for the end of a transaction with many, so that others can refer to them."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            copy_rows(self.connection, waiting)

    def _write_waiting(self):
        waiting, self._waiting = self._waiting, []
        if waiting:
            statement, parameters = insert_rows(waiting)
            statement.on(self._connection, parameters)

    @property
    def today(self):
        """The day it is, in UTC."""
        return self.now.date()

    def get(self, model, name, *, lock=False):
        """Returns the row called `name`; with `lock`, to change it, kept from others until the end.

        Refuses with NOT_FOUND if the actor may not see it, and with PERMISSION_DENIED if he may not change it.
        """
        key = number(name, model.collection)
        statement = _by_key(model, self.actor.sees_all, lock)
        found = self.session.execute(statement, {"key": key, **asking(self.actor)}).first() if key is not None else None
        if found is None:
            raise no_such(name)
        row, may_change = found
        if lock and not may_change:
            raise PermissionDenied("you may see {name} but not change it", "PERMISSION_DENIED", name=name)
        row.readers_before = row.readers()
        return row

    def rows(self, prepared, **parameters):
        """Returns the rows of a prepared statement, for this actor."""
        parameters |= asking(self.actor)
        if self.connection is None:
            return prepared.fetch(self.service.reading, parameters)
        return prepared.on(self.connection, parameters)

    def read(self, model, name, message_class):
        """Returns the message of the row called `name` without loading an object. Refuses with NOT_FOUND."""
        form, key = shape(model, message_class), number(name, model.collection)
        keys, prepared = form.one(self.actor.sees_all)
        found = self.rows(prepared, key=key) if key is not None else None
        if not found:
            raise no_such(name)
        return form.row_message(keys, found[0])

    def message(self, row, message_class):
        """Returns the message of a loaded row, as the actor sees it."""
        model: Any = type(row)
        names, prepared = _computed(model, self.actor.sees_all) if row.has_computed() else ((), None)
        computed = {}
        if prepared is not None:
            self.flush()
            computed = dict(zip(names, self.rows(prepared, key=row.id)[0], strict=True))
        return shape(model, message_class).object_message(row, computed)

    def add(self, row):
        """Adds a resource with its number, creator and times. What is set on it afterwards is not written."""
        table = row.__table__
        row.id = row.id or self.service.numbers.next(table.name)
        row.version = 1
        row.create_time = row.update_time = self.now
        row.creator = self.actor.name
        insert_into(table, True).complete(vars(row))
        self.insert(table, dict(vars(row)))
        return row

    def put_back(self, row):
        """Adds a resource that had been there, under the number, version, creator and times that are set on it."""
        table = row.__table__
        insert_into(table, True).complete(vars(row))
        self.insert(table, dict(vars(row)))
        return row

    def publish(self, event: Message, row, changes=()):
        """Announces a fact about `row`: the event leaves when, and only if, this transaction commits.

        `changes` are (field, value before, value after), for the audit.
        """
        self.flush()
        readers = {*row.readers(), *getattr(row, "readers_before", ())}
        # A record may have a field of that name, by which it is called.
        label = row.label() if callable(row.label) else row.label
        self.announce(event, row.name, row.etag, sorted(readers), label, changes)

    def announce(self, event: Message, name, etag="", readers=(), label="", changes=()):
        """Announces a fact about a record of whatever service; only `readers` (principals) are told on their pages."""
        session = self.actor.session or self.cause.session
        changes = [(field, _short(before), _short(after)) for field, before, after in changes]
        record = {"session": session, "address": self.cause.address, "label": label, "changes": changes}
        headers = {
            "Crm-Event": event.DESCRIPTOR.name,
            "Crm-Resource": name,
            "Crm-Etag": etag,
            "Crm-Actor": self.cause.actor or self.actor.name,
            "Crm-Readers": orjson.dumps(list(readers)).decode(),
            "Crm-Time": self.now.isoformat(),
            # Headers are ASCII.
            "Crm-Audit": json.dumps(record, separators=(",", ":")),
            "traceparent": self.cause.traceparent,
        }
        # Pages are told of it itself; services hear of what is done for its sake that belongs together.
        if self.cause.bulk and (name != self.cause.bulk or not readers):
            headers["Crm-Bulk"] = self.cause.bulk
        announcement = {
            "event_id": uuid.uuid4().hex,
            "subject": subject_of(event.DESCRIPTOR),
            "payload": event.SerializeToString(),
            "headers": headers,
        }
        if len(announcement["payload"]) + sum(map(len, headers.values())) > LARGEST:
            # The broker would refuse it for ever, and everything behind it would wait.
            raise InvalidArgument("{name} is too large; shorten its texts", "RECORD_TOO_LARGE", name=name)
        self.insert(self.service.outbox, announcement)
        self.announced = True

    def ask(self, request: Message):
        """Calls the RPC of another service that takes `request`, for the same actor, and returns its answer.

        Its refusals arrive as ours: a chassis error of the same code and reason.
        """
        return self.service.peers.ask(request, self.cause, self.actor)

    def require_time(self):
        """Refuses if the caller has given up waiting."""
        if self.cause.deadline is not None and self.service.monotonic() > self.cause.deadline:
            raise DeadlineExceeded("it took too long and was not done", "DEADLINE_EXCEEDED")


def _short(value):
    """Returns a value as the audit keeps it: of a long text the beginning, its length and its digest."""
    if not isinstance(value, str) or len(value) <= LONG:
        return value
    digest = hashlib.sha256(value.encode()).hexdigest()
    return f"{value[:LONG]}… ({len(value)} characters, SHA-256 {digest})"


@lru_cache
def _computed(model, sees_all):
    """Returns the names of the computed fields of a model and the prepared statement of them for a row; or nothing."""
    expressions = model.computed(ASKING[sees_all])
    if not expressions:
        return (), None
    return tuple(expressions), prepare(select(*expressions.values()).where(model.id == bindparam("key")))


@lru_cache
def _by_key(model, sees_all, lock):
    """Returns the SELECT of one row by its number, and whether the actor may change it."""
    who = ASKING[sees_all]
    statement = select(model, model.editable(who)).where(model.id == bindparam("key"), model.visible(who))
    return statement.with_for_update(of=model).execution_options(populate_existing=True) if lock else statement
