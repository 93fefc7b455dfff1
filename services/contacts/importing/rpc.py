"""What may be asked of imports."""

from crm.contacts.v1 import domain_events_pb2 as events
from crm.contacts.v1 import imports_pb2 as pb
from google.protobuf.empty_pb2 import Empty
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.aip.paging import DEFAULT_SIZE
from chassis.download import Download
from chassis.errors import InvalidArgument, said
from chassis.kit import people
from chassis.sheets import sheet
from chassis.standard import Standard
from chassis.wiring import in_parts, own_transactions
from services.contacts.importing import files, looking
from services.contacts.importing.meanings import CUSTOM, proposed
from services.contacts.importing.model import HOW_WRITTEN, ContactImport, Correction, ImportRow, Meaning, State, Undo
from services.contacts.importing.writing import written
from services.contacts.model import ContactField, Principal

__all__ = [
    "cancel_contact_import",
    "correct_contact_import",
    "delete_contact_import",
    "download_rejected_rows",
    "preview_contact_import",
    "start_contact_import",
    "undo_contact_import",
    "update_contact_import",
    "upload_contact_import",
]
imports = Standard(ContactImport, pb.ContactImport, events)
# How many rows are searched for one with problems before the answer must go out.
SEARCHED = 50_000


@in_parts
def upload_contact_import(upload, begin):
    """Keeps a file and says what it seems to be."""
    with begin() as tx:
        blobs, actor = tx.service.blobs, tx.actor
    kind, blob = files.keep(blobs, upload.parts)
    try:
        how = written(lambda: blobs.get(blob))
        found = looking.examine(blobs.get(blob), how)
        with begin() as tx:
            row = ContactImport(
                file_name=upload.request.file_name,
                format=kind,
                blob=blob,
                **{name: getattr(how, name) for name in HOW_WRITTEN},
                row_count=found.count,
                columns=found.columns(_meant(tx, found.headers)),
                managers=[actor.user],
                duplicates="SKIP",
                match_by="EMAIL_THEN_PHONE",
                bad_cells="REJECT_ROW",
                sharing="PRIVATE",
            )
            row.check()
            tx.add(row)
            return imports.announce("Created", row, tx)
    except BaseException:
        blobs.delete(blob)
        raise


def _meant(tx, headers):
    """Returns the fields of columns: as the caller mapped these headers the last time, or by their words."""
    known = tx.session.get(Meaning, (tx.actor.user, _together(headers)))
    return known.fields if known else proposed(headers, {field.label: field.name for field in _custom(tx)})


def _together(headers):
    return "\n".join(header.strip().casefold() for header in headers)


def _custom(tx):
    return tx.session.scalars(select(ContactField).where(ContactField.kind != "HEADING")).all()


def update_contact_import(request, tx):
    """Corrects what was detected, and says what is to be done."""

    def complete(row, changed):
        known = row.was("columns")
        if {*HOW_WRITTEN} & {*changed}:
            known = _read_anew(row, known, tx)
        given = {column.get("index", 0): column.get("field", "") for column in row.columns}
        row.columns = [{**column, "field": given.get(column["index"], column["field"])} for column in known]
        if "managers" in changed:
            row.managers = row.managers or [tx.actor.user]
            people.require_known(tx, Principal, {*row.managers} - {tx.actor.user}, "managers")
        _require_custom(row, tx)
        row.state, row.dry_run, row.position, row.error = State.DRAFT, False, 0, ""

    return imports.update(request, tx, complete)


def _read_anew(row, known, tx):
    """Returns the columns of a file that is read in another way; those that stay keep their fields."""
    if row.format != "CSV" and not row.has_header:
        row.has_header = True
    found = looking.examine(tx.service.blobs.get(row.blob), row.writing, row.row_count)
    row.row_count = found.count
    fields = [column["field"] for column in known]
    kept = len(found.headers) == len(fields) and any(fields)
    return found.columns(fields if kept else _meant(tx, found.headers))


def _require_custom(row, tx):
    known = {CUSTOM + field.name for field in _custom(tx)}
    for column in row.columns:
        if column["field"].startswith(CUSTOM) and column["field"] not in known:
            where = f"columns[{column['index']}].field"
            raise InvalidArgument("there is no field {name}", "UNKNOWN_IMPORT_FIELD", field=where, name=column["field"])


@own_transactions
def delete_contact_import(request, begin):
    """Forgets an import; its file goes once nothing names it any more."""
    with begin() as tx:
        row = tx.get(ContactImport, request.name, lock=True)
        imports.delete(request, tx, lambda row: row.require_idle())
        blobs, blob = tx.service.blobs, row.blob
    blobs.delete(blob)
    return Empty()


def preview_contact_import(request, tx):
    """Shows rows as they would be imported."""
    row = tx.get(ContactImport, request.name)
    query = repr(("preview from", row.name, row.version, request.only_problems))
    # The last row that was looked at, and where it ends: what stands before is not read again.
    place = tx.service.tokens.read(query, request.page_token) if request.page_token else [0, 0]
    size, after = request.page_size or DEFAULT_SIZE, place[0]
    response = pb.PreviewContactImportResponse()
    for end, shown in _shown_rows(tx, row, *place):
        if len(response.rows) == size or shown.row - after > SEARCHED:
            response.next_page_token = tx.service.tokens.make(query, place)
            break
        place = [shown.row, end]
        if shown.problems or not request.only_problems:
            response.rows.append(shown)
    return response


def _shown_rows(tx, row, after, start=0):
    """Gives the rows of a file as the contract has them, each after the byte at which it ends."""
    reader, language = looking.reader(tx, row), tx.cause.language
    for each in looking.corrected_rows(tx, row, after, start):
        yield (
            each.end,
            pb.ImportRow(
                row=each.number,
                cells=(each.cells + [""] * (reader.width - len(each.cells)))[: reader.width],
                corrected=sorted(each.corrected),
                problems=[
                    pb.ImportRow.Problem(
                        column=problem.column,
                        reason=problem.violation.reason,
                        message=said(problem.violation, language),
                    )
                    for problem in reader.draft(each).problems
                ],
            ),
        )


def correct_contact_import(request, tx):
    """Mends one cell."""
    row = tx.get(ContactImport, request.name, lock=True)
    row.require_changeable()
    if request.row > row.row_count or request.column >= len(row.columns):
        raise InvalidArgument("there is no such cell", "NO_SUCH_CELL", field="row")
    key = {"import_id": row.id, "row": request.row, "column": request.column}
    mended = insert(Correction).values(**key, value=request.value)
    tx.session.execute(
        mended.on_conflict_do_update(index_elements=["import_id", "row", "column"], set_={"value": request.value})
    )
    changes = [("corrections", None, f"{request.row}:{request.column} {request.value}")]
    tx.publish(events.ContactImportUpdated(contact_import=tx.message(row, pb.ContactImport)), row, changes)
    return next(_shown_rows(tx, row, request.row - 1))[1]


def start_contact_import(request, tx):
    """Queues an import; what its columns mean is remembered."""
    row = tx.get(ContactImport, request.name, lock=True)
    row.require_etag(request.etag)
    before = tx.message(row, pb.ContactImport)
    people.require_known(tx, Principal, {*row.managers} - {tx.actor.user}, "managers")
    row.start(tx.actor, request.dry_run, tx.now)
    # What a trial has found stands in the way of what comes now.
    tx.session.execute(delete(ImportRow).where(ImportRow.import_id == row.id))
    known = {"person": tx.actor.name, "headers": _together(column["header"] for column in row.columns)}
    meaning = insert(Meaning).values(**known, fields=[column["field"] for column in row.columns])
    tx.session.execute(
        meaning.on_conflict_do_update(index_elements=["person", "headers"], set_={"fields": meaning.excluded.fields})
    )
    return _changed(tx, row, before)


def cancel_contact_import(request, tx):
    """Stops an import."""
    row = tx.get(ContactImport, request.name, lock=True)
    before = tx.message(row, pb.ContactImport)
    row.cancel()
    return _changed(tx, row, before)


def undo_contact_import(request, tx):
    """Begins to take an import back."""
    row = tx.get(ContactImport, request.name, lock=True)
    before = tx.message(row, pb.ContactImport)
    row.undo(tx.actor, tx.now)
    # What was kept the last time may go now.
    kept = (ImportRow.import_id == row.id) & (ImportRow.undo == Undo.KEPT)
    tx.session.execute(update(ImportRow).where(kept).values(undo="", problems=[]))
    return _changed(tx, row, before)


def _changed(tx, row, before):
    tx.flush()
    return imports.announce("Updated", row, tx, ["state"], before)


def replace_in_imports(tx, name, other=""):
    """Puts `other`, or nobody, where imports will give contacts to a user or group."""
    still = ContactImport.state.in_((State.DRAFT, State.QUEUED, State.RUNNING)) | ContactImport.dry_run
    people.put_instead(tx, imports, ("managers",), name, other, still)


def download_rejected_rows(request, tx):
    """Gives the rows that were not imported, or not taken back, with the reason of each."""
    row = tx.get(ContactImport, request.name)
    parts = sheet(looking.rejected_rows(tx, row), tx.cause.language)
    title = row.file_name.rpartition(".")[0] or row.file_name
    return Download(f"{title}-rejected.csv", "text/csv; charset=utf-8", parts)
