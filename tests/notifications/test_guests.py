"""Mail to guests of events, as events asks for it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from chassis.identity import Actor
from chassis.testing import Caller, announced, refused
from gateway.notifications import jobs, outgoing
from gateway.notifications.model import Mail, State
from tests.notifications.conftest import mails, queue, send, use

EVENTS = Actor(service="services/events")
LINK = "https://crm.example.com/rsvp/abc"
VALUES = {
    "link": LINK,
    "title": "<Fair>",
    "time": "Monday",
    "place": "Room 3",
    "message": "First\n\nSecond",
    "inviter": "Olga",
    "display_name": "Ada",
}


def ask(service, request_id="guest-1", template="EVENT_INVITATION", more=None, **values):
    """Asks for a mail to a guest; returns its name."""
    fields = {"to": "guest@example.com", "language": "en", "values": {**VALUES, **values}, **(more or {})}
    return Caller(service, EVENTS).queue_mail(template=template, request_id=request_id, **fields).mail


def finished(service):
    """What was announced of mails that reached their end: (request id, state, last error)."""
    told = [event for _, event, _ in announced(service) if event.DESCRIPTOR.name == "MailFinished"]
    return [(event.request_id, event.mail.State.Name(event.mail.state), event.mail.last_error) for event in told]


@pytest.mark.parametrize(
    ("template", "subject", "links"),
    [
        ("EVENT_INVITATION", "Invitation: <Fair>", ["?answer=accept", "?answer=decline", "/event.ics"]),
        ("EVENT_PLACE", "You have a place: <Fair>", ["", "/event.ics"]),
        ("EVENT_REMINDER", "Soon: <Fair>", ["", "/event.ics"]),
    ],
)
def test_a_letter_to_a_guest_has_what_he_must_know(people, post_office, template, subject, links):
    use(people, post_office.port)
    ask(people, template=template)
    send(people)
    letter = post_office.letter()
    text, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))

    assert letter["Subject"] == subject
    known = ("Ada, ", "First", "Second", "Invited by: Olga", "When: Monday", "Where: Room 3")
    for part in (*known, *(LINK + more for more in links)):
        assert part in text
        assert part in html
    assert "&lt;Fair&gt;" in html
    assert "List-Unsubscribe" not in letter


def test_a_key_is_one_mail_and_its_end_is_announced(people, post_office):
    use(people, post_office.port)
    first = ask(people)
    with people.engine.begin() as connection:
        # As after two days.
        connection.execute(people.reply.delete())
    assert ask(people, title="Changed") == first
    send(people)

    assert len(mails(people)) == 1
    assert finished(people) == [("guest-1", "SENT", "")]


def test_what_the_server_never_takes_is_announced_in_its_words(people, post_office):
    use(people, post_office.port)
    post_office.on_recipient = "550 no such guest"
    ask(people)
    send(people)

    assert finished(people) == [("guest-1", "FAILED", "550 no such guest")]


def test_what_nobody_saw_end_is_announced_too(people):
    ask(people)
    with people.begin(people.actor) as tx:
        mail = tx.session.get(Mail, 1)
        mail.claim(tx.now - 2 * outgoing.LOST)
    jobs.outgoing.send_due(people.job_context(), 0)

    assert finished(people) == [("guest-1", "FAILED", "it is unknown whether it was sent")]


def test_more_late_mails_than_are_given_up_at_once_do_not_leave(people, post_office, monkeypatch):
    use(people, post_office.port)
    monkeypatch.setattr(outgoing, "LATE_AT_ONCE", 2)
    for number in range(5):
        ask(people, f"guest-{number}", more={"expire_time": datetime.now(UTC) - timedelta(minutes=5)})

    send(people)
    send(people)
    send(people)

    assert post_office.taken == []
    assert {state for _, state, _ in finished(people)} == {"FAILED"}


def test_nobody_reads_the_invitation_after_it_was_called_off(people, post_office):
    use(people, post_office.port)
    post_office.on_recipient = "451 greylisted"
    ask(people, "guest-1")
    send(people)
    post_office.on_recipient = "250 OK"

    ask(people, "guest-2", "EVENT_CANCELLED", {"supersedes": "guest-1"})
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
        send(people)

    assert [letter["Subject"] for letter in post_office.taken] == ["Called off: <Fair>"]
    assert finished(people)[0] == ("guest-1", "FAILED", "another mail has taken its place")


def test_an_attempt_that_goes_on_while_another_mail_takes_its_place_is_the_last(people, post_office):
    use(people, post_office.port)
    ask(people, "guest-1-a")
    with people.begin(people.actor) as tx:
        claimed = outgoing._claim(tx)
    ask(people, "guest-1-b", "EVENT_CANCELLED", {"supersedes": "guest-1-"})
    with people.begin(people.actor) as tx:
        outgoing._conclude(tx, claimed, State.QUEUED, "451 greylisted")
    send(people)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
        send(people)

    assert [letter["Subject"] for letter in post_office.taken] == ["Called off: <Fair>"]


def test_whoever_works_here_is_mailed_before_guests(people, post_office):
    use(people, post_office.port)
    for number in range(3):
        ask(people, f"guest-{number}")
    queue(people, link="https://crm.example.com/reset")
    send(people)

    assert [letter["To"] for letter in post_office.taken] == ["ada@example.com", *["guest@example.com"] * 3]
    # Nobody asked to hear of that one.
    assert len(finished(people)) == 3


def test_only_our_own_pages_are_led_to_and_only_services_ask(people):
    with refused("LINK_ELSEWHERE"):
        ask(people, link="https://evil.example.com/rsvp/abc")
    with refused("INTERNAL_RPC"):
        Caller(people, Actor(service="services/contacts")).queue_mail(
            template="EVENT_PLACE", to="guest@example.com", values=VALUES, request_id="guest-1"
        )
