"""The rules about people, preferences and mail, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.testing import refused
from gateway.notifications.model import (
    PAUSES,
    Email,
    Kind,
    Mail,
    Person,
    Preference,
    State,
    Template,
    no_server,
    unsaid,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def mail(*, once=False):
    template = Template.PASSWORD_RESET if once else Template.NOTIFICATION
    return Mail(
        id=1, template=template, once=once, state=State.QUEUED, attempts=0, content=b"sealed", next_attempt_time=NOW
    )


@pytest.mark.parametrize(
    ("zone", "now", "moment"),
    [
        ("UTC", datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 23, 8, tzinfo=UTC)),
        ("UTC", datetime(2026, 11, 23, 7, 59, tzinfo=UTC), datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2026, 11, 23, 2, 30, tzinfo=UTC), datetime(2026, 11, 23, 2, 30, tzinfo=UTC)),
        ("", datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 11, 23, 8, tzinfo=UTC)),
        # The night in which clocks are put back.
        ("Europe/Berlin", datetime(2026, 10, 25, 7, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 25, 6, 59, tzinfo=UTC), datetime(2026, 10, 24, 6, tzinfo=UTC)),
    ],
)
def test_the_day_ends_at_the_persons_hour(zone, now, moment):
    assert Person(time_zone=zone).last_digest_moment(8, now) == moment


def test_what_was_never_said_is_told_everywhere():
    assert unsaid("users/2").channels(Kind.RECORD_ASSIGNED) == (True, Email.IMMEDIATELY)


def test_security_notices_may_be_kept_out_of_mail_but_not_off_the_page():
    preference = unsaid("users/2")

    preference.choose(Kind.SECURITY, True, Email.NEVER)

    assert preference.channels(Kind.SECURITY) == (True, Email.NEVER)
    with refused("SECURITY_ALWAYS_SHOWN"):
        preference.choose(Kind.SECURITY, False, Email.NEVER)


def test_choosing_one_kind_keeps_what_was_chosen_before():
    preference = Preference(user="users/2", kinds={Kind.SECURITY: {"page": True, "email": Email.NEVER}})

    preference.choose(Kind.RECORD_ASSIGNED, False, Email.DAILY)

    assert preference.channels(Kind.SECURITY) == (True, Email.NEVER)
    assert preference.channels(Kind.RECORD_ASSIGNED) == (False, Email.DAILY)


def test_a_mail_is_given_up_after_about_a_day():
    row, now = mail(), NOW

    while row.state == State.QUEUED:
        now = row.next_attempt_time
        row.claim(now)
        row.postpone(now, "down")

    assert row.state == State.FAILED
    assert row.attempts == len(PAUSES) + 1
    assert timedelta(hours=20) < now - NOW < timedelta(hours=24)


@pytest.mark.parametrize("state", [State.SENT, State.KEPT, State.FAILED])
def test_a_link_that_works_once_is_not_kept(state):
    row = mail(once=True)

    row.conclude(state, NOW, "")

    assert row.content is None


def test_a_mail_that_failed_may_begin_anew():
    row = mail()
    row.claim(NOW)
    row.conclude(State.FAILED, NOW, "550 no")

    row.retry(NOW)

    assert (row.state, row.attempts, row.next_attempt_time) == (State.QUEUED, 0, NOW)
    with refused("MAIL_NOT_FAILED"):
        row.retry(NOW)


def test_a_mail_whose_link_is_gone_cannot_begin_anew():
    row = mail(once=True)
    row.conclude(State.FAILED, NOW, "550 no")

    with refused("MAIL_CONTENT_GONE"):
        row.retry(NOW)


def test_without_a_server_nothing_else_need_be_said():
    settings = no_server()

    settings.check([587])

    assert (settings.port, settings.security) == (587, "STARTTLS")
