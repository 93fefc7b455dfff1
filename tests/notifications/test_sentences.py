"""What is read is there in both languages, and names the same things."""

import json
from pathlib import Path
from string import Formatter

import pytest
from crm.notifications.v1 import notifications_pb2 as pb

import gateway.notifications
from chassis import texts
from gateway.notifications import sentences
from gateway.notifications.model import Email, Kind, State, Template

LOCALES = Path(gateway.notifications.__file__).parent / "locales"
ENGLISH, RUSSIAN = (json.loads((LOCALES / f"{name}.json").read_text("utf-8")) for name in ("en", "ru"))
EVENTS = (
    *("NEW_SIGN_IN", "PASSWORD_CHANGED", "EMAIL_CHANGED", "TOTP_ENABLED", "TOTP_DISABLED"),
    *("API_KEY_CREATED", "PROVIDER_LINKED", "MAIL_SERVER_CHANGED"),
)
SITE = "https://crm.example.com"
texts.register(LOCALES)


def facts_of(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_everything_said_in_english_is_said_in_russian():
    plurals = {"mail.DIGEST.subject_few", "mail.DIGEST.subject_many"}

    assert set(ENGLISH) == {key for key in RUSSIAN if "." in key} - plurals


@pytest.mark.parametrize("key", sorted(ENGLISH))
def test_a_text_names_the_same_things_in_both_languages(key):
    assert facts_of(ENGLISH[key]) == facts_of(RUSSIAN[key]) <= {*sentences.FACTS, "count"}


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.SECURITY])
def test_every_kind_has_a_sentence(kind):
    assert f"told.{kind}" in ENGLISH


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_security_event_has_a_sentence_of_its_own(event, language):
    said = sentences.sentence(Kind.SECURITY, "", {"event": event}, language)

    assert said
    assert said != sentences.sentence(Kind.SECURITY, "", {}, language)


def test_an_event_that_is_not_known_yet_is_still_told():
    assert sentences.sentence(Kind.SECURITY, "", {"event": "NEVER_HEARD_OF"}, "en") == ENGLISH["told.SECURITY."]


@pytest.mark.parametrize("template", Template)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_mail_can_be_written_in_both_languages(template, language):
    told = {"kind": Kind.RECORD_ASSIGNED, "subject": "contacts/1", "title": "Globex", "values": {"actor": "Ada"}}

    letter = sentences.letter(
        template, language, {**told, "items": [told], "count": 1, "link": f"{SITE}/x", "event": ""}, SITE
    )

    assert letter.subject
    assert "." not in (letter.subject, *letter.paragraphs)
    assert not any(text.startswith(("mail.", "told.")) for text in (letter.subject, *letter.paragraphs))


def test_without_an_address_of_ours_a_letter_leads_nowhere():
    told = {"kind": Kind.RECORD_ASSIGNED, "subject": "contacts/1", "title": "Globex", "values": {"actor": "Ada"}}

    assert sentences.letter(Template.NOTIFICATION, "en", told, "").button is None


def test_names_are_not_taken_for_instructions():
    assert sentences.sentence(Kind.RECORD_ASSIGNED, "{actor.__class__}", {"actor": "{0}"}, "en") == (
        "{0} made you responsible for {actor.__class__}"
    )


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Kind, pb.Notification.Kind),
        (Email, pb.NotificationSettings.Email),
        (Template, pb.Mail.Template),
        (State, pb.Mail.State),
    ],
)
def test_the_model_and_the_contract_know_the_same_words(ours, theirs):
    assert set(ours) == {name for name in theirs.keys() if not name.endswith("_UNSPECIFIED")}  # noqa: SIM118


def test_a_letter_to_somebody_whose_name_is_not_known_begins_without_one():
    letter = sentences.letter(Template.PASSWORD_RESET, "en", {"link": SITE}, SITE)

    assert letter.paragraphs[0].startswith("Somebody asked for a new password")
