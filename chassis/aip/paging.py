"""AIP-132 and AIP-158: the order of a list, and pages that begin after the last row of the page before.

A token holds that row's place, not a row count, so page 1 000 costs what page 1 costs and nothing is shown twice
when rows are added. It is signed and bound to the query it continues.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date, timedelta

import orjson
from sqlalchemy import and_, bindparam, or_, tuple_

from chassis.aip.filtering import ALWAYS, column_name
from chassis.db import UtcDateTime
from chassis.errors import InvalidArgument
from chassis.prepared import EPOCH

DEFAULT_SIZE = 25
MAXIMUM_SIZE = 200


class Order:
    """The order of a list over one model; ties are broken by id, so that it is total."""

    def __init__(self, text, model):
        parts = [part.split() for part in (text or model.default_order).split(",")]
        self.columns, self.descending = [], []
        for part in parts:
            field = column_name(part[0]) if part else ""
            known = field in (*ALWAYS, *model.filterable, *model.sort_columns) and field != "name"
            column = getattr(model, model.sort_columns.get(field, field)) if known else None
            direction = part[1:] or ["asc"]
            if column is None or column.expression.nullable or direction not in (["asc"], ["desc"]) or len(parts) > 3:
                raise InvalidArgument(
                    "cannot order by {text}: name up to three fields, each with asc or desc",
                    "INVALID_ORDER",
                    field="order_by",
                    text=text,
                )
            self.columns.append(column)
            self.descending.append(direction == ["desc"])
        self.columns.append(model.id)
        self.descending.append(self.descending[-1])

    def clauses(self):
        """Returns what goes into ORDER BY."""
        return [
            column.desc() if down else column.asc() for column, down in zip(self.columns, self.descending, strict=True)
        ]

    def after(self):
        """Returns the condition for the rows that come after a place: parameters `after_0`, `after_1`, …"""
        place = [bindparam(f"after_{index}", type_=column.type) for index, column in enumerate(self.columns)]
        if len(set(self.descending)) == 1:
            row, bound = tuple_(*self.columns), tuple_(*place)
            return row < bound if self.descending[0] else row > bound
        steps = []
        for index, (column, down) in enumerate(zip(self.columns, self.descending, strict=True)):
            equal = [self.columns[i] == place[i] for i in range(index)]
            steps.append(and_(*equal, column < place[index] if down else column > place[index]))
        return or_(*steps)

    def parameters(self, token_values):
        """Returns the place that a token names as the parameters of `after`."""
        pairs = zip(self.columns, token_values, strict=True)
        return {f"after_{index}": _value(column.type, value) for index, (column, value) in enumerate(pairs)}


def _value(kind, value):
    """Returns a value out of a token as its column's Python type."""
    if isinstance(kind, UtcDateTime):
        return EPOCH + timedelta(seconds=value["seconds"], microseconds=value["nanos"] // 1000)
    return date.fromisoformat(value) if kind.python_type is date else value


class Tokens:
    """Makes and reads page tokens, signed with a service's secret."""

    def __init__(self, secret):
        self.secret = secret

    def make(self, query, place):
        """Returns the token for what comes after `place` in the list that `query` (any text) describes."""
        body = orjson.dumps(place)
        return urlsafe_b64encode(self._seal(query, body) + body).decode().rstrip("=")

    def read(self, query, token):
        """Returns the place in a token. Refuses with INVALID_PAGE_TOKEN if it is not ours or of another query."""
        try:
            raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            raw = b""
        seal, body = raw[:16], raw[16:]
        if len(seal) < 16 or not hmac.compare_digest(seal, self._seal(query, body)):
            raise InvalidArgument(
                "the page token belongs to another list; begin with the first page",
                "INVALID_PAGE_TOKEN",
                field="page_token",
            )
        return orjson.loads(body)

    def _seal(self, query, body):
        return hmac.digest(self.secret, query.encode() + b"\0" + body, hashlib.sha256)[:16]
