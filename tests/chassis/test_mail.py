"""Messages say what they should, whatever people are called."""

import mailbox
import os
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP

import pytest

from chassis.mail import Envelope, Item, Letter, Refused, Written, compose, compose_written, forget_kept, keep, one_line

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVIL = "Ada\r\nBcc: eve@example.com\r\n\r\n<script>alert(1)</script>"


def envelope(**more):
    return Envelope(
        **{"sender_name": "Rapport", "sender": "crm@example.com", "to": "ada@example.com", **more},
        message_id="mail.7",
        time=NOW,
    )


def sent(letter, **more):
    """Returns a message as whoever receives it reads it."""
    return message_from_bytes(compose(letter, envelope(**more)).as_bytes(), policy=SMTP)


def test_what_people_are_called_adds_no_headers_and_no_content():
    letter = Letter("en", EVIL, (EVIL,), (Item(EVIL),), footnote=Item(EVIL))

    message = sent(letter, sender_name=EVIL)

    assert message["Bcc"] is None
    assert message["Subject"].startswith("Ada Bcc: eve@example.com")
    assert message["From"].addresses[0].addr_spec == "crm@example.com"
    assert [address.addr_spec for address in message["To"].addresses] == ["ada@example.com"]
    assert "<script>" not in message.get_body(("html",)).get_content()


@pytest.mark.parametrize("address", ["ada@example.com\r\nBcc: eve@example.com", "ada", "ü@example.com", "", "a@b, c@d"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(Refused):
        compose(Letter("en", "x", ("y",)), envelope(to=address))


def test_an_address_in_another_script_is_written_as_servers_know_it():
    assert sent(Letter("en", "x", ("y",)), to="ada@пример.рф")["To"] == "ada@xn--e1afmkfd.xn--p1ai"


def test_a_message_has_both_parts_its_language_and_an_id_of_its_own():
    message = sent(Letter("ru", "Тема", ("Первый абзац",), button=Item("Открыть", "https://example.com/?a=1&b=2")))

    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Content-Language"] == "ru"
    assert message["Message-ID"] == "<mail.7@example.com>"
    assert "https://example.com/?a=1&b=2" in message.get_body(("plain",)).get_content()
    assert "https://example.com/?a=1&amp;b=2" in message.get_body(("html",)).get_content()


def test_a_name_is_cut_to_what_fits_a_line():
    assert one_line("a\tb\n c\u202e" + "d" * 500) == "a b c" + "d" * 195


def test_lines_are_as_short_as_servers_want_them():
    message = compose(Letter("ru", "Очень длинная тема " * 20, ("Слово " * 1000,)), envelope(sender_name="Имя" * 60))

    assert max(len(line) for line in message.as_bytes().split(b"\r\n")) <= 998


def test_a_message_goes_through_servers_that_know_seven_bits_only():
    message = compose(Letter("ru", "Тема", ("Если это были вы, ничего делать не нужно.",)), envelope(sender_name="Имя"))

    assert message.as_bytes().isascii()
    assert "Если это были вы" in sent(Letter("ru", "Тема", ("Если это были вы",))).get_body(("plain",)).get_content()


def test_what_is_kept_is_removed_when_it_is_old_or_too_much(tmp_path):
    for name, since in (("old", 10), ("older", 5), ("new", 30), ("newest", 40), ("newer", 35)):
        keep(tmp_path / "mail", compose(Letter("en", name, ("y",)), envelope()))
        [file] = [file for file in (tmp_path / "mail" / "new").iterdir() if f"Subject: {name}\n" in file.read_text()]
        os.utime(file, (since, since))

    forget_kept(tmp_path / "mail", 20, 2)

    left = [message["Subject"] for message in mailbox.Maildir(tmp_path / "mail")]
    assert sorted(left) == ["newer", "newest"]


def test_the_way_out_stands_in_its_header_as_mail_programs_read_it():
    link = f"https://crm.example.com/unsubscribe/{'t0ken' * 60}"
    long = "Привет, мир " * 15
    letter = Written("ru", long, f"{long}\n{link}", f"<p>{long * 20}</p>", (("a.pdf", b"x" * 5000),))

    content = compose_written(letter, envelope(unsubscribe=link, one_click=True)).as_bytes()

    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in content
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content
    assert content.isascii()
    assert [line for line in content.split(b"\r\n") if len(line) > 78] == [f"List-Unsubscribe: <{link}>".encode()]
    assert message_from_bytes(content, policy=SMTP)["Subject"] == long.strip()[:200]
