"""What may be asked about tags and fields of events, and categories of the history."""

from crm.events.v1 import settings_pb2 as pb
from sqlalchemy import func, select

from chassis.kit import clearing, custom, dictionary, tags
from services.events.model import Clearing, HistoryCategory
from services.events.standard import categories, event_fields, event_tags

WHOLE = 200
# What there is from the beginning: (title, icon) by language.
CATEGORIES = {
    "en": (("Note", "NOTE"), ("Email", "EMAIL"), ("Phone call", "CALL"), ("Appointment", "APPOINTMENT")),
    "ru": (("Заметка", "NOTE"), ("Электронная почта", "EMAIL"), ("Звонок", "CALL"), ("Встреча", "APPOINTMENT")),
}


def create_event_tag(request, tx):
    """Adds a tag; one of the same title is returned."""
    return tags.create(request, tx, event_tags, Clearing)


def update_event_tag(request, tx):
    """Renames a tag; a job does so on the events."""
    return tags.rename(request, tx, event_tags, Clearing)


def delete_event_tag(request, tx):
    """Deletes a tag; a job takes it from the events."""
    return tags.delete(request, tx, event_tags, Clearing)


def delete_unused_event_tags(request, tx):
    """Deletes the tags that no event has."""
    return pb.DeleteUnusedEventTagsResponse(deleted_count=len(tags.delete_unused(tx, event_tags)))


def create_event_field(request, tx):
    """Adds a field."""
    return custom.create(request, tx, event_fields)


def update_event_field(request, tx):
    """Changes a field."""
    return custom.update(request, tx, event_fields)


def delete_event_field(request, tx):
    """Deletes a field; a job takes its values from the events."""
    tx.actor.require_admin()
    return event_fields.delete(request, tx, lambda field: clearing.begin_clearing(tx, Clearing, "custom", field.name))


def reorder_event_fields(request, tx):
    """Arranges the fields."""
    dictionary.reorder(tx, event_fields, request.names)
    return event_fields.list(pb.ListEventFieldsRequest(page_size=WHOLE), tx, pb.ListEventFieldsResponse)


def create_history_category(request, tx):
    """Adds a category."""
    return dictionary.create(request, tx, categories)


def update_history_category(request, tx):
    """Changes a category."""
    return dictionary.update(request, tx, categories)


def delete_history_category(request, tx):
    """Deletes a category that no entry has."""
    return dictionary.delete(request, tx, categories)


def reorder_history_categories(request, tx):
    """Arranges the categories."""
    dictionary.reorder(tx, categories, request.names)
    whole = pb.ListHistoryCategoriesRequest(page_size=WHOLE)
    return categories.list(whole, tx, pb.ListHistoryCategoriesResponse)


def begin_choices(tx, language):
    """Makes what there is from the beginning, in a language; once."""
    dictionary.alone(tx, HistoryCategory)
    if tx.session.scalar(select(func.count()).select_from(HistoryCategory)):
        return
    for title, icon in CATEGORIES.get(language, CATEGORIES["en"]):
        dictionary.find_or_add(tx, categories, title, icon=icon)
