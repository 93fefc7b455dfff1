"""What is private is named nowhere to those who may not see it."""

from crm.contacts.v1 import domain_events_pb2 as contacts_events

from chassis.identity import Actor
from chassis.testing import Caller, hear, refused

SECRET = {"sharing": "PRIVATE", "managers": ["users/1"]}


def told(who, subject):
    """Returns all that the history of a subject tells somebody of what things are called."""
    found = who.list_history_entries(filter=f'subject = "{subject}"').history_entries
    return " ".join(str(dict(entry.values)) for entry in found)


def test_a_hidden_contact_is_not_named_in_the_history_of_an_event(house, bob):
    secret = house.person("Topsecret", "secret@example.com", **SECRET)
    name = house.event(participants=[secret, house.person()])
    house.owner.invite_event_participants(name=name)
    house.owner.set_event_participant_response(name=name, contact=secret, response="ACCEPTED")

    assert ("Ada" in told(bob, name), "Topsecret" in told(bob, name)) == (True, False)
    assert bob.list_history_entries(q="topsecret").total_size == 0
    assert "Topsecret" in told(house.owner, name)


def test_a_private_event_is_not_named_in_the_history_of_a_contact(house, bob):
    ada = house.person()
    house.event(title="Fair", participants=[ada])
    house.event(title="Acquisition of ACME", participants=[ada], access={"is_private": True})

    assert ("Fair" in told(bob, ada), "ACME" in told(bob, ada)) == (True, False)
    entries = house.owner.list_history_entries(filter=f'subject = "{ada}"').history_entries
    for entry in entries:
        if "ACME" in str(dict(entry.values)):
            with refused("NOT_FOUND"):
                bob.get_history_entry(name=entry.name)


def test_the_name_of_an_erased_contact_is_gone(house):
    erased = house.person("Erased", "e@example.com")
    name = house.event(participants=[erased, house.person()])
    hear(house.events, contacts_events.ContactDeleted(contact={"name": erased}), event_id="gone")

    assert ("Ada" in told(house.owner, name), "Erased" in told(house.owner, name)) == (True, False)


def test_who_deletes_a_contact_is_named_no_private_event(house):
    ada = house.person()
    house.event(title="Fair", participants=[ada])
    house.event(title="Acquisition of ACME", participants=[ada], access={"is_private": True})
    service = Caller(house.events, Actor(service="services/contacts"))
    [impact] = service.get_contact_impact(contact=ada).impacts

    assert (impact.count, [each.title for each in impact.examples]) == (2, ["Fair"])


def test_only_those_are_told_to_whom_the_subject_is_open(house):
    secret = house.person("Topsecret", "secret@example.com", **SECRET)
    hidden = house.event(title="ACME", access={"is_private": True, "readers": ["users/2"]})
    for subject in (secret, hidden):
        with refused("PERSON_MAY_NOT_SEE"):
            house.owner.create_history_entry(
                history_entry={"subject": subject, "text": "salary", "notify": ["users/3"]}
            )
    told = house.owner.create_history_entry(history_entry={"subject": hidden, "text": "x", "notify": ["users/2"]})
    assert list(told.notify) == ["users/2"]


def test_who_tells_guests_of_a_change_learns_no_name_of_those_whom_he_may_not_see(house, bob):
    secret = house.person("Topsecret", "", **SECRET)
    name = house.event(participants=[secret], place="Room 1")
    house.owner.set_event_participant_response(name=name, contact=secret, response="ACCEPTED")
    house.owner.update_event(event={"name": name, "place": "Room 2"})

    for who, shown in ((bob, ("", "", "NO_ADDRESS")), (house.owner, (secret, "Topsecret L", "NO_ADDRESS"))):
        [refusal] = who.tell_event_guests(name=name, validate_only=True).refusals
        assert (refusal.contact, refusal.display_name, refusal.reason) == shown
        assert (secret in str(refusal)) == (who is house.owner)
