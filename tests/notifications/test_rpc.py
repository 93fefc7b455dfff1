"""What may be asked about notifications and mail, by whom."""

import json

import pytest
from crm.notifications.v1 import domain_events_pb2 as events

from chassis.testing import ADA, BOB, OWNER, Caller, announced, refused, statements
from chassis.tx import Cause
from gateway.notifications.model import Kind
from gateway.notifications.telling import Told, tell
from tests.notifications.conftest import CONTACTS, IDENTITY, introduce, mails, queue, send, told, use

BORIS = BOB


def assign(service, *recipients, title="Globex", subject="contacts/17", actor="users/1"):
    """Tells people that somebody made them responsible for a record."""
    with service.begin(service.actor, Cause(actor=actor)) as tx:
        tell(tx, Told(Kind.RECORD_ASSIGNED, {}, subject, title), recipients)


def names(service, actor, **query):
    return [each.name for each in Caller(service, actor).list_notifications(**query).notifications]


def test_a_notification_says_who_did_what_in_the_readers_language(people):
    assign(people, "users/2", "users/3")

    [notification] = Caller(people, ADA).list_notifications().notifications

    assert notification.text == "Olga Owner made you responsible for Globex"
    assert (notification.subject, notification.title, notification.actor) == ("contacts/17", "Globex", "users/1")
    assert notification.unread
    assert told(people, BORIS, "ru") == ["Вас назначили ответственным: Globex (Olga Owner)"]
    assert Caller(people, ADA).get_notification(name=notification.name).text == notification.text


def test_everybody_sees_his_own_and_administrators_too(people):
    assign(people, "users/2")
    [name] = names(people, ADA)

    assert names(people, OWNER) == []
    assert names(people, BORIS) == []
    for actor in (BORIS, OWNER, people.actor):
        with refused("NOT_FOUND", "NOT_FOUND"):
            Caller(people, actor).get_notification(name=name)


def test_the_newest_comes_first_page_by_page(people):
    for title in ("a", "b", "c"):
        assign(people, "users/2", title=title)
    ada = Caller(people, ADA)

    first = ada.list_notifications(page_size=2)
    second = ada.list_notifications(page_size=2, page_token=first.next_page_token)

    assert [each.title for each in (*first.notifications, *second.notifications)] == ["c", "b", "a"]


def test_what_is_unread_is_counted_and_filtered(people):
    assign(people, "users/2", title="old")
    assign(people, "users/2", title="new")
    new, old = names(people, ADA)
    ada = Caller(people, ADA)

    answer = ada.mark_notifications_read(names=[old])

    assert answer.unread_count == ada.count_unread_notifications().unread_count == 1
    assert names(people, ADA, filter="unread = true") == [new]
    read = ada.get_notification(name=old)
    assert not read.unread
    assert read.HasField("read_time")


def test_marking_all_until_a_moment_leaves_what_came_later(people):
    assign(people, "users/2", title="seen")
    assign(people, "users/3")
    ada = Caller(people, ADA)
    seen = ada.list_notifications().notifications[0].create_time
    assign(people, "users/2", title="later")

    assert ada.mark_notifications_read(all_until=seen).unread_count == 1
    assert Caller(people, BORIS).count_unread_notifications().unread_count == 1


def test_nobody_marks_what_is_not_his(people):
    assign(people, "users/2")
    assign(people, "users/3")
    [mine], [others] = names(people, ADA), names(people, BORIS)

    with refused("NOT_FOUND", "NOT_FOUND"):
        Caller(people, ADA).mark_notifications_read(names=[mine, others])

    assert Caller(people, ADA).count_unread_notifications().unread_count == 1
    assert Caller(people, BORIS).count_unread_notifications().unread_count == 1


def test_marking_needs_something_to_mark(people):
    with refused("NOTHING_NAMED", "INVALID_ARGUMENT"):
        Caller(people, ADA).mark_notifications_read()


def test_only_the_reader_hears_of_it_on_his_page(people):
    assign(people, "users/2")
    [name] = names(people, ADA)
    Caller(people, ADA).mark_notifications_read(names=[name])

    (_, created, created_headers), (_, read, read_headers) = announced(people)

    assert (created_headers["Crm-Readers"], read_headers["Crm-Readers"]) == ('["users/2"]', '["users/2"]')
    assert created_headers["Crm-Resource"] == created.notification.name == name
    assert read == events.NotificationsRead(user="users/2", names=[name])


def test_marking_what_is_read_announces_nothing(people):
    assign(people, "users/2")
    [name] = names(people, ADA)
    Caller(people, ADA).mark_notifications_read(names=[name])

    Caller(people, ADA).mark_notifications_read(names=[name])

    assert len(announced(people)) == 2


def test_a_page_of_notifications_and_the_count_are_one_statement_each(people):
    assign(people, "users/2")
    ada = Caller(people, ADA)
    ada.list_notifications()

    with statements(people) as listing:
        ada.list_notifications()
    with statements(people) as counting:
        ada.count_unread_notifications()

    assert (len(listing), len(counting)) == (1, 1)


# settings of a person


def channels(settings):
    return {each.kind: (each.page, each.email) for each in settings.kinds}


def test_who_never_said_anything_is_told_everything_at_once(people):
    settings = Caller(people, ADA).get_notification_settings()

    assert len(settings.kinds) == len(Kind)
    assert set(channels(settings).values()) == {(True, 1)}
    assert settings.digest_hour == 8


def test_a_person_sets_one_kind_and_the_others_stay(people):
    ada = Caller(people, ADA)
    kinds = [{"kind": "RECORD_ASSIGNED", "page": True, "email": "DAILY"}]

    changed = ada.update_notification_settings(notification_settings={"kinds": kinds, "digest_hour": 18})

    assert channels(changed) == {1: (True, 2), **dict.fromkeys(range(2, len(Kind) + 1), (True, 1))}
    assert changed == ada.get_notification_settings()
    assert changed.digest_hour == 18
    assert channels(Caller(people, BORIS).get_notification_settings())[1] == (True, 1)


def test_security_notices_stay_on_the_page(people):
    kinds = [{"kind": "SECURITY", "page": False, "email": "NEVER"}]

    with refused("SECURITY_ALWAYS_SHOWN", "INVALID_ARGUMENT"):
        Caller(people, ADA).update_notification_settings(notification_settings={"kinds": kinds})


def test_settings_that_others_changed_are_not_overwritten(people):
    ada = Caller(people, ADA)
    before = ada.get_notification_settings()
    ada.update_notification_settings(notification_settings={"digest_hour": 9, "etag": before.etag})

    with refused("ETAG_MISMATCH", "ABORTED"):
        ada.update_notification_settings(notification_settings={"digest_hour": 10, "etag": before.etag})


# mail settings

SERVER = {"host": "mail.example.com", "port": 587, "from_address": "crm@example.com"}


@pytest.mark.parametrize("actor", [ADA, IDENTITY])
def test_only_administrators_of_the_portal_see_mail_and_its_settings(people, actor):
    caller = Caller(people, actor)
    name = queue(people)

    for call in (
        caller.get_mail_settings,
        lambda: caller.update_mail_settings(mail_settings=SERVER),
        lambda: caller.test_mail_settings(to="ada@example.com"),
        caller.list_mails,
        lambda: caller.get_mail(name=name),
        lambda: caller.retry_mail(name=name),
    ):
        with refused("PORTAL_ADMIN_REQUIRED", "PERMISSION_DENIED"):
            call()


def test_the_password_is_kept_sealed_and_never_given_back(people):
    owner = Caller(people, OWNER)

    settings = owner.update_mail_settings(mail_settings={**SERVER, "user": "crm", "password": "top secret"})

    assert settings.password_set
    assert settings.password == ""
    assert owner.get_mail_settings() == settings
    with people.reading.connect() as connection:
        row = connection.exec_driver_sql("select * from mail_settings").one()
    assert b"top secret" not in row.sealed_password
    assert not owner.update_mail_settings(
        mail_settings={"password": ""}, update_mask={"paths": ["password"]}
    ).password_set


def test_a_change_of_the_settings_is_told_to_the_audit_without_the_password(people):
    owner = Caller(people, OWNER)
    owner.update_mail_settings(mail_settings={**SERVER, "user": "crm", "password": "top secret"})

    [(subject, event, headers)] = announced(people)

    changes = json.loads(headers["Crm-Audit"])["changes"]
    assert ["host", None, "mail.example.com"] in changes
    assert ["password", None, None] in changes
    assert (subject, headers["Crm-Readers"]) == ("crm.notifications.mail_settings_updated", "[]")
    assert "top secret" not in str((event, headers))


def test_another_server_does_not_get_the_password_of_the_one_before(people):
    owner = Caller(people, OWNER)
    owner.update_mail_settings(mail_settings={**SERVER, "user": "crm", "password": "top secret"})

    after = owner.update_mail_settings(mail_settings={"host": "mail.evil.example"})

    assert not after.password_set
    assert owner.update_mail_settings(mail_settings={"host": "a.example.com", "password": "x"}).password_set


def test_all_administrators_of_the_portal_are_told_by_the_server_before_that_mail_leaves_by_another(
    people, post_office, tls_office
):
    introduce(people, "users/1", etag='"2"', role="OWNER")
    introduce(people, "users/2", etag='"2"', role="PORTAL_ADMIN")
    use(people, post_office.port)
    elsewhere = {"host": "localhost", "port": tls_office.port, "security": "TLS"}
    people.settings.smtp_ports = [tls_office.port]
    first = mails(people)

    Caller(people, OWNER).update_mail_settings(mail_settings=elsewhere)
    send(people)

    text = "Olga Owner changed the mail server: localhost"
    assert told(people, OWNER)[0] == told(people, ADA)[0] == text
    assert told(people, BORIS) == []
    assert [mail.to for mail in first] == ["olga@example.com", "ada@example.com"]
    own = [message for message in post_office.taken if message["Subject"] == text]
    assert [message["To"] for message in own] == ["olga@example.com", "ada@example.com"]
    assert {mail.content for mail in mails(people)[2:]} == {None}


def test_other_changes_of_how_mail_leaves_are_no_news(people, post_office):
    introduce(people, "users/1", etag='"2"', role="OWNER")
    use(people, post_office.port)
    before = len(told(people, OWNER))

    use(people, post_office.port, from_name="Acme")

    assert (before, len(told(people, OWNER))) == (1, 1)


def test_changing_one_field_keeps_the_others(people):
    owner = Caller(people, OWNER)
    before = owner.update_mail_settings(mail_settings={**SERVER, "security": "TLS", "user": "crm", "password": "x"})

    after = owner.update_mail_settings(mail_settings={"from_name": "Acme", "etag": before.etag})

    assert (after.host, after.security, after.user, after.password_set) == (before.host, before.security, "crm", True)
    assert after.from_name == "Acme"
    with refused("ETAG_MISMATCH", "ABORTED"):
        owner.update_mail_settings(mail_settings={"from_name": "Late", "etag": before.etag})


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"port": 6379}, "MAIL_PORT_REFUSED"),
        ({"from_address": ""}, "SENDER_REQUIRED"),
        ({"security": "NONE", "user": "crm"}, "PASSWORD_UNPROTECTED"),
        ({"host": "mail.example.com/x"}, "string.pattern"),
        ({"host": "a\r\nb"}, "string.pattern"),
    ],
)
def test_a_server_that_cannot_be_meant_is_refused(people, fields, reason):
    people.settings.smtp_ports = [25, 465, 587, 2525]

    with refused(reason, "INVALID_ARGUMENT"):
        Caller(people, OWNER).update_mail_settings(mail_settings={**SERVER, **fields})


def test_trying_the_settings_sends_a_mail_at_once(people, post_office):
    use(people, post_office.port)

    answer = Caller(people, OWNER, Cause(language="ru")).test_mail_settings(to="olga@example.com")

    assert answer.answer == "250 taken as 42"
    assert post_office.letter()["Subject"] == "Почта из Rapport доходит"
    assert mails(people) == []
    subject, event, _ = announced(people)[-1]
    assert (subject, event.to) == ("crm.notifications.mail_settings_tested", "olga@example.com")


def test_trying_the_settings_tells_what_the_server_said(people, post_office):
    use(people, post_office.port)
    post_office.on_recipient = "550 5.1.1 nobody of that name"

    with refused("MAIL_REFUSED", "FAILED_PRECONDITION") as refusal:
        Caller(people, OWNER).test_mail_settings(to="olga@example.com")

    assert refusal[0].metadata["words"] == "550 5.1.1 nobody of that name"


# mails

LINK = "https://crm.example.com/invitation#secret"


def test_a_mail_is_queued_by_services_only(people):
    for actor in (ADA, OWNER):
        with refused("INTERNAL_RPC", "PERMISSION_DENIED"):
            Caller(people, actor).queue_mail(template="INVITATION", to="eve@example.com")

    assert mails(people) == []


def test_a_mail_is_queued_by_the_services_that_the_contract_names_only(people):
    with refused("INTERNAL_RPC", "PERMISSION_DENIED"):
        Caller(people, CONTACTS).queue_mail(template="INVITATION", to="eve@example.com")

    assert mails(people) == []


@pytest.mark.parametrize(
    ("site", "link"),
    [
        ("https://crm.example.com", "https://evil.example.com/invitation#x"),
        ("https://crm.example.com", "https://crm.example.com.evil.example/invitation#x"),
        ("https://crm.example.com", "https://crm.example.com@evil.example/"),
        ("https://crm.example.com", "javascript:alert(1)"),
        ("", "/invitation#x"),
    ],
)
def test_a_mail_of_ours_leads_to_ourselves_only(people, site, link):
    people.settings.public_url = site

    with refused("LINK_ELSEWHERE", "INVALID_ARGUMENT"):
        queue(people, "INVITATION", link=link)


def test_a_mail_is_queued_once_under_its_id(people):
    identity = Caller(people, IDENTITY)
    request = {"template": "INVITATION", "to": "eve@example.com", "values": {"link": LINK}, "request_id": "i-1"}

    first, again = identity.queue_mail(**request), identity.queue_mail(**request)

    assert first == again
    assert len(mails(people)) == 1


@pytest.mark.parametrize("address", ["nobody", "a@b\r\nRCPT TO:<c@d>", "a b@example.com", "ü@example.com"])
def test_an_address_that_no_server_takes_is_refused(people, address):
    with refused("string.email", "INVALID_ARGUMENT"):
        queue(people, to=address)


def test_what_a_mail_says_is_not_readable_in_the_database(people):
    queue(people, link="https://crm.example.com/invitation#secret")

    assert b"secret" not in mails(people)[0].content


def test_administrators_find_failed_mail_and_send_it_again(people, post_office):
    use(people, post_office.port)
    owner = Caller(people, OWNER)
    post_office.on_data = "554 spam"
    assign(people, "users/2")
    send(people)
    [failed] = owner.list_mails(filter="state = FAILED").mails
    assert (failed.last_error, failed.attempts, failed.can_retry) == ("554 spam", 1, True)

    post_office.on_data = "250 OK"
    waiting = owner.retry_mail(name=failed.name)
    send(people)

    assert (waiting.state, waiting.can_retry) == (1, False)
    assert owner.get_mail(name=failed.name).state == 3
    with refused("MAIL_NOT_FAILED", "FAILED_PRECONDITION"):
        owner.retry_mail(name=failed.name)


def test_a_mail_that_held_a_one_time_link_is_not_sent_again(people, post_office):
    use(people, post_office.port)
    post_office.on_data = "554 spam"
    name = queue(people, "INVITATION", link="https://crm.example.com/invitation#secret")
    send(people)

    with refused("MAIL_CONTENT_GONE", "FAILED_PRECONDITION"):
        Caller(people, OWNER).retry_mail(name=name)

    assert mails(people)[0].content is None
    assert not Caller(people, OWNER).get_mail(name=name).can_retry


def test_a_security_notice_is_told_on_the_page_and_by_mail(people, post_office):
    use(people, post_office.port)

    queue(people, "SECURITY_NOTICE", "boris@example.com", "ru", event="PASSWORD_CHANGED", address="192.0.2.7")
    send(people)

    assert told(people, BORIS, "ru") == ["Ваш пароль изменён"]
    text = post_office.letter().get_body(("plain",)).get_content()
    assert "Сетевой адрес: 192.0.2.7" in text


def test_a_security_notice_that_is_not_wanted_by_mail_is_still_on_the_page(people):
    kinds = [{"kind": "SECURITY", "page": True, "email": "NEVER"}]
    Caller(people, ADA).update_notification_settings(notification_settings={"kinds": kinds})

    name = queue(people, "SECURITY_NOTICE", event="NEW_SIGN_IN")

    assert name == ""
    assert mails(people) == []
    assert told(people, ADA) == ["Somebody signed in to your account from a new browser"]
