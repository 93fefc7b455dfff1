"""The page that the link in a mailing leads to, as its reader, his mail program and robots meet it."""

import pytest
from crm.contacts.v1 import mailings_pb2 as pb

from chassis import errors
from gateway.app import build
from tests.gateway.services import serve

PLACE = "/unsubscribe/t0ken"


class Contacts:
    """Whether it writes to the address of one token, and what it was asked."""

    def __init__(self):
        self.unsubscribed, self.language, self.refusal = False, "ru", None
        self.asked = []

    def functions(self, method):
        """The function of one method."""

        def answer(request, context):
            refusal = self.refusal or (
                errors.no_such(request.name) if request.name != "unsubscriptions/t0ken" else None
            )
            if refusal:
                context.abort_with_status(errors.rpc_status.to_status(refusal.status("ru")))
            self.asked.append(method.name)
            if method.name != "GetUnsubscription":
                self.unsubscribed = method.name == "Unsubscribe"
            said = {"unsubscribed": self.unsubscribed, "language": self.language}
            return pb.Unsubscription(address="<b>@example.com", **said)

        return answer


@pytest.fixture
def contacts():
    """A contacts service that has written to one address."""
    return Contacts()


@pytest.fixture
def reader(identity, contacts):
    """Whoever got the mail."""
    with serve(pb.DESCRIPTOR.services_by_name["MailingsService"], contacts.functions) as fake:
        identity.settings.services = {"contacts": fake.address}
        yield build(identity.settings, identity).test_client()


@pytest.mark.parametrize("ask", ["get", "head"])
def test_whoever_only_follows_the_link_unsubscribes_nobody(reader, contacts, ask):
    for _ in range(3):
        assert getattr(reader, ask)(PLACE).status_code == 200

    assert {*contacts.asked} == {"GetUnsubscription"}
    assert not contacts.unsubscribed


def test_a_button_unsubscribes_and_another_takes_it_back(reader, contacts):
    asked = reader.get(PLACE)
    done = reader.post(PLACE, data={"unsubscribe": "1"})
    shown = reader.get(PLACE)
    back = reader.post(PLACE, data={"resubscribe": "1"})

    assert 'name="unsubscribe"' in asked.text
    assert "Вы отписались" in done.text
    assert 'name="resubscribe"' in done.text
    assert shown.text == done.text
    assert "снова будут приходить" in back.text
    assert contacts.asked == ["GetUnsubscription", "Unsubscribe", "GetUnsubscription", "Resubscribe"]


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_mail_program_unsubscribes_with_one_post(reader, contacts, kind):
    answer = reader.post(PLACE, data={"List-Unsubscribe": "One-Click"}, content_type=kind)

    assert answer.status_code == 200
    assert contacts.asked == ["Unsubscribe"]


def test_the_page_speaks_the_language_of_its_reader(reader):
    english = reader.get(PLACE, headers={"Accept-Language": "en-GB,en;q=0.8"})
    unsaid = reader.get(PLACE)

    assert 'lang="en"' in english.text
    assert "Unsubscribe" in english.text
    assert 'lang="ru"' in unsaid.text


def test_the_page_runs_nothing_and_shows_an_address_as_text(reader):
    page = reader.get(PLACE)

    assert "&lt;b&gt;@example.com" in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"


def test_a_link_that_was_not_ours_is_told_in_words(reader, contacts):
    for answer in (reader.get("/unsubscribe/forged"), reader.post("/unsubscribe/forged")):
        assert answer.status_code == 404
        assert "This link does not work" in answer.text

    assert contacts.asked == []


def test_who_changes_his_mind_all_the_time_waits(reader, contacts):
    contacts.refusal = errors.ResourceExhausted("too often; try again later", "TOO_MANY_CHANGES", retry_after=60)

    assert reader.post(PLACE, data={"resubscribe": "1"}).status_code == 429


def test_what_is_too_large_for_a_button_is_not_read(reader, contacts):
    assert reader.post(PLACE, data={"x": "y" * 20_000}).status_code == 413
    assert contacts.asked == []
