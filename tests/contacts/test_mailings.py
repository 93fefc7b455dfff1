"""Mailings: written, looked at, sent once to each, stopped, and never again to who wants none."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from chassis.errors import Unavailable
from chassis.testing import ADA, OWNER, Caller, announced, refused, statements
from services.contacts.importing.running import sweep_blobs
from services.contacts.mailing import recipients, sending
from services.contacts.mailing.model import MailingRecipient, Outcome
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


def test_what_was_refused_and_what_nobody_knows_is_told_of_each(contacts, owner, post):
    person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)
    post.on_recipient = "550 no such mailbox"
    send(contacts)
    assert outcomes(owner, mailing) == [("ada@example.com", "FAILED", "REFUSED")]
    [told] = owner.list_mailing_recipients(parent=mailing.name).recipients
    assert told.message == "550 no such mailbox"

    post.on_recipient, post.cuts_after_data = "250 OK", True
    other = draft(owner)
    owner.start_mailing(name=other.name)
    send(contacts)

    over = owner.get_mailing(name=other.name)
    assert (state(over), over.sent_count, over.uncertain_count) == ("SUCCEEDED", 0, 1)
    assert outcomes(owner, other) == [("ada@example.com", "UNCERTAIN", "")]
    assert post.attempts == 1


def test_what_is_not_taken_for_now_is_tried_again_later_and_later(contacts, owner, post):
    post.on_recipient = "451 come back later"
    pauses = []
    with time_machine.travel(START, tick=False) as clock:
        person(owner)
        mailing = draft(owner)
        owner.start_mailing(name=mailing.name)
        for _ in range(5):
            send(contacts)
            pauses.append(_due(contacts) - datetime.now(UTC))
            clock.shift(pauses[-1])
        send(contacts)

    assert [pause.total_seconds() / 60 for pause in pauses] == [1, 5, 30, 120, 360]
    assert outcomes(owner, mailing) == [("ada@example.com", "FAILED", "TOO_LATE")]
    over = owner.get_mailing(name=mailing.name)
    assert (state(over), over.failed_count) == ("SUCCEEDED", 1)


def _due(service):
    with service.reading.connect() as connection:
        return connection.execute(text("SELECT due_time FROM mailing_recipient")).scalar()


def test_no_more_leave_in_a_minute_than_was_said(contacts, owner, post):
    for number in range(12):
        person(owner, address=f"a{number}@example.com")
    mailing = draft(owner, per_minute=6)
    taken = []
    with time_machine.travel(START, tick=False) as clock:
        owner.start_mailing(name=mailing.name)
        for _ in range(61):
            send(contacts)
            taken.append(len(post.taken))
            clock.shift(timedelta(seconds=1))

    assert taken[0] == 1
    assert taken[9:12] == [1, 2, 2]
    assert taken[59] == 6
    assert taken[60] == 7


def test_a_job_that_was_late_does_not_rush(contacts, owner, post):
    for number in range(12):
        person(owner, address=f"a{number}@example.com")
    mailing = draft(owner, per_minute=60)
    with time_machine.travel(START, tick=False) as clock:
        owner.start_mailing(name=mailing.name)
        clock.shift(timedelta(hours=1))
        send(contacts)

    assert len(post.taken) == 3
    assert owner.get_mailing(name=mailing.name).remaining.seconds == 9


def test_a_mailing_that_is_stopped_keeps_what_was_sent_and_sends_no_more(contacts, owner, post):
    for number in range(5):
        person(owner, address=f"a{number}@example.com")
    mailing = draft(owner, per_minute=1)
    owner.start_mailing(name=mailing.name)
    send(contacts)

    stopped = owner.cancel_mailing(name=mailing.name)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
        send(contacts)

    assert (state(stopped), stopped.sent_count, stopped.progress_percent) == ("CANCELLED", 1, 20)
    assert len(post.taken) == 1
    assert [outcome for _, outcome, _ in outcomes(owner, mailing)].count("PENDING") == 4
    with refused("MAILING_NOT_RUNNING", "FAILED_PRECONDITION"):
        owner.cancel_mailing(name=mailing.name)


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


def test_it_is_announced_who_was_written_to_and_how_it_ended(contacts, owner, post):
    ada = person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)

    send(contacts)

    told = {message.DESCRIPTOR.name: (message, headers) for _, message, headers in announced(contacts)}
    mailed, headers = told["ContactMailed"]
    assert (mailed.contact, mailed.mailing, mailed.subject, mailed.result) == (ada, mailing.name, "News for Ada", 3)
    assert (headers["Crm-Resource"], headers["Crm-Actor"], headers["Crm-Bulk"]) == (ada, OWNER.user, mailing.name)
    finished, headers = told["MailingFinished"]
    assert list(finished.recipients) == [OWNER.user]
    assert (finished.mailing.sent_count, finished.mailing.body) == (1, "")
    assert headers["Crm-Resource"] == mailing.name
    assert "MailingCreated" in told
    assert "MailingUpdated" in told


def test_a_mailing_whose_starter_is_gone_stops(contacts, owner, post):
    person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)
    with contacts.engine.begin() as connection:
        connection.execute(text("UPDATE principal SET standing = 'GONE' WHERE name = 'users/1'"))

    send(contacts)

    stopped = owner.get_mailing(name=mailing.name)
    assert (state(stopped), stopped.error) == ("FAILED", "whoever asked for it does not work here any more")
    assert post.taken == []


def test_nothing_is_kept_of_who_is_erased_meanwhile(contacts, owner, post):
    person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)
    with contacts.engine.begin() as connection:
        connection.execute(text("DELETE FROM contact"))

    finish(contacts, 3)

    assert outcomes(owner, mailing) == []
    assert post.taken == []
    assert state(owner.get_mailing(name=mailing.name)) == "SUCCEEDED"


def test_an_address_that_was_taken_from_the_contact_is_not_written_to(contacts, owner, post):
    ada = person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)
    owner.update_contact(contact={"name": ada, "emails": [{"value": "new@example.com"}]})

    send(contacts)

    assert outcomes(owner, mailing) == [("ada@example.com", "SKIPPED", "ADDRESS_GONE")]
    assert post.taken == []


def test_each_letter_takes_few_statements(contacts, owner, post):
    for number in range(2):
        person(owner, address=f"a{number}@example.com")
    mailing = draft(owner)
    with statements(contacts) as starting:
        owner.start_mailing(name=mailing.name)
    with contacts.begin(contacts.actor) as tx, statements(contacts) as claiming:
        work = sending._claim(tx, {})
    result, words = sending._ask(contacts, work)
    with statements(contacts) as noting, contacts.begin(contacts.actor, work.cause) as tx:
        sending._note(tx, work, result, words)

    assert len(starting) <= 8, "\n".join(starting)
    assert len(claiming) <= 8, claiming
    assert len(noting) <= 5, noting


class Killed(BaseException):
    """The process was killed."""


@pytest.mark.parametrize("when", ["before it is asked", "after it was sent", "before it is noted"])
def test_a_process_that_is_killed_in_the_middle_doubles_nothing_and_loses_nothing(
    contacts, owner, post, monkeypatch, when
):
    for number in range(4):
        person(owner, address=f"a{number}@example.com")
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)
    ask, note, left = sending._ask, sending._note, [2]

    def dies():
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    def asks(service, work):
        if when == "before it is asked":
            dies()
        answer = ask(service, work)
        if when == "after it was sent":
            dies()
        return answer

    def notes(tx, work, *result):
        if when == "before it is noted":
            dies()
        note(tx, work, *result)

    monkeypatch.setattr(sending, "_ask", asks)
    monkeypatch.setattr(sending, "_note", notes)
    with pytest.raises(Killed):
        finish(contacts, 3)
    half = [outcome for _, outcome, _ in outcomes(owner, mailing)]
    finish(contacts, 3)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True):
        finish(contacts, 3)

    assert sorted(half) == ["PENDING", "PENDING", "SENDING", "SENT"]
    assert sorted(letter["To"] for letter in post.taken) == [f"a{number}@example.com" for number in range(4)]
    over = owner.get_mailing(name=mailing.name)
    assert (state(over), over.sent_count, over.uncertain_count) == ("SUCCEEDED", 4, 0)


def test_who_was_being_written_to_when_a_mailing_was_stopped_and_the_process_died_is_uncertain(contacts, owner, post):
    person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)
    with contacts.begin(contacts.actor) as tx:
        sending._claim(tx, {})
    owner.cancel_mailing(name=mailing.name)

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True):
        sending.send_mailings(contacts.job_context())

    assert outcomes(owner, mailing) == [("ada@example.com", "UNCERTAIN", "")]
    assert post.taken == []


def test_two_leaders_at_once_send_each_letter_once(contacts, owner, post):
    for number in range(10):
        person(owner, address=f"a{number}@example.com")
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)

    def lead():
        for _ in range(40):
            send(contacts)

    leaders = [threading.Thread(target=lead) for _ in range(2)]
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=2), tick=True):
        for leader in leaders:
            leader.start()
        for leader in leaders:
            leader.join()
    while state(owner.get_mailing(name=mailing.name)) != "SUCCEEDED":
        send(contacts)

    assert sorted(letter["To"] for letter in post.taken) == [f"a{number}@example.com" for number in range(10)]


def test_while_notifications_does_not_answer_the_mailing_waits_and_goes_on(contacts, owner, post):
    class Away:
        def ask(self, *_, **__):
            raise Unavailable("notifications does not answer; try again soon", "SERVICE_UNAVAILABLE")

    person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)
    there, contacts.peers = contacts.peers, Away()
    send(contacts)
    contacts.peers = there
    assert outcomes(owner, mailing) == [("ada@example.com", "SENDING", "")]

    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=11), tick=True):
        send(contacts)

    assert outcomes(owner, mailing) == [("ada@example.com", "SENT", "")]
    assert len(post.taken) == 1


def test_the_database_itself_lets_no_address_in_twice(contacts, owner):
    ada = person(owner)
    mailing = draft(owner)
    owner.start_mailing(name=mailing.name)

    row = {"mailing": int(mailing.name.split("/")[1]), "contact": int(ada.split("/")[1]), "attempts": 0}
    row |= {"address": "ADA@example.com", "address_key": "ada@example.com", "state": Outcome.PENDING}
    again = MailingRecipient.__table__.insert().values(**row, reason="", message="", time=START, due_time=START)
    with pytest.raises(IntegrityError, match="uq_mailing_recipient_address"), contacts.engine.begin() as connection:
        connection.execute(again)


def test_a_mailing_whose_file_is_gone_stops(contacts, owner, post):
    person(owner)
    mailing = draft(owner)
    upload(owner, mailing, b"%PDF")
    owner.start_mailing(name=mailing.name)
    with contacts.reading.connect() as connection:
        contacts.blobs.delete(connection.execute(text("SELECT blob FROM mailing_attachment")).scalar())

    send(contacts)

    stopped = owner.get_mailing(name=mailing.name)
    assert (state(stopped), stopped.error) == ("FAILED", "a file that goes along is gone")
    assert post.taken == []


def test_a_letter_that_its_values_make_too_large_is_told_of_and_the_others_are_sent(contacts, owner, post, monkeypatch):
    monkeypatch.setattr(sending, "LARGEST", 5000)
    person(owner, "Ada" * 80)
    person(owner, "Eve", "eve@example.com")
    mailing = draft(owner, body="<p>{{first_name}}</p>" * 20)

    owner.start_mailing(name=mailing.name)
    finish(contacts, 3)

    assert outcomes(owner, mailing) == [("ada@example.com", "FAILED", "REFUSED"), ("eve@example.com", "SENT", "")]


def test_files_of_mailings_are_not_swept_away(contacts, owner, monkeypatch):
    mailing = draft(owner)
    upload(owner, mailing, b"%PDF")
    monkeypatch.setattr("chassis.blobs.YOUNG", timedelta(0))

    sweep_blobs(contacts.job_context())

    with contacts.reading.connect() as connection:
        blob = connection.execute(text("SELECT blob FROM mailing_attachment")).scalar()
    assert b"".join(contacts.blobs.get(blob)) == b"%PDF"


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


def test_what_was_written_to_a_contact_goes_with_it_into_another_and_back(owner, post):
    ada, eve = person(owner), person(owner, "Eve", "eve@example.com")
    written = draft(owner, contacts=[ada, eve])
    owner.start_mailing(name=written.name)
    finish(owner.service)
    planned = draft(owner, contacts=[eve])
    merge = owner.merge_contact(name=ada, source=eve).merge

    both = [("ada@example.com", "SENT", ""), ("eve@example.com", "SENT", "")]
    assert sorted(outcomes(owner, written)) == both
    assert owner.start_mailing(name=planned.name, validate_only=True).recipient_count == 1
    owner.undo_contact_merge(name=merge.name)
    recipients = owner.list_mailing_recipients(parent=written.name).recipients
    assert {each.address: each.contact for each in recipients} == {"ada@example.com": ada, "eve@example.com": eve}


def test_braces_without_an_end_are_no_tags(owner):
    assert not draft(owner, body=f"<p>{'{{' * 50_000}</p>").error


def test_an_empty_value_of_ones_own_is_none(owner, contacts, post):
    field = owner.create_contact_field(contact_field={"label": "VIP", "kind": "CHECKBOX"}).name
    name = person(owner, custom={field: True})
    with contacts.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE contact SET custom = jsonb_build_object(%s::text, null)", (field,))
    mailing = draft(owner, subject=f"VIP: {{{{custom.{field}}}}}")

    seen = owner.preview_mailing(name=mailing.name, contact=name)
    assert (seen.subject, list(seen.warnings)) == ("VIP:", [f"EMPTY_TAG custom.{field}"])
