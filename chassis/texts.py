"""Sentences in other languages than English, found by reason.

English stands where a refusal is raised. A package that raises refusals keeps `locales/<language>.json` beside it:
`{"CONTACT_IN_USE_one": "…{count} счёте", "CONTACT_IN_USE_few": …}`; a plural is chosen by `count`,
and a sentence about a value by what was `expected`.
"""

import json
from functools import lru_cache
from pathlib import Path

from babel import Locale

LANGUAGES = ("en", "ru")
INNER = {"«": "„", "»": "“"}
_catalogues: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
_plurals = {language: Locale(language).plural_form for language in LANGUAGES}


def register(folder):
    """Adds the catalogues of a package: every `<language>.json` in `folder`."""
    for path in Path(folder).glob("*.json"):
        _catalogues[path.stem].update(json.loads(path.read_text("utf-8")))


def translate(reason, language, default, **facts):
    """Returns the sentence for `reason` in `language`, or `default` if there is none."""
    catalogue = _catalogues.get(language, {})
    sentence = catalogue.get(f"{reason}_{facts['expected']}") if "expected" in facts else None
    sentence = sentence or catalogue.get(reason)
    if sentence is None and "count" in facts:
        sentence = catalogue.get(f"{reason}_{_plurals[language](int(facts['count']))}")
    return nested(sentence.format(**facts)) if sentence else default


def nested(text):
    """Returns a text with „such“ quotes inside «others»: what a record is called may have its own."""
    if text.count("«") != text.count("»"):
        return text
    depth, signs = 0, []
    for sign in text:
        opens, closes = sign == "«", sign == "»" and depth > 0
        depth += opens - closes
        inner = (opens and depth > 1) or (closes and depth > 0)
        signs.append(INNER[sign] if inner else sign)
    return "".join(signs)


@lru_cache
def negotiate(accept_language, default="en"):
    """Returns the language that an Accept-Language header prefers among ours, or `default`."""
    best, best_quality = default, 0.0
    for part in (accept_language or "").split(","):
        tag, _, parameters = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        name, _, value = parameters.strip().partition("=")
        try:
            quality = float(value) if name == "q" else 1.0
        except ValueError:
            continue
        if language in LANGUAGES and quality > best_quality:
            best, best_quality = language, quality
    return best


register(Path(__file__).parent / "locales")
