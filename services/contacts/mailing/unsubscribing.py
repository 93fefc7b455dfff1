"""Who wants no more mailings: by a link that only we can make, without signing in, kept by address for ever."""

from datetime import timedelta

from crm.contacts.v1 import domain_events_pb2 as events
from crm.contacts.v1 import mailings_pb2 as pb
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from chassis.errors import InvalidArgument, ResourceExhausted, no_such
from chassis.identity import Actor
from chassis.standard import fold
from services.contacts.mailing.model import Mailing, Unsubscription, address_key
from services.contacts.model import Contact

# What page tokens are never made for.
PURPOSE = "unsubscribe"
# So often within an hour somebody may want mail after all.
RETURNS, WINDOW = 10, timedelta(hours=1)
# How many pages are told, of contacts that share an address.
SHOWN = 20


def token(tx, address, mailing, contact, language):
    """Returns what stands for an address in the link of a mail: signed, and good without any record of ours.

    `mailing` is the number of the mailing, 0 where the mail was of another service.
    """
    return tx.service.tokens.make(PURPOSE, [address, mailing, contact, language])


def _read(tx, name):
    try:
        return tx.service.tokens.read(PURPOSE, name.partition("/")[2])
    except InvalidArgument as error:
        raise no_such("unsubscriptions/…") from error


def get_unsubscription(request, tx):
    """Says whether an address is written to."""
    address, _, _, language = _read(tx, request.name)
    known = select(Unsubscription.active).where(Unsubscription.address == address_key(address))
    return _answer(request.name, address, language, bool(tx.session.scalar(known)))


def unsubscribe(request, tx):
    """Never writes to an address again. It is never refused: providers of mail ask it for thousands of people."""
    return _change(request, tx, True)


def resubscribe(request, tx):
    """Writes to an address again."""
    return _change(request, tx, False)


def _change(request, tx, wanted):
    address, mailing, contact, language = _read(tx, request.name)
    row = _locked(tx, address)
    if row.active != wanted:
        if not wanted:
            _count_return(row, tx.now)
        row.active, row.time = wanted, tx.now
        tx.actor = Actor(service=f"{Mailing.collection}/{mailing}") if mailing else tx.service.actor
        _announce(tx, address, mailing, contact, wanted)
    return _answer(request.name, address, language, wanted)


def _locked(tx, address):
    """Returns what is known of an address, kept from others until the end."""
    [key] = tx.session.execute(select(address_key(address))).one()
    fresh = {"address": key, "active": False, "time": tx.now, "returns": 0, "returns_since": tx.now}
    tx.session.execute(insert(Unsubscription).values(fresh).on_conflict_do_nothing())
    return tx.session.get(Unsubscription, key, with_for_update=True)


def _count_return(row, now):
    """Refuses who changes his mind all the time."""
    if now - row.returns_since > WINDOW:
        row.returns, row.returns_since = 0, now
    if row.returns >= RETURNS:
        raise ResourceExhausted("too often; try again later", "TOO_MANY_CHANGES", retry_after=WINDOW.seconds)
    row.returns += 1


def _announce(tx, address, mailing, contact, wanted):
    """Announces it for each contact that has the address; if none has it any more, for the one that was written to."""

    def event(name):
        told = {"contact": name, "mailing": f"{Mailing.collection}/{mailing}" if mailing else ""}
        return events.AddressUnsubscribed(**told) if wanted else events.AddressResubscribed(**told)

    sharing = select(Contact).where(Contact.keys.overlap(["e:" + fold(address.strip())])).order_by(Contact.id)
    rows = tx.session.scalars(sharing.limit(SHOWN)).all()
    for row in rows:
        changes = [("unsubscribed", not wanted, wanted)]
        tx.announce(event(row.name), row.name, row.etag, row.readers(), row.label(), changes)
    if not rows:
        gone = f"{Contact.collection}/{contact}"
        tx.announce(event(gone), gone)


def _answer(name, address, language, active):
    return pb.Unsubscription(name=name, address=address, unsubscribed=active, language=language)
