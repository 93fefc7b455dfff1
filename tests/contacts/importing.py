"""Files of contacts as tests bring them along, and the job that imports them."""

import io

from crm.identity.v1 import domain_events_pb2 as identity_events
from crm.identity.v1 import identity_pb2
from openpyxl import Workbook

from chassis.testing import hear
from services.contacts.importing.model import BUSY
from services.contacts.importing.running import carry_out_imports


def upload(caller, text, *, name="people.csv", encoding="utf-8", piece=1000):
    """Brings a file along, piece by piece; returns the import."""
    data = text if isinstance(text, bytes) else text.encode(encoding)
    request = caller.service.rpcs["UploadContactImport"].method.input_type._concrete_class
    parts = [data[start : start + piece] for start in range(0, len(data), piece)] or [b""]
    messages = [request(file={"data": part}) for part in parts]
    messages[0].file_name = name
    return caller.service.call("UploadContactImport", iter(messages), caller.actor, caller.cause)


def run(caller, job, **how):
    """Starts an import and lets the job end it; returns it as it is then."""
    caller.start_contact_import(name=job.name, **how)
    return finish(caller, job)


def finish(caller, job):
    """Lets the job go on until the import is over."""
    while True:
        carry_out_imports(caller.service.job_context())
        job = caller.get_contact_import(name=job.name)
        if type(job).State.Name(job.state) not in {state.value for state in BUSY}:
            return job


def change(caller, job, **fields):
    """Corrects an import."""
    return caller.update_contact_import(contact_import={"name": job.name, **fields}, update_mask={"paths": [*fields]})


def meant(caller, job, fields):
    """Says what columns mean: index → field."""
    columns = [{"index": index, "field": name} for index, name in fields.items()]
    return change(caller, job, columns=columns)


def disable(service, user):
    """Lets contacts hear that somebody does not work here any more."""
    gone = identity_pb2.User(name=user, etag='"99"', state=identity_pb2.User.DISABLED)
    hear(service, identity_events.UserUpdated(user=gone), event_id=f"disabled-{user}", actor="services/identity")


def state(job):
    """The state of an import as it is called."""
    return type(job).State.Name(job.state)


def counts(job):
    """What became of the rows: created, updated, skipped, rejected."""
    return job.created_count, job.updated_count, job.skipped_count, job.rejected_count


def people(caller, **how):
    """The contacts that a caller sees, by name."""
    return {contact.display_name: contact for contact in caller.list_contacts(page_size=200, **how).contacts}


def spreadsheet(*rows):
    """An xlsx file."""
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()
