"""Statements that are built once: compiled to text, run on the driver, their rows as plain values.

What SQLAlchemy does anew for each of thousands of equal statements costs more than the statements. Who asks is a
parameter here, so one statement serves everybody; a rule that needs more of the actor than his names is refused when it
is built.
"""

from datetime import UTC, datetime
from functools import lru_cache

import orjson
from psycopg import Error
from psycopg.types.json import set_json_dumps, set_json_loads
from sqlalchemy import Text, bindparam, insert
from sqlalchemy.dialects.postgresql import ARRAY, psycopg
from sqlalchemy.exc import DBAPIError

from chassis import telemetry

DIALECT = psycopg.dialect()
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
set_json_loads(orjson.loads)
set_json_dumps(orjson.dumps)


class Asking:
    """An actor as a statement sees him: his names are parameters."""

    user = bindparam("asking_user", type_=Text())
    principals = bindparam("asking_principals", type_=ARRAY(Text()))

    def __init__(self, sees_all):
        self.sees_all = sees_all


ASKING = {sees_all: Asking(sees_all) for sees_all in (True, False)}


def asking(actor):
    """Returns the parameters for `actor`."""
    return {"asking_user": actor.user, "asking_principals": actor.principals}


class Prepared:
    """A statement as text with its constants, and what makes values of its columns."""

    def __init__(self, text, constants=(), processors=()):
        self.text = text
        self.constants = dict(constants)
        self.processors = processors

    def rows(self, connection, parameters):
        """Returns all rows, on a connection of the driver. Raises what SQLAlchemy would."""
        try:
            with telemetry.statement(self.text):
                found = connection.execute(self.text, {**self.constants, **parameters}, prepare=True).fetchall()
        except Error as error:
            raise _as_sqlalchemy(error, self.text, connection.broken) from error
        if not self.processors:
            return found
        rows = [list(row) for row in found]
        for index, process in self.processors:
            for row in rows:
                row[index] = process(row[index])
        return rows

    def on(self, connection, parameters):
        """Returns all rows, on a connection of SQLAlchemy's and in its transaction."""
        try:
            return self.rows(connection.connection.driver_connection, parameters)
        except DBAPIError as error:
            if error.connection_invalidated:
                connection.invalidate(error)
                connection.engine.dispose()
            raise

    def fetch(self, engine, parameters):
        """Returns all rows, on a connection out of the pool of an engine that commits by itself."""
        try:
            pooled = engine.raw_connection()
        except Error as error:
            raise _as_sqlalchemy(error, self.text, lost=True) from error
        try:
            return self.rows(pooled.driver_connection, parameters)
        except DBAPIError as error:
            if error.connection_invalidated:
                # What cut this one has cut them all.
                pooled.invalidate(error)
                engine.dispose()
            raise
        finally:
            pooled.close()


def _as_sqlalchemy(error, text, lost):
    """Returns an error of the driver as SQLAlchemy's of the same kind, so that there is one kind to catch."""
    return DBAPIError.instance(text, None, error, Error, connection_invalidated=lost, dialect=DIALECT)


def prepare(statement):
    """Returns a SELECT prepared; instants come as the seconds and nanos of a protobuf Timestamp."""
    compiled = statement.compile(dialect=DIALECT)
    parameters = {name: value for name, value in compiled.params.items() if not compiled.binds[name].required}
    constants = {name: _bound(compiled.binds[name].type)(value) for name, value in parameters.items()}
    processors = [_processor(column.type) for column in statement.selected_columns]
    return Prepared(str(compiled), constants, [(i, process) for i, process in enumerate(processors) if process])


class Insert:
    """The INSERT of one row of a table, which returns its number."""

    def __init__(self, table):
        columns = [column for column in table.columns if not column.identity]
        statement = insert(table).values({column.name: bindparam(column.name, type_=column.type) for column in columns})
        self.prepared = Prepared(str(statement.returning(table.c.id).compile(dialect=DIALECT)))
        self.columns = [(column.name, _bound(column.type)) for column in columns]
        self.defaults = [(column.name, column.default) for column in columns if column.default is not None]

    def complete(self, values):
        """Gives the columns that have no value their defaults, in place."""
        for name, default in self.defaults:
            if values.get(name) is None:
                values[name] = default.arg(None) if default.is_callable else default.arg

    def run(self, connection, values):
        """Inserts a row of `values` (name → value); returns its number."""
        return self.prepared.on(connection, {name: bound(values.get(name)) for name, bound in self.columns})[0][0]


@lru_cache
def insert_into(table):
    """Returns the one Insert of a table."""
    return Insert(table)


def _bound(kind):
    """Returns what makes a value what the driver takes for a column of this type."""
    process = kind.dialect_impl(DIALECT).bind_processor(DIALECT)
    return (lambda value: None if value is None else process(value)) if process else (lambda value: value)


def _processor(kind):
    """Returns what makes a message's value of a column's, or None if it is one."""
    if getattr(kind, "is_instant", False):
        return _instant
    return kind.dialect_impl(DIALECT).result_processor(DIALECT, None)


def _instant(value):
    """Returns an instant as a protobuf Timestamp is made of; its own conversion costs ten times as much."""
    if value is None:
        return None
    since = value - EPOCH
    return {"seconds": since.days * 86_400 + since.seconds, "nanos": since.microseconds * 1000}
