"""A service: its rooms wired into a process that serves RPCs, relays and hears events, and runs jobs."""

import hmac
import time
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from google.protobuf.message import Message
from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError

from chassis import db, texts
from chassis.aip.paging import Tokens
from chassis.blobs import Blobs
from chassis.errors import Aborted, FailedPrecondition, Unavailable
from chassis.identity import Actor, Signer
from chassis.numbers import Numbers
from chassis.peers import Peers
from chassis.rpc import response_class
from chassis.settings import Settings
from chassis.tx import Cause, Tx
from chassis.upload import received, whole
from chassis.validation import validate
from chassis.wiring import marked, rpcs

log = structlog.get_logger()

# PostgreSQL undid the transaction because of what others did at the same moment; doing it again is safe.
RETRIABLE = ("40001", "40P01")
BUSY = ("55P03", "57014")
TAKEN = "23505"
# How much is removed in one transaction.
STEP = 5000


class Service:
    """One service: the contracts it fulfils (modules made of proto files) and the rooms that fulfil them."""

    monotonic = staticmethod(time.monotonic)

    def __init__(self, name, *contracts, events, model, rpc, handlers=None, jobs=None):
        self.name = name
        self.descriptors = [each for module in contracts for each in module.DESCRIPTOR.services_by_name.values()]
        self.base = model.Base
        self.metadata = model.Base.metadata
        self.outbox = self.metadata.tables["outbox"]
        self.reply = self.metadata.tables["reply"]
        self.rpcs = rpcs(self.descriptors, events, model, rpc)
        hearing = marked(handlers, "event_classes")
        self.handlers = {kind: handler for handler in hearing for kind in handler.event_classes}
        self.jobs = marked(jobs, "interval")
        self.actor = Actor(service=f"services/{name}")
        self.folder = Path(model.__file__).parent
        self.estimates: dict = {}
        self.wake = lambda: None
        texts.register(self.folder / "locales")

    def open(self, settings: Settings):
        """Connects the service to its database and keys; calls may follow."""
        self.settings = settings
        url = settings.database_url.get_secret_value()
        self.engine = db.engine(url, settings.database_connections, self.name)
        self.reading = db.reading_engine(url, settings.database_connections, self.name)
        self.numbers = Numbers(self.reading)
        self.tokens = Tokens(settings.secret_key)
        self.signer = Signer(settings.signing_key_file)
        self.peers = Peers(settings.services, self.signer)
        self.blobs = Blobs(settings.blobs, self.name)
        return self

    def close(self):
        """Lets go of the database."""
        self.engine.dispose()
        self.reading.dispose()

    @contextmanager
    def begin(self, actor, cause=None):
        """Opens a transaction; commits it at the end, or nothing of it, and wakes the relay."""
        tx = Tx(self, actor, cause, writes=True)
        try:
            yield tx
            tx.commit()
        finally:
            tx.close()
        if tx.announced:
            self.wake()

    @contextmanager
    def looking(self, actor, cause=None):
        """Opens what only reads. Nothing is borrowed before it is needed: most reads are one prepared statement."""
        tx = Tx(self, actor, cause)
        try:
            yield tx
        finally:
            tx.close()

    def call(self, name, request, actor, cause=None):
        """Does what the RPC `name` says for `actor`, in one transaction; returns its answer or raises a refusal.

        A file comes as the messages of its stream, or as one message with all of it.
        """
        rpc = self.rpcs[name]
        if rpc.takes_file and not isinstance(request, Message):
            return self._upload(rpc, request, actor, cause)
        validate(request, rpc.prefix)
        if rpc.streams:
            return self._told(lambda: self._download(rpc, request, actor, cause))
        if rpc.own_transactions:
            return self._told(lambda: rpc.function(request, lambda: self.begin(actor, cause)))
        work = self._read if rpc.reads else self._write
        return self._told(lambda: self._twice(lambda: work(rpc, request, actor, cause)))

    def _upload(self, rpc, messages, actor, cause):
        """Does what an RPC says that takes a file: part by part if it wants it so, else whole."""
        upload = received(messages, rpc.body)
        if not rpc.takes_parts:
            return self.call(rpc.method.name, whole(upload, rpc.body), actor, cause)
        validate(upload.request)
        return self._told(lambda: rpc.function(upload, lambda: self.begin(actor, cause)))

    def _read(self, rpc, request, actor, cause):
        with self.looking(actor, cause) as tx:
            return rpc.function(request, tx)

    def _download(self, rpc, request, actor, cause):
        """Returns the Download that an RPC answers with; it is read while it is sent, and told of as a call is."""
        with ExitStack() as stack:
            download = rpc.function(request, stack.enter_context(self.looking(actor, cause)))
            until_sent = stack.pop_all()
        parts = iter(download.parts)

        def told():
            with until_sent:
                while (part := self._told(lambda: next(parts, None))) is not None:
                    yield part

        download.parts = told()
        return download

    def _write(self, rpc, request, actor, cause):
        request_id = getattr(request, "request_id", "")
        with self.begin(actor, cause) as tx:
            if not request_id:
                return rpc.function(request, tx)
            known = self._recall(rpc, request, request_id, tx)
            if known is not None:
                return known
            response = rpc.function(request, tx)
            mine = (self.reply.c.actor == actor.name) & (self.reply.c.request_id == request_id)
            tx.session.execute(update(self.reply).where(mine).values(response=response.SerializeToString()))
            return response

    def _recall(self, rpc, request, request_id, tx):
        """Returns the answer this request id got before, or None after claiming it for this transaction.

        A second call waits here until the first one has committed or failed.
        """
        unnamed = type(request)()
        unnamed.CopyFrom(request)
        unnamed.ClearField("request_id")
        body = unnamed.SerializeToString(deterministic=True)
        # Keyed: a request may hold a password, and a bare hash of it could be guessed from a backup.
        digest = hmac.digest(self.settings.secret_key, rpc.method.full_name.encode() + body, "sha256")
        values = {"actor": tx.actor.name, "request_id": request_id, "request_hash": digest}
        claim = upsert(self.reply).values(values).on_conflict_do_nothing().returning(self.reply.c.request_id)
        if tx.session.execute(claim).first():
            return None
        mine = (self.reply.c.actor == tx.actor.name) & (self.reply.c.request_id == request_id)
        known = tx.session.execute(select(self.reply.c.request_hash, self.reply.c.response).where(mine)).one()
        if known.request_hash != digest:
            raise FailedPrecondition(
                "the request id {request_id} was used for another request", "REQUEST_ID_REUSED", request_id=request_id
            )
        return response_class(rpc.method).FromString(known.response)

    def read(self, work):
        """Does `work`, which reads outside of any RPC: once more on a new connection, and told, as an RPC is."""
        return self._told(lambda: self._twice(work))

    def _twice(self, work):
        """Does `work`; once more if the database undid it for reasons that lie outside it."""
        try:
            return work()
        except DBAPIError as error:
            # Before COMMIT a lost connection undoes everything too.
            if not (error.connection_invalidated or self._retriable(error)):
                raise
            # The server that comes back may be one that has not given out all of our numbers.
            self.numbers.forget()
        return work()

    @staticmethod
    def _retriable(error):
        """Whether doing it again may succeed: others were in the way, or had the number that we took."""
        orig: Any = error.orig
        state = getattr(orig, "sqlstate", None)
        return state in RETRIABLE or (state == TAKEN and orig.diag.constraint_name.startswith("pk_"))

    def _told(self, work):
        """Does `work`; what the database cannot do is told as a refusal."""
        try:
            return work()
        except DBAPIError as error:
            raise self._refusal(error, getattr(error.orig, "sqlstate", None)) from error
        except PoolTimeoutError as error:
            raise Unavailable("too many are asking at once; try again", "BUSY", retry_after=1) from error
        except StaleDataError as error:
            raise Aborted("somebody else changed it at the same moment; read it again", "CONFLICT") from error

    def _refusal(self, error, state):
        """Returns what a caller hears when the database cannot; a bug stays a bug."""
        if state in BUSY or state in RETRIABLE:
            return Unavailable("too many are changing this at once; try again", "BUSY", retry_after=1)
        if error.connection_invalidated or state is None:
            log.error("database_unavailable", service=self.name, error=str(error.orig))
            return Unavailable("the database does not answer; try again soon", "DATABASE_UNAVAILABLE", retry_after=2)
        return error

    def forget(self, begin, hours=48, inbox_days=30):
        """Removes remembered answers and handled events that are too old to come again."""
        inbox = self.metadata.tables["inbox"]
        for table, since, age in (
            (self.reply, self.reply.c.create_time, timedelta(hours=hours)),
            (inbox, inbox.c.handled_time, timedelta(days=inbox_days)),
        ):
            removed = STEP
            while removed == STEP:
                with begin() as tx:
                    removed = remove_some(tx, table, since < tx.now - age)

    def job_context(self, cause=None):
        """Returns `begin` for work that the service does on its own account."""
        return lambda: self.begin(self.actor, cause or Cause())


def remove_some(tx, table, condition):
    """Removes some of the rows that meet a condition; returns how many. No statement may take long."""
    key = list(table.primary_key.columns)
    some = select(*key).where(condition).limit(STEP).subquery()
    return tx.session.execute(delete(table).where(tuple_(*key).in_(select(*some.columns)))).rowcount
