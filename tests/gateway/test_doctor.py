"""`crm doctor` compares what others keep of people and groups with what identity has."""

import pytest
from sqlalchemy import text

from chassis.doctor import Examined, examine
from chassis.inbox import Heard, Inbox
from chassis.testing import clean
from tests.gateway.conftest import WRITE, add_user


def everybody_hears(identity, *listeners):
    """Lets services hear what identity announced."""
    with identity.engine.begin() as connection:
        rows = connection.execute(identity.outbox.select().order_by(identity.outbox.c.id)).all()
    for listener in listeners:
        inbox = Inbox(listener)
        for row in rows:
            if row.subject in inbox.handlers:
                inbox.handle(Heard(row.event_id, row.subject, row.payload, row.headers))
    for service in (identity, *listeners):
        with service.engine.begin() as connection:
            connection.execute(text("UPDATE outbox SET sent_time = now()"))


@pytest.fixture
def office(identity, owner, contacts, notifications):
    """Two people and a group, of whom everybody knows."""
    with contacts.engine.begin() as connection:
        connection.execute(text("DELETE FROM principal"))
    member = add_user(owner)["name"]
    made = owner.post("/v1/groups", json={"title": "Sales", "members": [member]}, headers=WRITE)
    assert made.status_code == 200, made.json
    everybody_hears(identity, contacts, notifications)
    yield identity, contacts, notifications
    for service in (contacts, notifications):
        clean(service)


def found(services):
    """What the doctor finds."""
    examined = [Examined(service, service.settings) for service in services]
    findings = examine(examined, patience=0)
    for each in examined:
        each.close()
    return [(each.what, each.service, each.table, each.row) for each in findings]


def test_people_and_groups_whom_everybody_knows_are_well(office):
    assert found(office) == []


@pytest.mark.parametrize(
    ("where", "fault", "finding"),
    [
        (1, "UPDATE principal SET standing = 'GONE' WHERE name = 'users/2'", "COPY_DIFFERS contacts principal users/2"),
        (
            1,
            "UPDATE principal SET display_name = 'Eve' WHERE name = 'users/2'",
            "COPY_DIFFERS contacts principal users/2",
        ),
        (1, "DELETE FROM principal WHERE name = 'groups/1'", "COPY_MISSING contacts principal groups/1"),
        (1, "INSERT INTO principal VALUES ('groups/9', 'ACTIVE', 1)", "COPY_LEFT contacts principal groups/9"),
        (2, "UPDATE person SET email = 'x@y.z' WHERE name = 'users/1'", "COPY_DIFFERS notifications person users/1"),
        (2, """UPDATE "group" SET members = '{}'""", "COPY_DIFFERS notifications group groups/1"),
        (0, """UPDATE "group" SET members = '{users/2,users/9}'""", "GONE identity group groups/1"),
    ],
)
def test_what_others_keep_of_people_is_what_identity_says(office, where, fault, finding):
    with office[where].engine.begin() as connection:
        connection.execute(text(fault))

    assert finding in [" ".join(each) for each in found(office)]
