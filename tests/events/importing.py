"""Files of events as tests bring them along, and the job that imports them."""

from chassis.kit.importing.model import BUSY
from services.events.importing import running


def upload(caller, text, *, name="events.csv", time_zone="Europe/Zurich"):
    """Brings a file along, piece by piece; returns the import."""
    data = text if isinstance(text, bytes) else text.encode()
    request = caller.service.rpcs["UploadEventImport"].method.input_type._concrete_class
    messages = [request(file={"data": data[start : start + 1000]}) for start in range(0, len(data), 1000)]
    messages[0].file_name, messages[0].time_zone = name, time_zone
    return caller.service.call("UploadEventImport", iter(messages), caller.actor, caller.cause)


def change(caller, job, **fields):
    """Corrects an import."""
    return caller.update_event_import(event_import={"name": job.name, **fields}, update_mask={"paths": [*fields]})


def run(caller, job, **how):
    """Starts an import and lets the job end it; returns it as it is then."""
    caller.start_event_import(name=job.name, **how)
    return finish(caller, job)


def finish(caller, job):
    """Lets the job go on until the import is over."""
    while True:
        running.carry_out_imports(caller.service.job_context())
        job = caller.get_event_import(name=job.name)
        if state(job) not in {each.value for each in BUSY}:
            return job


def state(job):
    """The state of an import as it is called."""
    return type(job).State.Name(job.state)


def counts(job):
    """What became of the rows: created, rejected."""
    return job.created_count, job.rejected_count


def gatherings(caller):
    """The events that a caller sees, by title, as a whole."""
    found = caller.list_events(page_size=200).events
    return {event.title: caller.get_event(name=event.name) for event in found}


def meant(job):
    """What the columns of an import hold."""
    return [column.field for column in job.columns]
