"""What may be asked about events themselves."""

from crm.contacts.v1 import contacts_pb2
from crm.events.v1 import domain_events_pb2 as events
from crm.events.v1 import events_pb2 as pb

from chassis.errors import Error, InvalidArgument, NotFound
from chassis.kit import access, clearing, custom, people, tags
from chassis.standard import fold
from services.events import about
from services.events.guests import places
from services.events.history.writing import write
from services.events.model import Clearing, Event, EventField, Kind, Principal, State
from services.events.standard import event_tags, gatherings

MOST = 2000
# What stands in the history of an event that was moved to a state.
MOVED = {State.OPEN: Kind.EVENT_REOPENED, State.CLOSED: Kind.EVENT_CLOSED, State.CANCELLED: Kind.EVENT_CANCELLED}
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
    with tx.together():
        write(tx, Kind.RECORD_CREATED, event, title=event.title)
        took_part(tx, event, added)
    _tell(tx, message, ())
    return message


def update_event(request, tx):
    """Changes an event; who is newly given access is told."""
    kept: dict = {"listed": (), "participants": ()}
    before: dict = {"start_time": "", "end_time": "", "place": ""}
    found = []

    def complete(event, changed):
        if "access" in changed:
            event.require_say(tx.actor)
            event.settle_access(event.creator)
        kept.update({field: event.was(field) or () for field in kept})
        before.update({field: event.was(field) or "" for field in before})
        found.append(event)
        found.extend(_settle(tx, event, changed, event.was("custom"), kept))

    message = gatherings.update(request, tx, complete)
    if found:
        event, *added = found
        with tx.together():
            _note_moving(tx, event, before)
            took_part(tx, event, added)
        _tell(tx, message, kept["listed"])
    return message


def _note_moving(tx, event, before):
    """Writes into the history of an event that it has another time, or takes place elsewhere."""
    start, end, place = before.values()
    if (start, end) != (event.start_time or "", event.end_time or ""):
        times = {"start_before": start, "end_before": end, "start": event.start_time, "end": event.end_time}
        said = {name: time.isoformat() for name, time in times.items() if time}
        write(tx, Kind.EVENT_RESCHEDULED, event, **said)
    if place != event.place:
        write(tx, Kind.EVENT_RELOCATED, event, before=place, after=event.place)


def _require_time(event):
    """Refuses to take away the time for which guests were invited: nobody could tell them any more."""
    if event.start_time is None and event.guest_counts.get("invited_count"):
        how = "guests were invited: say when it takes place, or call it off and tell them"
        raise InvalidArgument(how, "TIME_IS_KNOWN", field="start_time")


def _settle(tx, event, changed, values=(), kept=None):
    """Settles the `changed` fields of an event: everything they point to is there. Returns who newly takes part."""
    added: list = []
    kept = kept or {"listed": (), "participants": ()}
    if "participants" in changed:
        event.participants, added = _participants(tx, event.participants or [], kept["participants"])
    if event.id and "start_time" in changed:
        _require_time(event)
    if event.id and {"participants", "capacity", "start_time", "end_time", "place"} & {*changed}:
        places.settle(tx, event)
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


def took_part(tx, event, contacts):
    """Writes into the history of contacts, and of the event, that they take part."""
    with tx.together():
        for contact in contacts:
            write(tx, Kind.PARTICIPANT_ADDED, contact, related=event.name, title=event.title)
            write(tx, Kind.PARTICIPANT_ADDED, event, related=contact.name, title=contact.title)


def _tell(tx, message, before):
    """Announces who was given a restricted event, for them to be told; nobody is of what he gave himself."""
    given = [name for name in message.access.readers if name not in {*before, tx.actor.user}]
    if given:
        event = events.EventShared(event=message, recipients=given)
        tx.announce(event, message.name, message.etag, given, message.title)


def close_event(request, tx):
    """Notes that an event took place."""
    return _move(tx, _locked(tx, request), State.CLOSED)


def reopen_event(request, tx):
    """Opens an event again that was closed or called off."""
    return _move(tx, _locked(tx, request), State.OPEN)


def cancel_event(request, tx):
    """Notes that an event does not take place."""
    return _move(tx, _locked(tx, request), State.CANCELLED)


def _locked(tx, request):
    event = tx.get(Event, request.name, lock=True)
    event.require_etag(request.etag)
    return event


def _move(tx, event, state):
    before = tx.message(event, pb.Event)
    if not event.move_to(state, tx.now):
        return before
    write(tx, MOVED[state], event)
    return announce_change(tx, event, before, ["state", "close_time"])


def announce_change(tx, event, before, fields):
    """Announces that fields of an event changed; returns it."""
    event.update_time = tx.now
    event.check()
    tx.flush()
    if "state" in fields:
        # What was free while it was closed is given now.
        places.settle(tx, event)
    return gatherings.announce("Updated", event, tx, fields, before)


def add_event_participants(request, tx):
    """Adds contacts, or all that a list of contacts shows, to those who take part."""
    tx.get(Event, request.name)
    names = _wanted(request, tx)
    event = tx.get(Event, request.name, lock=True)
    before, count = tx.message(event, pb.Event), len(event.participants)
    event.participants, added = _participants(tx, [*event.participants, *names], event.participants)
    already = len(names) - len(added)
    if not added:
        return pb.AddEventParticipantsResponse(event=before, already_count=already)
    require_room(count + len(added))
    took_part(tx, event, added)
    message = announce_change(tx, event, before, ["participants", "participant_count"])
    return pb.AddEventParticipantsResponse(event=message, added_count=len(added), already_count=already)


def _wanted(request, tx):
    """Returns the names of the contacts that are to be added; contacts knows whom the actor sees in a list."""
    if bool(request.contacts) == request.HasField("selection"):
        raise InvalidArgument("name contacts, or say which ones", "NAMES_OR_SELECTION", field="contacts")
    names = list(request.contacts)
    asked = {"filter": request.selection.filter, "q": request.selection.q, "page_size": 200}
    page = None if names else tx.ask(contacts_pb2.ListContactsRequest(**asked))
    while page:
        about.keep(tx, page.contacts)
        names += [contact.name for contact in page.contacts]
        require_room(max(len(names), 0 if page.total_size_estimated else page.total_size))
        more = page.next_page_token
        page = tx.ask(contacts_pb2.ListContactsRequest(**asked, page_token=more)) if more else None
    return names


def require_room(count):
    """Refuses more than an event can have."""
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
    places.settle(tx, event)
    return announce_change(tx, event, before, ["participants", "participant_count"])


def batch_update_events(request, tx):
    """Changes many events, each on its own."""
    if not (request.add_tags or request.remove_tags or request.HasField("access") or request.state):
        raise InvalidArgument("say what is to change", "NOTHING_TO_CHANGE", field="add_tags")
    adding = tags.known(tx, event_tags, request.add_tags)
    if adding:
        clearing.keep_after_all(tx, Clearing, "tags", [fold(title) for title in adding])
    readers = {*request.access.readers} - {tx.actor.user}
    people.require_known(tx, Principal, readers, "access.readers")
    refusals = each(request.names, tx, lambda name: _change_one(request, tx, name, adding))
    return pb.BatchUpdateEventsResponse(changed_count=len(request.names) - len(refusals), refusals=refusals)


def _change_one(request, tx, name, adding):
    event = tx.get(Event, name, lock=True)
    before, listed, changed = tx.message(event, pb.Event), list(event.listed), []
    removed = {fold(title) for title in request.remove_tags}
    titles = [title for title in event.tags if fold(title) not in removed]
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
        write(tx, MOVED[State(state)], event)
        changed += ["state", "close_time"]
    if changed:
        _tell(tx, announce_change(tx, event, before, changed), listed)


def each(names, tx, change):
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
