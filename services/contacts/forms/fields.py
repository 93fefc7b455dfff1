"""What a form may ask for: the fields of files, but for those that only we give a value."""

from dataclasses import dataclass

from sqlalchemy import select

from chassis import texts
from chassis.errors import InvalidArgument
from services.contacts.importing.meanings import CUSTOM, FIELDS
from services.contacts.model import ContactField

# Visitors neither file contacts nor say in what money they pay.
OURS = frozenset({"", "tags", "type", "temperature", "currency", "language"})
KINDS = {"description": "TEXTAREA", "emails": "EMAIL", "phones": "PHONE", "websites": "URL"}
ENGLISH = {
    "first_name": "First name",
    "last_name": "Last name",
    "full_name": "Name",
    "company_name": "Company",
    "job_title": "Job title",
    "description": "Message",
    "emails": "E-mail",
    "phones": "Phone",
    "websites": "Website",
    "street": "Street",
    "city": "City",
    "state": "State or region",
    "postal_code": "Postal code",
    "country": "Country",
}


@dataclass(frozen=True)
class Field:
    """One field: how it is filled in (TEXT, TEXTAREA, EMAIL, …), what it is called, and what it chooses among."""

    kind: str
    label: str
    options: tuple[str, ...] = ()


class Fields:
    """The fields there are: those that every contact has, and the portal's own."""

    def __init__(self, tx):
        self.own = {CUSTOM + each.name: each for each in tx.session.scalars(select(ContactField))}

    def require(self, paths):
        """Refuses unless every path is that of a field that a form may ask for."""
        for path in paths:
            heading = path in self.own and self.own[path].kind == "HEADING"
            if heading or (path not in self.own and (path not in FIELDS or path in OURS)):
                raise InvalidArgument("there is no field {path}", "FIELD_UNKNOWN", field="fields", path=path)

    def of(self, path, language):
        """Returns the field of a path; one that was deleted since is a text without a name."""
        if path in self.own:
            own = self.own[path]
            return Field(own.kind, own.label, tuple(own.options))
        base, _, rest = path.partition(".")
        if base == "socials":
            return Field("TEXT", rest.capitalize())
        name = path.rpartition(".")[2] if base == "addresses" else base
        return Field(KINDS.get(base, "TEXT"), texts.translate(f"field.{name}", language, ENGLISH.get(name, "")))
