"""The standard methods of the AIPs for any resource: nobody writes Get, List, Create, Update or Delete by hand.

A service that must do more in one of them defines the function in its `rpc.py` and calls the one here inside.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date
from functools import cached_property, lru_cache

from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict
from google.protobuf.timestamp_pb2 import Timestamp
from sqlalchemy import BigInteger, Select, Text, and_, bindparam, func, inspect, literal, select, true

from chassis.aip.filtering import condition
from chassis.aip.masks import fields_to_change, refused_fields
from chassis.aip.paging import DEFAULT_SIZE, Order
from chassis.errors import InvalidArgument
from chassis.prepared import ASKING, Prepared, asking, prepare
from chassis.resource import shape
from chassis.validation import validate

EXACT_COUNT = 10_000
ESTIMATE_SECONDS = 60
# Marks of direction, embeddings, overrides and isolates of Unicode.
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What means something in a pattern of SQL, and how it is escaped.
LIKE, ESCAPED = re.compile("([%_/])"), r"/\1"
# To count more than a few takes longer than to read a page; what was counted is an estimate for a while.
FEW, COUNT_SECONDS = 1000, 15
# How many rows are read at a time where all are wanted.
SOME = 1000
# Lists with their orders and filters whose statements are kept.
PAGES = 256


@dataclass
class Page:
    """The prepared statements of a list, and how to read its rows."""

    keys: tuple
    order: Order
    rows: Prepared
    # The rows that match, in no order and without a limit.
    all_matching: Select
    # Whether it is a list of what somebody looks for.
    searched: bool

    @cached_property
    def count(self):
        """How many match, up to the number that is still counted; prepared only where it is asked."""
        some = self.all_matching.limit(EXACT_COUNT + 1).subquery()
        return prepare(select(func.count()).select_from(some), once=self.searched)

    @cached_property
    def plan(self):
        """What the planner makes of all that match: its guess of how many there are."""
        matching = prepare(self.all_matching)
        return Prepared("EXPLAIN (FORMAT JSON) " + matching.text, matching.constants, once=self.searched)


class Standard:
    """The standard methods of one resource: its model and its message."""

    def __init__(self, model, message_class, events):
        self.model = model
        self.message_class = message_class
        self.events = events
        singular = message_class.DESCRIPTOR.name
        self.field = "".join("_" + c.lower() if c.isupper() else c for c in singular).lstrip("_")

    def get(self, request, tx):
        """Returns the message called `request.name`."""
        return tx.read(self.model, request.name, self.message_class)

    def create(self, request, tx, prepare=None):
        """Adds a row of what was sent; `prepare(row)` may complete or refuse it before it is written."""
        resource = getattr(request, self.field)
        settable = {*self.model.writable, *self.model.immutable}
        alien = [field.name for field, _ in resource.ListFields() if field.name not in {*settable, "name", "etag"}]
        if alien:
            raise refused_fields(alien, "READ_ONLY_FIELD", "it is set by the server")
        row = self.model()
        for field, value in resource.ListFields():
            if field.name in settable:
                setattr(row, field.name, plain(self.model, field, value))
        if prepare:
            prepare(row)
        row.check()
        tx.add(row)
        return self.announce("Created", row, tx)

    def update(self, request, tx, prepare=None):
        """Changes the fields that were named; `prepare(row, changed)` may complete or refuse it."""
        resource = getattr(request, self.field)
        row = tx.get(self.model, resource.name, lock=True)
        row.require_etag(resource.etag)
        before = tx.message(row, self.message_class)
        after = type(before)()
        after.CopyFrom(before)
        changed = self._merge(fields_to_change(request, resource, self.model), resource, before, after)
        if not changed:
            return before
        row.require_changeable()
        validate(after)
        for name in changed:
            setattr(row, name, plain(self.model, after.DESCRIPTOR.fields_by_name[name], getattr(after, name)))
        row.update_time = tx.now
        # One change, one version: nothing is written before it is complete.
        with tx.session.no_autoflush:
            if prepare:
                prepare(row, changed)
            row.check()
        tx.flush()
        return self.announce("Updated", row, tx, changed, before)

    def _merge(self, names, resource, before, after):
        """Takes the named fields of `resource` over into `after`; returns those that differ from `before`."""
        changed = []
        for name in names:
            if name in self.model.told_when_read:
                continue
            after.ClearField(name)
            field = after.DESCRIPTOR.fields_by_name[name]
            if field.is_repeated or field.message_type:
                if field.is_repeated or resource.HasField(name):
                    getattr(after, name).MergeFrom(getattr(resource, name))
            else:
                setattr(after, name, getattr(resource, name))
            if getattr(after, name) != getattr(before, name):
                changed.append(name)
        alien = [name for name in changed if name not in self.model.writable]
        if alien:
            raise refused_fields(alien, "READ_ONLY_FIELD", "it cannot be changed")
        return changed

    def delete(self, request, tx, prepare=None):
        """Deletes a row for good; `prepare(row)` may complete it for its last announcement, or refuse."""
        row = tx.get(self.model, request.name, lock=True)
        row.require_etag(request.etag)
        if prepare:
            prepare(row)
        self.announce("Deleted", row, tx)
        tx.session.delete(row)
        return Empty()

    def announce(self, what, row, tx, changed=(), before=None):
        """Publishes <Resource><what> if the contract declares it; returns the message as the caller sees it.

        `before` is the message before the `changed` fields changed.
        """
        return self.announce_as(tx.message(row, self.message_class), what, row, tx, changed, before)

    def announce_as(self, message, what, row, tx, changed=(), before=None):
        """Publishes <Resource><what> of a row whose message is at hand."""
        event_class = getattr(self.events, f"{self.message_class.DESCRIPTOR.name}{what}", None)
        if event_class:
            event = event_class()
            getattr(event, self.field).CopyFrom(self.message_class(name=row.name) if what == "Deleted" else message)
            if changed:
                event.changed.paths.extend(changed)
            tx.publish(event, row, [(name, _shown(before, name), _shown(message, name)) for name in changed])
        return message

    def list(self, request, tx, response_class):
        """Returns a page of the rows that the actor may see, that match `filter` and `q`, in the order asked for."""
        size = request.page_size or DEFAULT_SIZE
        order_by, wanted, typed = (getattr(request, name, "") for name in ("order_by", "filter", "q"))
        # A token continues the list of this question only.
        query = repr((self.model.collection, order_by, wanted, typed))
        sought = _sought(typed)
        page = self._page(tx.actor.sees_all, order_by, bool(request.page_token), wanted, (*sought,))
        place = page.order.parameters(tx.service.tokens.read(query, request.page_token)) if request.page_token else {}
        rows = tx.rows(page.rows, page_size=size + 1, **place, **_parameters(sought))
        form = shape(self.model, self.message_class)
        messages = [form.row_message(page.keys, row) for row in rows[:size]]
        response = response_class(**{self._plural(response_class): messages})
        if len(rows) > size:
            last = [_bare(value) for value in rows[size - 1][-len(page.order.columns) :]]
            response.next_page_token = tx.service.tokens.make(query, last)
        if "total_size" in response.DESCRIPTOR.fields_by_name:
            whole = not request.page_token and len(rows) <= size
            total = (len(rows), False) if whole else self._total(tx, page, query, _parameters(sought))
            response.total_size, response.total_size_estimated = total
        return response

    def check_list(self, wanted, order_by):
        """Refuses a filter or an order that there cannot be."""
        condition(wanted, self.model)
        Order(order_by, self.model)

    def every(self, tx, wanted="", typed="", order_by=""):
        """Gives the messages of all rows of a list, with their details; they are read some at a time."""
        place: dict = {}
        sought = _sought(typed)
        while True:
            page = self._page(tx.actor.sees_all, order_by, bool(place), wanted, (*sought,), detail=True)
            rows = tx.rows(page.rows, page_size=SOME, **place, **_parameters(sought))
            form = shape(self.model, self.message_class)
            yield from (form.row_message(page.keys, row) for row in rows)
            if len(rows) < SOME:
                return
            place = page.order.parameters([_bare(value) for value in rows[-1][-len(page.order.columns) :]])

    def count(self, tx, wanted="", typed=""):
        """Returns how many rows a list has."""
        sought = _sought(typed)
        page = self._page(tx.actor.sees_all, "", False, wanted, (*sought,))
        parameters = asking(tx.actor) | _parameters(sought)
        return tx.session.scalar(select(func.count()).select_from(page.all_matching.subquery()), parameters)

    @lru_cache(maxsize=PAGES)  # noqa: B019 there are as many Standards as resources
    def _page(self, sees_all, order_by, continued, wanted, sought, detail=False):
        """Returns the statements of a list, prepared once for its order, its filter and whatever words."""
        order, who = Order(order_by, self.model), ASKING[sees_all]
        conditions = [self.model.visible(who), condition(wanted, self.model)]
        matching = and_(true(), *conditions, *(self.model.matches(word) for word in sought))
        keys, columns = shape(self.model, self.message_class).select_list(who, detail=detail)
        statement = select(*columns, *(column.label(f"place_{i}") for i, column in enumerate(order.columns)))
        statement = statement.where(matching).order_by(*order.clauses())
        if continued:
            statement = statement.where(order.after())
        searched = bool(wanted or sought)
        rows = prepare(statement.limit(bindparam("page_size", type_=BigInteger())), once=searched)
        return Page(keys, order, rows, select(self.model.id).where(matching), searched)

    @staticmethod
    def _plural(response_class):
        """Returns the field of a list answer that holds the rows."""
        return next(field.name for field in response_class.DESCRIPTOR.fields if field.is_repeated)

    @staticmethod
    def _total(tx, page, query, sought):
        """Returns how many rows match, and whether that is the planner's guess because there are too many to count."""
        key = (query, tuple(tx.actor.principals), tx.actor.sees_all)
        known = tx.service.estimates.get(key)
        if known and known[0] > tx.service.monotonic():
            return known[1], True
        count = tx.rows(page.count, **sought)[0][0]
        if count <= min(FEW, EXACT_COUNT):
            return count, False
        exact = count <= EXACT_COUNT
        guess = count if exact else max(count, int(tx.rows(page.plan, **sought)[0][0][0]["Plan"]["Plan Rows"]))
        if len(tx.service.estimates) > 1000:
            tx.service.estimates.clear()
        seconds = COUNT_SECONDS if exact else ESTIMATE_SECONDS
        tx.service.estimates[key] = (tx.service.monotonic() + seconds, guess)
        return guess, not exact


def _bare(value):
    """Returns a value as a page token holds it."""
    return value.isoformat() if isinstance(value, date) else value


def words(typed):
    """Returns the words in which a list is searched; digits that look like a phone number are one word."""
    digits = "".join(character for character in typed if character.isdigit())
    if len(digits) >= 5 and not any(character.isalpha() or character == "@" for character in typed):
        return [digits]
    return [fold(word) for word in typed.split()[:10]]


@dataclass(frozen=True)
class Sought:
    """A word that is looked for, as a parameter: one statement serves for all words."""

    parameter: str
    # Of two letters no index knows.
    indexed: bool

    def value(self, word):
        """Returns what the parameter is for a word: a pattern, or the word as it is."""
        return f"%{LIKE.sub(ESCAPED, word)}%" if self.indexed else word


def _sought(typed):
    """Returns the words in which a list is searched: Sought → word."""
    return {Sought(f"word_{index}", len(word) > 2): word for index, word in enumerate(words(typed))}


def _parameters(sought):
    return {each.parameter: each.value(word) for each, word in sought.items()}


def occurs(text, word):
    """Returns the SQL condition that a word, or one that is Sought, is found anywhere in a text."""
    if isinstance(word, Sought):
        sought, value = word, bindparam(word.parameter, type_=Text())
    else:
        sought = Sought("", len(word) > 2)
        value = literal(sought.value(word), Text())
    return text.like(value, escape="/") if sought.indexed else func.strpos(text, value) > 0


def visible(typed):
    """Returns a name without the signs that turn the rest of a line round, and show another name than it is."""
    return TURNING.sub("", typed)


def fold(typed):
    """Returns a text as it is searched and sorted: without case, ё as е."""
    return typed.casefold().replace("ё", "е")


def plain(model, field, value):
    """Returns a message's field as its column holds it."""
    column = inspect(model).columns.get(field.name)
    if field.message_type and field.message_type.GetOptions().map_entry:
        return {key: MessageToDict(value[key]) for key in value}
    if field.is_repeated:
        return [_record(item) if field.message_type else item for item in value]
    if field.message_type:
        return _instant(value) if field.message_type is Timestamp.DESCRIPTOR else _record(value)
    if field.enum_type:
        return field.enum_type.values_by_number[value].name
    if column is not None and column.type.python_type is date:
        try:
            return date.fromisoformat(value) if value else None
        except ValueError as error:
            raise InvalidArgument("there is no such day", "INVALID_DATE", field=field.name) from error
    return value


def _instant(value):
    """Returns a Timestamp as its column holds it; nobody means the beginning of the era."""
    return value.ToDatetime(UTC) if value.ByteSize() else None


def _shown(message, name):
    """Returns a field of a message as JSON shows it; None if it is empty."""
    alone = type(message)()
    getattr(alone, name)  # a misspelt field is a bug, not an empty one
    alone.MergeFrom(message)
    for field, _ in message.ListFields():
        if field.name != name:
            alone.ClearField(field.name)
    return next(iter(MessageToDict(alone, preserving_proto_field_name=True).values()), None)


def _record(message):
    """Returns a message inside another one as JSON keeps it."""
    return MessageToDict(message, preserving_proto_field_name=True)
