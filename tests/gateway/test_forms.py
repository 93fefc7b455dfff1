"""Forms on websites, as visitors and the websites meet them."""

import pytest
from crm.contacts.v1 import forms_pb2 as pb

from chassis import errors
from gateway.app import build
from tests.gateway.services import serve

HTML = '<form method="post" action="/forms/k3y"><input name="last_name"></form>'
SHOP = "https://shop.example"


class Contacts:
    """What contacts says of its form, and what it was given."""

    def __init__(self):
        self.form = pb.PublicForm(title="Write <to> us", html=HTML, language="ru", challenge='{"parameters": {}}')
        self.answer = pb.SubmitPublicFormResponse(thanks="Спасибо!")
        self.refusal = None
        self.taken = []

    def functions(self, method):
        """The function of one method."""

        def answer(request, context):
            if method.name == "GetPublicForm":
                if request.name != "publicForms/k3y":
                    context.abort_with_status(errors.rpc_status.to_status(errors.no_such(request.name).status("en")))
                return self.form
            self.taken.append(request)
            if self.refusal:
                context.abort_with_status(errors.rpc_status.to_status(self.refusal.status("ru")))
            return self.answer

        return answer


@pytest.fixture
def contacts():
    """A contacts service that has one form."""
    return Contacts()


@pytest.fixture
def visitor(identity, contacts):
    """Somebody on the web."""
    with serve(pb.DESCRIPTOR.services_by_name["ContactFormsService"], contacts.functions) as fake:
        identity.settings.services = {"contacts": fake.address}
        yield build(identity.settings, identity).test_client()


def enter(visitor, headers=(), **values):
    """Hands in what was entered."""
    return visitor.post("/forms/k3y", data={"last_name": "Ли", **values}, headers=dict(headers))


def test_the_page_shows_the_form_and_may_stand_in_a_frame_of_the_websites_that_may_show_it(visitor, contacts):
    contacts.form.origins.append(SHOP)

    page = visitor.get("/forms/k3y")

    assert HTML in page.text
    assert "<h1>Write &lt;to&gt; us</h1>" in page.text
    assert '<html lang="ru">' in page.text
    policy = page.headers["Content-Security-Policy"]
    assert f"frame-ancestors {SHOP}" in policy
    assert "script-src 'self'" in policy


def test_a_key_that_is_no_forms_is_no_address(visitor):
    assert visitor.get("/forms/other").status_code == 404
    assert visitor.post("/forms/other", data={}).status_code == 404


def test_what_a_visitor_enters_is_handed_on_and_he_is_thanked(visitor, contacts):
    page = enter(visitor, proof="work", homepage="")

    assert page.status_code == 200
    assert "Спасибо!" in page.text
    (taken,) = contacts.taken
    assert (dict(taken.values), taken.proof, taken.homepage) == ({"last_name": "Ли"}, "work", "")


def test_a_visitor_is_led_where_the_form_says(visitor, contacts):
    contacts.answer.redirect_url = "https://shop.example/thanks"

    answer = enter(visitor, redirect_url="https://evil.example")

    assert (answer.status_code, answer.headers["Location"]) == (303, "https://shop.example/thanks")


def test_a_refusal_names_the_field_on_a_page_that_leads_back(visitor, contacts):
    contacts.refusal = errors.InvalidArgument("fill it in", "REQUIRED", field="Фамилия")

    page = enter(visitor)

    assert page.status_code == 400
    assert "Фамилия: " in page.text
    assert 'href="/forms/k3y"' in page.text


def test_a_program_gets_json(visitor, contacts):
    answer = enter(visitor, {"Accept": "application/json", "Origin": SHOP})

    assert answer.json == {"thanks": "Спасибо!", "redirectUrl": ""}
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP


def test_other_websites_than_those_named_hand_nothing_in_and_read_nothing(visitor, contacts):
    contacts.form.origins.append(SHOP)

    refused = enter(visitor, {"Origin": "https://evil.example"})
    challenge = visitor.get("/forms/k3y/challenge", headers={"Origin": "https://evil.example"})

    assert refused.status_code == 403
    assert contacts.taken == []
    assert "Access-Control-Allow-Origin" not in challenge.headers
    assert enter(visitor, {"Origin": SHOP}).status_code == 200


def test_the_work_is_fetched_by_the_widget_of_another_website(visitor):
    answer = visitor.get("/forms/k3y/challenge", headers={"Origin": SHOP})

    assert answer.json == {"parameters": {}}
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{}", "application/json", 415),
        ("last_name=" + "x" * 600_000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_what_is_no_form_or_too_large_is_refused(visitor, contacts, body, kind, status):
    assert visitor.post("/forms/k3y", data=body, content_type=kind).status_code == status
    assert contacts.taken == []
