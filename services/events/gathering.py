"""What may be asked about events themselves."""

from crm.events.v1 import domain_events_pb2 as events
from crm.events.v1 import events_pb2 as pb
from sqlalchemy import func, select

from chassis.aip.paging import DEFAULT_SIZE
from chassis.errors import Error, InvalidArgument, NotFound
from chassis.kit import access, clearing, custom, people, tags
from services.events import about
from services.events.history.writing import write
from services.events.model import Clearing, ContactRef, Event, EventField, Kind, Principal, State
from services.events.standard import event_tags, gatherings
from services.events.taking_away import take_away

MOST = 2000
explain_event_access = access.explain_listed(Event)


def create_event(request, tx):
    """Adds an event; those it is restricted to are told."""
    made = []

    def complete(event):
        event.settle_access(tx.actor.user)
        made.append(event)
        made.extend(_settle(tx, event, [field.name for field, _ in request.event.ListFields()]))

    message = gatherings.create(request, tx, complete)
    event, *added = made
    _took_part(tx, event, added)
    _tell(tx, message, ())
    return message


def update_event(request, tx):
    """Changes an event; who is newly given access is told."""
    kept: dict = {"listed": (), "participants": ()}
    found = []

    def complete(event, changed):
        if "access" in changed:
            event.require_say(tx.actor)
            event.settle_access(event.creator)
        kept.update({field: event.was(field) or () for field in kept})
        found.append(event)
        found.extend(_settle(tx, event, changed, event.was("custom"), kept))

    message = gatherings.update(request, tx, complete)
    if found:
        event, *added = found
        _took_part(tx, event, added)
        _tell(tx, message, kept["listed"])
    return message


def _settle(tx, event, changed, values=(), kept=None):
    """Settles the `changed` fields of an event: everything they point to is there. Returns who newly takes part."""
    added: list = []
    kept = kept or {"listed": (), "participants": ()}
    if "participants" in changed:
        event.participants, added = _participants(tx, event.participants or [], kept["participants"])
    if "tags" in changed:
        event.tags = tags.known(tx, event_tags, event.tags or [])
        event.settle_tags()
        clearing.keep_after_all(tx, Clearing, "tags", event.tag_keys)
    if "custom" in changed:
        custom.settle(tx, EventField, event, EventField.everything, dict(values))
    if "access" in changed:
        people.require_known(tx, Principal, {*event.listed} - {*kept["listed"], tx.actor.user}, "access.readers")
    return added


def _participants(tx, names, before):
    """Returns the names of contacts that are to take part, and what is known of those who did not `before`.

    Who did may be one that the actor does not see.
    """
    try:
        found = about.contacts(tx, [name for name in names if name not in {*before}])
    except NotFound as error:
        unknown = error.metadata["name"]
        raise InvalidArgument(
            "there is no {contact}", "CONTACT_NOT_FOUND", field="participants", contact=unknown
        ) from None
    whole = dict.fromkeys(found[name].name if name in found else name for name in names)
    return list(whole), [ref for ref in {ref.name: ref for ref in found.values()}.values() if ref.name not in {*before}]


def _took_part(tx, event, contacts):
    """Writes into the history of contacts, and of the event, that they take part."""
    for contact in contacts:
        write(tx, Kind.PARTICIPANT_ADDED, contact, related=event.name, title=event.title)
        write(tx, Kind.PARTICIPANT_ADDED, event, related=contact.name, title=contact.title)


def _tell(tx, message, before):
    """Announces who was given a restricted event, for them to be told; nobody is of what he gave himself."""
    given = [name for name in message.access.readers if name not in {*before, tx.actor.user}]
    if given:
        event = events.EventShared(event=message, recipients=given)
        tx.announce(event, message.name, message.etag, given, message.title)


def delete_event(request, tx):
    """Deletes an event with its history and its files."""
    return gatherings.delete(request, tx, lambda event: take_away(tx, event.name))


def close_event(request, tx):
    """Notes that an event took place."""
    return _move(tx, _locked(tx, request), State.CLOSED)


def reopen_event(request, tx):
    """Opens a closed event again."""
    return _move(tx, _locked(tx, request), State.OPEN)


def _locked(tx, request):
    event = tx.get(Event, request.name, lock=True)
    event.require_etag(request.etag)
    return event


def _move(tx, event, state):
    before = tx.message(event, pb.Event)
    if not event.move_to(state, tx.now):
        return before
    kind = Kind.EVENT_CLOSED if state == State.CLOSED else Kind.EVENT_REOPENED
    write(tx, kind, event)
    return _changed(tx, event, before, ["state", "close_time"])


def _changed(tx, event, before, fields):
    event.update_time = tx.now
    event.check()
    tx.flush()
    return gatherings.announce("Updated", event, tx, fields, before)


def list_event_participants(request, tx):
    """Lists who takes part; contacts that the caller may not see are only counted."""
    event = tx.get(Event, request.name)
    seen = ~ContactRef.deleted if tx.actor.sees_all else ContactRef.readers.overlap([*tx.actor.principals])
    taking_part = ContactRef.name.in_(event.participants), seen
    size, query = request.page_size or DEFAULT_SIZE, repr(("participants", event.name))
    some = select(ContactRef.name, ContactRef.title).where(*taking_part).order_by(ContactRef.title, ContactRef.name)
    if request.page_token:
        title, name = tx.service.tokens.read(query, request.page_token)
        later = (ContactRef.title == title) & (ContactRef.name > name)
        some = some.where((ContactRef.title > title) | later)
    rows = tx.session.execute(some.limit(size + 1)).all()
    count = tx.session.scalar(select(func.count()).select_from(ContactRef).where(*taking_part))
    response = pb.ListEventParticipantsResponse(hidden_count=len(event.participants) - count)
    for row in rows[:size]:
        response.participants.add(contact=row.name, display_name=row.title)
    if len(rows) > size:
        response.next_page_token = tx.service.tokens.make(query, [rows[size - 1].title, rows[size - 1].name])
    return response


def add_event_participants(request, tx):
    """Adds contacts to those who take part."""
    event = tx.get(Event, request.name, lock=True)
    before, count = tx.message(event, pb.Event), len(event.participants)
    event.participants, added = _participants(tx, [*event.participants, *request.contacts], event.participants)
    if not added:
        return before
    _require_room(count + len(added))
    _took_part(tx, event, added)
    return _changed(tx, event, before, ["participants", "participant_count"])


def _require_room(count):
    if count > MOST:
        raise InvalidArgument("at most {most} take part", "TOO_MANY_PARTICIPANTS", field="contacts", most=MOST)


def remove_event_participants(request, tx):
    """Takes contacts from those who take part."""
    event = tx.get(Event, request.name, lock=True)
    before, gone = tx.message(event, pb.Event), {*request.contacts}
    left = [name for name in event.participants if name not in gone]
    if len(left) == len(event.participants):
        return before
    event.participants = left
    return _changed(tx, event, before, ["participants", "participant_count"])


def batch_update_events(request, tx):
    """Changes many events, each on its own."""
    if not (request.add_tags or request.remove_tags or request.HasField("access") or request.state):
        raise InvalidArgument("say what is to change", "NOTHING_TO_CHANGE", field="add_tags")
    adding = tags.known(tx, event_tags, request.add_tags)
    readers = {*request.access.readers} - {tx.actor.user}
    people.require_known(tx, Principal, readers, "access.readers")
    refusals = _each(request.names, tx, lambda name: _change_one(request, tx, name, adding))
    return pb.BatchUpdateEventsResponse(changed_count=len(request.names) - len(refusals), refusals=refusals)


def _change_one(request, tx, name, adding):
    event = tx.get(Event, name, lock=True)
    before, listed, changed = tx.message(event, pb.Event), list(event.listed), []
    removed = {title.casefold() for title in request.remove_tags}
    titles = [title for title in event.tags if title.casefold() not in removed]
    titles += [title for title in adding if title not in titles]
    if titles != event.tags:
        event.tags = titles
        changed.append("tags")
    if request.HasField("access"):
        event.require_say(tx.actor)
        event.access = {"is_private": request.access.is_private, "readers": list(request.access.readers)}
        event.settle_access(event.creator)
        changed.append("access")
    state = pb.Event.State.Name(request.state)
    if request.state and event.move_to(state, tx.now):
        write(tx, Kind.EVENT_CLOSED if state == State.CLOSED else Kind.EVENT_REOPENED, event)
        changed += ["state", "close_time"]
    if changed:
        _tell(tx, _changed(tx, event, before, changed), listed)


def batch_delete_events(request, tx):
    """Deletes many events, each on its own."""
    refusals = _each(request.names, tx, lambda name: delete_event(pb.DeleteEventRequest(name=name), tx))
    return pb.BatchDeleteEventsResponse(deleted_count=len(request.names) - len(refusals), refusals=refusals)


def _each(names, tx, change):
    """Does something to each of several events; returns why it was not done to some."""
    refusals = []
    for name in names:
        try:
            with tx.session.begin_nested():
                change(name)
        except Error as error:
            refusals.append(_refusal(tx, name, error))
    return refusals


def _refusal(tx, name, error):
    try:
        title = tx.get(Event, name).title
    except NotFound:
        title = ""
    said = error.sentence(tx.actor.language)
    return pb.EventRefusal(event=name, title=title, reason=error.reason, message=said)
