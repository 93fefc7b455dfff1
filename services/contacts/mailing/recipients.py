"""Whom a mailing goes to: settled by one statement when it begins, each address at most once."""

from crm.contacts.v1 import mailings_pb2 as pb
from sqlalchemy import case, func, insert, literal, select

from chassis.aip.paging import DEFAULT_SIZE
from chassis.db import number
from chassis.errors import FailedPrecondition
from services.contacts.batching import selected
from services.contacts.mailing import unsubscribing
from services.contacts.mailing.model import (
    MOST,
    Mailing,
    MailingRecipient,
    Outcome,
    address_key,
    primary_address,
    unsubscribed,
)
from services.contacts.merging import survivors
from services.contacts.model import Contact


def count(tx, mailing):
    """Sets how many a mailing is for, and how many of them will not be written to."""
    meant = _meant(tx, mailing).subquery()
    _note(tx, mailing, meant.c.state, meant)


def _note(tx, mailing, state, found):
    """Notes how many recipients there are. Refuses if they are too many, or none that can be written to."""
    every, written_to = tx.session.execute(
        select(func.count(), func.count().filter(state == Outcome.PENDING)).select_from(found)
    ).one()
    if every > MOST:
        raise FailedPrecondition(
            "more than {most}; make several mailings of it", "TOO_MANY_RECIPIENTS", name=mailing.name, most=MOST
        )
    if not written_to:
        raise FailedPrecondition("nobody of them can be written to", "NOBODY_TO_WRITE_TO", name=mailing.name)
    mailing.recipient_count, mailing.skipped_count = every, every - written_to


def settle(tx, mailing):
    """Writes down who the recipients are, and counts those that were written down."""
    meant = _meant(tx, mailing).subquery()
    times = (literal(tx.now).label("time"), literal(tx.now).label("due_time"))
    rows = select(literal(mailing.id).label("mailing"), *meant.c, literal("").label("message"), literal(0), *times)
    columns = ["mailing", *meant.c.keys(), "message", "attempts", "time", "due_time"]
    tx.session.execute(insert(MailingRecipient).from_select(columns, rows.order_by(meant.c.contact)))
    settled = select(MailingRecipient.state).where(MailingRecipient.mailing == mailing.id).subquery()
    _note(tx, mailing, settled.c.state, settled)


def _meant(tx, mailing):
    """Returns the SELECT of the contacts that a mailing is for: at which address, and whether not."""
    if mailing.selection is None:
        ids = [number(name, Contact.collection) for name in survivors(tx, mailing.contacts)]
        wanted = select(Contact.id).where(Contact.id.in_(ids), Contact.visible(tx.actor))
    else:
        selection = pb.Mailing(selection=mailing.selection).selection
        wanted = selected(selection, tx.actor).limit(None).order_by(None)
    address, gone = primary_address(Contact.emails), unsubscribed(Contact)
    of_contacts = (
        select(Contact.id.label("contact"), func.coalesce(address, "").label("address"), gone.label("gone"))
        .where(Contact.id.in_(wanted))
        .limit(MOST + 1)
        .subquery()
    )
    own = of_contacts.c
    key = address_key(own.address)
    # Among those who want mail, the first contact with an address gets it for all that share it.
    place = func.row_number().over(partition_by=(key, own.gone), order_by=own.contact)
    reason = case((own.address == "", "NO_ADDRESS"), (own.gone, "UNSUBSCRIBED"), (place > 1, "SAME_ADDRESS"), else_="")
    found = select(own.contact, own.address, key.label("address_key"), reason.label("reason")).subquery()
    state = case((found.c.reason == "", Outcome.PENDING.value), else_=Outcome.SKIPPED.value)
    return select(*found.c, state.label("state"))


def look_up_contacts(request, tx):
    """Returns how contacts are written to."""
    ids = [number(name, Contact.collection) for name in request.names]
    address = func.coalesce(primary_address(Contact.emails), "")
    found = select(Contact.id, address, Contact.language, unsubscribed(Contact)).where(Contact.id.in_(ids))
    answer = pb.LookUpContactsResponse()
    for key, written_to, language, gone in tx.session.execute(found):
        contact = f"{Contact.collection}/{key}"
        way_out = f"unsubscriptions/{unsubscribing.token(tx, written_to, 0, key, language)}" if written_to else ""
        found_so = {"address": written_to, "language": language, "unsubscribed": gone, "unsubscription": way_out}
        answer.contacts.add(contact=contact, **found_so)
    return answer


def list_mailing_recipients(request, tx):
    """Lists what became of each recipient."""
    tx.actor.require_admin()
    mailing = tx.get(Mailing, request.parent)
    query = repr(("recipients", mailing.name, request.state))
    [after] = tx.service.tokens.read(query, request.page_token) if request.page_token else [0]
    size = request.page_size or DEFAULT_SIZE
    some = select(MailingRecipient, Contact.display_name).join(Contact, Contact.id == MailingRecipient.contact)
    some = some.where(MailingRecipient.mailing == mailing.id, MailingRecipient.id > after)
    if request.state:
        some = some.where(MailingRecipient.state == pb.MailingRecipient.State.Name(request.state))
    rows = tx.session.execute(some.order_by(MailingRecipient.id).limit(size + 1)).all()
    response = pb.ListMailingRecipientsResponse()
    for row, display_name in rows[:size]:
        contact = f"{Contact.collection}/{row.contact}"
        shown = {name: getattr(row, name) for name in ("name", "address", "state", "reason", "message", "time")}
        response.recipients.add(contact=contact, display_name=display_name, **shown)
    if len(rows) > size:
        response.next_page_token = tx.service.tokens.make(query, [rows[size - 1][0].id])
    return response
