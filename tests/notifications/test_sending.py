"""Letters that another service has sent while it waits: each key once at most, whatever servers and we do."""

import mailbox
import threading
import time

import pytest
import time_machine
from sqlalchemy import select

from chassis.identity import Actor
from chassis.testing import OWNER, Caller, refused
from chassis.tx import Cause
from gateway.notifications import jobs
from gateway.notifications.model import Delivery
from tests.installation import free_port
from tests.notifications.conftest import CONTACTS, IDENTITY, use

LINK = "https://crm.example.com/unsubscribe/token"


def send(service, key="0123456789abcdef", cause=None, **more):
    """Has a letter sent, as contacts does; returns (result, words)."""
    letter = {"to": "eve@example.com", "subject": "Hello", "text": "Hello, Eve", "html": "<p>Hello, Eve</p>"}
    answer = Caller(service, CONTACTS, cause).send_mail(key=key, **{**letter, "unsubscribe_url": LINK, **more})
    return type(answer).Result.Name(answer.result), answer.words


def known(service):
    """Returns key → result of all letters."""
    with service.reading.connect() as connection:
        return dict(connection.execute(select(Delivery.key, Delivery.result)).all())


def test_a_letter_arrives_with_its_files_and_says_how_to_have_no_more(people, post_office):
    use(people, post_office.port, from_name="Rapport")
    files = [{"file_name": "прайс.pdf", "content": b"%PDF"}, {"file_name": "a.eml", "content": b"Subject: x\n\n"}]

    came = send(people, sender_name="Насосы", reply_to="sales@example.com", language="ru", attachments=files)

    letter = post_office.letter()
    assert came == ("SENT", "250 taken as 42")
    assert (letter["To"], letter["Subject"], letter["Reply-To"]) == ("eve@example.com", "Hello", "sales@example.com")
    assert letter["From"].addresses[0].display_name == "Насосы"
    assert letter["From"].addresses[0].addr_spec == "crm@example.com"
    assert letter["List-Unsubscribe"] == f"<{LINK}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.get_body(("plain",)).get_content().strip() == "Hello, Eve"
    assert letter.get_body(("html",)).get_content().strip() == "<p>Hello, Eve</p>"
    found = [(part.get_filename(), part.get_content_type(), part.get_content()) for part in letter.iter_attachments()]
    assert found == [
        ("прайс.pdf", "application/pdf", b"%PDF"),
        ("a.eml", "application/octet-stream", b"Subject: x\n\n"),
    ]


def test_the_same_key_is_sent_once_however_often_it_is_asked_for(people, post_office):
    use(people, post_office.port)

    answers = [send(people) for _ in range(3)]

    assert answers == [("SENT", "250 taken as 42")] * 3
    assert len(post_office.taken) == 1


def test_two_that_ask_for_the_same_key_at_once_send_it_once(people, post_office):
    use(people, post_office.port)
    answers = []

    def ask():
        try:
            answers.append(send(people)[0])
        except Exception as error:
            answers.append(error.reason)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(post_office.taken) == 1
    assert {*answers} <= {"SENT", "MAIL_IN_PROGRESS"}


def test_without_a_server_a_letter_is_kept(people, tmp_path):
    people.settings.maildir = tmp_path / "mail"

    assert send(people) == ("KEPT", "")

    [kept] = mailbox.Maildir(people.settings.maildir, create=False)
    assert kept["To"] == "eve@example.com"


def test_what_a_server_refuses_for_ever_is_refused_in_its_words(people, post_office):
    use(people, post_office.port)
    post_office.on_recipient = "550 no such mailbox"

    assert send(people) == ("REFUSED", "550 no such mailbox")
    post_office.on_recipient = "250 OK"
    assert send(people)[0] == "REFUSED"


@pytest.mark.parametrize("how", ["greylisted", "down"])
def test_what_is_not_taken_for_now_may_be_asked_for_again(people, post_office, how):
    use(people, post_office.port if how == "greylisted" else free_port())
    post_office.on_recipient = "451 come back later"
    assert send(people)[0] == "LATER"
    assert known(people) == {}

    use(people, post_office.port)
    post_office.on_recipient = "250 OK"

    assert send(people)[0] == "SENT"


def test_a_letter_that_may_have_been_taken_is_not_sent_again(people, post_office):
    use(people, post_office.port)
    post_office.cuts_after_data = True

    assert send(people)[0] == "UNKNOWN"
    post_office.cuts_after_data = False
    assert send(people)[0] == "UNKNOWN"

    assert post_office.attempts == 1


def test_a_letter_whose_sender_died_is_unknown_and_not_sent_again(people, post_office):
    use(people, post_office.port)
    with people.begin(people.actor) as tx:
        tx.session.add(Delivery(key="0123456789abcdef", result="SENDING", words="", time=tx.now))

    with refused("MAIL_IN_PROGRESS", "UNAVAILABLE"):
        send(people)
    with time_machine.travel(time.time() + 200, tick=True):
        assert send(people)[0] == "UNKNOWN"

    assert post_office.taken == []


def test_how_it_ended_is_noted_although_nobody_waits_any_more(people, silent_port):
    use(people, silent_port)

    assert send(people, cause=Cause(deadline=time.monotonic() + 2))[0] == "LATER"

    assert known(people) == {}


def test_a_letter_to_a_person_goes_to_his_address(people, post_office):
    use(people, post_office.port)

    assert send(people, to="", user="users/3")[0] == "SENT"
    assert send(people, key="another key of mine", to="", user="users/9")[0] == "REFUSED"

    assert post_office.letter()["To"] == "boris@example.com"


def test_no_line_of_another_header_gets_into_a_header(people, post_office):
    use(people, post_office.port)
    evil = "x\r\nBcc: all@example.com\n\nbody"

    send(people, subject=evil, sender_name=evil, attachments=[{"file_name": evil, "content": b"x"}])
    assert send(people, key="another key of mine", reply_to=f"a@example.com{evil}")[0] == "REFUSED"

    letter = post_office.letter()
    assert letter["Bcc"] is None
    assert letter["Subject"] == "x Bcc: all@example.com body"
    assert letter["From"].addresses[0].display_name == "x Bcc: all@example.com body"


@pytest.mark.parametrize("actor", [OWNER, IDENTITY, Actor(service="services/invoicing")])
def test_nobody_but_contacts_has_letters_sent(people, post_office, actor):
    use(people, post_office.port)

    with refused("INTERNAL_RPC", "PERMISSION_DENIED"):
        Caller(people, actor).send_mail(key="0123456789abcdef", to="eve@example.com")

    assert post_office.taken == []


def test_what_was_sent_long_ago_is_forgotten(people, post_office):
    use(people, post_office.port)
    send(people)
    jobs.forget_the_past(people.job_context())
    assert known(people) != {}

    with time_machine.travel(time.time() + 91 * 86_400, tick=True):
        jobs.forget_the_past(people.job_context())

    assert known(people) == {}
