"""Contacts as rows of a table: a column per field of an import, under headers that an import understands."""

from services.contacts.importing.meanings import KINDS, NETWORKS, PARTS

# In English and in Russian.
LABELS = {
    "name": ("Id", "Номер"),
    "first_name": ("First name", "Имя"),
    "last_name": ("Last name", "Фамилия"),
    "company_name": ("Company", "Компания"),
    "job_title": ("Job title", "Должность"),
    "description": ("Description", "Описание"),
    "type": ("Contact type", "Тип контакта"),
    "temperature": ("Temperature level", "Уровень теплоты"),
    "tags": ("Tags", "Теги"),
    "currency": ("Currency", "Валюта"),
    "language": ("Language", "Язык"),
    "kind": ("Kind of record", "Вид записи"),
    "managers": ("Managers", "Менеджеры"),
    "sharing": ("Access", "Доступ"),
    "create_time": ("Added", "Добавлен"),
    "creator": ("Added by", "Кем добавлен"),
    "unsubscribed": ("Unsubscribed", "Отписан от рассылок"),
    "emails": ("E-mail", "Электронная почта"),
    "phones": ("Phone", "Телефон"),
    "websites": ("Website", "Сайт"),
    "network": ("Social network", "Социальная сеть"),
    "street": ("Street", "Улица"),
    "city": ("City", "Город"),
    "state": ("State", "Область"),
    "postal_code": ("Postal code", "Почтовый индекс"),
    "country": ("Country", "Страна"),
    "work": ("work", "рабочий"),
    "home": ("home", "домашний"),
    "mobile": ("mobile", "мобильный"),
    "fax": ("fax", "факс"),
    "direct": ("direct", "прямой"),
    "other": ("other", "другой"),
    "postal": ("delivery", "доставка"),
    "office": ("office", "офис"),
    "billing": ("billing", "выставление счетов"),
}
PLAIN = (
    "first_name",
    "last_name",
    "company_name",
    "job_title",
    "type",
    "temperature",
    "tags",
    "currency",
    "language",
    "description",
)
LISTS = ("emails", "phones", "websites")
# What is for reading only: an import takes none of it.
ABOUT = ("kind", "managers", "sharing", "create_time", "creator", "unsubscribed")
WORDS = {
    "PERSON": ("Person", "Персона"),
    "COMPANY": ("Company", "Компания"),
    "PRIVATE": ("Private", "Только менеджеры"),
    "READ": ("All may read", "Все могут просматривать"),
    "READ_WRITE": ("All may read and write", "Все могут изменять"),
    "True": ("yes", "да"),
    "False": ("", ""),
}


class Columns:
    """The columns of an export, with what contacts only refer to: titles of types and levels, names of people, labels
    of fields."""

    def __init__(self, language, titles, custom):
        self.language = language
        self.titles = titles
        self.custom = custom

    def headers(self):
        """Returns the headers."""
        lists = [f"{self._label(base)} ({self._label(kind)})" for base in LISTS for kind in KINDS[base]]
        socials = [self._label("network") if name == "other" else name.capitalize() for name in NETWORKS]
        places = [f"{self._label(part)} ({self._label(kind)})" for kind in KINDS["addresses"] for part in PARTS]
        plain = [self._label(name) for name in ("name", *PLAIN)]
        about = [self._label(name) for name in ABOUT]
        return [*plain, *lists, *socials, *places, *self.custom.values(), *about]

    def _label(self, name):
        return LABELS[name][self.language == "ru"]

    def cells(self, contact):
        """Returns the cells of a contact."""
        values = {name: getattr(contact, name) for name in PLAIN}
        values["type"] = self.titles.get(contact.type, "")
        values["temperature"] = self.titles.get(contact.temperature, "")
        values["tags"] = ", ".join(contact.tags)
        values["company_name"] = contact.company_name or contact.company_display_name
        cells = [contact.name, *(values[name] for name in PLAIN)]
        for base in LISTS:
            cells += _by_kind(getattr(contact, base), KINDS[base])
        networks = {self._network(entry): entry for entry in reversed(contact.socials)}
        cells += [networks[name].value if name in networks else "" for name in NETWORKS]
        places = {type(place).Category.Name(place.category).lower(): place for place in reversed(contact.addresses)}
        cells += [getattr(places.get(kind), part, "") for kind in KINDS["addresses"] for part in PARTS]
        cells += [_custom(contact.custom[name]) if name in contact.custom else "" for name in self.custom]
        return [*cells, *self._about(contact)]

    def _about(self, contact):
        """Returns what is known about a contact as a record, in the order of ABOUT."""
        people = ", ".join(self.titles.get(name, name) for name in contact.managers)
        kind, sharing = contact.Kind.Name(contact.kind), contact.Sharing.Name(contact.sharing)
        added = contact.create_time.ToDatetime().strftime("%d/%m/%Y")
        creator = self.titles.get(contact.creator, contact.creator)
        return [self._word(kind), people, self._word(sharing), added, creator, self._word(str(contact.unsubscribed))]

    def _word(self, name):
        return WORDS[name][self.language == "ru"]

    @staticmethod
    def _network(entry):
        return type(entry).Network.Name(entry.network).lower().removesuffix("_network")


def _by_kind(entries, kinds):
    """Returns a cell per category: its values, the primary one first."""
    found: dict = {kind: [] for kind in kinds}
    for entry in sorted(entries, key=lambda entry: not entry.primary):
        found[type(entry).Category.Name(entry.category).lower()].append(entry.value)
    return [", ".join(values) for values in found.values()]


def _custom(value):
    return ("true" if value.bool_value else "false") if value.HasField("bool_value") else value.string_value
