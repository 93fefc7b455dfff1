"""Contacts that may be one: found while one is being typed in, and gathered among those that are there."""

from itertools import combinations

from crm.contacts.v1 import contacts_pb2 as pb
from crm.contacts.v1 import duplicates_pb2
from google.protobuf.empty_pb2 import Empty
from sqlalchemy import any_, func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from chassis.aip.paging import DEFAULT_SIZE
from chassis.db import number
from chassis.resource import shape
from services.contacts import phones
from services.contacts.likeness import ALIKE, email_keys, likeness, name_keys, phone_keys
from services.contacts.model import Contact, DistinctPair, State
from services.contacts.saving import region

Match = duplicates_pb2.DuplicateMatch
# What is looked at, and what is shown.
CANDIDATES, MATCHES, TOGETHER = 300, 20, 20
REASONS = {"e": Match.EMAIL, "p": Match.PHONE, "f": Match.NAME}
PREFIXES = {reason: f"{prefix}:" for prefix, reason in REASONS.items()}


def find_duplicates(request, tx):
    """Returns the contacts that one may be already, the likeliest first."""
    typed = request.contact
    home = region(tx) if any(not phone.value.startswith("+") for phone in typed.phones) else ""
    settled = [phones.settled({"value": phone.value}, home) for phone in typed.phones]
    draft = Contact(emails=[{"value": email.value} for email in typed.emails], phones=settled)
    name = typed.company_name or f"{typed.first_name} {typed.last_name}".strip()
    mails, numbers = email_keys(draft), phone_keys(draft)
    names = name_keys(name) if name else set()
    known = number(typed.name, Contact.collection)
    others = Contact.id.not_in({known or 0, *_distinct(tx, known)})
    matches: dict = {}
    for wanted in ({*mails, *numbers}, names):
        for row in _holding(tx, wanted, others):
            score = likeness(name, row.display_name) if name and row.kind == pb.Contact.Kind.Name(typed.kind) else 0
            theirs = {*row.theirs}
            same = [(Match.EMAIL, mails & theirs), (Match.PHONE, numbers & theirs), (Match.NAME, score >= ALIKE)]
            reasons = [reason for reason, found in same if found]
            if reasons:
                matches[row.id] = (reasons, 100 if {Match.EMAIL, Match.PHONE} & {*reasons} else score)
    best = sorted(matches.items(), key=lambda each: (-len(each[1][0]), -each[1][1], each[0]))[:MATCHES]
    shown = _messages(tx, [each for each, _ in best])
    return duplicates_pb2.FindDuplicatesResponse(
        matches=[Match(contact=shown[each], reasons=reasons, score=score) for each, (reasons, score) in best]
    )


def dismiss_contact_duplicates(request, tx):
    """Notes that contacts are not one."""
    # Always in this order, or two such calls wait for each other.
    order = sorted(request.contacts, key=lambda name: number(name, Contact.collection) or 0)
    rows = [tx.get(Contact, name, lock=True) for name in order]
    said = {"creator": tx.actor.name, "create_time": tx.now}
    pairs = [{"one": one.id, "other": other.id, **said} for one, other in combinations(rows, 2)]
    tx.session.execute(insert(DistinctPair).values(pairs).on_conflict_do_nothing())
    return Empty()


def _distinct(tx, contact):
    """Returns the numbers of the contacts of which somebody said that they are not this one."""
    if contact is None:
        return set()
    either = select(DistinctPair.one, DistinctPair.other).where(
        or_(DistinctPair.one == contact, DistinctPair.other == contact)
    )
    return {each for pair in tx.session.execute(either) for each in pair} - {contact}


def _holding(tx, wanted, *conditions):
    """Returns what is compared of the visible contacts that have one of the keys; there may be many, few are shown."""
    if not wanted:
        return []
    seen = (Contact.visible(tx.actor), Contact.state == State.ACTIVE, *conditions)
    compared = select(Contact.id, Contact.kind, Contact.display_name, Contact.keys.label("theirs"))
    return tx.session.execute(compared.where(Contact.keys.overlap(sorted(wanted)), *seen).limit(CANDIDATES)).all()


def list_contact_duplicates(request, tx):
    """Lists groups of contacts of one kind that have something in common."""
    size, query = request.page_size or DEFAULT_SIZE, f"duplicates by {request.reason}"
    prefixes = [PREFIXES[request.reason]] if request.reason else [*PREFIXES.values()]
    groups = tx.session.execute(_groups(tx, prefixes, query, request.page_token).limit(size + 1)).all()
    found = _messages(tx, {each for group in groups[:size] for each in group.ids[:TOGETHER]})
    response = duplicates_pb2.ListContactDuplicatesResponse(
        groups=[
            duplicates_pb2.DuplicateGroup(
                reason=REASONS[group.key[0]],
                value=group.key[2:],
                contacts=[found[each] for each in group.ids[:TOGETHER]],
            )
            for group in groups[:size]
        ]
    )
    if len(groups) > size:
        response.next_page_token = tx.service.tokens.make(query, [groups[size - 1].key, groups[size - 1].kind])
    return response


def _groups(tx, prefixes, query, page_token):
    """Returns the SELECT of keys that several contacts of a kind have, and of these contacts."""
    seen = (Contact.visible(tx.actor), Contact.state == State.ACTIVE)
    each = select(Contact.id, Contact.kind, func.unnest(Contact.keys).label("key")).where(*seen).subquery()
    groups = select(each.c.key, each.c.kind, func.array_agg(each.c.id).label("ids"))
    groups = groups.where(or_(*(each.c.key.startswith(prefix) for prefix in prefixes)))
    if page_token:
        key, kind = tx.service.tokens.read(query, page_token)
        groups = groups.where(tuple_(each.c.key, each.c.kind) > tuple_(literal(key), literal(kind)))
    together = func.array_agg(each.c.id)
    apart = select(func.count()).where(DistinctPair.one == any_(together), DistinctPair.other == any_(together))
    pairs = func.count() * (func.count() - 1) / 2
    several = groups.group_by(each.c.key, each.c.kind).having(func.count() > 1, apart.scalar_subquery() < pairs)
    return several.order_by(each.c.key, each.c.kind)


def _messages(tx, ids):
    """Returns the messages of contacts by their numbers."""
    names, columns = shape(Contact, pb.Contact).select_list(tx.actor, detail=False)
    rows = tx.session.execute(select(*columns).where(Contact.id.in_(ids))) if ids else ()
    return {row[0]: shape(Contact, pb.Contact).row_message(names, row) for row in rows}
