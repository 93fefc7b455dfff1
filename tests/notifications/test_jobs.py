"""What time makes notifications do: the mail of the day, and forgetting."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from chassis.testing import ADA, BOB, Caller, statements
from gateway.notifications import jobs
from gateway.notifications.model import Notification
from tests.notifications.conftest import introduce, mails, queue, send, settle, told, use
from tests.notifications.test_rpc import assign

BORIS = BOB
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def daily(service, actor, **more):
    kinds = [{"kind": "RECORD_ASSIGNED", "page": True, "email": "DAILY", **more}]
    Caller(service, actor).update_notification_settings(notification_settings={"kinds": kinds})


def at(service, moment):
    """Sends the mail of the day as of a moment; returns how many mails there are."""
    with time_machine.travel(moment, tick=False):
        jobs.mail_the_day(service.job_context())
    return len(mails(service))


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=True) as moment:
        yield moment


def test_what_is_wanted_daily_comes_in_one_mail_at_the_persons_hour(people, noon, post_office):
    use(people, post_office.port)
    daily(people, BORIS)
    assign(people, "users/3", title="Globex", subject="contacts/17")
    assign(people, "users/3", title="<b>Acme</b>")

    # Eight o'clock in Moscow is five in UTC.
    before, after = at(people, NOON.replace(day=24, hour=4, minute=59)), at(people, NOON.replace(day=24, hour=5))
    noon.shift(timedelta(days=1))
    send(people)

    assert (before, after) == (0, 1)
    letter = post_office.letter()
    text, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert letter["Subject"] == "Вас ждут 2 уведомления"
    assert "Вас назначили ответственным: Globex (Olga Owner)" in text
    assert "https://crm.example.com/contacts/17" in html
    assert "&lt;b&gt;Acme" in html


def test_a_thing_is_in_one_mail_of_the_day_only(people, noon):
    daily(people, ADA)
    assign(people, "users/2")

    assert [at(people, NOON + timedelta(days=day)) for day in (1, 2, 3)] == [1, 1, 1]


def test_what_was_missed_is_caught_up_with(people, noon):
    daily(people, ADA)
    assign(people, "users/2")

    assert at(people, NOON + timedelta(days=3, hours=5)) == 1


def test_what_was_read_is_not_mailed(people, noon):
    daily(people, ADA)
    assign(people, "users/2")
    [notification] = Caller(people, ADA).list_notifications().notifications
    Caller(people, ADA).mark_notifications_read(names=[notification.name])

    assert at(people, NOON + timedelta(days=1)) == 0


def test_who_changed_his_mind_gets_no_mail_of_the_day(people, noon):
    daily(people, ADA)
    assign(people, "users/2")
    daily(people, ADA, email="NEVER")

    assert at(people, NOON + timedelta(days=1)) == 0


def test_who_was_disabled_meanwhile_gets_no_mail_of_the_day(people, noon):
    daily(people, ADA)
    assign(people, "users/2")
    introduce(people, "users/2", etag='"2"', state="DISABLED")

    assert at(people, NOON + timedelta(days=1)) == 0


def test_who_may_not_use_the_crm_any_more_gets_no_mail_of_the_day_about_it(people, noon):
    daily(people, ADA)
    assign(people, "users/2")
    settle(people, access="LISTED")

    assert at(people, NOON + timedelta(days=1)) == 0


def test_very_much_in_one_day_is_one_mail_that_lists_the_first_of_it(people, noon, post_office, monkeypatch):
    monkeypatch.setattr(jobs, "SHOWN", 3)
    monkeypatch.setattr(jobs, "STEP", 4)
    use(people, post_office.port)
    daily(people, ADA)
    for number in range(10):
        assign(people, "users/2", title=f"Globex {number}")

    assert at(people, NOON + timedelta(days=1)) == 1
    noon.shift(timedelta(days=1))
    send(people)

    letter = post_office.letter()
    text = letter.get_body(("plain",)).get_content()
    assert letter["Subject"] == "10 notifications are waiting for you"
    assert [number for number in range(10) if f"Globex {number}" in text] == [0, 1, 2]
    assert at(people, NOON + timedelta(days=2)) == 1


def test_who_wants_mail_only_gets_it_without_a_word_on_the_page(people, noon):
    daily(people, ADA, page=False)
    assign(people, "users/2")

    assert told(people, ADA) == []
    assert Caller(people, ADA).count_unread_notifications().unread_count == 0
    assert at(people, NOON + timedelta(days=1)) == 1


@pytest.mark.parametrize(("days", "read", "left"), [(89, True, 1), (91, True, 0), (364, False, 1), (366, False, 0)])
def test_the_past_is_forgotten(people, days, read, left):
    assign(people, "users/2")
    [notification] = Caller(people, ADA).list_notifications().notifications
    if read:
        Caller(people, ADA).mark_notifications_read(names=[notification.name])

    with time_machine.travel(datetime.now(UTC) + timedelta(days=days)):
        jobs.forget_the_past(people.job_context())

    with people.reading.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Notification)).scalar() == left


def test_the_past_is_forgotten_some_at_a_time(people, monkeypatch):
    monkeypatch.setattr(jobs, "STEP", 2)
    monkeypatch.setattr("chassis.service.STEP", 2)
    for _ in range(5):
        assign(people, "users/2")

    with time_machine.travel(datetime.now(UTC) + timedelta(days=366)), statements(people) as seen:
        jobs.forget_the_past(people.job_context())

    assert sum(statement.startswith("DELETE FROM notification") for statement in seen) == 2 + 3
    with people.reading.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Notification)).scalar() == 0


def test_links_do_not_lie_about_in_the_folder(people, tmp_path):
    people.settings.maildir = tmp_path / "mail"
    queue(people, "INVITATION", link="https://crm.example.com/invitation#secret")
    send(people)

    def kept(days):
        with time_machine.travel(datetime.now(UTC) + timedelta(days=days)):
            jobs.empty_the_folder(people.job_context())
        return len(list((tmp_path / "mail" / "new").iterdir()))

    assert (kept(6), kept(8)) == (1, 0)


def test_the_folder_does_not_fill_the_disk(people, tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "FOLDER_HOLDS", 2)
    people.settings.maildir = tmp_path / "mail"
    for number in range(3):
        queue(people, to=f"{number}@example.com")
    send(people)

    jobs.empty_the_folder(people.job_context())

    assert len(list((tmp_path / "mail" / "new").iterdir())) == 2


def test_a_folder_that_nothing_was_put_into_yet_is_no_problem(people, tmp_path):
    people.settings.maildir = tmp_path / "mail"

    jobs.empty_the_folder(people.job_context())
