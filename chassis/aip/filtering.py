"""AIP-160: `kind = PERSON AND (tags:vip OR create_time > "2026-11-01T00:00:00Z")` becomes an SQL condition.

`managers:*` is whoever has any, `NOT managers:*` whoever has none. As in the AIP, OR binds tighter than AND, and two
terms side by side mean AND. Fields may be written as in the proto or as in JSON. What the model does not name in
`filterable` cannot be asked for.
"""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from sqlalchemy import ARRAY, Boolean, Date, Integer, Numeric, Text, and_, literal_column, not_, or_, true

from chassis.db import Name, UtcDateTime
from chassis.errors import InvalidArgument

TOKEN = re.compile(
    r'\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<mark><=|>=|!=|[-=<>:()])|(?P<word>[^-\s"()<>=!:][^\s"()<>=!:]*))'
)
MAXIMUM_TERMS = 50
# The value of a field that has one, whatever it is.
ANY = "*any*"
ALWAYS = ("name", "create_time", "update_time", "creator")
COMPARE = {
    "=": lambda column, value: column == value,
    "!=": lambda column, value: column.is_distinct_from(value),
    "<": lambda column, value: column < value,
    "<=": lambda column, value: column <= value,
    ">": lambda column, value: column > value,
    ">=": lambda column, value: column >= value,
}


def condition(text, model):
    """Returns the SQL condition for a filter over `model`. Refuses with INVALID_FILTER, saying where."""
    if not text.strip():
        return true()
    return _Parser(text, model).parse()


def present(column):
    """Returns the SQL condition that a column holds anything."""
    if isinstance(column.type, ARRAY):
        # A constant of the statement, so that an index of the rows that hold nothing is found.
        return column != literal_column("'{}'")
    if isinstance(column.type, Text):
        return column != ""
    return column.is_not(None)


def column_name(field):
    """Returns a field's name as the proto writes it: createTime is create_time."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: "_" + match.group().lower(), field)


class _Parser:
    """A recursive-descent parser; one method per rule of the grammar."""

    def __init__(self, text, model):
        self.model = model
        self.tokens = self._split(text)
        self.position = 0

    def _split(self, text):
        tokens, start = [], 0
        while text[start:].strip():
            match = TOKEN.match(text, start)
            if not match:
                raise _invalid(f"cannot read it from {text[start:].strip()[:20]!r} on")
            tokens.append((match.lastgroup, match[str(match.lastgroup)]))
            start = match.end()
        if len(tokens) > MAXIMUM_TERMS * 4:
            raise _invalid(f"it has more than {MAXIMUM_TERMS} terms")
        return tokens

    def _peek(self):
        return self.tokens[self.position] if self.position < len(self.tokens) else (None, "")

    def _take(self):
        token = self._peek()
        self.position += 1
        return token

    def _accept(self, *texts):
        kind, text = self._peek()
        if kind in ("word", "mark") and text in texts:
            self.position += 1
            return True
        return False

    def parse(self):
        result = self._conjunction()
        if self.position < len(self.tokens):
            raise _invalid(f"{self._peek()[1]!r} is not expected there")
        return result

    def _conjunction(self):
        terms = [self._disjunction()]
        while self.position < len(self.tokens) and self._peek() != ("mark", ")"):
            self._accept("AND")
            terms.append(self._disjunction())
        return and_(*terms)

    def _disjunction(self):
        terms = [self._term()]
        while self._accept("OR"):
            terms.append(self._term())
        return or_(*terms)

    def _term(self):
        if self._accept("NOT", "-"):
            return not_(self._term())
        if self._accept("("):
            inner = self._conjunction()
            if not self._accept(")"):
                raise _invalid("a bracket is not closed")
            return inner
        return self._comparison()

    def _comparison(self):
        kind, field = self._take()
        operator = self._take()[1]
        value_kind, value = self._take()
        if kind != "word" or operator not in (*COMPARE, ":") or value_kind not in ("word", "string"):
            raise _invalid("a term reads: field, one of = != < <= > >= :, value")
        if value_kind == "string":
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        elif operator == ":" and value == "*":
            value = ANY
        return self._compare(field, operator, value)

    def _compare(self, field, operator, value):
        special = self.model.filtered(field, operator, value)
        if special is not None:
            return special
        name = column_name(field)
        if name not in (*ALWAYS, *self.model.filterable):
            raise _invalid(f"there is nothing called {field!r} to filter by")
        if name == "name" and value is not ANY:
            name, value = "id", _read(Name(self.model.collection), field, value)
            value = value and int(value.rpartition("/")[2])
        column = getattr(self.model, name)
        if value is ANY:
            return present(column)
        if isinstance(column.type, ARRAY):
            if operator not in (":", "="):
                raise _invalid(f"{field!r} is a list: ask {field}:value")
            return column.contains([value])
        if operator == ":":
            if name == "id" or not isinstance(column.type, Text):
                raise _invalid(f"{field!r} is no text and no list: compare it with = < >")
            return column.icontains(value, autoescape=True)
        return COMPARE[operator](column, _read(column.type, field, value) if name != "id" else value)


def _read(kind, field, value):
    """Returns the value as the column's Python type. Refuses if it is not one."""
    try:
        if isinstance(kind, Name):
            if not re.fullmatch(rf"({kind.collection}/\d{{1,18}})?", value):
                raise ValueError(value)
            return value or None
        if isinstance(kind, UtcDateTime):
            instant = datetime.fromisoformat(value)
            if instant.tzinfo is None:
                raise ValueError(value)
            return instant
        if isinstance(kind, Date):
            return date.fromisoformat(value)
        if isinstance(kind, Boolean):
            return {"true": True, "false": False}[value]
        if isinstance(kind, Integer | Numeric):
            return Decimal(value)
        return value
    except (ValueError, KeyError, InvalidOperation) as error:
        raise _invalid(f"{value!r} is no value for {field!r}") from error


def _invalid(why):
    return InvalidArgument("the filter is wrong: {why}", "INVALID_FILTER", field="filter", why=why)
