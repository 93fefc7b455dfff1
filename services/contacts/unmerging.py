"""Two contacts out of one that two had become."""

from datetime import datetime

from crm.contacts.v1 import contacts_pb2
from crm.contacts.v1 import domain_events_pb2 as events
from crm.contacts.v1 import merges_pb2 as pb
from sqlalchemy import select

from chassis.db import STAYS, number
from chassis.errors import FailedPrecondition
from chassis.kit import people, pictures, tags
from services.contacts import union
from services.contacts.mailing.model import MailingRecipient
from services.contacts.merging import employ, move_photo, place, readdress, resolved, save, set_values
from services.contacts.model import (
    Contact,
    ContactField,
    ContactMerge,
    ContactPhoto,
    ContactType,
    Kind,
    MergeState,
    Principal,
    TemperatureLevel,
)
from services.contacts.standard import contact_tags

# What points to another record, or to none.
POINTING = ("company", "type", "temperature")


def undo_contact_merge(request, tx):
    """Makes two contacts of one again, or shows what would come of it."""
    target, merge = _locked(request, tx)
    before = tx.message(target, contacts_pb2.Contact)
    now = union.values(target)
    wanted, undecided = union.restored(merge.target_before, merge.target_after, now, {*request.take}, {*request.keep})
    answer = pb.UndoContactMergeResponse(conflicts=[_conflict(merge, now, field) for field in undecided])
    if undecided and not request.validate_only:
        raise FailedPrecondition(
            "somebody has changed {fields} since; say what becomes of it",
            "UNMERGE_CONFLICTS",
            fields=", ".join(undecided),
            count=len(undecided),
        )
    attempt = tx.session.begin_nested()
    answer.target.CopyFrom(_restore_target(tx, merge, target, before, wanted))
    source = _put_back(tx, merge)
    answer.source.CopyFrom(tx.message(source, contacts_pb2.Contact))
    if request.validate_only:
        attempt.rollback()
        return answer
    attempt.commit()
    _finish(tx, merge, source, answer)
    return answer


def _locked(request, tx):
    """Returns the survivor, to be changed by the caller, and the merge; both locked in this order."""
    name = tx.get(ContactMerge, request.name).target
    target = tx.get(Contact, name, lock=True)
    target.require_changeable()
    merge = tx.get(ContactMerge, request.name, lock=True)
    merge.require_standing()
    later = select(ContactMerge).where(
        ContactMerge.target == name, ContactMerge.state == MergeState.MERGED, ContactMerge.id > merge.id
    )
    last = tx.session.scalars(later.order_by(ContactMerge.id.desc()).limit(1)).one_or_none()
    if last is not None:
        raise FailedPrecondition(
            "{title} was merged later; undo that first", "LATER_MERGE", title=last.source_title, merge=last.name
        )
    return target, merge


def _conflict(merge, now, field):
    then = merge.target_before.get(field)
    return pb.MergeConflict(field=field, target=union.shown(now.get(field)), source=union.shown(then))


def _restore_target(tx, merge, target, before, wanted):
    """Makes the survivor what it was without the merge."""
    was, photo = merge.target_before, target.photo
    untouched = union.values(target) == merge.target_after
    wanted = _there(tx, wanted)
    changed = set_values(tx, target, wanted)
    if target.photo != photo:
        pictures.drop(tx, ContactPhoto, target.name)
        move_photo(tx, merge.name, target.name)
    message = save(tx, target, before, changed)
    if untouched:
        # Nobody was there since: it is as if nothing had been.
        target.update_time = datetime.fromisoformat(was["record"]["update_time"])
        tx.flush()
        message = tx.message(target, contacts_pb2.Contact)
    return message


def _put_back(tx, merge):
    """Adds the source again, as it was, under its old name."""
    kept = dict(merge.source_before)
    record = kept.pop("record")
    contact = Contact(custom={})
    contact.id = number(merge.source, Contact.collection)
    for field in ("kind", "creator", "source", "origin"):
        setattr(contact, field, record[field])
    for field in ("create_time", "update_time"):
        setattr(contact, field, datetime.fromisoformat(record[field]))
    # Above what anybody has heard of it.
    contact.version = record["version"] + 1
    for field, value in _there(tx, kept).items():
        if field.startswith(union.CUSTOM):
            contact.custom[field.removeprefix(union.CUSTOM)] = value
        else:
            setattr(contact, field, value if field not in POINTING else value or None)
    contact.temperature_rank = place(tx, contact)
    contact.check()
    return tx.put_back(contact)


def _there(tx, values):
    """Returns values without those that point to what is not there any more."""
    kept = dict(values)
    for field, model in (("type", ContactType), ("temperature", TemperatureLevel)):
        kept[field] = kept[field] if _exists(tx, model, kept[field]) else ""
    company = resolved(tx, kept["company"]) if kept["company"] else ""
    kept["company"] = company if _exists(tx, Contact, company, Contact.kind == Kind.COMPANY) else ""
    kept["managers"] = [name for name in kept["managers"] if name not in people.gone_groups(tx, Principal)]
    kept["tags"] = tags.known(tx, contact_tags, kept["tags"])
    for name in [each for each in kept if each.startswith(union.CUSTOM)]:
        if not _exists(tx, ContactField, name.removeprefix(union.CUSTOM)):
            del kept[name]
    return kept


def _exists(tx, model, name, *more):
    key = number(name, model.collection)
    found = select(model.id).where(model.id == key, *more).with_for_update(**STAYS)
    return key is not None and tx.session.scalar(found) is not None


def _finish(tx, merge, source, answer):
    """Gives the source its persons back, and announces that there are two."""
    still = Contact.id.in_(merge.persons) & (Contact.company == merge.target)
    employ(tx, still, merge.source)
    theirs = number(merge.target, Contact.collection)
    moved = MailingRecipient.id.in_(merge.recipients) & (MailingRecipient.contact == theirs)
    readdress(tx, moved, number(merge.source, Contact.collection))
    merge.state, merge.update_time = MergeState.UNDONE, tx.now
    tx.flush()
    event = events.ContactUnmerged(merge=tx.message(merge, pb.ContactMerge), source=answer.source, target=answer.target)
    tx.publish(event, source)
