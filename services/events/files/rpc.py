"""What may be asked of documents."""

import re

from crm.events.v1 import files_pb2 as pb
from google.protobuf.empty_pb2 import Empty
from sqlalchemy import select

from chassis.db import number
from chassis.download import Download
from chassis.errors import FailedPrecondition, InvalidArgument, no_such
from chassis.wiring import in_parts
from services.events import about
from services.events.files.keeping import Arriving
from services.events.files.scanning import scanned
from services.events.history.writing import write
from services.events.model import File, FileState, FileVersion, Kind
from services.events.standard import files

# Whether a filter asks about the state; what it quotes are titles.
QUOTED = re.compile(r"""\"(\\.|[^"\\])*"|'(\\.|[^'\\])*'""")
STATE_ASKED = re.compile(r"\bstate\s*[=!:<>]")


@in_parts
def upload_file(upload, begin):
    """Keeps a file, or a new version of one. What fails on the way leaves nothing behind."""
    request = upload.request
    with begin() as tx:
        # A new version is what the name of the file says, whatever it was called where it comes from.
        title = _target(tx, request)[0].title
        blobs, settings = tx.service.blobs, tx.service.settings
    arriving = Arriving(title, upload.parts, settings.maximum_file_mb * 1024 * 1024)
    blob = blobs.put(scanned(arriving.counted(), settings.clamd))
    with blobs.until_named(blob), begin() as tx:
        file, subject = _target(tx, request)
        return _add_version(tx, file, blob, arriving) if file.id else _add(tx, file, blob, arriving, subject)


def _target(tx, request):
    """Returns the file that gets a version, locked, or a new one; and its subject."""
    if bool(request.name) == bool(request.subject):
        raise InvalidArgument("say which record it belongs to, or which file it is", "SUBJECT_OR_NAME", field="subject")
    if request.name:
        file = tx.get(File, request.name, lock=True)
        file.require_changeable()
        return file, about.remember_readers(tx, file)
    file = File(title=request.title)
    file.subject = request.subject
    subject = about.settle(tx, file)
    about.require_editable(tx, subject)
    file.check()
    return file, subject


def _add(tx, file, blob, arriving, subject):
    file.size, file.content_type, file.latest = arriving.size, arriving.content_type, 1
    tx.add(file)
    tx.flush()
    _version(tx, file, blob, arriving)
    message = files.announce("Created", file, tx)
    write(tx, Kind.FILE_ADDED, subject, related=file.name, title=file.title)
    return message


def _add_version(tx, file, blob, arriving):
    before = tx.message(file, pb.File)
    file.latest += 1
    file.size, file.content_type, file.update_time = arriving.size, arriving.content_type, tx.now
    tx.flush()
    _version(tx, file, blob, arriving)
    return files.announce("Updated", file, tx, ["size", "content_type"], before)


def _version(tx, file, blob, arriving):
    row = FileVersion(
        file=file.id,
        number=file.latest,
        blob=blob,
        size=arriving.size,
        content_type=arriving.content_type,
        creator=tx.actor.name,
        create_time=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()


def get_file(request, tx):
    """Returns a file with all its versions."""
    message = files.get(request, tx)
    key = number(request.name, File.collection)
    rows = tx.session.scalars(select(FileVersion).where(FileVersion.file == key).order_by(FileVersion.number))
    for row in rows:
        message.versions.add(
            number=row.number,
            create_time=row.create_time,
            creator=row.creator,
            size=row.size,
            content_type=row.content_type,
        )
    return message


def list_files(request, tx):
    """Lists files; deleted ones only where they are asked for."""
    if not STATE_ASKED.search(QUOTED.sub('""', request.filter)):
        there = f'state = "{FileState.ACTIVE}"'
        request.filter = f"({request.filter}) AND {there}" if request.filter else there
    return files.list(request, tx, pb.ListFilesResponse)


def update_file(request, tx):
    """Gives a file another title."""
    return files.update(request, tx, lambda file, _: about.remember_readers(tx, file))


def delete_file(request, tx):
    """Deletes a file, which can be restored for a while."""
    file = tx.get(File, request.name, lock=True)
    file.require_etag(request.etag)
    if file.state != FileState.DELETED:
        _move(tx, file, FileState.DELETED, tx.now)
    return Empty()


def restore_file(request, tx):
    """Takes a deletion back."""
    file = tx.get(File, request.name, lock=True)
    if file.state != FileState.DELETED:
        raise FailedPrecondition("{name} is not deleted", "FILE_NOT_DELETED", name=file.name)
    return _move(tx, file, FileState.ACTIVE, None)


def _move(tx, file, state, time):
    about.remember_readers(tx, file)
    before = tx.message(file, pb.File)
    file.state, file.delete_time, file.update_time = state, time, tx.now
    tx.flush()
    return files.announce("Updated", file, tx, ["state"], before)


def download_file(request, tx):
    """Gives what a file holds."""
    file = tx.get(File, request.name)
    file.require_changeable()
    wanted = request.version or file.latest
    found = select(FileVersion).where(FileVersion.file == file.id, FileVersion.number == wanted)
    version = tx.session.scalars(found).one_or_none()
    if version is None:
        raise no_such(request.name)
    return Download(file.title, version.content_type, tx.service.blobs.get(version.blob), version.size)
