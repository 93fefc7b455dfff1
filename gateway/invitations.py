"""The page that the link in an invitation leads to: what it is to, and buttons to accept or decline.

Looking at it changes nothing, for programs follow links by themselves. It needs no account, no cookie and no script;
who has the link answers for the one it was mailed to.
"""

from datetime import UTC
from functools import lru_cache
from pathlib import Path

import grpc
from crm.events.v1 import events_pb2, guests_pb2
from flask import Response, g, request
from google.rpc import code_pb2
from jinja2 import Environment, FileSystemLoader

from chassis import errors, moments, texts
from gateway.titles import portal_title

PLACE = "/rsvp/<token>"
LARGEST, LONGEST = 20_000, 1000
LANGUAGES = ("en", "ru")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
UNKNOWN = (code_pb2.NOT_FOUND, code_pb2.INVALID_ARGUMENT)
WORDS = {
    "title": "Invitation",
    "PENDING": "{name}, will you come?",
    "ACCEPTED": "{name}, you are coming. We look forward to seeing you.",
    "DECLINED": "{name}, you are not coming. Thank you for telling us.",
    "WAITING": "{name}, all places are taken. Your place among those who wait: {position}. "
    "You get a mail as soon as one is yours.",
    "full": "All places are taken. Who accepts now waits, and gets a mail as soon as a place is his.",
    "OVER": "This event is over.",
    "CLOSED": "This event is closed; answers are no longer taken.",
    "CANCELLED": "This event was called off. There is no need to come.",
    "unknown": "This link does not work. It may not have been copied whole, or you are no longer expected, or the "
    "event was called off. If in doubt, ask whoever invited you.",
    "later": "Very many are asking just now. Please try again in a moment.",
    "time": "When",
    "place": "Where",
    "inviter": "Invited by",
    "comment": "Do you want to add anything?",
    "accept": "I will come",
    "decline": "I cannot come",
    "change": "Change your answer",
    "until": "You can do so until the event is over.",
    "calendar": "Add to your calendar",
}


def register(app, routes, identity, backends):
    """Adds the addresses."""
    pages = Pages({route.method.name: route for route in routes}, identity, backends)
    for rule, name, view, method in (
        (PLACE, "invitation", pages.show, "GET"),
        (PLACE, "invitation_answered", pages.take, "POST"),
        (f"{PLACE}/event.ics", "invitation_calendar", pages.calendar, "GET"),
    ):
        app.add_url_rule(rule, name, view, methods=[method], provide_automatic_options=False)


class Pages:
    """Shows an invitation, and hands on what its reader answers; events decides."""

    def __init__(self, routes, identity, backends):
        self.routes = routes
        self.identity = identity
        self.backends = backends

    def show(self, token):
        """The page with the buttons."""
        return self._answer("GetEventInvitation", guests_pb2.GetEventInvitationRequest(name=_name(token)), token)

    def take(self, token):
        """Accepts or declines."""
        request.max_content_length = request.max_form_memory_size = LARGEST
        typed = request.form.get("comment", "").replace("\r\n", "\n")[:LONGEST]
        comment = "".join(sign for sign in typed if sign.isprintable() or sign in "\n\t")
        if "decline" in request.form:
            declined = guests_pb2.DeclineEventInvitationRequest(name=_name(token), comment=comment)
            return self._answer("DeclineEventInvitation", declined, token)
        if "accept" in request.form:
            accepted = guests_pb2.AcceptEventInvitationRequest(name=_name(token), comment=comment)
            return self._answer("AcceptEventInvitation", accepted, token)
        return self.show(token)

    def calendar(self, token):
        """The event as calendar programs read it."""
        wanted = guests_pb2.DownloadEventInvitationCalendarRequest(name=_name(token))
        try:
            parts = [*self._ask("DownloadEventInvitationCalendar", wanted)]
        except grpc.RpcError as error:
            if errors.status_of(error).code not in UNKNOWN:
                raise
            return _told("unknown", 404)
        kept = {"Content-Disposition": 'attachment; filename="event.ics"'}
        return Response(b"".join(part.data for part in parts), content_type=parts[0].content_type, headers=kept)

    def _answer(self, name, message, token):
        wanted = guests_pb2.GetEventInvitationRequest(name=_name(token))
        try:
            if name != "GetEventInvitation" and not _asked_for():
                # What is refused is said in the language of the page.
                g.caller.language = self._ask("GetEventInvitation", wanted).language or "en"
            found, problem, code = self._ask(name, message), "", 200
        except grpc.RpcError as error:
            status = errors.status_of(error)
            if status.code in UNKNOWN:
                return _told("unknown", 404)
            if status.code == code_pb2.UNAVAILABLE:
                return _told("later", 503)
            if status.code not in (code_pb2.FAILED_PRECONDITION, code_pb2.RESOURCE_EXHAUSTED):
                raise
            problem, code = status.message, 429 if status.code == code_pb2.RESOURCE_EXHAUSTED else 409
            found = self._ask("GetEventInvitation", wanted)
        return _page(found, problem, portal_title(self.identity)), code

    def _ask(self, name, message):
        route = self.routes[name]
        g.caller.service, g.caller.rpc = route.service, name
        return self.backends.call(route, message, g.caller)


def _asked_for():
    """Returns the language of ours that the browser asks for, if any."""
    return request.accept_languages.best_match(LANGUAGES)


def _name(token):
    return f"eventInvitations/{token}"


def _told(word, code):
    """A page that says why there is no invitation on it."""
    language = _asked_for() or "en"
    return _rendered(language, title=_say(language, "title"), said=_say(language, word)), code


def _page(found, problem, portal):
    """An invitation in the language of whoever reads it; in that of the mail if his browser does not say."""
    language = _asked_for() or found.language or "en"
    state = guests_pb2.EventInvitation.State.Name(found.state)
    response = events_pb2.EventParticipant.Response.Name(found.response)
    is_open = state == "OPEN"
    said = response if response in WORDS else "PENDING"
    facts = {"name": found.display_name, "position": found.waiting_position}
    answered = is_open and response in ("ACCEPTED", "DECLINED", "WAITING")
    waits = is_open and found.full and response not in ("ACCEPTED", "WAITING")
    return _rendered(
        language,
        portal=portal,
        title=found.title,
        answered=response if answered else "",
        said=_say(language, said if is_open else state, **facts),
        more=_say(language, "full") if waits else "",
        problem=problem if is_open else "",
        facts=_facts(found, language),
        description=found.description,
        open=bool(problem) or _changes(response),
        buttons=[(name, _say(language, name)) for name in _order(response)] if is_open else [],
        comment=found.comment,
        words={name: _say(language, name) for name in ("comment", "change", "until", "calendar")},
        calendar=f"{request.path}/event.ics" if found.HasField("start_time") and state != "CANCELLED" else "",
    )


def _order(response):
    """The buttons, first the one that the link in the mail meant, or what was answered."""
    meant = request.args.get("answer", "decline" if response == "DECLINED" else "accept")
    return ("decline", "accept") if meant == "decline" else ("accept", "decline")


def _changes(response):
    """Whether the link in the mail meant another answer than was given: its buttons are not folded away then."""
    others = {"ACCEPTED": "decline", "WAITING": "decline", "DECLINED": "accept"}
    return request.args.get("answer") == others.get(response, "")


def _facts(found, language):
    """When and where it is, and who invites."""
    start = found.start_time.ToDatetime(UTC) if found.HasField("start_time") else None
    end = found.end_time.ToDatetime(UTC) if found.HasField("end_time") else None
    when = moments.told(start, end, found.time_zone, language) if start else ""
    known = (("time", when), ("place", found.place), ("inviter", found.inviter))
    return [(_say(language, name), value) for name, value in known if value]


def _say(language, word, **facts):
    return texts.translate(f"rsvp.{word}", language, WORDS[word].format(**facts), **facts)


def _rendered(language, **facts):
    body = _template().render(language=language, **facts)
    return Response(body, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})


@lru_cache
def _template():
    pages = FileSystemLoader(Path(__file__).parent / "pages")
    return Environment(loader=pages, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template("rsvp.html")
