"""Who takes part, as a file names them: by e-mail, or by exactly what a contact is called."""

from crm.contacts.v1 import lookups_pb2
from sqlalchemy import select

from chassis.errors import Violation
from chassis.kit.importing.cells import Problem
from chassis.standard import fold
from chassis.tx import Cause
from services.events.model import ContactRef

SECONDS = 10
NOBODY, SEVERAL = "there is no contact {person}", "several contacts are called {person}"


def addresses(drafts):
    """Returns the e-mails that rows name."""
    return {each for draft in drafts for person, _ in draft.persons for each in parts(person) if "@" in each}


def parts(person):
    """Returns what a cell between semicolons names: a company may have a comma in its name, e-mails have none."""
    divided = [each.strip() for each in person.split(",") if each.strip()]
    return list(dict.fromkeys([person, *divided]))


class Persons:
    """The contacts that some rows name, among those that the importer may see."""

    def __init__(self, service, drafts):
        self.drafts = drafts
        # Folded e-mail → names of the contacts that have it, whoever may see them.
        self.having: dict[str, set[str]] = {}
        wanted = sorted(addresses(drafts))
        for start in range(0, len(wanted), 1000):
            request = lookups_pb2.FindContactsByEmailRequest(emails=wanted[start : start + 1000])
            for found in service.peers.ask(request, Cause(), service.actor, SECONDS).found:
                self.having.setdefault(fold(found.email), set()).add(found.contact)
        # Those of them that the importer may see, and what else is called as rows say: title → contacts.
        self.reached: dict[str, list] = {}
        self.called: dict[str, list] = {}

    def find(self, tx, *, hold=True):
        """Finds them, and holds them until the transaction ends."""
        titles = {each for draft in self.drafts for person, _ in draft.persons for each in parts(person)}
        names = {name for having in self.having.values() for name in having}
        named = ContactRef.title.in_(titles) | ContactRef.name.in_(names)
        seen = select(ContactRef).where(named, ~ContactRef.deleted, ContactRef.seen_by(tx.actor))
        seen = seen.order_by(ContactRef.name)
        held = seen.with_for_update(read=True) if hold else seen
        found = {ref.name: ref for ref in tx.session.scalars(held)} if titles else {}
        for email, having in self.having.items():
            self.reached[email] = [found[name] for name in having if name in found]
        for ref in found.values():
            self.called.setdefault(ref.title, []).append(ref)

    def of(self, draft, drops):
        """Returns the contacts that a draft names; with a problem in it for each that there is not, unless that is
        left out.
        """
        found: dict = {}
        for person, column in draft.persons:
            for each in self._named(person):
                refs = {ref.name: ref for ref in self._known(each)}
                if len(refs) == 1:
                    found |= refs
                elif not drops:
                    reason, message = ("SEVERAL_CONTACTS", SEVERAL) if refs else ("NO_SUCH_CONTACT", NOBODY)
                    facts = (("person", each),)
                    wrong = Violation("participants", reason, message.format(person=each), facts)
                    draft.problems.append(Problem(column, wrong))
        return list(found.values())

    def _named(self, person):
        """Returns who is named: all of it if somebody is called so, else what stands between commas."""
        whole, *divided = parts(person)
        return [whole] if self._known(whole) or not divided else divided

    def _known(self, person):
        return [*self.reached.get(fold(person), ()), *self.called.get(person, ())]
