"""The page that the link in a mailing leads to: one button ends it, another one takes that back.

Looking at it changes nothing, for programs follow links by themselves; mail programs that offer a button of their own
send the POST of RFC 8058. No cookie is read.
"""

from functools import lru_cache
from pathlib import Path

import grpc
from crm.contacts.v1 import mailings_pb2 as pb
from flask import Response, g, request
from google.rpc import code_pb2
from jinja2 import Environment, FileSystemLoader

from chassis import errors, texts
from gateway import refusals

PLACE = "/unsubscribe/<token>"
LARGEST = 10_000
LANGUAGES = ("en", "ru")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
WORDS = {
    "ask": "Do you want no more mailings and invitations to {address}?",
    "unsubscribe": "Unsubscribe",
    "done": "You are unsubscribed: no more mailings and invitations will be sent to {address}.",
    "resubscribe": "Undo",
    "back": "Mailings and invitations will be sent to {address} again.",
    "unknown": "This link does not work. It may not have been copied whole.",
    "title": "Mailings and invitations",
}


def register(app, routes, backends):
    """Adds the addresses."""
    pages = Pages({route.method.name: route for route in routes}, backends)
    app.add_url_rule(PLACE, "unsubscribing", pages.show, methods=["GET"], provide_automatic_options=False)
    app.add_url_rule(PLACE, "unsubscribed", pages.take, methods=["POST"], provide_automatic_options=False)


class Pages:
    """Shows whether an address is written to, and hands on what its reader wants; contacts decides."""

    def __init__(self, routes, backends):
        self.routes = routes
        self.backends = backends

    def show(self, token):
        """The page with the button."""
        return self._answer("GetUnsubscription", pb.GetUnsubscriptionRequest, token)

    def take(self, token):
        """Ends it, or takes that back."""
        request.max_content_length = request.max_form_memory_size = LARGEST
        if "resubscribe" in request.form:
            return self._answer("Resubscribe", pb.ResubscribeRequest, token)
        return self._answer("Unsubscribe", pb.UnsubscribeRequest, token)

    def _answer(self, name, kind, token):
        try:
            found = self._ask(name, kind(name=f"unsubscriptions/{token}"))
        except grpc.RpcError as error:
            status = errors.status_of(error)
            if status.code in (code_pb2.NOT_FOUND, code_pb2.INVALID_ARGUMENT):
                return _page("", "unknown"), 404
            if status.code != code_pb2.RESOURCE_EXHAUSTED:
                raise
            return refusals.answer(status)
        if found.unsubscribed:
            return _page(found.language, "done", "resubscribe", found.address)
        said = "back" if name == "Resubscribe" else "ask"
        return _page(found.language, said, "unsubscribe", found.address)

    def _ask(self, name, message):
        route = self.routes[name]
        g.caller.service, g.caller.rpc = route.service, name
        return self.backends.call(route, message, g.caller)


def _page(language, said, button="", address=""):
    """A page in the language of whoever reads it; in that of the mail if his browser does not say."""
    language = request.accept_languages.best_match(LANGUAGES) or language or "en"

    def say(name):
        return texts.translate(f"unsubscribe.{name}", language, WORDS[name].format(address=address), address=address)

    facts = {"language": language, "title": say("title"), "said": say(said), "button": button}
    body = _template().render(facts, press=say(button) if button else "")
    return Response(body, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})


@lru_cache
def _template():
    pages = FileSystemLoader(Path(__file__).parent / "pages")
    return Environment(loader=pages, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template(
        "unsubscribe.html"
    )
