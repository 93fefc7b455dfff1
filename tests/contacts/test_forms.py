"""Forms on websites: what administrators compose, and what becomes of what visitors enter."""

import json

import pytest
from altcha import Challenge, Payload, solve_challenge
from crm.identity.v1 import domain_events_pb2 as identity_events

from chassis.identity import Actor
from chassis.testing import ADA, OWNER, Caller, announced, hear, refused
from chassis.tx import Cause
from services.contacts.forms import rpc
from tests.contacts.importing import disable, upload

ASKED = [{"field": "first_name"}, {"field": "last_name"}, {"field": "emails.work", "label": "Почта"}]
FORM = {"title": "Напишите нам", "kind": "PERSON", "fields": ASKED, "language": "ru", "thanks": "Спасибо!"}
ENTERED = {"first_name": "Эда", "last_name": "Лавлейс", "emails.work": "ada@example.com"}


@pytest.fixture(autouse=True)
def easy(monkeypatch):
    """Little work, so that tests need not wait for it."""
    monkeypatch.setattr(rpc, "COST", 1)


class Visitor:
    """Somebody on the web, from one address."""

    def __init__(self, service, address="192.0.2.7"):
        self.service = service
        self.caller = Caller(service, Actor(), Cause(address=address))

    def work(self, form):
        """Does the work that a form asks for; returns the proof."""
        shown = self.caller.get_public_form(name=f"publicForms/{form.key}")
        challenge = Challenge.from_dict(json.loads(shown.challenge))
        return Payload(challenge, solve_challenge(challenge)).to_base64()

    def enter(self, form, proof=None, homepage="", **values):
        """Fills a form in."""
        proof = self.work(form) if proof is None else proof
        name = f"publicForms/{form.key}"
        return self.caller.submit_public_form(name=name, proof=proof, homepage=homepage, values={**ENTERED, **values})


@pytest.fixture
def visitor(contacts):
    """Somebody on the web."""
    return Visitor(contacts)


def test_what_a_visitor_enters_becomes_a_contact_as_the_form_says(contacts, owner, visitor):
    wanted = {"managers": ["users/2"], "sharing": "READ", "tags": ["Сайт"], "recipients": ["users/3"]}
    form = owner.create_contact_form(contact_form={**FORM, **wanted})

    answer = visitor.enter(form, sharing="READ_WRITE", managers="users/9", tags="мой")

    assert (answer.thanks, answer.redirect_url) == ("Спасибо!", "")
    (contact,) = owner.list_contacts().contacts
    assert (contact.display_name, contact.emails[0].value) == ("Эда Лавлейс", "ada@example.com")
    assert (list(contact.managers), contact.sharing, list(contact.tags)) == (["users/2"], 2, ["Сайт"])
    assert (contact.source, contact.origin, contact.creator) == (contact.FORM, form.name, form.name)
    assert owner.get_contact_form(name=form.name).submission_count == 1


def test_people_are_told(contacts, owner, visitor):
    form = owner.create_contact_form(contact_form={**FORM, "managers": ["users/2"], "recipients": ["users/3"]})

    visitor.enter(form)

    told = {message.DESCRIPTOR.name: (message, headers) for _, message, headers in announced(contacts)}
    received, headers = told["ContactReceived"]
    assert (list(received.recipients), received.form_title) == (["users/3"], "Напишите нам")
    assert list(told["ContactAssigned"][0].recipients) == ["users/2"]
    assert headers["Crm-Actor"] == form.name


def test_the_company_of_a_visitor_is_found_or_made(contacts, owner, visitor):
    asked = [*ASKED, {"field": "company_name"}, {"field": "phones.mobile"}, {"field": "addresses.billing.city"}]
    form = owner.create_contact_form(contact_form={**FORM, "fields": asked})

    entered = {"company_name": "Насосы", "phones.mobile": "+41 79 555 01 02", "addresses.billing.city": "Базель"}
    visitor.enter(form, **entered)
    visitor.enter(form, **{**entered, "company_name": "насосы"})

    (company,) = owner.list_contacts(filter="kind = COMPANY").contacts
    persons = owner.list_contacts(filter="kind = PERSON").contacts
    assert [person.company for person in persons] == [company.name] * 2
    assert owner.get_contact(name=persons[0].name).addresses[0].city == "Базель"


def test_a_piece_of_work_counts_once(owner, visitor):
    form = owner.create_contact_form(contact_form=FORM)
    proof = visitor.work(form)

    answers = [visitor.enter(form, proof) for _ in range(3)]

    assert [answer.thanks for answer in answers] == ["Спасибо!"] * 3
    assert owner.list_contacts().total_size == 1


def test_work_that_was_not_done_or_was_for_another_form_is_none(owner, visitor):
    form, other = (owner.create_contact_form(contact_form=FORM) for _ in range(2))

    for proof in ("", "e30=", "{}", "x" * 300, visitor.work(other)):
        with refused("PROOF_WRONG", "INVALID_ARGUMENT"):
            visitor.enter(form, proof)

    assert owner.list_contacts().total_size == 0


def test_a_robot_that_fills_in_everything_is_thanked_for_nothing(owner, visitor):
    form = owner.create_contact_form(contact_form=FORM)

    assert visitor.enter(form, homepage="https://spam.example").thanks == "Спасибо!"

    assert owner.list_contacts().total_size == 0


def test_nobody_sends_more_than_people_do(contacts, owner, visitor):
    form = owner.create_contact_form(contact_form=FORM)
    for _ in range(10):
        visitor.enter(form)

    with refused("TOO_MANY_SUBMISSIONS", "RESOURCE_EXHAUSTED"):
        visitor.enter(form)

    Visitor(contacts, "2001:db8::1").enter(form)
    assert owner.list_contacts().total_size == 11


@pytest.mark.parametrize(
    ("entered", "field"),
    [({"last_name": " "}, "Фамилия"), ({"emails.work": "nobody"}, "Почта"), ({"first_name": "x" * 300}, "Имя")],
)
def test_what_cannot_be_is_named_as_the_visitor_knows_it(owner, visitor, entered, field):
    form = owner.create_contact_form(contact_form=FORM)

    with refused("NAME_REQUIRED" if field == "Фамилия" else "INVALID_FIELDS") as told:
        visitor.enter(form, **entered)

    assert [each.field for each in told[0].violations] == [field]
    assert owner.list_contacts().total_size == 0


def test_a_form_that_is_paused_deleted_or_has_another_key_is_gone(owner, visitor):
    form = owner.create_contact_form(contact_form=FORM)
    proof = visitor.work(form)

    fresh = owner.rotate_contact_form_key(name=form.name, etag=form.etag)
    with refused("NOT_FOUND"):
        visitor.enter(form, proof)
    assert fresh.key != form.key
    visitor.work(fresh)
    owner.update_contact_form(contact_form={"name": form.name, "paused": True})
    with refused("NOT_FOUND"):
        visitor.work(fresh)
    owner.delete_contact_form(name=form.name)
    with refused("NOT_FOUND"):
        owner.get_contact_form(name=form.name)


def test_forms_are_for_administrators(contacts, owner):
    form = owner.create_contact_form(contact_form=FORM)
    ada = Caller(contacts, ADA)

    for ask in (
        ada.list_contact_forms,
        lambda: ada.get_contact_form(name=form.name),
        lambda: ada.create_contact_form(contact_form=FORM),
        lambda: ada.update_contact_form(contact_form={"name": form.name, "title": "Mine"}),
        lambda: ada.preview_contact_form(contact_form=FORM),
        lambda: ada.rotate_contact_form_key(name=form.name),
        lambda: ada.delete_contact_form(name=form.name),
    ):
        with refused("CRM_ADMIN_REQUIRED", "PERMISSION_DENIED"):
            ask()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"fields": [{"field": "first_name"}]}, "FIELD_MISSING"),
        ({"fields": [*ASKED, {"field": "first_name"}]}, "FIELD_TWICE"),
        ({"fields": [*ASKED, {"field": "tags"}]}, "FIELD_UNKNOWN"),
        ({"fields": [*ASKED, {"field": "sharing"}]}, "FIELD_UNKNOWN"),
        ({"fields": [*ASKED, {"field": "custom.contactFields/9"}]}, "FIELD_UNKNOWN"),
        ({"kind": "COMPANY", "fields": [{"field": "company_name"}, {"field": "last_name"}]}, "FIELD_OF_OTHER_KIND"),
        ({"redirect_url": "javascript:alert(1)"}, "REDIRECT_REFUSED"),
        ({"redirect_url": "https://me@evil.example"}, "REDIRECT_REFUSED"),
        ({"managers": ["users/99"]}, "PERSON_NOT_FOUND"),
    ],
)
def test_a_form_that_could_not_work_is_refused(owner, wrong, reason):
    with refused(reason, "INVALID_ARGUMENT"):
        owner.create_contact_form(contact_form={**FORM, **wrong})

    assert not owner.list_contact_forms().contact_forms


def test_the_portals_own_fields_are_asked_for(owner, visitor):
    field = owner.create_contact_field(contact_field={"label": "Размер", "kind": "SELECT", "options": ["S", "M"]})
    asked = [*ASKED, {"field": f"custom.{field.name}"}]
    form = owner.create_contact_form(contact_form={**FORM, "fields": asked})

    assert "<option>M</option>" in form.html
    visitor.enter(form, **{f"custom.{field.name}": "M"})
    with refused("INVALID_FIELDS"):
        visitor.enter(form, **{f"custom.{field.name}": "XXL"})

    (contact,) = owner.list_contacts().contacts
    assert owner.get_contact(name=contact.name).custom[field.name].string_value == "M"


def test_scripts_in_labels_stay_text(contacts, owner):
    evil = '"><script>alert(1)</script>'
    asked = [{**each, "label": evil} for each in ASKED]
    form = owner.create_contact_form(contact_form={**FORM, "title": evil, "fields": asked})
    shown = owner.preview_contact_form(contact_form={**FORM, "fields": asked}).html

    for html in (form.html, form.snippet, shown):
        assert "<script>alert" not in html


def test_a_tag_that_is_deleted_is_taken_from_forms(contacts, owner, visitor):
    wanted = {"managers": ["users/2"], "tags": ["Сайт", "Лето", "Зима"]}
    form = owner.create_contact_form(contact_form={**FORM, **wanted})
    made = {tag: owner.create_contact_tag(contact_tag={"title": tag}).name for tag in wanted["tags"]}
    owner.create_contact(contact={"kind": "COMPANY", "company_name": "Насосы", "tags": ["Лето"]})

    owner.delete_contact_tag(name=made["Лето"])
    owner.create_contact(contact={"kind": "COMPANY", "company_name": "Трубы", "tags": ["Зима"]})
    owner.delete_unused_contact_tags()
    visitor.enter(form)

    assert list(owner.get_contact_form(name=form.name).tags) == ["Зима"]
    (received,) = owner.list_contacts(filter="kind = PERSON").contacts
    assert list(received.tags) == ["Зима"]


def test_who_takes_over_gets_what_forms_and_imports_bring(contacts, owner):
    both = {"managers": [ADA.user, "groups/1"], "recipients": [ADA.user, "users/3"]}
    form = owner.create_contact_form(contact_form={**FORM, **both})
    job = upload(Caller(contacts, ADA), "First name,Last name\nEve,E\n")
    handed = identity_events.UserHandedOver(**{"from": ADA.user, "to": "users/3"})

    hear(contacts, handed, actor=OWNER.user)

    form = owner.get_contact_form(name=form.name)
    assert (list(form.managers), list(form.recipients)) == (["users/3", "groups/1"], ["users/3"])
    assert list(owner.get_contact_import(name=job.name).managers) == ["users/3"]
    # Nobody who is gone himself takes anything over.
    disable(contacts, "users/2")
    back = identity_events.UserHandedOver(**{"from": "users/3", "to": ADA.user})
    hear(contacts, back, event_id="event-2", actor=OWNER.user)
    assert list(owner.get_contact_form(name=form.name).recipients) == ["users/3"]
