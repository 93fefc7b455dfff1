"""Reads that are built once: a statement compiled to text, run on the driver, its rows as plain values.

What SQLAlchemy does anew for each of thousands of equal reads costs more than the reads. Who asks is a parameter here,
so one statement serves everybody; a rule that needs more of the actor than his names is refused when it is built.
"""

from sqlalchemy import Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY, psycopg

DIALECT = psycopg.dialect()


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
    """A SELECT, compiled."""

    def __init__(self, statement):
        compiled = statement.compile(dialect=DIALECT)
        self.text = str(compiled)
        self.constants = {name: self._bound(compiled.binds[name], value) for name, value in compiled.params.items()}
        types = [column.type.dialect_impl(DIALECT) for column in statement.selected_columns]
        processors = [kind.result_processor(DIALECT, None) for kind in types]
        self.processors = [(index, process) for index, process in enumerate(processors) if process]

    @staticmethod
    def _bound(parameter, value):
        """Returns a constant of the statement as the driver takes it."""
        process = parameter.type.dialect_impl(DIALECT).bind_processor(DIALECT)
        return process(value) if process and value is not None else value

    def rows(self, connection, parameters):
        """Returns all rows, on a connection of the driver."""
        found = connection.execute(self.text, {**self.constants, **parameters}, prepare=True).fetchall()
        if not self.processors:
            return found
        rows = [list(row) for row in found]
        for row in rows:
            for index, process in self.processors:
                row[index] = process(row[index])
        return rows
