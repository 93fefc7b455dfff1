"""What people read, in their language."""

import ast
import json
import re
from pathlib import Path
from string import Formatter

import pytest
from google.rpc.code_pb2 import Code

from chassis import texts
from chassis.errors import InvalidArgument
from chassis.texts import negotiate, translate

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("chassis", "services", "gateway")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        (None, "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en;q=0.5, ru;q=0.9", "ru"),
        ("de, fr;q=0.9", "en"),
        ("de, ru;q=0.1", "ru"),
        ("*", "en"),
        ("ru;q=x, en", "en"),
        (";;;,,,=", "en"),
    ],
)
def test_the_best_of_our_languages_is_chosen(header, language):
    assert negotiate(header) == language


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "выставлен 1 счёт"), (3, "выставлено 3 счёта"), (5, "выставлено 5 счетов"), (21, "21 счёт:")],
)
def test_russian_counts_as_russian_does(count, words):
    texts.register(ROOT / "services" / "contacts" / "locales")

    assert words in translate("CONTACT_IN_USE", "ru", "?", count=count, titles="INV0000001")


def reasons():
    """Every reason that some code refuses with: upper-case literals given to a refusal."""
    found = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    found |= {
                        argument.value
                        for argument in node.args[1:3]
                        if isinstance(argument, ast.Constant) and re.fullmatch(r"[A-Z]+(_[A-Z]+)+", str(argument.value))
                    }
    return found


def catalogue():
    """The reasons that have a Russian sentence."""
    keys = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("locales/ru.json"):
            keys |= set(json.loads(path.read_text("utf-8")))
    # What happened to an account is told in a sentence of its own.
    return {re.sub(r"_(one|few|many|other)$", "", key).removeprefix("told.SECURITY.") for key in keys}


def test_every_reason_has_a_russian_sentence():
    told_by_field = {"INVALID_FIELDS"}
    codes = set(Code.keys())

    assert len(reasons()) > 15
    assert reasons() - told_by_field - codes - catalogue() == set()


def facts_of(sentence):
    """What a sentence wants to name."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_russian_sentence_names_only_what_the_english_one_may():
    english: dict = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                    english.setdefault(node.args[1].value, set()).update(word.arg for word in node.keywords)
    russian = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("locales/ru.json"):
            russian |= json.loads(path.read_text("utf-8"))

    unknown = {
        key: facts_of(sentence) - english[re.sub(r"_(one|few|many|other)$", "", key)]
        for key, sentence in russian.items()
        if re.sub(r"_(one|few|many|other)$", "", key) in english
    }

    assert {key: facts for key, facts in unknown.items() if facts} == {}


def test_a_refused_field_is_told_in_russian_with_its_facts():
    texts.register(ROOT / "services" / "contacts" / "locales")
    error = InvalidArgument("there is no company {company}", "COMPANY_NOT_FOUND", field="company", company="contacts/9")

    status = error.status("ru")

    assert status.message == "company: нет компании contacts/9"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Удалить «ООО «Насосы» и сыновья»?", "Удалить «ООО „Насосы“ и сыновья»?"),
        ("«А» и «Б»", "«А» и «Б»"),
        ("5» и «Б»", "5» и «Б»"),
    ],
)
def test_quotes_within_quotes_are_of_the_other_kind(text, expected):
    assert texts.nested(text) == expected
