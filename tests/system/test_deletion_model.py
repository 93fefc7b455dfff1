"""The deletion protocol as a model: every order in which its steps can happen, with loss of order, duplicates,
crashes, expiry and two attempts. It is small so that a reader can hold it beside services/contacts/deciding.py and
chassis/kit/deletion.py; each rule that is left out must break it, or the model proves nothing.

A state is (contact, pending attempt, attempts used, invoice?, holds {attempt: over?}, messages in flight, done by now).
Messages may be delivered in any order, and stay in flight after delivery if they may come twice.
"""

from dataclasses import dataclass, replace

import pytest

ACTIVE, DELETING, DELETED = "active", "deleting", "deleted"
ATTEMPTS = ("d1", "d2")


@dataclass(frozen=True)
class State:
    """Everything that any process has on disk, and everything on its way."""

    contact: str = ACTIVE
    pending: str = ""
    used: int = 0
    invoice: bool = False
    holds: frozenset = frozenset()  # (attempt, over?)
    flight: frozenset = frozenset()  # (message, attempt)
    # An invoice that has read the contact as active and not yet locked the account.
    writing: bool = False
    # What a job that asks about an old hold has read: (attempt, may be lifted?).
    asked: tuple = ()


class Protocol:
    """The steps of the protocol; `without` names the rule that is left out."""

    def __init__(self, without=""):
        self.without = without

    def steps(self, state):
        """Yields (what happens, next state) for all that can happen next."""
        yield from self.contacts_steps(state)
        yield from self.invoicing_steps(state)
        for message in state.flight:
            yield from self.deliveries(state, message)

    def contacts_steps(self, state):
        """Somebody deletes; nobody answers in time."""
        if state.contact == ACTIVE and state.used < len(ATTEMPTS):
            attempt = ATTEMPTS[state.used]
            if self.without == "votes":
                if not state.invoice:
                    yield "checked: no invoice", replace(state, contact=DELETING, pending=attempt, used=state.used + 1)
            else:
                sent = state.flight | {("requested", attempt)}
                yield (
                    f"request {attempt}",
                    replace(state, contact=DELETING, pending=attempt, used=state.used + 1, flight=sent),
                )
        if self.without == "votes" and state.contact == DELETING:
            yield "deleted", replace(state, contact=DELETED, pending="")
        elif state.contact == DELETING:
            sent = state.flight | {("cancelled", state.pending)}
            yield f"expire {state.pending}", replace(state, contact=ACTIVE, pending="", flight=sent)

    def invoicing_steps(self, state):
        """Somebody makes an invoice, or deletes it."""
        bound = any(not over for _, over in state.holds)
        if state.contact == ACTIVE and not state.writing and not state.invoice:
            yield "invoice: contact is active", replace(state, writing=True)
        if state.writing:
            refused = bound and self.without != "holds"
            yield (
                f"invoice: {'refused' if refused else 'commit'}",
                replace(state, writing=False, invoice=state.invoice or not refused),
            )
        if state.invoice:
            yield "invoice deleted", replace(state, invoice=False)
        yield from self.asking_steps(state)

    def asking_steps(self, state):
        """A job asks about a hold whose end never arrived, and then acts on what it heard."""
        if not state.asked:
            for attempt, over in state.holds:
                if not over:
                    lift = state.contact != DELETED and state.pending != attempt
                    yield f"ask about {attempt}", replace(state, asked=(attempt, lift))
            if self.without == "asking after":
                # The mistake: what was read before there was a hold is used to lift it.
                for attempt in ATTEMPTS:
                    if state.contact != DELETED and state.pending != attempt:
                        yield f"ask early about {attempt}", replace(state, asked=(attempt, True))
        elif state.asked[1] and (state.asked[0], False) in state.holds:
            holds = state.holds - {(state.asked[0], False)} | {(state.asked[0], True)}
            yield f"lift {state.asked[0]}", replace(state, holds=holds, asked=())
        elif not state.asked[1]:
            yield "keep", replace(state, asked=())

    def deliveries(self, state, message):
        """A message arrives, and may come once more."""
        kind, attempt = message
        for flight in (state.flight - {message}, state.flight):
            after = replace(state, flight=flight)
            if kind == "requested":
                yield f"vote on {attempt}", self.vote(after, attempt)
            elif kind == "cancelled":
                holds = frozenset(hold for hold in after.holds if hold[0] != attempt) | {(attempt, True)}
                if self.without == "tombstones" and (attempt, False) not in after.holds:
                    holds = after.holds
                yield f"cancelled {attempt}", replace(after, holds=holds)
            elif state.contact == DELETING and state.pending == attempt:
                yield f"{kind} {attempt}", self.count(after, kind, attempt)
            else:
                yield f"late {kind} {attempt}", after

    def vote(self, state, attempt):
        """Invoicing answers an attempt it has not answered."""
        if any(name == attempt for name, _ in state.holds):
            return state
        if state.invoice:
            return replace(state, flight=state.flight | {("veto", attempt)})
        return replace(state, holds=state.holds | {(attempt, False)}, flight=state.flight | {("clear", attempt)})

    def count(self, state, kind, attempt):
        """Contacts decides."""
        if kind == "clear":
            return replace(state, contact=DELETED, pending="", flight=state.flight | {("deleted", attempt)})
        return replace(state, contact=ACTIVE, pending="", flight=state.flight | {("cancelled", attempt)})


def explore(protocol):
    """Returns (states seen, the first way to a deleted contact with an invoice, a state at rest that still binds)."""
    start = State()
    seen, waiting = {start: ()}, [start]
    broken, bound = None, None
    while waiting:
        state = waiting.pop(0)
        if state.contact == DELETED and state.invoice and broken is None:
            broken = seen[state]
        at_rest = not state.flight and state.contact == ACTIVE and not state.asked
        if at_rest and any(not over for _, over in state.holds) and bound is None:
            bound = seen[state]
        for what, after in protocol.steps(state):
            if after not in seen:
                seen[after] = (*seen[state], what)
                waiting.append(after)
    return len(seen), broken, bound


def test_no_order_of_events_leaves_an_invoice_of_a_deleted_contact():
    states, broken, _ = explore(Protocol())

    assert broken is None, " → ".join(broken)
    assert states > 1000


@pytest.mark.parametrize("rule", ["votes", "holds", "asking after"])
def test_every_rule_of_the_protocol_is_needed(rule):
    _, broken, _ = explore(Protocol(without=rule))

    assert broken, f"the model is happy without {rule}"


def test_without_tombstones_a_hold_would_outlive_its_attempt():
    _, _, bound = explore(Protocol(without="tombstones"))
    _, _, bound_with_all_rules = explore(Protocol())

    assert bound, "the model is happy without tombstones"
    assert bound_with_all_rules is None, " → ".join(bound_with_all_rules or ())
