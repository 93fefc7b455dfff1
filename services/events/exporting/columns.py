"""Events as rows of a table: a column per field of an import, under headers that an import understands."""

from datetime import UTC

# In English and in Russian.
LABELS = {
    "name": ("Id", "Номер"),
    "title": ("Title", "Название"),
    "start_time": ("Start", "Начало"),
    "end_time": ("End", "Окончание"),
    "place": ("Place", "Место"),
    "state": ("State", "Состояние"),
    "tags": ("Tags", "Теги"),
    "participants": ("Participants", "Участники"),
    "description": ("Description", "Описание"),
    "capacity": ("Number of places", "Число мест"),
    "reminders": ("Reminders, minutes before", "Напоминания, минут до начала"),
    "participant_count": ("Number of participants", "Число участников"),
    "access": ("Restricted to", "Доступ ограничен"),
    "close_time": ("Closed", "Закрыто"),
    "create_time": ("Added", "Добавлено"),
    "creator": ("Added by", "Кем добавлено"),
}
FIELDS = (
    *("title", "start_time", "end_time", "place", "state", "tags", "participants", "description"),
    *("capacity", "reminders"),
)
# What is for reading only: an import takes none of it.
ABOUT = ("participant_count", "access", "close_time", "create_time", "creator")
WORDS = {"OPEN": ("open", "открыто"), "CLOSED": ("closed", "закрыто"), "CANCELLED": ("cancelled", "отменено")}


class Columns:
    """The columns of an export, with what events only refer to: names of contacts and people, labels of fields."""

    def __init__(self, language, zone, people, custom):
        self.language = language
        self.zone = zone
        # What those who take part are called, as far as the reader may see them: name → title.
        self.contacts: dict[str, str] = {}
        self.people = people
        self.custom = custom

    def headers(self):
        """Returns the headers."""
        return [self._said(LABELS[name]) for name in ("name", *FIELDS)] + [
            *self.custom.values(),
            *(self._said(LABELS[name]) for name in ABOUT),
        ]

    def _said(self, words):
        return words[self.language == "ru"]

    def cells(self, event):
        """Returns the cells of an event."""
        own = [_custom(event.custom[name]) if name in event.custom else "" for name in self.custom]
        return [
            event.name,
            event.title,
            self._moment(event, "start_time"),
            self._moment(event, "end_time"),
            event.place,
            self._said(WORDS[type(event).State.Name(event.state)]),
            ", ".join(event.tags),
            "; ".join(self.contacts[name] for name in event.participants if name in self.contacts),
            event.description,
            event.capacity or "",
            "; ".join(map(str, event.reminders)),
            *own,
            event.participant_count,
            ", ".join(self.people.get(name, name) for name in event.access.readers),
            self._moment(event, "close_time"),
            self._moment(event, "create_time"),
            self.people.get(event.creator, event.creator),
        ]

    def _moment(self, event, name):
        if not event.HasField(name):
            return ""
        return getattr(event, name).ToDatetime(UTC).astimezone(self.zone).strftime("%d/%m/%Y %H:%M")


def _custom(value):
    return ("true" if value.bool_value else "false") if value.HasField("bool_value") else value.string_value
