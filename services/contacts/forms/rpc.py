"""What may be asked about forms on websites: by administrators who compose them, and by anybody who fills one in."""

import base64
import hmac
import json
from dataclasses import replace
from datetime import timedelta

from altcha import create_challenge, verify_solution
from crm.contacts.v1 import contacts_pb2 as pb
from crm.contacts.v1 import domain_events_pb2 as events
from crm.contacts.v1 import forms_pb2
from google.protobuf.struct_pb2 import Value
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.errors import InvalidArgument, no_such
from chassis.identity import Actor
from chassis.kit import people
from chassis.kit.importing.rows import Row
from chassis.standard import Standard, fold
from services.contacts.forms import page
from services.contacts.forms.fields import Fields
from services.contacts.forms.model import ContactForm, Submission, network_of, require_few
from services.contacts.importing.cells import Reader
from services.contacts.model import Principal, Source
from services.contacts.saving import find_or_add_company, settle
from services.contacts.standard import contacts
from services.contacts.telling import tell_managers

contact_forms = Standard(ContactForm, forms_pb2.ContactForm, events)

# Half a second to a second for a browser, a few milliseconds for us.
ALGORITHM, COST = "PBKDF2/SHA-256", 5000
MINUTES = 30


def get_contact_form(request, tx):
    """Returns a form."""
    tx.actor.require_admin()
    return _complete(tx, contact_forms.get(request, tx))


def list_contact_forms(request, tx):
    """Lists the forms."""
    tx.actor.require_admin()
    return contact_forms.list(request, tx, forms_pb2.ListContactFormsResponse)


def create_contact_form(request, tx):
    """Makes a form; who made it looks after what comes by it, and is told, unless others are named."""
    tx.actor.require_admin()

    def prepare(form):
        form.managers = form.managers or [tx.actor.user]
        form.recipients = form.recipients or [tx.actor.user]
        form.language = form.language or tx.actor.language
        form.rotate()
        _require(tx, form, {*form.managers, *form.recipients} - {tx.actor.user})

    return _complete(tx, contact_forms.create(request, tx, prepare))


def update_contact_form(request, tx):
    """Changes a form."""
    tx.actor.require_admin()

    def prepare(form, changed):
        named = {"managers", "recipients"} & set(changed)
        _require(tx, form, {name for field in named for name in getattr(form, field)})

    return _complete(tx, contact_forms.update(request, tx, prepare))


def preview_contact_form(request, tx):
    """Shows what a form would look like."""
    tx.actor.require_admin()
    asked = request.contact_form
    draft = ContactForm(title=asked.title, kind=pb.Contact.Kind.Name(asked.kind), language=asked.language, key="")
    draft.fields = [{"field": each.field, "label": each.label, "required": each.required} for each in asked.fields]
    fields = Fields(tx)
    fields.require([each["field"] for each in draft.fields])
    draft.check()
    return forms_pb2.PreviewContactFormResponse(html=page.html(draft, _site(tx), fields))


def delete_contact_form(request, tx):
    """Deletes a form."""
    tx.actor.require_admin()
    return contact_forms.delete(request, tx)


def replace_in_forms(tx, name, other=""):
    """Puts `other`, or nobody, where forms give contacts to a user or group, or tell it of them."""
    people.put_instead(tx, contact_forms, ("managers", "recipients"), name, other)


def retitle_in_forms(tx, titles):
    """Gives tags another title, or none if they are gone, in the forms that give them to contacts.

    `titles` are the new ones by the folded ones of before.
    """
    for form in tx.session.scalars(select(ContactForm).order_by(ContactForm.id).with_for_update()).all():
        tags = [title for each in form.tags if (title := titles.get(fold(each), each))]
        if tags != form.tags:
            before = tx.message(form, forms_pb2.ContactForm)
            form.tags, form.update_time = tags, tx.now
            tx.flush()
            contact_forms.announce("Updated", form, tx, ["tags"], before)


def rotate_contact_form_key(request, tx):
    """Gives a form another key."""
    tx.actor.require_admin()
    form = tx.get(ContactForm, request.name, lock=True)
    form.require_etag(request.etag)
    before = tx.message(form, forms_pb2.ContactForm)
    form.rotate()
    form.update_time = tx.now
    tx.flush()
    return _complete(tx, contact_forms.announce("Updated", form, tx, ["key"], before))


def get_public_form(request, tx):
    """Returns what a visitor sees."""
    form = _open_form(tx, request.name)
    return forms_pb2.PublicForm(
        name=request.name,
        title=form.title,
        html=page.html(form, _site(tx), Fields(tx)),
        language=form.language,
        origins=form.origins,
        redirect_url=form.redirect_url,
        challenge=_challenge(tx, form),
    )


def submit_public_form(request, tx):
    """Makes a contact of what a visitor entered, once, and tells people."""
    form = _open_form(tx, request.name)
    thanks = forms_pb2.SubmitPublicFormResponse(thanks=form.thanks, redirect_url=form.redirect_url)
    network = network_of(tx.cause.address)
    require_few(tx, form, network)
    nonce = _proven(tx, form, request.proof)
    row = {"id": tx.service.numbers.next("form_submission"), "form": form.id, "network": network}
    once = insert(Submission).values(**row, nonce=nonce, time=tx.now).on_conflict_do_nothing(index_elements=["nonce"])
    fresh = tx.session.execute(once.returning(Submission.id)).first()
    # Pressed twice, it is taken once; what no person sees was filled in by a robot, which learns nothing.
    if fresh is None or request.homepage:
        return thanks
    draft = _read(tx, form, request.values)
    _add(tx, form, draft)
    counted = update(ContactForm).where(ContactForm.id == form.id)
    tx.session.execute(counted.values(submission_count=ContactForm.submission_count + 1))
    return thanks


def _require(tx, form, named):
    Fields(tx).require([field["field"] for field in form.fields])
    people.require_known(tx, Principal, named, "recipients")


def _complete(tx, message):
    """Adds to a form's message what its HTML is."""
    row = tx.get(ContactForm, message.name)
    message.html = page.html(row, _site(tx), Fields(tx))
    message.snippet = page.snippet(row, _site(tx))
    return message


def _site(tx):
    return tx.service.settings.public_url.rstrip("/")


def _open_form(tx, name):
    key = name.partition("/")[2]
    found = tx.session.scalar(select(ContactForm).where(ContactForm.key == key, ContactForm.paused.is_(False)))
    if found is None:
        raise no_such(name)
    return found


def _challenge(tx, form):
    made = create_challenge(
        ALGORITHM,
        COST,
        expires_at=tx.now + timedelta(minutes=MINUTES),
        data={"form": form.key},
        hmac_secret=_secret(tx),
    )
    return json.dumps(made.to_dict())


def _secret(tx):
    return hmac.digest(tx.service.settings.secret_key, b"forms", "sha256").hex()


def _proven(tx, form, proof):
    """Returns what tells this piece of work from all others. Refuses with PROOF_WRONG unless it was done for `form`."""
    wrong = InvalidArgument("the check that you are no robot failed; try again", "PROOF_WRONG", field="proof")
    try:
        parameters = json.loads(base64.b64decode(proof))["challenge"]["parameters"]
        good = verify_solution(proof, _secret(tx)).verified
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise wrong from error
    if not good or parameters.get("data", {}).get("form") != form.key:
        raise wrong
    return parameters["nonce"]


def _read(tx, form, values):
    """Returns what was entered as a Draft, as a row of a file is read. What the form does not ask for is not taken.

    Refuses what is missing or cannot be, named as visitors know it.
    """
    fields, language = Fields(tx), form.language
    labels = [each.get("label") or fields.of(each["field"], language).label for each in form.fields]
    cells = [values.get(each["field"], "").strip() for each in form.fields]
    missing = [i for i, each in enumerate(form.fields) if each["required"] and not cells[i]]
    if missing:
        raise InvalidArgument("fill it in", "NAME_REQUIRED", field=labels[missing[0]])
    columns = [{"index": i, "field": each["field"]} for i, each in enumerate(form.fields)]
    own = {each.name: each for each in fields.own.values()}
    draft = Reader(columns, own, False).draft(Row(0, cells))
    wrong = [replace(each.violation, field=labels[each.column]) for each in draft.problems if each.column >= 0]
    if wrong or draft.problems:
        raise InvalidArgument("some of it cannot be", "INVALID_FIELDS", violations=wrong)
    return draft


def _value(kept):
    return Value(bool_value=kept) if isinstance(kept, bool) else Value(string_value=kept)


def _add(tx, form, draft):
    """Adds the contact in the form's name: no visitor says whose it is, or who sees it."""
    tx.actor = Actor(service=form.name)
    shared = {"managers": form.managers, "sharing": form.sharing, "tags": form.tags}
    own = {name: _value(kept) for name, kept in draft.values.pop("custom", {}).items()}
    contact = pb.Contact(kind=form.kind, **shared, **draft.values, custom=own)

    def complete(row):
        row.source, row.origin = Source.FORM, form.name
        if draft.company:
            find_or_add_company(tx, row, draft.company)
        settle(tx, row, [field.name for field, _ in contact.ListFields()])

    added = contacts.create(pb.CreateContactRequest(contact=contact), tx, complete)
    event = events.ContactReceived(contact=added, form_title=form.title, recipients=form.recipients)
    tx.announce(event, added.name, added.etag, list(form.recipients))
    tell_managers(added, form.recipients, "", tx)
