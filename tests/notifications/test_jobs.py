"""What time makes notifications do: the mail of the day, and forgetting."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from chassis.testing import ADA, BOB, Caller
from gateway.notifications import jobs
from gateway.notifications.model import Notification
from tests.notifications.conftest import introduce, mails, send, told, use
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

    with time_machine.travel(datetime.now(UTC) + timedelta(days=days)), people.begin(people.actor) as tx:
        jobs.forget_the_past(tx)

    with people.reading.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Notification)).scalar() == left
