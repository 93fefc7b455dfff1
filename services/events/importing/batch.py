"""Some hundred rows of an import, carried out together."""

from crm.events.v1 import events_pb2 as pb
from sqlalchemy import select

from chassis import db
from chassis.kit import clearing, people, tags
from chassis.kit.importing.model import Outcome
from chassis.kit.importing.running import note_progress
from chassis.resource import shape
from chassis.standard import fold
from services.events.history.writing import write
from services.events.importing import cells
from services.events.importing.model import EventImportRow
from services.events.importing.persons import Persons
from services.events.model import Clearing, Event, EventField, EventTag, Kind, Principal, State
from services.events.standard import event_tags, gatherings


class Batch:
    """Rows with what they say, and what becomes of them."""

    form = shape(Event, pb.Event)

    def __init__(self, service, job, reader, rows):
        self.job = job
        self.rows = rows
        self.drops = reader.drops
        self.drafts = [reader.draft(row) for row in rows]
        self.persons = Persons(service, self._good())
        self.counts = dict.fromkeys(job.counts, 0)

    def _good(self):
        return [draft for draft in self.drafts if not draft.problems]

    def make_choices(self, tx):
        """Adds the tags that rows name and nobody has made yet."""
        made = tags.known(tx, event_tags, {title for draft in self._good() for title in draft.tags})
        if made:
            clearing.keep_after_all(tx, Clearing, "tags", [fold(title) for title in made])

    def carry_out(self, tx, job):
        """Imports the rows, or only counts, and writes down what became of each and how far the file has been read."""
        self.tx, self.job = tx, job
        self._settle_what_there_is()
        self.persons.find(tx)
        for row, draft in zip(self.rows, self.drafts, strict=True):
            contacts = [] if draft.problems else self.persons.of(draft, self.drops)
            if draft.problems:
                self._note(row, Outcome.REJECTED, problems=[each.kept() for each in draft.problems])
            elif job.dry_run:
                self.counts["created"] += 1
            else:
                self._add(row, draft, contacts)
        note_progress(tx, job, self.counts, len(self.rows))

    def _settle_what_there_is(self):
        """Finds the tags, fields and readers that there are by now; tags and fields stay until the end."""
        wanted = {tag_key(title) for draft in self._good() for title in draft.tags}
        there = select(EventTag.key, EventTag.title).where(EventTag.key.in_(wanted)).order_by(EventTag.id)
        found = self.tx.session.execute(there.with_for_update(**db.STAYS)).all() if wanted else ()
        self.tags = {tag.key: tag.title for tag in found}
        named = {name for draft in self._good() for name in draft.values.get("custom", ())}
        numbers = [db.number(name, EventField.collection) for name in named]
        fields = select(EventField).where(EventField.id.in_(numbers)).order_by(EventField.id)
        self.fields = (
            {each.name for each in self.tx.session.scalars(fields.with_for_update(**db.STAYS))} if named else set()
        )
        gone = people.gone_groups(self.tx, Principal)
        self.listed = [name for name in self.job.listed if name not in gone]

    def _add(self, row, draft, contacts):
        """Adds an event, and writes into the history who takes part."""
        # A tag or field that somebody has deleted this moment is none.
        titles = dict.fromkeys(tag_key(title) for title in draft.tags)
        event = cells.event(draft, [self.tags[key] for key in titles if key in self.tags])
        event.custom = {name: value for name, value in event.custom.items() if name in self.fields}
        event.participants = [contact.name for contact in contacts]
        event.is_private, event.listed = self.job.access["is_private"], list(self.listed)
        event.settle_access(self.job.importer.user)
        event.move_to(State(draft.state), self.tx.now)
        event.check()
        self.tx.add(event)
        gatherings.announce_as(self.form.object_message(event, {}), "Created", event, self.tx)
        for contact in contacts:
            write(self.tx, Kind.PARTICIPANT_ADDED, contact, related=event.name, title=event.title)
            write(self.tx, Kind.PARTICIPANT_ADDED, event, related=contact.name, title=contact.title)
        self._note(row, Outcome.CREATED, event=event.id, version=event.version)

    def _note(self, row, outcome, **more):
        """Counts what became of a row and writes it down, for the rejected rows and for undoing."""
        self.counts[outcome.lower()] += 1
        values = {"problems": [], "version": 0, "undo": "", "event": None, **more}
        table = EventImportRow.__table__
        self.tx.insert(table, {"import_id": self.job.id, "row": row.number, "outcome": outcome, **values})


def tag_key(title):
    """Returns by what a tag is found."""
    return fold(" ".join(title.split()))
