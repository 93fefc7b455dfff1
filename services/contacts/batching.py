"""How batches are done: what a call asks for, and the steps of a hundred contacts each."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from crm.contacts.v1 import bulk_pb2 as pb
from crm.contacts.v1 import contacts_pb2
from google.protobuf.json_format import MessageToDict, ParseDict
from sqlalchemy import func, select

from chassis.aip.filtering import condition
from chassis.db import number
from chassis.errors import Error, FailedPrecondition, InvalidArgument, ResourceExhausted, no_such
from chassis.kit import askers, deletion, dictionary, people, tags
from chassis.kit.access import Sharing
from chassis.standard import fold, words
from chassis.wiring import own_transactions
from services.contacts.batch import OPEN, Action, BatchState, ContactBatch
from services.contacts.deciding import WAITING, cancel, may_not_change, open_deletions
from services.contacts.model import Contact, ContactType, Deletion, Principal, TemperatureLevel
from services.contacts.standard import batches, contact_tags, contacts
from services.contacts.telling import tell_managers

log = structlog.get_logger()
# So many are done within the call, and at a time.
STEP = 100
MOST = 500_000
# How long the votes on a step are waited for.
PATIENCE = timedelta(seconds=6)
# So often in a row a step may fail before the batch does; how often each did.
TRIES = 3
FAILURES: dict[int, int] = {}
# How long the job works before others have their turn.
TURN = 2.0


def batch_update_contacts(request, tx):
    """Changes many contacts: a hundred at once, more as a job."""
    change = request.change
    level = require_change(change, tx)
    notify = request.notify if request.HasField("notify") else None
    batch = begin_batch(request, tx, Action.UPDATE, MessageToDict(change, preserving_proto_field_name=True))
    # Of hundreds of contacts nobody is told one by one, unless somebody says so.
    batch.notify = notify if notify is not None else batch.matched_count <= STEP
    if batch.matched_count <= STEP:
        update_some(tx, batch, tx.actor, change, level)
    return started(tx, batch)


@own_transactions
def batch_delete_contacts(request, begin):
    """Deletes many contacts: a hundred are decided at once, more as a job."""
    if not WAITING.acquire(blocking=False):
        raise ResourceExhausted("too many contacts are being deleted; try again", "BUSY", retry_after=1)
    try:
        with begin() as tx:
            batch = begin_batch(request, tx, Action.DELETE)
            small = batch.matched_count <= STEP
            if small:
                # It is this call's: the job leaves it alone while its patience lasts.
                batch.state = BatchState.RUNNING
                delete_some(tx, batch, tx.actor)
            answer = started(tx, batch)
            name = batch.name
        while small and answer.state == pb.ContactBatch.RUNNING:
            time.sleep(deletion.POLL)
            with begin() as tx:
                answer = tx.message(_step(tx, tx.get(ContactBatch, name, lock=True), tx.actor), pb.ContactBatch)
        return answer
    finally:
        WAITING.release()


def cancel_contact_batch(request, tx):
    """Stops a batch."""
    batch = tx.get(ContactBatch, request.name, lock=True)
    before = tx.message(batch, pb.ContactBatch)
    if not batch.is_open:
        return before
    batch.state, batch.update_time = BatchState.CANCELLED, tx.now
    tx.flush()
    return batches.announce("Updated", batch, tx, ["state"], before)


def begin_batch(request, tx, action, change=None):
    """Writes down which contacts are meant, and who asked."""
    if bool(request.names) == request.HasField("selection"):
        raise InvalidArgument("name contacts, or say which ones", "NAMES_OR_SELECTION", field="names")
    if request.names:
        targets = [number(name, Contact.collection) or 0 for name in request.names]
    else:
        targets = tx.session.scalars(selected(request.selection, tx.actor)).all()
    batch = ContactBatch(
        action=action,
        state=BatchState.QUEUED,
        matched_count=len(targets),
        targets=targets,
        change=change or {},
        asker=askers.kept(tx.actor),
        language=tx.cause.language,
        address=tx.cause.address,
        version=1,
        create_time=tx.now,
        update_time=tx.now,
        creator=tx.actor.name,
        **dict.fromkeys(("progress_percent", "changed_count", "refused_count", "done"), 0),
        refusals=[],
        attempts={},
        error="",
    )
    tx.session.add(batch)
    tx.flush()
    if not targets:
        batch.advance(0)
    return batch


def started(tx, batch):
    """Announces a new batch and returns it."""
    tx.flush()
    return batches.announce("Created", batch, tx)


def selected(selection, actor):
    """Returns the SELECT of the numbers of all contacts that a list with this filter shows."""
    matching = [Contact.matches(word) for word in words(selection.q)]
    wanted = select(Contact.id).where(Contact.visible(actor), condition(selection.filter, Contact), *matching)
    return wanted.order_by(Contact.sort_key, Contact.id).limit(MOST)


def require_change(change, tx):
    """Refuses a change that nothing can be given; tags that are new come into being. Returns the temperature level."""
    if not change.ListFields():
        raise InvalidArgument("say what is to change", "NOTHING_TO_CHANGE", field="change")
    titles = tags.known(tx, contact_tags, change.add_tags)
    del change.add_tags[:]
    change.add_tags.extend(titles)
    dictionary.require_entry(tx, ContactType, change.type, "change.type")
    people.require_known(tx, Principal, {*change.add_managers}, "change.add_managers")
    return dictionary.require_entry(tx, TemperatureLevel, change.temperature, "change.temperature")


def carry_out(begin):
    """Does what is to be done of the oldest batches, for a while; the job of the service calls it."""
    end = time.monotonic() + TURN
    while time.monotonic() < end and _next(begin):
        pass


def _next(begin):
    """Does a step of the oldest batch; returns whether another one may be done at once.

    One that fails over and over ends so, for others wait behind it.
    """
    tried: list = []
    try:
        return _step_of_oldest(begin, tried)
    except Exception as error:
        if not tried or not _failed_enough(tried[0]):
            raise
        log.exception("batch_failed", batch=tried[0])
        with begin() as tx:
            batch = tx.session.get(ContactBatch, tried[0], with_for_update=True)
            before = tx.message(batch, pb.ContactBatch)
            _fail(batch, askers.told(error))
            _announce(tx, batch, before)
        return True


def _failed_enough(key):
    """Counts a failure of a batch; returns whether it was one too many."""
    FAILURES[key] = FAILURES.get(key, 0) + 1
    return FAILURES[key] >= TRIES and bool(FAILURES.pop(key))


def _fail(batch, error):
    """Ends a batch for a reason that is told in the language of whoever asked for it."""
    batch.state, batch.error = BatchState.FAILED, error.sentence(batch.language)


def _announce(tx, batch, before):
    batch.update_time = tx.now
    tx.flush()
    batches.announce("Updated", batch, tx, ["state", "progress_percent"], before)


def _step_of_oldest(begin, tried):
    with begin() as tx:
        oldest = select(ContactBatch).where(ContactBatch.state.in_(OPEN)).order_by(ContactBatch.id).limit(1)
        batch = tx.session.scalars(oldest.with_for_update(skip_locked=True)).one_or_none()
        if batch is None:
            return False
        tried.append(batch.id)
        asker = askers.restored(batch.asker)
        # Open pages hear of the batch, not of each of its contacts.
        told = {"language": batch.language, "bulk": batch.name}
        tx.cause = replace(tx.cause, actor=asker.name, session=asker.session, address=batch.address, **told)
        waited_for = bool(batch.attempts)
        _step(tx, batch, asker)
        FAILURES.pop(batch.id, None)
        # Votes take a moment.
        return not (waited_for and batch.attempts)


def _step(tx, batch, asker):
    """Does the next hundred contacts of a batch, unless it is over; returns it."""
    if not batch.is_open:
        return batch
    before = tx.message(batch, pb.ContactBatch)
    try:
        askers.require_here(tx, Principal, asker)
    except FailedPrecondition as error:
        _fail(batch, error)
    else:
        _do_some(tx, batch, asker)
    if batch.state != before.State.Name(before.state) or batch.progress_percent // 10 != before.progress_percent // 10:
        _announce(tx, batch, before)
    tx.flush()
    return batch


def _do_some(tx, batch, asker):
    if batch.action == Action.UPDATE:
        _update_as_asked(tx, batch, asker)
    elif batch.attempts:
        conclude_some(tx, batch)
    else:
        delete_some(tx, batch, asker)


def _targets(tx, batch, asker):
    """Returns the next contacts, locked: (number, contact or None, whether the asker may change it) each."""
    chosen = select(ContactBatch.slice(batch.done, STEP)).where(ContactBatch.id == batch.id)
    numbers = tx.session.scalars(chosen).all()
    rows = tx.session.execute(
        select(Contact, Contact.editable(asker))
        .where(Contact.id.in_(numbers), Contact.visible(asker))
        .order_by(Contact.id)
        .with_for_update(of=Contact)
        .execution_options(populate_existing=True)
    ).all()
    found = {row.id: (row, editable) for row, editable in rows}
    return [(each, *found.get(each, (None, False))) for each in numbers]


def _allowed(batch, targets):
    """Gives the contacts that the asker may change; the others are refused."""
    for key, contact, editable in targets:
        name = f"{Contact.collection}/{key}"
        if contact is None:
            batch.refuse(name, "", no_such(name), batch.language)
        elif not editable:
            batch.refuse(name, contact.label(), may_not_change(name), batch.language)
        else:
            yield contact


def _update_as_asked(tx, batch, asker):
    """Changes the next contacts, unless something of what was asked for is gone since."""
    change = ParseDict(batch.change, pb.BatchChange())
    try:
        level = require_change(change, tx)
    except InvalidArgument as error:
        _fail(batch, error)
        return
    update_some(tx, batch, asker, change, level)


def update_some(tx, batch, asker, change, level):
    """Changes the next contacts as the batch says; `level` is the temperature that it gives."""
    targets = _targets(tx, batch, asker)
    for contact in _allowed(batch, targets):
        try:
            with tx.session.begin_nested():
                batch.changed_count += _change(tx, batch, contact, change, level, asker)
        except Error as error:
            tx.session.refresh(contact)
            batch.refuse(contact.name, contact.label(), error, batch.language)
    batch.advance(len(targets) or STEP)


def _change(tx, batch, contact, change, level, asker):
    """Changes one contact and announces it; returns whether anything is another than before."""
    contact.require_changeable()
    before, managers = tx.message(contact, contacts_pb2.Contact), list(contact.managers)
    contact.readers_before = contact.readers()
    changed = _apply(contact, change, level)
    if {"managers", "sharing"} & {*changed}:
        contact.require_say(asker)
    if not changed:
        return False
    contact.check()
    contact.update_time = tx.now
    tx.flush()
    message = contacts.announce("Updated", contact, tx, changed, before)
    if batch.notify:
        tell_managers(message, managers, asker.user, tx)
    return True


def _apply(contact, change, level):
    """Sets what a change says on a contact; returns the fields that are others now."""
    removed = {fold(title) for title in change.remove_tags}
    kept = [title for title in contact.tags if fold(title) not in removed]
    wanted: dict[str, Any] = {"tags": [*kept, *(title for title in change.add_tags if title not in kept)]}
    stay = [name for name in contact.managers if name not in change.remove_managers]
    wanted["managers"] = [*stay, *(name for name in change.add_managers if name not in stay)]
    if change.HasField("type"):
        wanted["type"] = change.type or None
    if change.HasField("temperature"):
        wanted["temperature"] = level.name if level else None
        contact.temperature_rank = level.position if level else 0
    if change.sharing:
        wanted["sharing"] = Sharing(contacts_pb2.Contact.Sharing.Name(change.sharing))
    changed = [field for field, value in wanted.items() if getattr(contact, field) != value]
    for field in changed:
        setattr(contact, field, wanted[field])
    return changed


def delete_some(tx, batch, asker):
    """Puts the next contacts before those who may hold them."""
    targets = _targets(tx, batch, asker)
    going = []
    for contact in _allowed(batch, targets):
        try:
            contact.require_changeable()
            going.append(contact)
        except Error as error:
            batch.refuse(contact.name, contact.label(), error, batch.language)
    attempts = open_deletions(tx, going)
    batch.attempts, batch.patience, batch.state = attempts, tx.now + PATIENCE, BatchState.RUNNING
    if not attempts:
        batch.advance(STEP)


def conclude_some(tx, batch):
    """Notes what was decided of the contacts that are before the others; gives up on them after a while."""
    numbers = [*batch.attempts.values()]
    waiting = select(func.count()).where(Deletion.id.in_(numbers), Deletion.state == deletion.PENDING)
    if tx.session.scalar(waiting) and tx.now < batch.patience:
        return
    for each in sorted(numbers):
        _note_outcome(tx, batch, cancel(tx, each))
    batch.attempts, batch.patience = {}, None
    batch.advance(STEP)


def _note_outcome(tx, batch, attempt):
    """Counts a contact that is gone, or notes why it was kept."""
    try:
        attempt.outcome("CONTACT_IN_USE")
    except Error as error:
        title = tx.session.scalar(
            select(Contact.display_name).where(Contact.id == number(attempt.subject, Contact.collection))
        )
        batch.refuse(attempt.subject, title or "", error, batch.language, error.resources)
        return
    batch.changed_count += 1
