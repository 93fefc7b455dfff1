"""What may be asked about types, temperature levels, tags, fields of one's own, and the settings of contacts."""

from crm.contacts.v1 import settings_pb2 as pb
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.kit import clearing, custom, dictionary, tags
from chassis.wiring import own_transactions
from services.contacts.forms.rpc import retitle_in_forms
from services.contacts.model import (
    Clearing,
    Contact,
    ContactSettings,
    Spread,
)
from services.contacts.standard import (
    contact_fields,
    contact_settings,
    contact_tags,
    contact_types,
    temperature_levels,
)

WHOLE = 200
# Contacts that get another place in their lists by one statement.
STEP = 5000
# What there is from the beginning: (title, colour) by language.
TYPES = {
    "en": ("Client", "Supplier", "Partner", "Competitor"),
    "ru": ("Клиент", "Поставщик", "Партнёр", "Конкурент"),
}
LEVELS = {
    "en": (("Cold", "#8a98d8"), ("Warm", "#ffd267"), ("Hot", "#df7895")),
    "ru": (("Холодный", "#8a98d8"), ("Тёплый", "#ffd267"), ("Горячий", "#df7895")),
}
TAGS = {
    "en": ("Lead", "Customer", "Supplier", "Staff"),
    "ru": ("Потенциальный клиент", "Клиент", "Поставщик", "Персонал"),
}
REGIONS = {"ru": "RU"}


def create_contact_type(request, tx):
    """Adds a type."""
    return dictionary.create(request, tx, contact_types)


def update_contact_type(request, tx):
    """Changes a type."""
    return dictionary.update(request, tx, contact_types)


def delete_contact_type(request, tx):
    """Deletes a type."""
    return dictionary.delete(request, tx, contact_types)


def reorder_contact_types(request, tx):
    """Arranges the types."""
    dictionary.reorder(tx, contact_types, request.names)
    return contact_types.list(pb.ListContactTypesRequest(page_size=WHOLE), tx, pb.ListContactTypesResponse)


def create_temperature_level(request, tx):
    """Adds a level."""
    return dictionary.create(request, tx, temperature_levels)


def update_temperature_level(request, tx):
    """Changes a level."""
    return dictionary.update(request, tx, temperature_levels)


def delete_temperature_level(request, tx):
    """Deletes a level."""
    return dictionary.delete(request, tx, temperature_levels)


@own_transactions
def reorder_temperature_levels(request, begin):
    """Arranges the levels, and then the contacts that are sorted by them: there may be many."""
    with begin() as tx:
        moved = dictionary.reorder(tx, temperature_levels, request.names)
        places = [(level.id, level.name, level.position) for level in moved]
    for _, name, place in places:
        while _rank_some(begin, name, place) == STEP:
            pass
    with begin() as tx:
        request = pb.ListTemperatureLevelsRequest(page_size=WHOLE)
        return temperature_levels.list(request, tx, pb.ListTemperatureLevelsResponse)


def _rank_some(begin, name, place):
    """Gives some contacts the place of their level; it is no change of theirs."""
    with begin() as tx:
        wrong = select(Contact.id).where(Contact.temperature == name, Contact.temperature_rank != place).limit(STEP)
        ranked = update(Contact).where(Contact.id.in_(wrong.scalar_subquery())).values(temperature_rank=place)
        return tx.session.execute(ranked).rowcount


def create_contact_tag(request, tx):
    """Adds a tag; one of the same title is returned."""
    return tags.create(request, tx, contact_tags, Clearing)


def update_contact_tag(request, tx):
    """Renames a tag; a job does so on the contacts."""
    return tags.rename(request, tx, contact_tags, Clearing, lambda before, title: retitle_in_forms(tx, {before: title}))


def delete_contact_tag(request, tx):
    """Deletes a tag; a job takes it from the contacts."""
    return tags.delete(request, tx, contact_tags, Clearing, lambda tag: retitle_in_forms(tx, {tag.key: ""}))


def delete_unused_contact_tags(request, tx):
    """Deletes the tags that no contact has."""
    unused = tags.delete_unused(tx, contact_tags)
    retitle_in_forms(tx, {tag.key: "" for tag in unused})
    return pb.DeleteUnusedContactTagsResponse(deleted_count=len(unused))


def create_contact_field(request, tx):
    """Adds a field."""
    return custom.create(request, tx, contact_fields)


def update_contact_field(request, tx):
    """Changes a field."""
    return custom.update(request, tx, contact_fields)


def delete_contact_field(request, tx):
    """Deletes a field; a job takes its values from the contacts."""
    tx.actor.require_admin()
    return contact_fields.delete(request, tx, lambda field: clearing.begin_clearing(tx, Clearing, "custom", field.name))


def reorder_contact_fields(request, tx):
    """Arranges the fields."""
    dictionary.reorder(tx, contact_fields, request.names)
    return contact_fields.list(pb.ListContactFieldsRequest(page_size=WHOLE), tx, pb.ListContactFieldsResponse)


def get_contact_settings(request, tx):
    """Returns the settings; what they are unless said otherwise while nobody has changed them."""
    row = tx.session.scalars(select(ContactSettings)).one_or_none()
    if row is None:
        asks = pb.ContactSettings.ASK
        return pb.ContactSettings(name=ContactSettings.collection, temperature_to_related=asks, tags_to_related=asks)
    return tx.message(row, pb.ContactSettings)


def update_contact_settings(request, tx):
    """Changes the settings."""
    tx.actor.require_admin()
    begin_settings(tx)
    number = tx.session.scalar(select(ContactSettings.id))
    request.contact_settings.name = f"{ContactSettings.collection}/{number}"
    return contact_settings.update(request, tx)


def begin_settings(tx, language="en"):
    """Makes the one row of settings; returns whether it was not there yet."""
    dictionary.alone(tx, ContactSettings)
    if tx.session.scalar(select(func.count()).select_from(ContactSettings)):
        return False
    common = {"version": 1, "create_time": tx.now, "update_time": tx.now, "creator": tx.actor.name}
    spread = {"temperature_to_related": Spread.ASK, "tags_to_related": Spread.ASK, "mail_to_history": False}
    row = {**common, **spread, "phone_region": REGIONS.get(language, "")}
    tx.session.execute(insert(ContactSettings).values(row))
    return True


def begin_choices(tx, language):
    """Makes what there is from the beginning, in a language; once."""
    if not begin_settings(tx, language):
        return
    language = language if language in TYPES else "en"
    for title in TYPES[language]:
        dictionary.find_or_add(tx, contact_types, title)
    for title, color in LEVELS[language]:
        dictionary.find_or_add(tx, temperature_levels, title, color=color)
    tags.known(tx, contact_tags, TAGS[language])
