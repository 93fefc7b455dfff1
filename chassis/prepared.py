"""Statements that are built once: compiled to text, run on the driver, their rows as plain values.

What SQLAlchemy does anew for each of thousands of equal statements costs more than the statements. Who asks is a
parameter here, so one statement serves everybody; a rule that needs more of the actor than `Asking` has is refused when
it is built.
"""

from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from select import POLLIN, poll

import orjson
from psycopg import Error, sql
from psycopg.types.json import set_json_dumps, set_json_loads
from sqlalchemy import Boolean, Text, bindparam, insert
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
    is_portal_admin = bindparam("asking_portal_admin", type_=Boolean())

    def __init__(self, sees_all):
        self.sees_all = sees_all


ASKING = {sees_all: Asking(sees_all) for sees_all in (True, False)}


def asking(actor):
    """Returns the parameters for `actor`."""
    return {
        "asking_user": actor.user,
        "asking_principals": actor.principals,
        "asking_portal_admin": actor.is_portal_admin,
    }


class Prepared:
    """A statement as text with its constants, and what makes values of its columns."""

    def __init__(self, text, constants=(), processors=(), once=False):
        self.text = text
        # Planned anew each time, for what is looked for: the server's plan for anything is a bad one for most things.
        self.once = once
        self.constants = dict(constants)
        self.processors = processors

    def rows(self, connection, parameters):
        """Returns all rows, on a connection of the driver. Raises what SQLAlchemy would."""
        try:
            with telemetry.statement(self.text):
                found = connection.execute(
                    self.text, {**self.constants, **parameters}, prepare=not self.once
                ).fetchall()
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
        with borrowed(engine) as connection:
            return self.rows(connection, parameters)


@contextmanager
def borrowed(engine):
    """Gives a connection of the driver out of a pool; if it breaks, all of them are made anew: one cut cuts all."""
    try:
        pooled = engine.raw_connection()
        while _ended(pooled.driver_connection):
            pooled.invalidate()
            pooled = engine.raw_connection()
    except Error as error:
        raise _as_sqlalchemy(error, "", lost=True) from error
    connection = pooled.driver_connection
    try:
        yield connection
    finally:
        if connection.broken:
            pooled.invalidate()
            engine.dispose()
        pooled.close()


def _ended(connection):
    """Whether the server has said goodbye to an idle connection; a statement sent there would be lost."""
    heard = poll()
    heard.register(connection.fileno(), POLLIN)
    return bool(heard.poll(0))


def _as_sqlalchemy(error, text, lost):
    """Returns an error of the driver as SQLAlchemy's of the same kind, so that there is one kind to catch."""
    return DBAPIError.instance(text, None, error, Error, connection_invalidated=lost, dialect=DIALECT)


def prepare(statement, once=False):
    """Returns a SELECT prepared, or to be planned for what it asks each time.

    Instants come as the seconds and nanos of a protobuf Timestamp.
    """
    compiled = statement.compile(dialect=DIALECT)
    parameters = {name: value for name, value in compiled.params.items() if not compiled.binds[name].required}
    constants = {name: _bound(compiled.binds[name].type)(value) for name, value in parameters.items()}
    processors = [_processor(column.type) for column in statement.selected_columns]
    return Prepared(str(compiled), constants, [(i, process) for i, process in enumerate(processors) if process], once)


class Insert:
    """The INSERT of one row of a table. A row that is `numbered` brings its number along."""

    def __init__(self, table, numbered):
        self.table = table
        columns = [column for column in table.columns if numbered or not column.identity]
        self.columns = [(column.name, _bound(column.type)) for column in columns]
        self.defaults = [(column.name, column.default) for column in columns if column.default is not None]

    def text(self, prefix):
        """Returns the statement; the names of its parameters begin with `prefix`."""
        values = {name: bindparam(prefix + name, type_=self.table.c[name].type) for name, _ in self.columns}
        text = str(insert(self.table).inline().values(values).compile(dialect=DIALECT))
        # What a row brings along comes from the sequence too, only earlier.
        return text.replace(" VALUES ", " OVERRIDING SYSTEM VALUE VALUES ", 1)

    def parameters(self, prefix, values):
        """Returns the parameters for a row of `values` (name → value)."""
        return {prefix + name: bound(values.get(name)) for name, bound in self.columns}

    def complete(self, values):
        """Gives the columns that have no value their defaults, in place."""
        for name, default in self.defaults:
            if values.get(name) is None:
                values[name] = default.arg(None) if default.is_callable else default.arg


insert_into = lru_cache(Insert)


@lru_cache
def _inserts(kinds):
    """Returns one statement for several Inserts: all of them happen, or none."""
    *firsts, last = [insert_into(*kind).text(f"{index}_") for index, kind in enumerate(kinds)]
    before = ", ".join(f"w{index} AS ({text})" for index, text in enumerate(firsts))
    return Prepared(f"{f'WITH {before} ' if before else ''}{last} RETURNING true")


def insert_rows(rows):
    """Returns the statement, with its parameters, that inserts rows: (table, name → value) each."""
    kinds = tuple((table, "id" in values) for table, values in rows)
    parameters: dict = {}
    for index, (kind, (_, values)) in enumerate(zip(kinds, rows, strict=True)):
        parameters |= insert_into(*kind).parameters(f"{index}_", values)
    return _inserts(kinds), parameters


def copy_rows(connection, rows):
    """Inserts many rows, (table, name → value) each, on a connection of SQLAlchemy's: those of a table together, the
    tables in the order in which they first occur.
    """
    tables: dict = {}
    for table, values in rows:
        tables.setdefault((table, "id" in values), []).append(values)
    with connection.connection.driver_connection.cursor() as cursor:
        for kind, of_table in tables.items():
            into = insert_into(*kind)
            names = sql.SQL(", ").join(sql.Identifier(name) for name, _ in into.columns)
            with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(kind[0].name), names)) as copy:
                for values in of_table:
                    copy.write_row([bound(values.get(name)) for name, bound in into.columns])


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
