"""The feed that calendar programs read."""

import pytest
from crm.events.v1 import calendar_pb2
from google.api.httpbody_pb2 import HttpBody

from chassis import errors
from gateway.app import build
from tests.gateway.conftest import PASSWORD, WRITE, set_up
from tests.gateway.services import serve


class Events:
    """A calendar, and for whom it was asked."""

    def __init__(self):
        self.asked, self.titles, self.refusal = [], [], None

    def functions(self, method):
        """The function of one method."""

        def file(request, context):
            if self.refusal:
                context.abort_with_status(errors.rpc_status.to_status(self.refusal.status("en")))
            self.titles.append(request.title)
            self.asked.append((request.filter, "authorization" in dict(context.invocation_metadata())))
            yield HttpBody(content_type="text/calendar; charset=utf-8", data=b"BEGIN:VCALENDAR")

        return file


@pytest.fixture
def events():
    """An events service with a calendar."""
    return Events()


@pytest.fixture
def owner(identity, events):
    """The owner in his browser."""
    with serve(calendar_pb2.DESCRIPTOR.services_by_name["CalendarService"], events.functions) as fake:
        identity.settings.services = {"events": fake.address}
        client = build(identity.settings, identity).test_client()
        set_up(client)
        yield client


def key(owner, *scopes):
    """Makes a key; returns its secret."""
    body = {"title": "calendar", "password": PASSWORD, "scopes": list(scopes)}
    return owner.post("/v1/apiKeys", json=body, headers=WRITE).json["secret"]


def bare(owner):
    """A program that sends no cookie."""
    return owner.application.test_client()


def test_a_calendar_program_reads_the_feed_by_its_key(owner, events):
    place = f"/calendar/{key(owner, 'calendar')}.ics"
    first = bare(owner).get(f"{place}?filter=tags:seminar")
    again = bare(owner).get(f"{place}?filter=tags:seminar", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, first.data) == (200, b"BEGIN:VCALENDAR")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert (again.status_code, again.data) == (304, b"")
    assert events.asked == [("tags:seminar", True)] * 2


@pytest.mark.parametrize("scopes", [(), ("read",), ("events.read",), ("read", "write")])
def test_other_keys_do_not_open_it(owner, events, scopes):
    assert bare(owner).get(f"/calendar/{key(owner, *scopes)}.ics").status_code == 404
    assert events.asked == []


def test_nothing_but_a_key_opens_it(owner, events):
    session = owner.get_cookie("rapport_session").value
    for secret in (session, "rk_forged", "x"):
        assert owner.get(f"/calendar/{secret}.ics").status_code == 404
    assert events.asked == []


def test_the_key_opens_nothing_else(owner):
    secret = key(owner, "calendar")
    for place in ("/v1/events:calendar", "/v1/events", "/v1/users", "/v1/notifications", "/v1/apiKeys"):
        answer = bare(owner).get(place, headers={"Authorization": f"Bearer {secret}"})
        assert (answer.status_code, answer.json["error"]["details"][0]["reason"]) == (403, "SCOPE_MISSING"), place


def test_a_key_that_was_revoked_opens_nothing(owner):
    secret = key(owner, "calendar")
    [made] = owner.get("/v1/apiKeys").json["apiKeys"]
    owner.delete(f"/v1/{made['name']}", headers=WRITE)

    assert bare(owner).get(f"/calendar/{secret}.ics").status_code == 404


def test_the_scope_stands_alone(owner):
    body = {"title": "calendar", "password": PASSWORD, "scopes": ["calendar", "read"]}
    answer = owner.post("/v1/apiKeys", json=body, headers=WRITE)

    assert answer.json["error"]["details"][1]["fieldViolations"][0]["reason"] == "SCOPE_ALONE"


def test_a_wrong_filter_is_no_calendar_and_a_service_that_is_away_is_no_empty_one(owner, events):
    place = f"/calendar/{key(owner, 'calendar')}.ics"
    events.refusal = errors.InvalidArgument("the filter is wrong", "INVALID_FILTER", field="filter")
    assert bare(owner).get(place).status_code == 404
    events.refusal = errors.Unavailable("the database does not answer", "DATABASE_UNAVAILABLE")
    assert bare(owner).get(place).status_code == 503


def test_the_feed_is_called_as_the_portal_is(owner, events):
    settings = owner.get("/v1/portalSettings").json
    changed = {"title": "Acme", "etag": settings["etag"]}
    assert owner.patch("/v1/portalSettings", json=changed, headers=WRITE).status_code == 200
    bare(owner).get(f"/calendar/{key(owner, 'calendar')}.ics")

    assert events.titles == ["Acme"]
