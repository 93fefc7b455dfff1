"""One contact out of two, and two again."""

from crm.contacts.v1 import contacts_pb2
from crm.contacts.v1 import domain_events_pb2 as events
from crm.contacts.v1 import merges_pb2 as pb
from sqlalchemy import select, update
from sqlalchemy.orm.attributes import set_committed_value

from chassis.db import number
from chassis.errors import FailedPrecondition, InvalidArgument, NotFound, no_such
from chassis.kit import pictures
from chassis.resource import shape
from chassis.validation import validate
from services.contacts import union
from services.contacts.mailing.model import MailingRecipient
from services.contacts.model import (
    Contact,
    ContactMerge,
    ContactPhoto,
    MergeState,
    TemperatureLevel,
)
from services.contacts.standard import contacts

# What a contact keeps besides what a merge is about.
RECORD = ("kind", "creator", "source", "origin", "version")
TIMES = ("create_time", "update_time")


def get_contact(request, tx):
    """Returns a contact; of one that was taken into another, the survivor."""
    try:
        return contacts.get(request, tx)
    except NotFound:
        survivor = resolved(tx, request.name)
        if survivor == request.name:
            raise
    try:
        return tx.read(Contact, survivor, contacts_pb2.Contact)
    except NotFound:
        # Who may not see the survivor does not learn its name.
        raise no_such(request.name) from None


def survivors(tx, names):
    """Returns the names under which contacts are found now."""
    now = [*names]
    while now:
        merged = select(ContactMerge.source, ContactMerge.target).where(
            ContactMerge.source.in_(now), ContactMerge.state == MergeState.MERGED
        )
        taken = {row.source: row.target for row in tx.session.execute(merged)}
        if not taken:
            break
        now = [taken.get(name, name) for name in now]
    return now


def resolved(tx, name):
    """Returns the name under which a contact is found now: its own, or that of the survivor."""
    seen = set()
    while name not in seen:
        seen.add(name)
        merge = select(ContactMerge.target).where(ContactMerge.source == name, ContactMerge.state == MergeState.MERGED)
        name = tx.session.scalar(merge) or name
    return name


def merge_contact(request, tx):
    """Takes one contact into another, or shows what would come of it."""
    target, source = _both(tx, request)
    before, theirs = union.values(target), union.values(source)
    unknown = sorted({*request.take} - {*before, *theirs})
    if unknown:
        raise InvalidArgument("there is no field {name}", "UNKNOWN_CUSTOM_FIELD", field="take", name=unknown[0])
    differing = [
        pb.MergeConflict(field=field, target=union.shown(before[field]), source=union.shown(theirs[field]))
        for field in union.conflicts(before, theirs)
    ]
    answer = pb.MergeContactResponse(conflicts=differing)
    attempt = tx.session.begin_nested()
    old = tx.message(target, contacts_pb2.Contact)
    target.readers_before = sorted({*target.readers(), *source.readers()})
    after = union.merged(before, theirs, {*request.take})
    changed = set_values(tx, target, after)
    if request.validate_only:
        target.check()
        tx.flush()
        answer.contact.CopyFrom(tx.message(target, contacts_pb2.Contact))
        validate(answer.contact)
        attempt.rollback()
        return answer
    merge = _merge(tx, target, source, before, theirs)
    # It is another version even if nothing differs: who undoes an earlier change sees that something happened.
    answer.contact.CopyFrom(save(tx, target, old, changed, always=True))
    # Two of which each is well may be too much together: sixty e-mails.
    validate(answer.contact)
    merge.target_after = union.values(target)
    tx.add(merge)
    _take_photo(tx, merge, before["photo"])
    attempt.commit()
    answer.merge.CopyFrom(tx.message(merge, pb.ContactMerge))
    gone = contacts_pb2.Contact(name=source.name, display_name=source.display_name, kind=source.kind)
    tx.publish(events.ContactMerged(merge=answer.merge, source=gone, target=answer.contact), target)
    return answer


def _both(tx, request):
    """Returns survivor and source, both locked, to be changed by the caller; old names are those of survivors."""
    names = [resolved(tx, name) for name in (request.name, request.source)]
    if names[0] == names[1]:
        both = "{name} and {source} are one already"
        raise FailedPrecondition(both, "MERGE_WITH_ITSELF", name=request.name, source=request.source)
    # Always in this order, or two merges wait for each other.
    order = sorted(names, key=lambda each: number(each, "contacts") or 0)
    found = {name: tx.get(Contact, name, lock=True) for name in order}
    target, source = (found[name] for name in names)
    target.require_etag(request.etag)
    source.require_etag(request.source_etag)
    for contact in (target, source):
        contact.require_changeable()
    if target.kind != source.kind:
        raise FailedPrecondition("a person and a company are never one", "MERGE_OF_KINDS", **_named(request))
    if {"managers", "sharing"} & {*request.take}:
        target.require_say(tx.actor)
    return target, source


def _named(request):
    return {"name": request.name, "source": request.source}


def set_values(tx, contact, wanted):
    """Gives a contact the wanted values; returns the fields that are others now."""
    present = union.values(contact)
    changed = [field for field in union.FIELDS if wanted.get(field) != present[field]]
    for field in changed:
        value = wanted[field]
        setattr(contact, field, value if field not in ("company", "type", "temperature") else value or None)
    custom = {
        name.removeprefix(union.CUSTOM): value
        for name, value in wanted.items()
        if name.startswith(union.CUSTOM) and value not in (None, "")
    }
    if custom != contact.custom:
        contact.custom = custom
        changed.append("custom")
    contact.temperature_rank = place(tx, contact)
    if contact.company == contact.name:
        contact.company = None
    return changed


def place(tx, contact):
    """Returns the place of its temperature level."""
    key = number(contact.temperature, TemperatureLevel.collection)
    return tx.session.scalar(select(TemperatureLevel.position).where(TemperatureLevel.id == key)) or 0


def _merge(tx, target, source, before, theirs):
    """Re-points the persons of the source and takes it away; returns what is kept of both."""
    merge = ContactMerge(
        id=None,
        source=source.name,
        source_title=source.display_name,
        target=target.name,
        state=MergeState.MERGED,
        source_before={**theirs, **_record(source)},
        target_before={**before, **_record(target)},
        target_after={},
        persons=employ(tx, Contact.company == source.name, target.name),
        recipients=readdress(tx, MailingRecipient.contact == source.id, target.id),
    )
    tx.session.delete(source)
    tx.flush()
    return merge


def _take_photo(tx, merge, photo):
    """Gives the survivor the photo of the source, if that is the one it has now; its own is kept with the merge."""
    if merge.target_after["photo"] == photo:
        return
    move_photo(tx, merge.target, merge.name)
    taken = tx.session.get(ContactPhoto, merge.source)
    if taken is not None:
        pictures.keep(tx, ContactPhoto, merge.target, taken.content)


def move_photo(tx, subject, to):
    """Makes the photo of one subject that of another."""
    pictures.drop(tx, ContactPhoto, to)
    tx.session.execute(update(ContactPhoto).where(ContactPhoto.subject == subject).values(subject=to))


def _record(contact):
    """Returns what a contact is besides its fields, as JSON."""
    times = {field: getattr(contact, field).isoformat() for field in TIMES}
    return {"record": {field: getattr(contact, field) for field in RECORD} | times}


def employ(tx, who, company):
    """Gives persons another company; returns their numbers. There may be thousands: one statement changes them."""
    rows = tx.session.scalars(select(Contact).where(who).order_by(Contact.id).with_for_update()).all()
    form = shape(Contact, contacts_pb2.Contact)
    title = tx.session.scalar(select(Contact.display_name).where(Contact.id == number(company, Contact.collection)))
    numbers = [person.id for person in rows]
    tx.session.connection().execute(
        update(Contact)
        .where(Contact.id.in_(numbers))
        .values(company=company, update_time=tx.now, version=Contact.version + 1)
    )
    for person in rows:
        before = form.object_message(person, {})
        for field, value in (("company", company), ("update_time", tx.now), ("version", person.version + 1)):
            set_committed_value(person, field, value)
        message = form.object_message(person, {"company_display_name": title or ""})
        contacts.announce_as(message, "Updated", person, tx, ["company"], before)
    return numbers


def readdress(tx, which, contact):
    """Makes what mailings wrote, or are to write, another contact's; returns the numbers of the recipients."""
    moved = update(MailingRecipient).where(which).values(contact=contact).returning(MailingRecipient.id)
    return sorted(tx.session.scalars(moved))


def save(tx, contact, before, changed, always=False):
    """Settles and announces what was set on a contact; `always`, if nothing was, as a version of its own."""
    if not changed and not always:
        return tx.message(contact, contacts_pb2.Contact)
    contact.check()
    contact.update_time = tx.now
    tx.flush()
    return contacts.announce("Updated", contact, tx, changed, before)
