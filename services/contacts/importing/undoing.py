"""Taking an import back: what it added goes, what it changed is as it was, except where somebody was there since.

The last rows come first. What was added goes as every contact does: those who may hold it are asked (deciding.py).
"""

from crm.contacts.v1 import contacts_pb2 as pb
from crm.contacts.v1 import domain_events_pb2 as events
from crm.contacts.v1 import imports_pb2
from sqlalchemy import exists, func, select, update

from chassis.errors import Error
from chassis.kit import askers
from chassis.resource import shape
from chassis.tx import Cause
from services.contacts.deciding import open_deletions
from services.contacts.importing import images
from services.contacts.importing.model import ContactImport, ImportRow, Outcome, State, Undo
from services.contacts.model import Contact, ContactMerge, Deletion, Kind, MergeState, Principal
from services.contacts.model import State as ContactState
from services.contacts.standard import contacts

STEP = 500
# So many may be asked about at a time: their answers must come before the attempts expire.
ASKED = 2000
CHANGED_SINCE = [-1, "CHANGED_SINCE", "somebody has changed it since", []]
EMPLOYS = [-1, "COMPANY_EMPLOYS", "somebody works there", []]
MERGED_SINCE = [-1, "MERGED_SINCE", "another contact was merged into it since", []]


def undo_some(service, job):
    """Takes some more of an import back; returns whether there is more to do before others have answered."""
    cause = Cause(actor=job.importer.name, session=job.importer.session, bulk=job.name)
    with service.begin(job.importer, cause) as tx:
        row = tx.session.get(ContactImport, job.id, with_for_update=True, populate_existing=True)
        if row is None or row.state != State.UNDOING:
            return False
        askers.require_here(tx, Principal, job.importer)
        waiting = _note_decisions(tx, row)
        left = _next(tx, row, waiting) if waiting < ASKED else []
        if left:
            _take_back(tx, row, left)
        _count(tx, row)
        if not waiting and not left:
            _end(tx, row)
        return bool(left)


def _next(tx, row, waiting):
    """Returns the last rows that have not been taken back yet; companies once it is decided about their persons."""
    undone = ImportRow.outcome.in_((Outcome.CREATED, Outcome.UPDATED)) & (ImportRow.undo == "")
    statement = select(ImportRow).where(ImportRow.import_id == row.id, undone, ImportRow.contact.is_not(None))
    added_company = exists().where(
        Contact.id == ImportRow.contact, Contact.kind == Kind.COMPANY, ImportRow.outcome == Outcome.CREATED
    )
    latest = statement.order_by(ImportRow.id.desc()).limit(STEP)
    found = tx.session.scalars(latest.where(~added_company)).all()
    return found or ([] if waiting else tx.session.scalars(latest).all())


def _take_back(tx, row, steps):
    """Takes rows back: what they changed is restored, and of what they added is asked whether it may go."""
    numbers = {step.contact for step in steps}
    locked = select(Contact).where(Contact.id.in_(numbers)).order_by(Contact.id).with_for_update()
    found = {contact.id: contact for contact in tx.session.scalars(locked)}
    staying = {
        **dict.fromkeys(_employers(tx, numbers), EMPLOYS),
        **dict.fromkeys(_survivors(tx, numbers), MERGED_SINCE),
    }
    befores = images.there(tx, {step: step.before for step in steps if step.before})
    going: list = []
    restored: dict = {}
    for step in steps:
        contact = found.get(step.contact)
        if contact is None:
            step.undo = Undo.DONE
        elif contact.id in staying and step.outcome == Outcome.CREATED:
            step.undo, step.problems = Undo.KEPT, [staying[contact.id]]
        elif contact.state != ContactState.ACTIVE or _versioned(contact, restored) != step.version:
            step.undo, step.problems = Undo.KEPT, [CHANGED_SINCE]
        elif step.outcome == Outcome.UPDATED:
            _restore(step, contact, befores.get(step, {}), restored)
        elif contact in restored:
            # It is asked about in the next round, when the version that restoring makes is written.
            continue
        else:
            step.undo = Undo.WAITING
            going.append(contact)
    _announce_restored(tx, row, restored)
    open_deletions(tx, going)


def _employers(tx, numbers):
    """Returns the companies among contacts for which somebody works."""
    person = Contact.company.in_([f"{Contact.collection}/{number}" for number in numbers])
    names = tx.session.scalars(select(Contact.company).where(person).distinct())
    return {int(name.rpartition("/")[2]) for name in names if name}


def _survivors(tx, numbers):
    """Returns those among contacts into which others were merged: with them the others would go."""
    names = [f"{Contact.collection}/{number}" for number in numbers]
    standing = (ContactMerge.state == MergeState.MERGED) & ContactMerge.target.in_(names)
    return {int(name.rpartition("/")[2]) for name in tx.session.scalars(select(ContactMerge.target).where(standing))}


def _versioned(contact, restored):
    """Returns the version that an earlier row of the import must have made, for nobody to have been there since."""
    return restored[contact][1] if contact in restored else contact.version


def _restore(step, contact, before, restored):
    """Puts back what a row changed, as far as there still is what it was."""
    form = shape(Contact, pb.Contact)
    if contact not in restored:
        contact.readers_before = contact.readers()
        restored[contact] = [form.object_message(contact, {}), contact.version]
    for name, value in before.items():
        setattr(contact, name, value)
    contact.check()
    restored[contact][1] -= 1
    step.undo = Undo.DONE


def _announce_restored(tx, row, restored):
    """Writes what was restored; earlier rows of this import know the new version as theirs."""
    form = shape(Contact, pb.Contact)
    for contact in restored:
        contact.update_time = tx.now
    tx.flush()
    for contact, (before, version) in restored.items():
        after = form.object_message(contact, {})
        changed = [name for name in Contact.writable if getattr(after, name) != getattr(before, name)]
        contacts.announce_as(after, "Updated", contact, tx, changed, before)
        same = (ImportRow.import_id == row.id) & (ImportRow.contact == contact.id) & (ImportRow.undo == "")
        tx.session.execute(
            update(ImportRow).where(same, ImportRow.version == version).values(version=contact.version),
            execution_options={"synchronize_session": False},
        )


def _note_decisions(tx, row):
    """Notes what was decided about those that were asked about; returns about how many nothing has been yet."""
    waiting = (ImportRow.import_id == row.id) & (ImportRow.undo == Undo.WAITING)
    there = exists().where(Contact.id == ImportRow.contact)
    gone = update(ImportRow).where(waiting, ~there).values(undo=Undo.DONE)
    tx.session.execute(gone, execution_options={"synchronize_session": False})
    kept = exists().where(Contact.id == ImportRow.contact, Contact.state == ContactState.ACTIVE)
    steps = tx.session.scalars(select(ImportRow).where(waiting, kept)).all()
    subjects = [f"{Contact.collection}/{step.contact}" for step in steps]
    # The latest attempt on each.
    decided = select(Deletion).where(Deletion.subject.in_(subjects)).order_by(Deletion.id)
    attempts = {attempt.subject: attempt for attempt in tx.session.scalars(decided)}
    for step, subject in zip(steps, subjects, strict=True):
        step.undo, step.problems = Undo.KEPT, [_why_kept(attempts[subject])]
    tx.flush()
    return tx.session.scalar(select(func.count()).select_from(ImportRow).where(waiting))


def _why_kept(attempt):
    """Returns what keeps a contact: those who need it, or that somebody who was asked did not answer."""
    try:
        attempt.outcome("CONTACT_IN_USE")
    except Error as error:
        return [-1, error.reason, str(error), [[name, value] for name, value in error.metadata.items()]]
    raise LookupError(f"{attempt.name} was decided, but {attempt.subject} is there")


def _count(tx, row):
    """Counts what has been taken back and what has been kept."""
    tx.flush()
    counted = select(ImportRow.undo, func.count()).where(ImportRow.import_id == row.id).group_by(ImportRow.undo)
    counts = {undo: count for undo, count in tx.session.execute(counted)}  # noqa: C416 rows are no pairs to mypy
    values = {"undone_count": counts.get(Undo.DONE, 0), "kept_count": counts.get(Undo.KEPT, 0)}
    tx.session.execute(update(ContactImport).where(ContactImport.id == row.id).values(values))
    tx.session.refresh(row)


def _end(tx, row):
    """It is undone, as far as it could be."""
    row.state, row.update_time = State.UNDONE, tx.now
    tx.flush()
    event = events.ContactImportFinished(
        contact_import=tx.message(row, imports_pb2.ContactImport), recipients=[row.importer.user]
    )
    tx.announce(event, row.name, row.etag, row.readers(), row.label())
