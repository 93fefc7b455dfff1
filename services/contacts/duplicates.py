"""Contacts that may be one: found while one is being typed in, and gathered among those that are there."""

from crm.contacts.v1 import contacts_pb2 as pb
from crm.contacts.v1 import duplicates_pb2
from sqlalchemy import func, literal, or_, select, tuple_

from chassis.aip.paging import DEFAULT_SIZE
from chassis.db import number
from chassis.resource import shape
from services.contacts import phones
from services.contacts.likeness import ALIKE, email_keys, likeness, name_keys, phone_keys
from services.contacts.model import Contact, State
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
    others = Contact.id != (number(typed.name, Contact.collection) or 0)
    matches: dict = {}
    for wanted in ({*mails, *numbers}, names):
        for row_keys, message in _holding(tx, wanted, others):
            score = likeness(name, message.display_name) if name and message.kind == typed.kind else 0
            same = [(Match.EMAIL, mails & row_keys), (Match.PHONE, numbers & row_keys), (Match.NAME, score >= ALIKE)]
            reasons = [reason for reason, found in same if found]
            if reasons:
                whole = 100 if {Match.EMAIL, Match.PHONE} & {*reasons} else score
                matches[message.name] = Match(contact=message, reasons=reasons, score=whole)
    best = sorted(matches.values(), key=lambda match: (-len(match.reasons), -match.score, match.contact.name))
    return duplicates_pb2.FindDuplicatesResponse(matches=best[:MATCHES])


def _holding(tx, wanted, *conditions):
    """Gives the visible contacts that have one of the keys: (keys, message) each."""
    if not wanted:
        return
    names, columns = shape(Contact, pb.Contact).select_list(tx.actor, detail=False)
    seen = (Contact.visible(tx.actor), Contact.state == State.ACTIVE, *conditions)
    rows = select(*columns, Contact.keys).where(Contact.keys.overlap(sorted(wanted)), *seen).limit(CANDIDATES)
    for row in tx.session.execute(rows):
        yield {*row[-1]}, shape(Contact, pb.Contact).row_message(names, row)


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
    return groups.group_by(each.c.key, each.c.kind).having(func.count() > 1).order_by(each.c.key, each.c.kind)


def _messages(tx, ids):
    """Returns the messages of contacts by their numbers."""
    names, columns = shape(Contact, pb.Contact).select_list(tx.actor, detail=False)
    rows = tx.session.execute(select(*columns).where(Contact.id.in_(ids))) if ids else ()
    return {row[0]: shape(Contact, pb.Contact).row_message(names, row) for row in rows}
