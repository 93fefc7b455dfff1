"""Forms on websites: the page that shows one, the work that proves a visitor no robot, and what he hands in.

All of it is for strangers: no cookie is read, so nobody's rights can be borrowed.
"""

from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import grpc
from crm.contacts.v1 import forms_pb2 as pb
from flask import Response, g, jsonify, redirect, request
from google.rpc import code_pb2
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from werkzeug.exceptions import NotFound, UnsupportedMediaType

from chassis import errors, texts
from gateway import refusals

PLACE = "/forms/<key>"
FORM = "application/x-www-form-urlencoded"
LARGEST = 500_000
SPECIAL = ("proof", "homepage")


def register(app, routes, backends):
    """Adds the addresses."""
    forms = Forms({route.method.name: route for route in routes}, backends)
    app.add_url_rule(PLACE, "form", forms.show, methods=["GET"], provide_automatic_options=False)
    app.add_url_rule(PLACE, "form entered", forms.take, methods=["POST"], provide_automatic_options=False)
    address = f"{PLACE}/challenge"
    app.add_url_rule(address, "form challenge", forms.challenge, methods=["GET"], provide_automatic_options=False)


class Forms:
    """Shows forms and takes what is entered; contacts knows them and decides."""

    def __init__(self, routes, backends):
        self.routes = routes
        self.backends = backends

    def show(self, key):
        """The page of a form, which the websites that may show it may put into a frame."""
        form = self._form(key)
        return _page(form, html=Markup(form.html))  # noqa: S704 contacts has escaped it

    def challenge(self, key):
        """The work to be done, as the widget on whatever website reads it."""
        form = self._form(key)
        return _for(form, Response(form.challenge, content_type="application/json"))

    def take(self, key):
        """Takes what was entered: a browser is led on or thanked, a program gets JSON."""
        form = self._form(key)
        _require_origin(form)
        asked = _submission(key)
        try:
            taken = self._ask("SubmitPublicForm", asked)
        except (grpc.RpcError, errors.Error) as error:
            return self._refused(form, key, error)
        if _wants_json():
            return _for(form, jsonify(thanks=taken.thanks, redirectUrl=taken.redirect_url))
        if taken.redirect_url:
            return redirect(taken.redirect_url, 303)
        return _page(form, thanks=taken.thanks or _say("thanks", form.language))

    def _refused(self, form, key, error):
        """What was refused, on a page that leads back; what was entered is still there."""
        status = errors.status_of(error) if isinstance(error, grpc.RpcError) else error.status(form.language)
        if _wants_json() or status.code not in (code_pb2.INVALID_ARGUMENT, code_pb2.RESOURCE_EXHAUSTED):
            return _for(form, refusals.answer(status))
        problems = refusals.sentences(status)
        return _page(form, problems=problems, back=f"/forms/{key}"), refusals.HTTP[status.code]

    def _form(self, key):
        try:
            return self._ask("GetPublicForm", pb.GetPublicFormRequest(name=f"publicForms/{key}"))
        except grpc.RpcError as error:
            if errors.status_of(error).code in (code_pb2.NOT_FOUND, code_pb2.INVALID_ARGUMENT):
                raise NotFound from error
            raise

    def _ask(self, name, message):
        route = self.routes[name]
        g.caller.service, g.caller.rpc = route.service, name
        return self.backends.call(route, message, g.caller)


def _submission(key):
    """What was entered, as contacts takes it. The first of several values counts."""
    if request.mimetype != FORM:
        raise UnsupportedMediaType
    request.max_content_length = request.max_form_memory_size = LARGEST
    values = request.form.to_dict()
    special = {name: values.pop(name, "") for name in SPECIAL}
    return pb.SubmitPublicFormRequest(name=f"publicForms/{key}", values=values, **special)


def _wants_json():
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _require_origin(form):
    """Refuses what another website hands in than those that may show the form."""
    origin = request.headers.get("Origin", "")
    ours = origin == f"{request.scheme}://{request.host}"
    if form.origins and origin not in ("", *form.origins) and not ours:
        raise errors.PermissionDenied("this website may not show the form", "ORIGIN_REFUSED")


def _for(form, response):
    """Lets the websites that may show a form read an answer."""
    origin = request.headers.get("Origin", "")
    if origin and (not form.origins or origin in form.origins):
        response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Vary"] = "Origin"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _page(form, **content):
    words = {name: _say(name, form.language) for name in ("refused", "back")}
    body = _template().render(title=form.title, language=form.language, words=words, **content)
    response = Response(body, content_type="text/html; charset=utf-8")
    leads = urlsplit(form.redirect_url)
    response.headers["Content-Security-Policy"] = "; ".join(
        (
            "default-src 'none'; script-src 'self'; worker-src blob:; style-src 'unsafe-inline'; connect-src 'self'",
            f"img-src data:; base-uri 'none'; form-action 'self' {leads.scheme}://{leads.netloc}".removesuffix(" ://"),
            f"frame-ancestors {' '.join(form.origins) or '*'}",
        )
    )
    return response


def _say(name, language):
    english = {
        "refused": "It was not sent:",
        "back": "Back to the form",
        "thanks": "Thank you. We will be in touch.",
    }
    return texts.translate(f"form.{name}", language, english[name])


@lru_cache
def _template():
    pages = FileSystemLoader(Path(__file__).parent / "pages")
    return Environment(loader=pages, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template("form.html")
