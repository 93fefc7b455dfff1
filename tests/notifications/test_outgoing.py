"""Mail leaves at most once, whatever servers do, and what went wrong is there to be seen."""

import mailbox
import time
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from chassis import mail as post
from chassis.testing import OWNER, Caller, eventually, statements
from gateway.notifications import jobs, outgoing
from gateway.notifications.model import Mail, MailSettings, Template
from tests.installation import free_port
from tests.notifications.conftest import mails, queue, send, use


def later(seconds):
    """Makes it so many seconds later."""
    return time_machine.travel(time.time() + seconds, tick=True)


def test_a_mail_arrives_as_text_and_as_html_in_the_readers_language(people, post_office):
    use(people, post_office.port, from_name="Рапорт")
    link = "https://crm.example.com/invitation#a&b"

    queue(people, "INVITATION", "eve@example.com", "ru", link=link, display_name="Ева", inviter="Olga")
    send(people)

    letter = post_office.letter()
    text, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert letter["To"] == "eve@example.com"
    assert letter["From"].addresses[0].display_name == "Рапорт"
    assert letter["Subject"] == "Приглашение в Rapport"
    assert "Ева, вас приглашают" in text
    assert link in text
    assert 'lang="ru"' in html
    assert link.replace("&", "&amp;") in html
    [mail] = mails(people)
    assert (mail.state, mail.attempts, mail.last_error) == ("SENT", 1, "")
    assert mail.content is None


def test_a_mail_says_that_a_machine_wrote_it_and_where_to_switch_it_off(people, post_office):
    use(people, post_office.port)

    queue(people, "SECURITY_NOTICE", event="PASSWORD_CHANGED")
    send(people)

    letter = post_office.letter()
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] == "<https://crm.example.com/profile/notifications>"
    assert letter["Message-ID"].endswith("@example.com>")


def test_without_a_server_mail_is_kept_in_a_folder(people, tmp_path):
    people.settings.maildir = tmp_path / "made" / "mail"

    queue(people, link="https://crm.example.com/password#secret")
    send(people)

    [kept] = mailbox.Maildir(people.settings.maildir, create=False)
    assert kept["To"] == "ada@example.com"
    assert mails(people)[0].state == "KEPT"
    assert Caller(people, OWNER).get_mail_settings().delivery == 2


def test_without_a_server_and_a_folder_mail_waits_until_there_is_one(people, post_office):
    queue(people)
    send(people)
    assert (mails(people)[0].state, mails(people)[0].last_error) == ("QUEUED", "no mail server is set")

    use(people, post_office.port)
    send(people)

    assert mails(people)[0].state == "SENT"


def test_what_lies_in_the_folder_is_sent_when_there_is_a_server(people, post_office, tmp_path):
    people.settings.maildir = tmp_path / "mail"
    kept = queue(people, "SECURITY_NOTICE", event="PASSWORD_CHANGED")
    send(people)
    use(people, post_office.port)

    Caller(people, OWNER).retry_mail(name=kept)
    send(people)

    assert mails(people)[0].state == "SENT"
    assert len(post_office.taken) == 1


def test_a_server_that_is_down_is_asked_again_later_and_later(people):
    use(people, free_port())
    queue(people)

    pauses = []
    for _ in range(3):
        with later(sum(pauses)):
            send(people)
            [mail] = mails(people)
            pauses.append(round((mail.next_attempt_time - mail.update_time).total_seconds()))

    assert pauses == [60, 300, 1500]
    assert (mail.state, mail.attempts) == ("QUEUED", 3)
    assert mail.last_error == "nobody answers at that address and port"


def test_a_server_that_is_down_for_a_day_has_failed(people):
    use(people, free_port())
    queue(people)

    for day in range(10):
        with later(day * 86_400):
            send(people)

    [mail] = mails(people)
    assert (mail.state, mail.attempts, mail.content) == ("FAILED", 8, None)


def test_a_mail_that_is_refused_for_now_is_tried_again(people, post_office):
    use(people, post_office.port)
    post_office.on_recipient = "451 come back"
    queue(people)
    send(people)
    assert (mails(people)[0].state, mails(people)[0].last_error) == ("QUEUED", "451 come back")

    post_office.on_recipient = "250 OK"
    with later(61):
        send(people)

    assert mails(people)[0].state == "SENT"
    assert len(post_office.taken) == 1


@pytest.mark.parametrize("at", ["on_recipient", "on_data"])
def test_a_mail_that_is_refused_for_ever_has_failed(people, post_office, at):
    use(people, post_office.port)
    setattr(post_office, at, "550 no")

    queue(people)
    send(people)

    assert (mails(people)[0].state, mails(people)[0].last_error) == ("FAILED", "550 no")


def test_a_mail_whose_connection_broke_after_its_content_is_not_sent_again(people, post_office):
    use(people, post_office.port)
    post_office.cuts_after_data = True

    queue(people)
    send(people)
    with later(86_400):
        send(people)

    [mail] = mails(people)
    assert (post_office.attempts, mail.state) == (1, "FAILED")
    assert mail.last_error.startswith("it is unknown whether it was sent")


def test_a_mail_whose_sender_died_is_not_sent_again(people, post_office):
    use(people, post_office.port)
    queue(people)
    with people.begin(people.actor) as tx:
        outgoing._claim(tx)

    send(people)
    assert mails(people)[0].state == "SENDING"
    with later(outgoing.LOST.total_seconds() + 1):
        send(people)

    [mail] = mails(people)
    assert (mail.state, mail.last_error, mail.content) == ("FAILED", "it is unknown whether it was sent", None)
    assert post_office.attempts == 0


def test_two_leaders_at_once_send_a_mail_once(people, post_office):
    use(people, post_office.port)
    queue(people)

    with people.begin(people.actor) as one, people.begin(people.actor) as other:
        claims = [outgoing._claim(one), outgoing._claim(other)]

    assert [claim is None for claim in claims] == [False, True]


@pytest.mark.parametrize("kind", ["silent_port", "dripping_port"])
def test_a_server_that_does_not_come_to_an_end_is_given_up(people, kind, request, monkeypatch):
    monkeypatch.setattr(post, "WHOLE_SECONDS", 0.3)
    use(people, request.getfixturevalue(kind))
    queue(people)
    began = time.monotonic()

    send(people)

    assert time.monotonic() - began < 5
    assert mails(people)[0].state == "QUEUED"


def test_a_slow_server_holds_up_neither_jobs_nor_calls(people, silence):
    use(people, silence.port)
    queue(people)
    began = time.monotonic()

    jobs.send_mail(people.job_context())
    eventually(lambda: mails(people)[0].state == "SENDING")
    jobs.send_mail(people.job_context())
    jobs.mail_the_day(people.job_context())
    queue(people)

    assert time.monotonic() - began < 5
    assert outgoing._sending.locked()
    silence.hang_up()
    eventually(lambda: not outgoing._sending.locked())


def test_a_certificate_that_nobody_vouches_for_is_not_believed(people, tls_office):
    use(people, tls_office.port, security="TLS")

    queue(people)
    send(people)

    assert mails(people)[0].last_error.startswith("the server's certificate is not to be trusted: ")
    assert tls_office.taken == []


def test_mail_is_encrypted_and_signed_in_where_the_settings_say_so(people, tls_office, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(tls_office.certificate))
    use(people, tls_office.port, host="localhost", security="TLS", user="crm", password="top secret")

    queue(people)
    send(people)

    assert (mails(people)[0].state, mails(people)[0].last_error) == ("SENT", "")
    assert tls_office.signed_in == [(b"crm", b"top secret")]


def test_nothing_is_sent_unencrypted_where_encryption_was_asked_for(people, post_office):
    use(people, post_office.port, security="STARTTLS")

    queue(people)
    send(people)

    assert "STARTTLS" in mails(people)[0].last_error
    assert post_office.taken == []


def test_mail_that_cannot_be_read_with_todays_secret_fails(people, post_office):
    use(people, post_office.port)
    queue(people)
    with people.engine.begin() as connection:
        connection.execute(update(Mail).values(content=b"of another secret"))

    send(people)

    assert mails(people)[0].state == "FAILED"
    assert "cannot be read with the present key" in mails(people)[0].last_error


def test_looking_for_mail_is_one_statement(people):
    with statements(people) as seen:
        jobs.send_mail(people.job_context())

    assert len(seen) == 1


def test_old_mail_is_forgotten(people, post_office):
    use(people, post_office.port)
    queue(people)
    send(people)
    queue(people, to="waiting@example.com")

    with later(timedelta(days=91).total_seconds()):
        jobs.forget_the_past(people.job_context())

    assert [mail.to for mail in mails(people)] == ["waiting@example.com"]


def test_a_mail_that_cannot_be_written_has_failed(people, post_office):
    use(people, post_office.port)
    with people.begin(people.actor) as tx:
        outgoing.queue(tx, Template.NOTIFICATION, "ada@example.com", "en", {"kind": "RECORD_ASSIGNED"})

    send(people)

    [mail] = mails(people)
    assert (mail.state, mail.last_error) == ("FAILED", "it could not be written: KeyError('title')")


def test_a_mail_in_russian_goes_through_a_server_that_knows_seven_bits_only(people, post_office):
    use(people, post_office.port, from_name="Рапорт")

    queue(people, "SECURITY_NOTICE", "boris@example.com", "ru", event="PASSWORD_CHANGED")
    send(people)

    letter = post_office.letter()
    assert letter.as_bytes().isascii()
    assert {part["Content-Transfer-Encoding"] for part in letter.iter_parts()} <= {"base64", "quoted-printable"}
    assert "Если это были вы" in letter.get_body(("plain",)).get_content()


def test_mail_waits_while_the_servers_password_cannot_be_read(people, post_office):
    use(people, post_office.port)
    with people.engine.begin() as connection:
        connection.execute(update(MailSettings).values(sealed_password=b"of another secret"))
    queue(people)

    send(people)

    [mail] = mails(people)
    assert (mail.state, post_office.attempts) == ("QUEUED", 0)
    assert "cannot be read with the present key" in mail.last_error
    assert Caller(people, OWNER).get_mail_settings().password_set
    without = {"mail_settings": {"password": ""}, "update_mask": {"paths": ["password"]}}
    Caller(people, OWNER).update_mail_settings(**without)
    send(people)
    assert mails(people)[0].state == "SENT"
