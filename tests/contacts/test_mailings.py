"""Mailings: written, looked at, sent once to each, stopped, and never again to who wants none."""

from datetime import UTC, datetime

import pytest

from chassis.testing import ADA, Caller, refused
from services.contacts.mailing import recipients
from tests.contacts.mailing import draft, finish, outcomes, person, send, state, upload

START = datetime(2026, 11, 23, 12, tzinfo=UTC)


def body_of(letter, kind="html"):
    """What a mail says."""
    return letter.get_body((kind,)).get_content()


def test_each_recipient_gets_the_letter_once_by_name(contacts, owner, post):
    for name in ("Ada", "Grace", "Мария"):
        person(owner, name, f"{len(name)}{name.isascii()}@example.com")
    mailing = draft(owner, sender_name="Pumps", reply_to="sales@example.com")

    started = owner.start_mailing(name=mailing.name)
    finish(contacts, 3)

    assert (state(started), started.recipient_count, started.skipped_count) == ("QUEUED", 3, 0)
    assert sorted(letter["Subject"] for letter in post.taken) == ["News for Ada", "News for Grace", "News for Мария"]
    assert {letter["Reply-To"] for letter in post.taken} == {"sales@example.com"}
    assert "Dear Мария" in body_of(post.taken[2])
    assert "Dear Мария" in body_of(post.taken[2], "plain")
    over = owner.get_mailing(name=mailing.name)
    assert (state(over), over.sent_count, over.progress_percent) == ("SUCCEEDED", 3, 100)
    assert {outcome for _, outcome, _ in outcomes(owner, mailing)} == {"SENT"}
    send(contacts)
    assert len(post.taken) == 3


def test_who_cannot_or_does_not_want_to_be_written_to_is_left_out_with_the_reason(contacts, owner, post):
    person(owner, "Ada", "Ada@Example.com")
    person(owner, "Twin", "ada@example.com")
    person(owner, "Nobody", "")
    person(owner, "Several", "old@example.com", emails=[{"value": "a@b.co"}, {"value": "c@d.co", "primary": True}])
    mailing = draft(owner)

    counted = owner.start_mailing(name=mailing.name, validate_only=True)
    assert (state(counted), counted.recipient_count, counted.skipped_count) == ("DRAFT", 4, 2)
    assert outcomes(owner, mailing) == []
    owner.start_mailing(name=mailing.name)
    finish(contacts, 3)

    assert sorted(letter["To"] for letter in post.taken) == ["Ada@example.com", "c@d.co"]
    assert outcomes(owner, mailing) == [
        ("Ada@Example.com", "SENT", ""),
        ("ada@example.com", "SKIPPED", "SAME_ADDRESS"),
        ("", "SKIPPED", "NO_ADDRESS"),
        ("c@d.co", "SENT", ""),
    ]
    assert outcomes(owner, mailing, state="SENT") == [("Ada@Example.com", "SENT", ""), ("c@d.co", "SENT", "")]


def test_recipients_are_named_or_selected_and_stay_who_they_were_at_the_start(contacts, owner, post):
    ada, eve = person(owner, tags=["vip"]), person(owner, "Eve", "eve@example.com")
    named = draft(owner, contacts=[eve, "contacts/99"])
    selected = draft(owner, selection={"filter": "tags:vip", "q": "lovelace"})

    for mailing in (named, selected):
        owner.start_mailing(name=mailing.name)
    person(owner, "Late", "late@example.com", tags=["vip"])
    finish(contacts, 3)

    assert outcomes(owner, named) == [("eve@example.com", "SENT", "")]
    assert outcomes(owner, selected) == [("ada@example.com", "SENT", "")]
    assert owner.get_contact(name=ada).unsubscribed is False


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"subject": "Hi {{frist_name}}"}, "UNKNOWN_MERGE_TAG"),
        ({"body": "<p>{{custom.contactFields/9}}</p>"}, "UNKNOWN_MERGE_TAG"),
        ({"body": "{{__class__}}"}, "UNKNOWN_MERGE_TAG"),
        ({"body": "{{first<b>_</b>name}}"}, "UNKNOWN_MERGE_TAG"),
        ({"contacts": ["contacts/1"], "selection": {}}, "NAMES_OR_SELECTION"),
        ({"per_minute": 601}, "INVALID_FIELDS"),
        ({"reply_to": "a@example.com\r\nBcc: b@example.com"}, "INVALID_FIELDS"),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_saved(owner, fields, reason):
    with refused(reason, "INVALID_ARGUMENT"):
        owner.create_mailing(mailing={"subject": "x", "body": "y", **fields})


def test_a_tag_that_is_unknown_is_named(owner):
    with refused("UNKNOWN_MERGE_TAG") as caught:
        draft(owner, subject="Hi {{ frist_name }}")

    assert "frist_name" in str(caught[0])


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"subject": " "}, "MAILING_INCOMPLETE"),
        ({"body": "<p> </p>"}, "MAILING_INCOMPLETE"),
        ({"contacts": []}, "MAILING_INCOMPLETE"),
        ({"contacts": ["contacts/99"]}, "NOBODY_TO_WRITE_TO"),
    ],
)
def test_what_is_not_complete_does_not_start(owner, fields, reason):
    person(owner)
    mailing = draft(owner, **fields)

    with refused(reason):
        owner.start_mailing(name=mailing.name)


def test_where_nobody_could_unsubscribe_nothing_starts(contacts, owner):
    person(owner)
    mailing = draft(owner)
    contacts.settings.public_url = ""

    with refused("PUBLIC_URL_MISSING", "FAILED_PRECONDITION"):
        owner.start_mailing(name=mailing.name)


def test_nothing_selected_any_more_is_not_everybody(owner):
    person(owner)
    mailing = draft(owner, selection={"filter": "tags:vip"})

    bare = owner.update_mailing(mailing={"name": mailing.name}, update_mask={"paths": ["selection", "contacts"]})

    assert not bare.HasField("selection")
    with refused("MAILING_INCOMPLETE"):
        owner.start_mailing(name=mailing.name)


def test_contacts_that_are_named_take_the_place_of_a_selection(owner):
    ada = person(owner)
    mailing = draft(owner)

    named = owner.update_mailing(mailing={"name": mailing.name, "contacts": [ada]})

    assert not named.HasField("selection")
    assert list(named.contacts) == [ada]


def test_what_was_started_stays_as_it_was(contacts, owner, post):
    person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)

    with refused("MAILING_STARTED", "FAILED_PRECONDITION"):
        owner.update_mailing(mailing={"name": mailing.name, "subject": "Other"})
    with refused("MAILING_STARTED", "FAILED_PRECONDITION"):
        owner.start_mailing(name=mailing.name)
    with refused("MAILING_STARTED", "FAILED_PRECONDITION"):
        upload(owner, mailing, b"late")
    with refused("MAILING_RUNNING", "FAILED_PRECONDITION"):
        owner.delete_mailing(name=mailing.name)
    send(contacts)
    owner.delete_mailing(name=mailing.name)
    with refused("NOT_FOUND"):
        owner.get_mailing(name=mailing.name)


def test_scripts_in_a_body_are_taken_out_when_it_is_saved(owner):
    hostile = (
        '<p onclick="x()">Hi<script>alert(1)</script></p><a href="javascript:x()">a</a><img src=x onerror=x()>'
        '<iframe srcdoc="x"></iframe><form action="https://evil.example"><input></form><svg onload=x()></svg>'
        '<p style="color:red;position:fixed;background:url(https://evil.example)">t</p><style>p{}</style><base href=x>'
    )

    body = draft(owner, body=hostile).body

    assert "Hi" in body
    assert 'style="color:red"' in body
    for word in ("script", "onclick", "onerror", "onload", "alert", "iframe", "form", "svg", "fixed", "url(", "base"):
        assert word not in body


def test_what_contacts_are_called_is_text_and_nothing_else(contacts, owner, post):
    field = owner.create_contact_field(contact_field={"label": "Site", "kind": "TEXT"}).name
    evil = '<script>alert(1)</script>"{{last_name}}'
    person(owner, evil, custom={field: "javascript:alert(1)"})
    body = f'<p title="x">{{{{first_name}}}}</p><a href="{{{{custom.{field}}}}}">site</a>'
    mailing = draft(owner, body=body, subject="Hi {{first_name}}")

    owner.start_mailing(name=mailing.name)
    send(contacts)

    [letter] = post.taken
    html = body_of(letter)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html
    assert "javascript:" not in html
    # What a value says is no tag.
    assert "{{last_name}}" in html
    assert letter["Subject"] == f"Hi {evil}"


def test_no_value_begins_another_header(contacts, owner, post):
    person(owner, "Ada\r\nBcc: all@example.com\n\nx")
    mailing = draft(owner, subject="Hi\nBcc: {{first_name}}", sender_name="Us\r\nBcc: me@example.com")

    owner.start_mailing(name=mailing.name)
    send(contacts)

    [letter] = post.taken
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Hi Bcc: Ada Bcc: all@example.com x"
    assert letter["From"].addresses[0].display_name == "Us Bcc: me@example.com"


def test_a_preview_is_what_the_contact_would_get_and_says_what_is_missing(owner):
    company = owner.create_contact(contact={"kind": "COMPANY", "company_name": "Насосы & Ко"}).name
    field = owner.create_contact_field(contact_field={"label": "Paid", "kind": "CHECKBOX"}).name
    ada = person(owner, company=company, custom={field: True})
    bare = person(owner, "Eve", "")
    body = f"<h1>{{{{company}}}}</h1><p>{{{{ job_title }}}} {{{{custom.{field}}}}} {{{{email}}}}</p>"
    mailing = draft(owner, body=body, language="ru")

    shown = owner.preview_mailing(name=mailing.name, contact=ada)
    missing = owner.preview_mailing(name=mailing.name, contact=bare)

    assert (shown.address, shown.subject) == ("ada@example.com", "News for Ada")
    assert "<h1>Насосы &amp; Ко</h1>" in shown.html
    assert shown.text.startswith("Насосы & Ко\n\nда ada@example.com\n\n-- \nВы получили")
    assert list(shown.warnings) == ["EMPTY_TAG job_title"]
    assert list(missing.warnings) == [
        "NO_ADDRESS",
        "EMPTY_TAG company",
        "EMPTY_TAG job_title",
        f"EMPTY_TAG custom.{field}",
        "EMPTY_TAG email",
    ]
    # Whoever tries it out ends nobody's mail.
    assert "/unsubscribe/trial" in shown.html


def test_a_test_goes_to_whoever_asks_and_to_nobody_else(contacts, owner, post):
    ada = person(owner)
    mailing = draft(owner)
    upload(owner, mailing, b"%PDF", name="price.pdf")

    answer = owner.test_mailing(name=mailing.name, contact=ada)

    [letter] = post.taken
    assert (letter["To"], letter["Subject"]) == ("olga@example.com", "News for Ada")
    assert [part.get_filename() for part in letter.iter_attachments()] == ["price.pdf"]
    assert answer.state == answer.DESCRIPTOR.fields_by_name["state"].enum_type.values_by_name["SENT"].number
    assert state(owner.get_mailing(name=mailing.name)) == "DRAFT"
    post.on_recipient = "550 no such mailbox"
    with refused("MAIL_REFUSED", "FAILED_PRECONDITION") as caught:
        owner.test_mailing(name=mailing.name, contact=ada)
    assert "550 no such mailbox" in str(caught[0])


def test_files_go_along_up_to_ten_megabytes(contacts, owner, post):
    person(owner)
    mailing = draft(owner)
    upload(owner, mailing, b"x" * 4_000_000, name="прайс\r\nX: 1.pdf")
    with_two = upload(owner, mailing, b"y" * 4_000_000, name="list.csv")

    with refused("FILE_TOO_LARGE", "INVALID_ARGUMENT"):
        upload(owner, mailing, b"z" * 4_000_000)
    with refused("FILE_EMPTY", "INVALID_ARGUMENT"):
        upload(owner, mailing, b"")
    [first, second] = with_two.attachments
    assert (first.file_name, first.content_type, first.size) == ("прайс X: 1.pdf", "application/pdf", 4_000_000)
    left = owner.remove_mailing_attachment(name=mailing.name, attachment=first.id)
    again = owner.remove_mailing_attachment(name=mailing.name, attachment=first.id)
    assert [file.id for file in left.attachments] == [file.id for file in again.attachments] == [second.id]
    upload(owner, mailing, b"z" * 10)
    owner.start_mailing(name=mailing.name)
    send(contacts)

    [letter] = post.taken
    assert [part.get_filename() for part in letter.iter_attachments()] == ["list.csv", "price.pdf"]
    kept = len(list(contacts.blobs.store.list("contacts").collect()))
    owner.delete_mailing(name=mailing.name)
    assert len(list(contacts.blobs.store.list("contacts").collect())) == kept - 2


def test_only_administrators_write_to_many(contacts, owner):
    mailing, ada = draft(owner), Caller(contacts, ADA)
    name = mailing.name

    for ask in (
        lambda: ada.get_mailing(name=name),
        ada.list_mailings,
        lambda: draft(ada),
        lambda: ada.update_mailing(mailing={"name": name, "subject": "x"}),
        lambda: ada.delete_mailing(name=name),
        lambda: upload(ada, mailing, b"x"),
        lambda: ada.remove_mailing_attachment(name=name, attachment="1"),
        lambda: ada.preview_mailing(name=name, contact="contacts/1"),
        lambda: ada.test_mailing(name=name, contact="contacts/1"),
        lambda: ada.start_mailing(name=name),
        lambda: ada.cancel_mailing(name=name),
        lambda: ada.list_mailing_recipients(parent=name),
    ):
        with refused("CRM_ADMIN_REQUIRED", "PERMISSION_DENIED"):
            ask()


def test_braces_without_an_end_are_no_tags(owner):
    assert not draft(owner, body=f"<p>{'{{' * 50_000}</p>").error


def test_a_mailing_is_for_so_many_at_most(contacts, owner, monkeypatch):
    monkeypatch.setattr(recipients, "MOST", 2)
    for number in range(2):
        person(owner, address=f"a{number}@example.com")
    mailing = draft(owner)
    assert owner.start_mailing(name=mailing.name, validate_only=True).recipient_count == 2
    person(owner, address="")

    with refused("TOO_MANY_RECIPIENTS", "FAILED_PRECONDITION"):
        owner.start_mailing(name=mailing.name)

    assert outcomes(owner, mailing) == []


def test_an_empty_value_of_ones_own_is_none(owner, contacts, post):
    field = owner.create_contact_field(contact_field={"label": "VIP", "kind": "CHECKBOX"}).name
    name = person(owner, custom={field: True})
    with contacts.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE contact SET custom = jsonb_build_object(%s::text, null)", (field,))
    mailing = draft(owner, subject=f"VIP: {{{{custom.{field}}}}}")

    seen = owner.preview_mailing(name=mailing.name, contact=name)
    assert (seen.subject, list(seen.warnings)) == ("VIP:", [f"EMPTY_TAG custom.{field}"])
