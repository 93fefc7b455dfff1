"""A form as HTML: for a website that shows it in its own look, and for the page that we show ourselves."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from chassis import texts

TYPES = {"EMAIL": "email", "PHONE": "tel", "URL": "url", "DATE": "date"}
AUTOCOMPLETE = {
    "full_name": "name",
    "first_name": "given-name",
    "last_name": "family-name",
    "company_name": "organization",
    "job_title": "organization-title",
    "EMAIL": "email",
    "PHONE": "tel",
}
SNIPPET = '<iframe src="{{ address }}" title="{{ title }}" width="100%" height="600" style="border:0"></iframe>'


@lru_cache
def _pages():
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


def html(form, site, fields):
    """Returns a form as HTML. `site` is the address of this installation, `fields` the Fields there are."""
    language = form.language or "en"
    return (
        _pages()
        .get_template("form.html")
        .render(
            action=f"{site}/forms/{form.key or 'preview'}",
            widget=f"{site}/forms/altcha.js",
            language=language,
            send=texts.translate("form.send", language, "Send"),
            fields=[_shown(asked, fields.of(asked["field"], language)) for asked in form.fields],
        )
    )


def _shown(asked, field):
    """Returns one field as the template shows it."""
    path = asked["field"]
    return {
        "path": path,
        "label": asked.get("label") or field.label,
        "required": asked.get("required", False),
        "kind": field.kind,
        "type": TYPES.get(field.kind, "text"),
        "autocomplete": AUTOCOMPLETE.get(path) or AUTOCOMPLETE.get(field.kind, ""),
        "options": field.options,
    }


def snippet(form, site):
    """Returns one line of HTML that shows a form in a frame."""
    return _pages().from_string(SNIPPET).render(address=f"{site}/forms/{form.key}", title=form.title)
