"""What may be asked of imports, whatever they bring: a service mounts it by saying what its records are."""

from abc import ABC, abstractmethod
from itertools import islice
from typing import Any, ClassVar

from google.protobuf.empty_pb2 import Empty
from sqlalchemy import delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.aip.paging import DEFAULT_SIZE
from chassis.download import Download
from chassis.errors import InvalidArgument, said
from chassis.kit.importing import files, looking
from chassis.kit.importing.cells import CUSTOM
from chassis.kit.importing.model import HOW_WRITTEN, State, Undo
from chassis.kit.importing.writing import written
from chassis.sheets import sheet
from chassis.standard import Standard

# How many rows are searched for one with problems before the answer must go out.
SEARCHED = 50_000
# How many of them are looked at together.
TOGETHER = 200


class Kind(ABC):
    """Imports of one kind of record."""

    # The standard methods of the imports; the models beside them; the people and the fields of one's own.
    standard: Standard
    rows: Any
    corrections: Any
    meanings: Any
    principal: Any
    own_fields: Any
    # A row of a preview, and the preview, in the contract.
    row_class: Any
    preview_class: Any
    # The programs that read what is neither CSV nor a spreadsheet: VCARD → path.
    others: ClassVar[dict] = {}
    # Which column tells the title of a record that a row only named.
    title_field = ""

    def begun(self, request, actor):
        """Returns the values with which an import begins, by what is sent with the file and by whom."""
        return {}

    @abstractmethod
    def proposed(self, headers, own):
        """Returns the field of each column by its header; `own` are labels of fields of one's own: label → name."""

    @abstractmethod
    def reader(self, tx, row):
        """Returns what reads the rows of an import."""

    @abstractmethod
    def batch(self, service, row, reader, rows):
        """Returns what carries some rows out: `make_choices(tx)` before, `carry_out(tx, row)` with their position."""

    @abstractmethod
    def undo_some(self, service, row):
        """Takes some more of an import back; returns whether there is more to do before others have answered."""

    @abstractmethod
    def settle(self, tx, row, changed):
        """Refuses what an import cannot be told to do with its records."""

    def look_up(self, tx, row, drafts):  # noqa: B027 most have nothing to look up
        """Notes in drafts what only the database knows to be wrong with them."""

    def titled(self, tx, statement):
        """Returns a statement about rows with the title of the record of each."""
        return statement.add_columns(literal("").label("title"))

    def interested(self, row):
        """Returns who else is told that an import has succeeded."""
        return set()

    @abstractmethod
    def step(self, message):
        """Returns the announcement that an import has come so far."""

    @abstractmethod
    def finished(self, message, recipients):
        """Returns the announcement that an import is over."""

    def upload(self, upload, begin):
        """Keeps a file and says what it seems to be."""
        with begin() as tx:
            blobs, actor = tx.service.blobs, tx.actor
        format_, blob = files.keep(blobs, upload.parts, self.others)
        with blobs.until_named(blob):
            how = written(lambda: blobs.get(blob))
            found = looking.examine(blobs.get(blob), how)
            with begin() as tx:
                row = self.standard.model(
                    file_name=upload.request.file_name,
                    format=format_,
                    blob=blob,
                    **{name: getattr(how, name) for name in HOW_WRITTEN},
                    row_count=found.count,
                    columns=found.columns(self._meant(tx, found.headers)),
                    bad_cells="REJECT_ROW",
                    **self.begun(upload.request, actor),
                )
                row.check()
                tx.add(row)
                return self.standard.announce("Created", row, tx)

    def _meant(self, tx, headers):
        """Returns the fields of columns: as the caller mapped these headers the last time, or by their words."""
        known = tx.session.get(self.meanings, (tx.actor.user, _together(headers)))
        return known.fields if known else self.proposed(headers, {field.label: field.name for field in self._own(tx)})

    def _own(self, tx):
        return tx.session.scalars(select(self.own_fields).where(self.own_fields.kind != "HEADING")).all()

    def update(self, request, tx):
        """Corrects what was detected, and says what is to be done."""

        def complete(row, changed):
            known = row.was("columns")
            if {*HOW_WRITTEN} & {*changed}:
                known = self._read_anew(row, known, tx)
            given = {column.get("index", 0): column.get("field", "") for column in row.columns}
            row.columns = [{**column, "field": given.get(column["index"], column["field"])} for column in known]
            self.settle(tx, row, changed)
            self._require_own(row, tx)
            row.state, row.dry_run, row.position, row.error = State.DRAFT, False, 0, ""

        return self.standard.update(request, tx, complete)

    def _read_anew(self, row, known, tx):
        """Returns the columns of a file that is read in another way; those that stay keep their fields."""
        row.settle_writing()
        if row.format != "CSV" and not row.has_header:
            row.has_header = True
        found = looking.examine(tx.service.blobs.get(row.blob), row.writing, row.row_count)
        row.row_count = found.count
        fields = [column["field"] for column in known]
        kept = len(found.headers) == len(fields) and any(fields)
        return found.columns(fields if kept else self._meant(tx, found.headers))

    def _require_own(self, row, tx):
        known = {CUSTOM + field.name for field in self._own(tx)}
        for column in row.columns:
            name = column["field"]
            if name.startswith(CUSTOM) and name not in known:
                where = f"columns[{column['index']}].field"
                raise InvalidArgument("there is no field {name}", "UNKNOWN_IMPORT_FIELD", field=where, name=name)

    def delete(self, request, begin):
        """Forgets an import; its file goes once nothing names it any more."""
        with begin() as tx:
            row = tx.get(self.standard.model, request.name, lock=True)
            self.standard.delete(request, tx, lambda row: row.require_idle())
            blobs, blob = tx.service.blobs, row.blob
        blobs.delete(blob)
        return Empty()

    def preview(self, request, tx):
        """Shows rows as they would be imported."""
        row = tx.get(self.standard.model, request.name)
        query = repr(("preview from", row.name, row.version, request.only_problems))
        # The last row that was looked at, and where it ends: what stands before is not read again.
        place = tx.service.tokens.read(query, request.page_token) if request.page_token else [0, 0]
        size, after = request.page_size or DEFAULT_SIZE, place[0]
        response = self.preview_class()
        for end, shown in self._shown_rows(tx, row, *place):
            if len(response.rows) == size or shown.row - after > SEARCHED:
                response.next_page_token = tx.service.tokens.make(query, place)
                break
            place = [shown.row, end]
            if shown.problems or not request.only_problems:
                response.rows.append(shown)
        return response

    def _shown_rows(self, tx, row, after, start=0):
        """Gives the rows of a file as the contract has them, each after the byte at which it ends."""
        reader, language = self.reader(tx, row), tx.cause.language
        every = looking.corrected_rows(self, tx, row, after, start)
        while some := list(islice(every, TOGETHER)):
            drafts = [reader.draft(each) for each in some]
            self.look_up(tx, row, drafts)
            yield from self._shown(zip(some, drafts, strict=True), reader.width, language)

    def _shown(self, looked_at, width, language):
        for each, draft in looked_at:
            shown = self.row_class(
                row=each.number,
                cells=(each.cells + [""] * (width - len(each.cells)))[:width],
                corrected=sorted(each.corrected),
            )
            for problem in draft.problems:
                message = said(problem.violation, language)
                shown.problems.add(column=problem.column, reason=problem.violation.reason, message=message)
            yield each.end, shown

    def correct(self, request, tx):
        """Mends one cell."""
        row = tx.get(self.standard.model, request.name, lock=True)
        row.require_changeable()
        if request.row > row.row_count or request.column >= len(row.columns):
            raise InvalidArgument("there is no such cell", "NO_SUCH_CELL", field="row")
        key = {"import_id": row.id, "row": request.row, "column": request.column}
        mended = insert(self.corrections).values(**key, value=request.value)
        tx.session.execute(
            mended.on_conflict_do_update(index_elements=["import_id", "row", "column"], set_={"value": request.value})
        )
        changes = [("corrections", None, f"{request.row}:{request.column} {request.value}")]
        message = tx.message(row, self.standard.message_class)
        updated = getattr(self.standard.events, f"{self.standard.message_class.DESCRIPTOR.name}Updated")
        tx.publish(updated(**{self.standard.field: message}), row, changes)
        return next(self._shown_rows(tx, row, request.row - 1))[1]

    def start(self, request, tx):
        """Queues an import; what its columns mean is remembered."""
        row = tx.get(self.standard.model, request.name, lock=True)
        row.require_etag(request.etag)
        before = tx.message(row, self.standard.message_class)
        self.settle(tx, row, ())
        row.start(tx.actor, request.dry_run, tx.now)
        # What a trial has found stands in the way of what comes now.
        tx.session.execute(delete(self.rows).where(self.rows.import_id == row.id))
        known = {"person": tx.actor.name, "headers": _together(column["header"] for column in row.columns)}
        meaning = insert(self.meanings).values(**known, fields=[column["field"] for column in row.columns])
        tx.session.execute(
            meaning.on_conflict_do_update(
                index_elements=["person", "headers"], set_={"fields": meaning.excluded.fields}
            )
        )
        return self._changed(tx, row, before)

    def cancel(self, request, tx):
        """Stops an import."""
        row = tx.get(self.standard.model, request.name, lock=True)
        before = tx.message(row, self.standard.message_class)
        row.cancel()
        return self._changed(tx, row, before)

    def undo(self, request, tx):
        """Begins to take an import back."""
        row = tx.get(self.standard.model, request.name, lock=True)
        before = tx.message(row, self.standard.message_class)
        row.undo(tx.actor, tx.now)
        # What was kept the last time may go now.
        kept = (self.rows.import_id == row.id) & (self.rows.undo == Undo.KEPT)
        tx.session.execute(update(self.rows).where(kept).values(undo="", problems=[]))
        return self._changed(tx, row, before)

    def _changed(self, tx, row, before):
        tx.flush()
        return self.standard.announce("Updated", row, tx, ["state"], before)

    def rejected_rows(self, request, tx):
        """Gives the rows that were not imported, or not taken back, with the reason of each."""
        row = tx.get(self.standard.model, request.name)
        parts = sheet(looking.rejected_rows(self, tx, row), tx.cause.language)
        title = row.file_name.rpartition(".")[0] or row.file_name
        return Download(f"{title}-rejected.csv", "text/csv; charset=utf-8", parts)


def _together(headers):
    return "\n".join(header.strip().casefold() for header in headers)
