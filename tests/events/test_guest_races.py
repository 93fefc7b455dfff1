"""Guests whom two see to at once."""

import pytest

from chassis.testing import statements
from services.events.guests import inviting


@pytest.fixture
def meanwhile(monkeypatch):
    """Has something done once, while an invitation looks its guests up."""

    def arrange(do):
        real, done = inviting.look_up, []

        def look_up_and_do(tx, names):
            answer = real(tx, names)
            if not done:
                done.append(True)
                do()
            return answer

        monkeypatch.setattr(inviting, "look_up", look_up_and_do)

    return arrange


def test_two_who_invite_at_once_mail_each_guest_once(house, meanwhile):
    ada = house.person()
    name = house.event(participants=[ada])
    meanwhile(lambda: house.owner.invite_event_participants(name=name))
    answer = house.owner.invite_event_participants(name=name)
    house.send()

    assert [subject for _, subject, _ in house.letters()] == ["Invitation: Fair"]
    assert (answer.invited_count, [each.reason for each in answer.refusals]) == (0, ["ALREADY_INVITED"])


@pytest.mark.parametrize("again", [False, True])
def test_who_is_removed_while_all_are_invited_is_not_brought_back(house, meanwhile, again):
    ada = house.person()
    name = house.event(participants=[ada])
    meanwhile(lambda: house.owner.remove_event_participants(name=name, contacts=[ada]))
    house.owner.invite_event_participants(name=name, again=again)
    house.send()

    assert list(house.owner.get_event(name=name).participants) == []
    assert house.letters() == []


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("set_event_participant_response", {"response": "ACCEPTED"}),
        ("mark_event_attendance", {"attendance": "ATTENDED"}),
    ],
)
def test_what_is_noted_of_a_guest_locks_contacts_before_the_event_as_merges_do(house, call, said):
    ada = house.person()
    name = house.event(participants=[ada])
    who = {"contact": ada} if "response" in said else {"contacts": [ada]}
    with statements(house.events) as seen:
        getattr(house.owner, call)(name=name, **who, **said)

    locked = [table for sql in seen for table in ("contact_ref", "event") if f"FROM {table}" in sql and " FOR " in sql]
    assert locked[:2] == ["contact_ref", "event"]
