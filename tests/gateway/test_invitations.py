"""The page that the link in an invitation leads to, as its reader and robots meet it."""

from datetime import UTC, datetime

import pytest
from crm.events.v1 import guests_pb2 as pb
from google.api.httpbody_pb2 import HttpBody

from chassis import errors
from gateway import app
from gateway.app import build
from tests.gateway.conftest import set_up
from tests.gateway.services import serve

PLACE = "/rsvp/t0ken"
RUSSIAN = {"Accept-Language": "ru"}


class Events:
    """An invitation, and what was asked of it."""

    def __init__(self):
        self.response, self.refusal, self.more = "PENDING", None, {}
        self.asked, self.spoken = [], ""

    def functions(self, method):
        """The function of one method."""

        def answer(request, context):
            refusal = errors.no_such(request.name) if request.name != "eventInvitations/t0ken" else None
            refusal = refusal or (self.refusal if not method.name.startswith("Get") else None)
            self.spoken = dict(context.invocation_metadata())["accept-language"]
            if refusal:
                context.abort_with_status(errors.rpc_status.to_status(refusal.status("en")))
            self.asked.append((method.name, getattr(request, "comment", "")))
            answers = {"AcceptEventInvitation": "ACCEPTED", "DeclineEventInvitation": "DECLINED"}
            self.response = answers.get(method.name, self.response)
            start = datetime(2036, 1, 1, 10, tzinfo=UTC)
            said = {"title": "<b>Fair</b>", "display_name": "Ada", "start_time": start, "time_zone": "Europe/Moscow"}
            return pb.EventInvitation(**{"state": "OPEN", **said, "response": self.response, **self.more})

        def file(request, context):
            self.asked.append((method.name, ""))
            yield HttpBody(content_type="text/calendar; charset=utf-8", data=b"BEGIN:VCALENDAR")

        return file if method.server_streaming else answer


@pytest.fixture
def events():
    """An events service that has invited somebody."""
    return Events()


@pytest.fixture
def guest(identity, events):
    """Whoever got the mail."""
    with serve(pb.DESCRIPTOR.services_by_name["GuestsService"], events.functions) as fake:
        identity.settings.services = {"events": fake.address}
        yield build(identity.settings, identity).test_client()


@pytest.mark.parametrize("ask", ["get", "head"])
@pytest.mark.parametrize("answer", ["", "?answer=accept", "?answer=decline"])
def test_whoever_only_follows_the_link_answers_nothing(guest, events, ask, answer):
    assert getattr(guest, ask)(PLACE + answer).status_code == 200
    assert {name for name, _ in events.asked} == {"GetEventInvitation"}


def test_buttons_accept_and_decline_with_a_comment(guest, events):
    asked = guest.get(PLACE)
    accepted = guest.post(PLACE, data={"accept": "1", "comment": "With\r\na friend"})
    declined = guest.post(PLACE, data={"decline": "1", "comment": "x" * 2000})

    assert "Ada, will you come?" in asked.text
    assert "Ada, you are coming. We look forward to seeing you." in accepted.text
    assert "Ada, you are not coming. Thank you for telling us." in declined.text
    answers = [each for each in events.asked if each[0] != "GetEventInvitation"]
    assert answers == [("AcceptEventInvitation", "With\na friend"), ("DeclineEventInvitation", "x" * 1000)]


def test_the_button_that_the_link_in_the_mail_meant_comes_first(guest):
    def order(answer):
        page = guest.get(f"{PLACE}?answer={answer}").text
        return page.index('name="accept"') < page.index('name="decline"')

    assert (order("accept"), order("decline")) == (True, False)


def test_it_is_told_in_the_language_of_the_reader_in_the_zone_of_the_event(guest):
    russian, english = guest.get(PLACE, headers=RUSSIAN), guest.get(PLACE, headers={"Accept-Language": "en-GB"})

    assert "вы придёте?" in russian.text
    assert "13:00" in russian.text
    assert 'lang="ru"' in russian.text
    assert "Tuesday, January 1, 2036, 13:00 (GMT+03:00, Moscow)" in english.text


def test_who_waits_is_told_his_place(guest, events):
    events.response, events.more = "WAITING", {"waiting_position": 3, "full": True}

    assert "Your place among those who wait: 3." in guest.get(PLACE).text


def test_who_would_wait_is_told_beforehand(guest, events):
    events.more = {"full": True}

    assert "All places are taken. Who accepts now waits" in guest.get(PLACE).text


@pytest.mark.parametrize(("state", "told"), [("OVER", "is over"), ("CLOSED", "is closed")])
def test_what_is_over_shows_no_buttons(guest, events, state, told):
    events.more, events.refusal = {"state": state}, errors.FailedPrecondition("the event is over", "EVENT_OVER")
    seen, late = guest.get(PLACE), guest.post(PLACE, data={"accept": "1"})

    assert (seen.status_code, late.status_code) == (200, 409)
    for page in (seen, late):
        assert told in page.text
        assert "<button" not in page.text


def test_who_changes_his_mind_all_the_time_waits(guest, events):
    events.refusal = errors.ResourceExhausted("too often; try again later", "TOO_MANY_CHANGES", retry_after=60)
    answer = guest.post(PLACE, data={"accept": "1"})

    assert answer.status_code == 429
    assert "too often; try again later" in answer.text


def test_while_too_many_ask_it_says_so(guest, events):
    events.refusal = errors.Unavailable("too many are changing this at once; try again", "BUSY", retry_after=1)
    answer = guest.post(PLACE, data={"accept": "1"})

    assert answer.status_code == 503
    assert "Please try again in a moment." in answer.text


def test_the_page_runs_nothing_and_shows_titles_as_text(guest):
    page = guest.get(PLACE)

    assert "&lt;b&gt;Fair" in page.text
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"


def test_a_link_that_opens_nothing_is_told_in_words(guest, events):
    answers = (guest.get("/rsvp/forged"), guest.post("/rsvp/forged", data={"accept": "1"}))
    for answer in (*answers, guest.get("/rsvp/a%20b")):
        assert answer.status_code == 404
        assert "This link does not work" in answer.text

    assert events.asked == []


def test_the_event_is_taken_into_a_calendar(guest):
    file = guest.get(f"{PLACE}/event.ics")

    assert (file.data, file.content_type) == (b"BEGIN:VCALENDAR", "text/calendar; charset=utf-8")


def test_an_event_without_a_beginning_is_offered_to_no_calendar(guest, events):
    assert "event.ics" in guest.get(PLACE).text
    events.more = {"start_time": None}
    assert "event.ics" not in guest.get(PLACE).text


def test_signs_that_nobody_sees_are_no_part_of_a_comment(guest, events):
    guest.post(PLACE, data={"accept": "1", "comment": "a\0b\x1b\r\n\tc"})
    assert ("AcceptEventInvitation", "ab\n\tc") in events.asked


def test_what_is_too_large_for_an_answer_is_not_read(guest, events):
    assert guest.post(PLACE, data={"comment": "y" * 30_000}).status_code == 413
    assert events.asked == []


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/rsvp/abc", "/rsvp/…"),
        ("/rsvp/abc/event.ics", "/rsvp/…/event.ics"),
        ("/calendar/rk_abc.ics", "/calendar/…"),
        ("/v1/eventInvitations/abc:accept", "/v1/eventInvitations/…:accept"),
        ("/v1/events/3", "/v1/events/3"),
    ],
)
def test_no_log_has_what_opens_something(path, told):
    assert app.told_path(path) == told


@pytest.mark.parametrize(("browser", "spoken"), [("de", "ru"), ("en", "en"), ("ru", "ru")])
def test_a_refusal_is_in_the_language_of_the_page(guest, events, browser, spoken):
    events.more = {"language": "ru"}
    guest.post(PLACE, data={"accept": "1"}, headers={"Accept-Language": browser})
    assert events.spoken == spoken


def test_the_page_names_the_portal_and_whoever_invites(guest, events):
    set_up(guest.application.test_client())
    events.more = {"inviter": "Olga"}
    page = guest.get(PLACE).text

    assert "Invited by" in page
    assert "Olga" in page
    assert '<p class="portal">Rapport</p>' in page


@pytest.mark.parametrize("answer", ["ACCEPTED", "DECLINED", "WAITING"])
def test_whoever_has_answered_reads_what_and_may_change_it(guest, events, answer):
    events.response = answer
    page = guest.get(PLACE).text

    assert f'<p class="said {answer}" role="status">' in page
    assert "<summary>Change your answer</summary>" in page


@pytest.mark.parametrize(
    ("answered", "meant"), [("DECLINED", "accept"), ("ACCEPTED", "decline"), ("WAITING", "decline")]
)
def test_whoever_thought_better_of_it_finds_the_buttons_at_once(guest, events, answered, meant):
    events.response = answered
    changed, kept = guest.get(f"{PLACE}?answer={meant}").text, guest.get(PLACE).text

    assert changed.index(f'name="{meant}"') < max(changed.index('name="accept"'), changed.index('name="decline"'))
    assert ("<details open>" in changed, "<details>" in kept) == (True, True)
