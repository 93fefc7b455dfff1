"""Some hundred rows of an import, carried out together: few statements, however many rows."""

from crm.contacts.v1 import contacts_pb2 as pb
from sqlalchemy import select, text

from chassis import db
from chassis.errors import InvalidArgument
from chassis.kit import clearing, dictionary, people, tags
from chassis.kit.importing.cells import WHOLE_ROW, Problem, violation
from chassis.kit.importing.running import note_progress
from chassis.resource import shape
from chassis.standard import fold
from chassis.validation import validate
from services.contacts.importing.cells import Draft
from services.contacts.importing.model import ContactImport, ImportRow, Outcome
from services.contacts.likeness import EMAIL, PHONE, keys_of
from services.contacts.model import (
    Clearing,
    Contact,
    ContactField,
    ContactTag,
    Kind,
    Principal,
    Source,
)
from services.contacts.model import State as ContactState
from services.contacts.saving import region, require_currency
from services.contacts.standard import contact_tags, contact_types, contacts, temperature_levels

# A new level that a file names, as nobody chose a colour for it.
COLOR = "#77cf9a"
CHOICES = {"type": (contact_types, ""), "temperature": (temperature_levels, COLOR)}
LISTS = ("emails", "phones", "websites", "socials", "addresses")
KEYS = {
    "EMAIL_THEN_PHONE": (EMAIL, PHONE),
    "EMAIL": (EMAIL,),
    "PHONE": (PHONE,),
}


class Batch:
    """Rows with what they say, and what becomes of them."""

    form = shape(Contact, pb.Contact)

    def __init__(self, service, job, reader, rows):
        self.service = service
        self.job: ContactImport = job
        self.rows = rows
        self.drafts = [reader.draft(row) for row in rows]
        # Folded titles → (name, place) of types and temperature levels.
        self.choices: dict = {}
        self.counts = dict.fromkeys(("created", "updated", "skipped", "rejected", "conflict"), 0)
        self.companies: dict = {}
        self.matches: dict = {}
        # The contacts of this batch: those to add, and those that are there and change: contact → its row.
        self.new: dict = {}
        self.changing: dict = {}

    def make_choices(self, tx):
        """Adds the types, levels and tags that rows name and nobody has made yet."""
        good = [draft for draft in self.drafts if not draft.problems]
        for name, (standard, color) in CHOICES.items():
            titles = {fold(title): title for draft in good if (title := getattr(draft, name))}
            there = select(standard.model).where(standard.model.key.in_([*titles]))
            found = {entry.key: entry for entry in tx.session.scalars(there)} if titles else {}
            for key, title in titles.items():
                entry = found.get(key) or dictionary.find_or_add(tx, standard, title, color=color)
                self.choices[name, key] = (entry.name, entry.position)
        made = tags.known(tx, contact_tags, {title for draft in good for title in (*draft.tags, *self.job.tags)})
        if made:
            clearing.keep_after_all(tx, Clearing, "tags", [fold(title) for title in made])

    def carry_out(self, tx, job):
        """Imports the rows, or only counts, and writes down what became of each and how far the file has been read."""
        self.tx, self.job, self.home = tx, job, region(tx)
        self._settle_what_there_is()
        # Statistics lag behind a table that grows by the second: hundreds of keys are looked up, never searched for.
        tx.session.execute(text("SET LOCAL enable_seqscan = off"))
        built = [(row, draft, self._built(draft)) for row, draft in zip(self.rows, self.drafts, strict=True)]
        self._find_matches([contact for _, _, contact in built if contact is not None])
        self._find_companies({draft.company for _, draft, contact in built if contact is not None} - {""})
        for row, draft, contact in built:
            self._settle(row, draft, contact)
        if not job.dry_run:
            self._write()
        note_progress(tx, job, self.counts, len(self.rows))

    def _settle_what_there_is(self):
        """Finds the tags, fields and managers that there are by now; tags and fields stay until the end."""
        wanted = {_key(title) for draft in self.drafts for title in (*draft.tags, *self.job.tags)}
        there = select(ContactTag.key, ContactTag.title).where(ContactTag.key.in_(wanted)).order_by(ContactTag.id)
        found = self.tx.session.execute(there.with_for_update(**db.STAYS)).all() if wanted else ()
        self.tags = {tag.key: tag.title for tag in found}
        named = {name for draft in self.drafts for name in draft.values.get("custom", ())}
        numbers = [db.number(name, ContactField.collection) for name in named]
        fields = select(ContactField).where(ContactField.id.in_(numbers)).order_by(ContactField.id)
        held = self.tx.session.scalars(fields.with_for_update(**db.STAYS)) if named else ()
        self.fields = {field.name for field in held}
        gone = people.gone_groups(self.tx, Principal)
        self.managers = [name for name in self.job.managers if name not in gone] or [self.job.importer.user]

    def _built(self, draft: Draft):
        """Returns the contact that a draft describes; None, with a problem in the draft, if it cannot be."""
        if draft.problems:
            return None
        titles = dict.fromkeys((*draft.tags, *self.job.tags))
        contact = Contact(
            kind=draft.kind,
            **draft.values,
            # A tag or field that somebody has deleted this moment is none.
            tags=[self.tags[key] for title in titles if (key := _key(title)) in self.tags],
            managers=list(self.managers),
            sharing=self.job.sharing,
            source=Source.IMPORT,
            origin=self.job.name,
        )
        contact.custom = {name: value for name, value in (contact.custom or {}).items() if name in self.fields}
        if draft.type:
            contact.type = (self._choice("type", draft.type) or (None,))[0]
        if draft.temperature:
            contact.temperature, contact.temperature_rank = self._choice("temperature", draft.temperature) or (None, 0)
        try:
            if contact.currency:
                require_currency(contact.currency)
            contact.settle_entries(self.home)
            contact.check()
        except InvalidArgument as error:
            draft.problems = [Problem(WHOLE_ROW, violation) for violation in error.violations]
            return None
        return contact

    def _choice(self, name, title):
        return self.choices.get((name, fold(title)))

    def _find_matches(self, contacts_of_rows):
        """Finds the contacts that rows may be about, among those that the importer may change."""
        if self.job.duplicates == "CREATE":
            return
        kinds = KEYS[self.job.match_by]
        wanted = {key for contact in contacts_of_rows for kind in kinds for key in keys_of(contact, kind)}
        # First who has one of the keys, which are few; then which of them are the importer's to change.
        known = select(Contact.id).where(Contact.keys.overlap(sorted(wanted))).cte().prefix_with("MATERIALIZED")
        fitting = select(Contact).where(Contact.id.in_(select(known.c.id)), Contact.editable(self.tx.actor))
        if self.job.duplicates != "SKIP" and not self.job.dry_run:
            fitting = fitting.with_for_update(of=Contact)
        for contact in self.tx.session.scalars(fitting.order_by(Contact.id)).all() if wanted else ():
            contact.readers_before = contact.readers()
            self._remember(contact)

    def _remember(self, contact):
        """Lets later rows find a contact by its keys."""
        for kind in KEYS[self.job.match_by]:
            for key in keys_of(contact, kind):
                found = self.matches.setdefault((contact.kind, key), [])
                if contact not in found:
                    found.append(contact)

    def _find_companies(self, titles):
        """Finds the companies that rows name, among those that the importer may see."""
        wanted = {fold(" ".join(title.split())) for title in titles}
        columns = (Contact.id, Contact.display_name, Contact.sort_key)
        found = select(*columns).where(
            Contact.sort_key.in_(wanted),
            Contact.kind == Kind.COMPANY,
            Contact.state == ContactState.ACTIVE,
            Contact.visible(self.tx.actor),
        )
        for number, title, key in self.tx.session.execute(found.order_by(Contact.id.desc())) if wanted else ():
            self.companies[key] = (f"{Contact.collection}/{number}", title)

    def _company(self, title):
        """Returns (name, title) of a company; one that nobody has made yet is added."""
        title = " ".join(title.split())
        key = fold(title)
        if key not in self.companies:
            if self.job.dry_run:
                self.companies[key] = ("", title)
                self.counts["created"] += 1
                return self.companies[key]
            company = Contact(
                kind=Kind.COMPANY,
                company_name=title,
                managers=list(self.managers),
                sharing=self.job.sharing,
                source=Source.IMPORT,
                origin=self.job.name,
            )
            company.check()
            self._add(company, 0, "")
        return self.companies[key]

    def _settle(self, row, draft, contact):
        """Decides what becomes of a row."""
        if contact is None:
            self._note(row.number, Outcome.REJECTED, problems=draft.problems)
            return
        found = self._match(contact)
        if len(found) > 1:
            self.counts["conflict"] += 1
            self._note(row.number, Outcome.REJECTED, problems=[Problem(WHOLE_ROW, violation("SEVERAL_MATCHES"))])
        elif not found:
            company = self._company(draft.company) if draft.company else ("", "")
            contact.company = company[0] or None
            self._add(contact, row.number, company[1])
        elif found[0].state == ContactState.DELETING:
            self._note(row.number, Outcome.REJECTED, problems=[Problem(WHOLE_ROW, violation("CONTACT_DELETING"))])
        elif self.job.duplicates == "SKIP" or self.job.dry_run:
            outcome = Outcome.SKIPPED if self.job.duplicates == "SKIP" else Outcome.UPDATED
            self._note(row.number, outcome, found[0])
        else:
            self._change(row, draft, contact, found[0])

    def _match(self, contact):
        """Returns the contacts that one is: by the first kind of key by which there is any."""
        if self.job.duplicates == "CREATE":
            return []
        for kind in KEYS[self.job.match_by]:
            found = {
                id(each): each for key in keys_of(contact, kind) for each in self.matches.get((contact.kind, key), ())
            }
            if found:
                return list(found.values())
        return []

    def _add(self, contact, number, company_title):
        """Counts a new contact; it is written with the others."""
        self.counts["created"] += 1
        contact.custom = {name: value for name, value in (contact.custom or {}).items() if value is not None}
        self.new[contact] = (number, company_title)
        if contact.kind == Kind.COMPANY:
            if not self.job.dry_run:
                contact.id = self.service.numbers.next(Contact.__tablename__)
            self.companies.setdefault(contact.sort_key, (contact.name, contact.display_name))
        if self.job.duplicates != "CREATE" and number:
            contact.state = ContactState.ACTIVE
            self._remember(contact)

    def _change(self, row, draft, given, known):
        """Changes a contact that is there as the row says; one that this batch adds changes before it is added."""
        is_new, overwrite = known in self.new, self.job.duplicates == "OVERWRITE"
        plain = {name: getattr(known, name) for name in IMAGE}
        before = self.form.object_message(known, {})
        merged(known, given, draft, overwrite=overwrite)
        try:
            known.check()
            validate(self.form.object_message(known, {}))
        except InvalidArgument as error:
            for name, value in plain.items():
                setattr(known, name, value)
            known.check()
            problems = [Problem(WHOLE_ROW, violation) for violation in error.violations]
            self._note(row.number, Outcome.REJECTED, problems=problems)
            return
        if draft.company and (overwrite or not known.company):
            known.company = self._company(draft.company)[0]
        if not is_new:
            self.changing.setdefault(known, (row.number, before, plain))
        self._remember(known)
        self._note(row.number, Outcome.UPDATED, None if is_new else known)

    def _note(self, number, outcome, contact=None, problems=(), **more):
        """Counts what became of a row and writes it down, for the rejected rows and for undoing."""
        self.counts[outcome.lower()] += 1
        if self.job.dry_run and outcome != Outcome.REJECTED:
            return
        told = [each.kept() for each in problems]
        if contact is not None and outcome == Outcome.UPDATED and contact in self.changing:
            # Written with what it was before, once for all rows of this batch that change it.
            return
        self._write_row(row=number, outcome=outcome, contact=getattr(contact, "id", None), problems=told, **more)

    def _write_row(self, **values):
        values = {"import_id": self.job.id, "problems": [], "version": 0, "undo": "", **values}
        self.tx.insert(ImportRow.__table__, values)

    def _write(self):
        """Writes new contacts, then changed ones, which may refer to them; and announces each."""
        # Companies before those who work for them, as who hears of a person may look for his company.
        new = sorted(self.new.items(), key=lambda each: each[0].kind)
        self.service.numbers.reserve(Contact.__tablename__, len(new))
        for contact, _ in new:
            self.tx.add(contact)
        self.tx.write_together()
        for contact in self.changing:
            contact.update_time = self.tx.now
        self.tx.flush()
        for contact, (number, company_title) in new:
            message = self.form.object_message(contact, {"company_display_name": company_title})
            contacts.announce_as(message, "Created", contact, self.tx)
            self._write_row(row=number, outcome=Outcome.CREATED, contact=contact.id, version=1)
        for contact, (number, before, plain) in self.changing.items():
            self._announce_changed(contact, number, before, plain)

    def _announce_changed(self, contact, number, before, plain):
        after = self.form.object_message(contact, {})
        changed = [name for name in Contact.writable if getattr(after, name) != getattr(before, name)]
        image = {name: value for name, value in plain.items() if value != getattr(contact, name)}
        self._write_row(row=number, outcome=Outcome.UPDATED, contact=contact.id, before=image, version=contact.version)
        contacts.announce_as(after, "Updated", contact, self.tx, changed, before)


# What an import may change of a contact, and an undoing puts back: kept as it is in the table.
IMAGE = (
    *(name for name in Contact.writable if name not in ("managers", "sharing")),
    "temperature_rank",
)


def merged(known, given, draft, *, overwrite):
    """Takes over into a contact what a row says: all of it, or only what the contact lacks."""
    for name in (*draft.values, *(name for name in CHOICES if getattr(given, name))):
        if name in LISTS:
            _merge_list(known, given, name, overwrite)
        elif name == "custom":
            both = {**known.custom, **given.custom} if overwrite else {**given.custom, **known.custom}
            # An empty cell says nothing; a box that is said not to be ticked has no value any more.
            known.custom = {name: value for name, value in both.items() if value is not None}
        elif overwrite or not getattr(known, name):
            setattr(known, name, getattr(given, name))
            if name == "temperature":
                known.temperature_rank = given.temperature_rank
    known.tags = [*known.tags, *(title for title in given.tags if fold(title) not in known.tag_keys)]


def _merge_list(known, given, name, overwrite):
    """Adds entries that are new; when overwriting, what the row says comes first and is the primary one."""
    old, new = getattr(known, name) or [], getattr(given, name) or []
    if overwrite:
        rest = [{**entry, "primary": False} for entry in old if not _among(entry, new)]
        setattr(known, name, [*new, *rest] if name != "addresses" else _by_category(new, rest))
    else:
        setattr(known, name, [*old, *({**entry, "primary": False} for entry in new if not _among(entry, old))])


def _among(entry, entries):
    """Whether an entry stands among others: the same value, or an address that says the same."""
    return any(_bare(entry) == _bare(each) for each in entries)


def _bare(entry):
    return {name: value for name, value in entry.items() if name not in ("primary", "category", "national")}


def _by_category(new, rest):
    """Addresses: one that the row gives takes the place of that of its category."""
    given = {entry["category"] for entry in new}
    return [*new, *(entry for entry in rest if entry["category"] not in given)]


def _key(title):
    """Returns by what a tag is found."""
    return fold(" ".join(title.split()))
