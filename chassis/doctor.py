"""Does what the services keep fit together? It looks into their databases, as an operator may, and changes nothing.

References are found by themselves: columns of the type `Name`, and those that say `info=HOLDS_NAMES`. A record belongs
to the service whose model has its collection. What is said between two services takes its time: what looks wrong is
looked at again once everybody has heard everything that had been announced by then, and only what is still wrong is a
finding. See docs/doctor.md.
"""

import time
from dataclasses import dataclass

from sqlalchemy import ARRAY, literal, select, tuple_
from sqlalchemy.orm import Session

from chassis import db
from chassis.blobs import YOUNG, Blobs
from chassis.lag import outstanding, reached

# Rows that are read at a time: the memory it takes does not depend on how many there are.
SLICE = 1000
# How often what looks wrong is looked at. A row that is written just then may seem wrong once, or twice.
LOOKS = 3
PAUSE = 0.5


@dataclass(frozen=True, order=True)
class Finding:
    """Something that does not fit."""

    what: str
    service: str
    table: str
    row: str
    reference: str = ""


class Examined:
    """One service: its models, its database and its blobs."""

    def __init__(self, service, settings):
        self.name = service.name
        self.service = service
        self.tables = service.metadata.tables
        self.models = [mapper.class_ for mapper in service.base.registry.mappers]
        self.engine = db.reading_engine(settings.database_url.get_secret_value(), 2, "doctor")
        self.blobs = Blobs(settings.blobs, service.name) if settings.blobs else None

    def close(self):
        """Lets go of the database."""
        self.engine.dispose()

    def rows(self, statement):
        """Returns the rows of a statement."""
        with self.engine.connect() as connection:
            return connection.execute(statement).all()

    def slices(self, columns, key, wanted=None):
        """Gives the rows of a table some at a time, in the order of `key`, its primary key; of `wanted` keys only."""
        place = tuple_(*key)
        statement = select(*key, *columns).order_by(*key).limit(SLICE)
        if wanted is not None:
            for start in range(0, len(wanted), SLICE):
                yield self.rows(statement.where(place.in_(wanted[start : start + SLICE])))
            return
        rows = self.rows(statement)
        while rows:
            yield rows
            last = [literal(value, column.type) for value, column in zip(rows[-1], key, strict=False)]
            rows = self.rows(statement.where(place > tuple_(*last))) if len(rows) == SLICE else []


class Records:
    """Which records there are, and which there have been, whoever owns them."""

    def __init__(self, examined):
        self.owners = {
            model.collection: (each, model)
            for each in examined
            for model in each.models
            if hasattr(model, "collection")
        }
        self.former = [
            (each, column)
            for each in examined
            for column in names_in(each)
            if column.info.get("former") and self._own(each, column.type.collection)
        ]

    def _own(self, examined, collection):
        return collection in self.owners and self.owners[collection][0] is examined

    def missing(self, names):
        """Returns those of some names that no record has; collections that nobody here owns are passed over."""
        wanted: dict = {}
        for name in names:
            wanted.setdefault(name.rpartition("/")[0], set()).add(name)
        return {name for collection, some in wanted.items() for name in self._missing(collection, some)}

    def _missing(self, collection, names):
        if collection not in self.owners:
            return set()
        owner, model = self.owners[collection]
        numbers = {db.number(name, collection) for name in names} - {None}
        found = owner.rows(select(model.id).where(model.id.in_(numbers))) if numbers else []
        return names - {f"{collection}/{number}" for (number,) in found}

    def were(self, names):
        """Returns those of some names that a record had which became part of another one."""
        found = set()
        for owner, column in self.former if names else ():
            mine = [name for name in names if db.number(name, column.type.collection)]
            found |= {name for (name,) in owner.rows(select(column).where(column.in_(mine)).distinct())}
        return found


def names_in(examined):
    """Returns the columns of a service that hold names of records."""
    columns = [column for table in examined.tables.values() for column in table.columns]
    return [column for column in columns if isinstance(_kind(column), db.Name) or column.info.get("names")]


def _kind(column):
    return column.type.item_type if isinstance(column.type, ARRAY) else column.type


class References:
    """The names of other records that the rows of one table hold."""

    def __init__(self, examined, table, records):
        self.examined, self.table, self.records = examined, table, records
        self.key = list(table.primary_key.columns)
        model = next((model for model in examined.models if model.__table__ is table), None)
        self.collection = getattr(model, "collection", "")
        # What a copy is called is looked at with the copy.
        copied = {"name"} if hasattr(model, "copy_of") else set()
        mine = [column for column in names_in(examined) if column.table is table and column.name not in copied]
        self.columns = [column for column in mine if not column.info.get("former")]

    def look(self, wanted=None):
        """Gives (finding, key) of the rows that name what is not there; with `wanted`, of the rows of those keys."""
        width = len(self.key)
        for rows in self.examined.slices(self.columns, self.key, wanted):
            named = [
                (tuple(row[:width]), column, name)
                for row in rows
                for column, value in zip(self.columns, row[width:], strict=True)
                for name in _names(value)
            ]
            missing = self.records.missing({name for _, _, name in named})
            were = self.records.were(missing)
            for key, column, name in named:
                if name in missing and not (name in were and column.info.get("or_former")):
                    what = "MERGED" if name in were else "GONE"
                    row = f"{self.collection}/{key[0]}" if self.collection else "/".join(map(str, key))
                    yield Finding(what, self.examined.name, self.table.name, row, f"{column.name} → {name}"), key


def _names(value):
    """Returns the names in a column's value: itself, what is in the list, or what something is kept under."""
    return [value] if isinstance(value, str) else value or ()


class Copies:
    """What one service keeps of the records of another, as one of its models has it."""

    def __init__(self, examined, model, collection, records):
        self.examined, self.model, self.records = examined, model, records
        self.collection = collection
        self.owner, self.original = records.owners[collection]

    def look(self, wanted=None):
        """Gives (finding, name) of copies that are missing, differ, or are of what is not there."""
        for originals in self._originals(wanted):
            kept = self._kept([record.name for record in originals])
            for record in originals:
                copy = kept.get(record.name)
                if copy is None:
                    yield self._finding("COPY_MISSING", record.name)
                elif not copy.agrees(record):
                    yield self._finding("COPY_DIFFERS", record.name)
        for copies in self._copies(wanted):
            gone = self.records.missing({copy.name for copy in copies})
            gone -= self.records.were(gone)
            for copy in copies:
                if copy.name in gone and not copy.agrees(None):
                    yield self._finding("COPY_LEFT", copy.name)

    def _finding(self, what, name):
        return Finding(what, self.examined.name, self.model.__tablename__, name, f"of {self.owner.name}"), name

    def _originals(self, wanted):
        """Gives the records some at a time."""
        table, last = self.original, 0
        if wanted is not None:
            numbers = [db.number(name, self.collection) for name in wanted]
            yield self._loaded(self.owner, select(table).where(table.id.in_(numbers)))
            return
        while rows := self._loaded(self.owner, select(table).where(table.id > last).order_by(table.id).limit(SLICE)):
            yield rows
            last = rows[-1].id

    def _kept(self, names):
        copies = self._loaded(self.examined, select(self.model).where(self.model.name.in_(names)))
        return {copy.name: copy for copy in copies}

    def _copies(self, wanted):
        """Gives the copies some at a time."""
        if wanted is not None:
            yield [*self._kept(wanted).values()]
            return
        statement = select(self.model).order_by(self.model.name).limit(SLICE)
        rows = self._loaded(self.examined, statement)
        while rows:
            yield [row for row in rows if row.name.startswith(f"{self.collection}/")]
            rows = self._loaded(self.examined, statement.where(self.model.name > rows[-1].name))

    @staticmethod
    def _loaded(examined, statement):
        with Session(examined.engine) as session:
            return session.scalars(statement).all()


class Files:
    """The blobs that the rows of a service name."""

    def __init__(self, examined):
        self.examined = examined
        tables = examined.tables.values()
        self.columns = [column for table in tables for column in table.columns if column.info.get("blob")]

    def look(self, wanted=None):
        """Gives (finding, None) of rows whose blob is missing, and of old blobs that no row names."""
        for column in self.columns:
            key = list(column.table.primary_key.columns)
            for rows in self.examined.slices([column], key):
                for *numbers, name in rows:
                    if name and not self.examined.blobs.has(name):
                        yield self._finding("BLOB_MISSING", column.table.name, "/".join(map(str, numbers)), name)
        # A younger one may be on its way to its row; an older one is swept within the hour.
        for names in self.examined.blobs.older(2 * YOUNG):
            known = {name for column in self.columns for (name,) in self._naming(column, names)}
            for name in sorted({*names} - known):
                yield self._finding("BLOB_UNUSED", "", "", name)

    def _naming(self, column, names):
        return self.examined.rows(select(column).where(column.in_(names)))

    def _finding(self, what, table, row, name):
        return Finding(what, self.examined.name, table, row, name), None


def checks(examined):
    """Returns everything that is looked at."""
    records = Records(examined)
    made: list = []
    for each in examined:
        tables = dict.fromkeys(column.table for column in names_in(each))
        references = [References(each, table, records) for table in tables]
        made += [reference for reference in references if reference.columns]
        for model in each.models:
            of = [collection for collection in getattr(model, "copy_of", ()) if collection in records.owners]
            made += [Copies(each, model, collection, records) for collection in of]
        files = Files(each)
        made += [files] if each.blobs and files.columns else []
    return made


def examine(examined, patience=60.0):
    """Returns what does not fit, in order; waits so many seconds at most for what has been announced to be heard."""
    suspicious = {check: {*check.look()} for check in checks(examined)}
    found = [finding for each in examined for finding in _parked(each)]
    until = time.monotonic() + patience
    for _ in range(LOOKS - 1):
        suspicious = {check: suspects for check, suspects in suspicious.items() if suspects}
        if not suspicious:
            break
        marks = reached(examined)
        unheard = outstanding(examined, marks)
        while unheard and time.monotonic() < until:
            time.sleep(PAUSE)
            unheard = outstanding(examined, marks)
        if unheard:
            # What is wrong cannot be told from what is on its way.
            return sorted([*found, *(Finding("UNHEARD", *each) for each in unheard)])
        suspicious = {check: suspects & {*check.look(_keys(suspects))} for check, suspects in suspicious.items()}
    return sorted({*found, *(finding for suspects in suspicious.values() for finding, _ in suspects)})


def _keys(suspects):
    keys = {key for _, key in suspects}
    return None if None in keys else sorted(keys)


def _parked(examined):
    """Returns the events that could not be handled: their effect is missing."""
    table = examined.tables["parked"]
    rows = examined.rows(select(table.c.event_id, table.c.subject).order_by(table.c.parked_time))
    return [Finding("PARKED", examined.name, "parked", event_id, subject) for event_id, subject in rows]
