"""Mail: what a message looks like, and how it gets to a server, or into a folder where there is none.

Nothing is sent twice: whoever sends learns whether the server took it, did not take it, or may have taken it.
"""

import mailbox
import mimetypes
import re
import smtplib
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from email_validator import EmailNotValidError, validate_email
from jinja2 import Environment, FileSystemLoader

from chassis import texts

# For one step of the dialogue with a server, and for all of it.
STEP_SECONDS, WHOLE_SECONDS = 10.0, 60.0
WORDS = 300


class Verbatim(UnstructuredHeader, BaseHeader):
    """A header that stands as it is: an address longer than a line would be encoded, and no program reads that."""

    def fold(self, *, policy):
        """Returns its one line."""
        return f"{self.name}: {self}{policy.linesep}" if self.isascii() else super().fold(policy=policy)


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", Verbatim)
# What goes through every server; whether it takes 8 bits we do not ask.
SEVEN_BIT = SMTP.clone(cte_type="7bit", header_factory=_headers)
METHOD = re.compile(rb"(?m)^METHOD:(\w+)")
LEADING_DOT = re.compile(rb"(?m)^\.")
FILE_KINDS, UNTYPED = ("application", "audio", "image", "text", "video"), "application/octet-stream"


# What goes wrong before a server has said anything. Their translations are found by the sentence.
MEANINGS = {
    TimeoutError: "the server took too long",
    ConnectionRefusedError: "nobody answers at that address and port",
    socket.gaierror: "there is no server of that name",
    ssl.SSLCertVerificationError: "the server's certificate is not to be trusted",
    ssl.SSLError: "the server does not speak TLS there",
}


class MailError(Exception):
    """A message did not leave. `str()` of it says why, in the server's own words where it said something."""

    def told(self, language):
        """Returns why in a language; what a server said stays in its words."""
        meaning, *more = str(self).split(": ", 1)
        return ": ".join([texts.translate(f"mail.problem.{meaning}", language, meaning), *more])


class Refused(MailError):
    """The server will never take it."""


class Postponed(MailError):
    """It was not taken this time; another time it may be."""


class Unknown(MailError):
    """The connection broke after the content was handed over: nobody knows whether it was taken."""


@dataclass(frozen=True)
class Server:
    """A mail server, and how it is spoken to: `security` is STARTTLS, TLS or NONE."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""


@dataclass(frozen=True)
class Item:
    """One line of a list in a letter, and the page that it leads to."""

    text: str
    link: str = ""


@dataclass(frozen=True)
class Letter:
    """What a mail says, in one language."""

    language: str
    subject: str
    paragraphs: tuple[str, ...]
    items: tuple[Item, ...] = ()
    # What there is to press.
    button: Item | None = None
    # What else one may do, below it.
    links: tuple[Item, ...] = ()
    # Why it came, and where that is changed.
    footnote: Item = Item("")
    # What goes along: (name, content) each.
    files: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True)
class Written:
    """A letter that somebody wrote: the same as text and as HTML, and the files that go along: (name, content) each."""

    language: str
    subject: str
    text: str
    html: str
    files: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True)
class Envelope:
    """Whom a message is from and to, and what tells it from others."""

    sender_name: str
    sender: str
    to: str
    message_id: str
    time: object
    # Where one says that one does not want it; whether one POST there does it, without a page (RFC 8058).
    unsubscribe: str = ""
    one_click: bool = False
    # Where answers go, if not to the sender.
    reply_to: str = ""


def compose(letter, envelope):
    """Returns the message of a letter: a text for those who read text, and the same as HTML."""
    facts = {"letter": letter, "subject": one_line(letter.subject), "brand": one_line(envelope.sender_name)}
    text, html = (_template(name).render(facts) for name in ("mail.txt", "mail.html"))
    return _message(letter, envelope, text, html, letter.files)


def compose_written(letter, envelope):
    """Returns the message of a letter that somebody wrote, with its files."""
    return _message(letter, envelope, letter.text, letter.html, letter.files)


def _message(letter, envelope, text, html, files=()):
    """Returns a message: what stands on it, a text for those who read text, the same as HTML, and files."""
    message = EmailMessage(policy=SEVEN_BIT)
    brand = one_line(envelope.sender_name)
    message["From"] = Address(display_name=brand, addr_spec=postal_address(envelope.sender))
    message["To"] = Address(addr_spec=postal_address(envelope.to))
    if envelope.reply_to:
        message["Reply-To"] = Address(addr_spec=postal_address(envelope.reply_to))
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(envelope.time)
    message["Message-ID"] = f"<{envelope.message_id}@{postal_address(envelope.sender).rpartition('@')[2]}>"
    # Nobody's absence is to be told to us.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if envelope.unsubscribe:
        message["List-Unsubscribe"] = f"<{envelope.unsubscribe}>"
    if envelope.one_click:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    message["Content-Language"] = letter.language
    for name, content in files:
        kind, sub = (mimetypes.guess_type(name)[0] or UNTYPED).split("/", 1)
        # A message or a multipart in transfer encoding would be none.
        kind, sub = (kind, sub) if kind in FILE_KINDS else UNTYPED.split("/")
        message.add_attachment(
            content, maintype=kind, subtype=sub, filename=one_line(name), params=_about(sub, content)
        )
    return message


def _about(sub, content):
    """Returns what a mail program must know of a file before it reads it: of a calendar, what it asks for."""
    method = METHOD.search(content) if sub == "calendar" else None
    return {"charset": "utf-8", "method": method[1].decode()} if method else None


def one_line(text, most=200):
    """Returns a text as it may stand in a header: what people are called must not begin another one."""
    return "".join(each for each in " ".join(text.split()) if each.isprintable())[:most]


def postal_address(address):
    """Returns an address as every server understands it. Raises Refused if it has no such form."""
    try:
        # Names of a network of one's own are good enough.
        found = validate_email(
            address, check_deliverability=False, globally_deliverable=False, test_environment=True
        ).ascii_email
    except EmailNotValidError as error:
        raise Refused(f"no e-mail address: {one_line(address)}") from error
    if found is None:
        raise Refused(f"an address that not every server understands: {one_line(address)}")
    return found


@lru_cache
def _template(name):
    """Returns a template; what stands in HTML is escaped."""
    folder = FileSystemLoader(Path(__file__).parent / "letters")
    pages = Environment(loader=folder, autoescape=name.endswith(".html"), trim_blocks=True, lstrip_blocks=True)
    return pages.get_template(name)


def keep(folder, message):
    """Puts a message into a Maildir, which is made if it is missing."""
    Path(folder).parent.mkdir(parents=True, exist_ok=True)
    mailbox.Maildir(folder).add(message)


def forget_kept(folder, before, most):
    """Removes the messages in a Maildir that are older than `before` (of time.time), and all but the newest `most`."""
    kept = [(file.stat().st_mtime, file) for part in ("new", "cur") for file in Path(folder, part).glob("*")]
    newest_first = sorted(kept, reverse=True)
    for place, (since, file) in enumerate(newest_first):
        if since < before or place >= most:
            file.unlink(missing_ok=True)


def send(server, message, *, seconds=WHOLE_SECONDS):
    """Hands a message to a server; returns what the server said. Raises Refused, Postponed or Unknown."""
    sender, to = (str(message[name].addresses[0].addr_spec) for name in ("From", "To"))
    try:
        with _connected(server, sender.rpartition("@")[2], seconds) as client:
            _introduce(client, server)
            _require_taken(*client.mail(sender))
            _require_taken(*client.rcpt(to))
            _require_taken(*client.docmd("DATA"))
            return _hand_over(client, message)
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise Postponed(_told(error)) from error


def _hand_over(client, message):
    """Gives the content away. From here on a broken connection tells nothing."""
    content = LEADING_DOT.sub(b"..", message.as_bytes())
    try:
        client.send(content + (b"" if content.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        code, words = client.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise Unknown(_told(error)) from error
    if code < 200:
        raise Unknown(_words(code, words))
    _require_taken(code, words)
    with suppress(smtplib.SMTPException, OSError):
        client.quit()
    return _words(code, words)


@contextmanager
def _connected(server, own_name, seconds):
    """Gives a client that is connected; whatever it does ends after so many seconds."""
    end = time.monotonic() + seconds
    kind = smtplib.SMTP_SSL if server.security == "TLS" else smtplib.SMTP
    options = {"context": _trust()} if server.security == "TLS" else {}
    client: Any = kind(local_hostname=own_name, timeout=min(STEP_SECONDS, seconds), **options)
    # Whom the certificate is to name; only the constructor sets it, and that would connect.
    client._host = server.host
    watchdog = threading.Timer(seconds, _cut, [client])
    watchdog.daemon = True
    watchdog.start()
    try:
        code, words = client.connect(server.host, server.port)
        if time.monotonic() > end:
            raise TimeoutError("it took too long")
        if code != 220:
            raise Postponed(_words(code, words))
        yield client
    finally:
        watchdog.cancel()
        client.close()


def _trust():
    """Whom we believe to be whom: the authorities of this machine, and SSL_CERT_FILE's."""
    return ssl.create_default_context()


def _cut(client):
    """Ends a dialogue from another thread: a server that answers a byte at a time would hold us for ever."""
    with suppress(AttributeError, OSError):
        client.sock.shutdown(2)


def _introduce(client, server):
    """Says hello, encrypts, and signs in. What is refused here is no fault of the message."""
    try:
        client.ehlo_or_helo_if_needed()
        if server.security == "STARTTLS":
            client.starttls(context=_trust())
        if server.user:
            client.login(server.user, server.password)
    except smtplib.SMTPResponseException as error:
        raise Postponed(_words(error.smtp_code, error.smtp_error)) from error


def _require_taken(code, words):
    """Refuses unless the server agreed: 4xx is for now, 5xx for ever."""
    if 200 <= code < 400:
        return
    raise (Refused if 500 <= code < 600 else Postponed)(_words(code, words))


def _words(code, words):
    """Returns a server's answer as one line of a length that can be shown."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return one_line(f"{code} {text}", WORDS)


def _told(error):
    """Returns what a failure means; what a library says of it where we know no better."""
    for kind, meaning in MEANINGS.items():
        if isinstance(error, kind):
            return ": ".join(filter(None, (meaning, getattr(error, "verify_message", ""))))
    return one_line(str(error) or type(error).__name__, WORDS)
