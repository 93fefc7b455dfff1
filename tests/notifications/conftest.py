"""Notifications with people in it, and mail servers that are real."""

import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from crm.identity.v1 import domain_events_pb2 as identity
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from chassis.identity import Actor
from chassis.testing import OWNER, Caller, hear
from chassis.tx import Cause
from gateway.notifications import outgoing
from gateway.notifications.model import Mail
from tests.installation import free_port

IDENTITY = Actor(service="services/identity")
CONTACTS = Actor(service="services/contacts")
PEOPLE = {
    "users/1": {"display_name": "Olga Owner", "email": "olga@example.com", "language": "en"},
    "users/2": {"display_name": "Ada", "email": "ada@example.com", "language": "en"},
    "users/3": {"display_name": "Борис", "email": "boris@example.com", "language": "ru", "time_zone": "Europe/Moscow"},
}


def introduce(service, name, *, etag='"1"', state="ACTIVE", **fields):
    """Lets notifications hear who somebody is."""
    user = {**PEOPLE.get(name, {}), **fields, "name": name, "etag": etag, "state": state}
    hear(service, identity.UserUpdated(user=user), event_id=f"{name} {etag}")


@pytest.fixture
def people(notifications):
    """The service, which knows three people."""
    for name in PEOPLE:
        introduce(notifications, name)
    notifications.settings.maildir, notifications.settings.public_url = None, "https://crm.example.com"
    notifications.settings.smtp_ports = [25, 465, 587, 2525]
    return notifications


def settle(service, *, etag='"1"', enabled=True, access="EVERYONE", members=()):
    """Lets notifications hear who may use the CRM."""
    settings = {"name": "portalSettings", "etag": etag, "crm_enabled": enabled, "crm_access": access}
    event = identity.PortalSettingsUpdated(portal_settings={**settings, "crm_members": members})
    hear(service, event, event_id=f"portal {etag}")


class PostOffice:
    """A real SMTP server: remembers what it took, and refuses what it is told to."""

    def __init__(self):
        self.taken, self.attempts = [], 0
        self.on_recipient, self.on_data = "250 OK", "250 taken as 42"
        self.cuts_after_data = False

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 aiosmtpd's name
        """Says what is to be said to a recipient."""
        if self.on_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.on_recipient

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 aiosmtpd's name
        """Takes the content."""
        self.attempts += 1
        if self.on_data.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=SMTP))
        if self.cuts_after_data:
            server.transport.abort()
        return self.on_data

    def letter(self):
        """The one message it took."""
        [message] = self.taken
        return message


@pytest.fixture
def post_office():
    """A mail server that works."""
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=free_port())
    controller.start()
    office.port = controller.port
    yield office
    controller.stop()


class TlsOffice(PostOffice):
    """The same, behind TLS, for those who sign in."""

    def __init__(self, certificate):
        super().__init__()
        self.certificate, self.signed_in = certificate, []

    def authenticate(self, server, session, envelope, mechanism, data):
        """Lets everybody in and remembers who it was."""
        self.signed_in.append((data.login, data.password))
        return AuthResult(success=True)


@pytest.fixture
def tls_office(tmp_path):
    """A mail server whose certificate only it vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = tmp_path / "certificate.pem", tmp_path / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    private.write_bytes(key.private_bytes(*pem))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, private)
    office = TlsOffice(certificate)
    controller = Controller(
        office,
        hostname="localhost",
        port=free_port(),
        ssl_context=context,
        authenticator=office.authenticate,
        auth_require_tls=False,
    )
    # Its own try whether it has started would have to believe the certificate.
    controller._trigger_server = lambda: socket.create_connection(("localhost", controller.port)).close()
    controller.start()
    office.port = controller.port
    yield office
    controller.stop()


class Silence:
    """A server that takes connections and says nothing, until it hangs up."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]

    def hang_up(self):
        """Ends the connection there is, and takes no other."""
        self.server.settimeout(5)
        self.server.accept()[0].close()
        self.server.close()


@pytest.fixture
def silence():
    """A mail server that says nothing."""
    made = Silence()
    yield made
    made.server.close()


@pytest.fixture
def silent_port(silence):
    """Its port."""
    return silence.port


@pytest.fixture
def dripping_port():
    """The port of a server that never comes to an end: a letter of its greeting now and then."""
    over = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def drip():
        connection, _ = server.accept()
        with connection:
            try:
                connection.sendall(b"220-")
                while not over.wait(0.02):
                    connection.sendall(b"x")
            except OSError:
                return

    thread = threading.Thread(target=drip)
    thread.start()
    yield server.getsockname()[1]
    over.set()
    thread.join(5)
    server.close()


def use(service, port, **more):
    """Has mail leave through a server on this machine."""
    service.settings.smtp_ports = [port]
    fields = {"host": "127.0.0.1", "port": port, "security": "NONE", "from_address": "crm@example.com", **more}
    return Caller(service, OWNER).update_mail_settings(mail_settings=fields)


def queue(service, template="PASSWORD_RESET", to="ada@example.com", language="en", **values):
    """Puts a mail on its way, as another service does; returns its name."""
    caller = Caller(service, IDENTITY)
    return caller.queue_mail(template=template, to=to, language=language, values=values).mail


def send(service):
    """Sends what is due, in this thread."""
    outgoing.send_due(service.job_context(), time.monotonic() + 30)


def mails(service):
    """Returns all mails, the oldest first."""
    with service.reading.connect() as connection:
        return connection.execute(select(Mail.__table__).order_by(Mail.id)).all()


def told(service, actor, language="en"):
    """Returns the sentences on somebody's page, the newest first."""
    caller = Caller(service, actor, Cause(language=language))
    return [each.text for each in caller.list_notifications().notifications]
