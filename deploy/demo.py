"""A believable company to try Rapport with: people, customers, invoices and events, made through the public API.

All of it follows from one seed, and every call carries an Idempotency-Key: a run that was interrupted goes on where it
stopped. A finished one is known by its last record.
"""

import json
import urllib.error
import urllib.request
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from urllib.parse import quote

from faker import Faker

from deploy import secrets
from deploy.local.folder import NotReadyError

SEED = 20261123
OWNER = "demo@example.com"
PASSWORD = "demo-password"  # noqa: S105 the name of a secret
# Written last, so that who finds it knows the rest is there.
OURSELVES = "Rapport Demo"
COLLEAGUES = (
    {"email": "maria@example.com", "displayName": "Мария Соколова", "role": "CRM_ADMIN", "language": "ru"},
    {"email": "tom@example.com", "displayName": "Tom Baker", "role": "USER", "language": "en"},
)
SHARING = ("PRIVATE", "READ", "READ", "READ_WRITE")
COUNTRIES = {"ru_RU": "Россия", "en_US": "USA"}
CURRENCIES = {"ru_RU": ("RUB",), "en_US": ("EUR", "USD")}
TRADES = ("Торговый дом", "Мастерская", "Завод", "Типография", "Студия", "Склад")
TITLES = {
    "ru_RU": ("директор", "главный бухгалтер", "менеджер по закупкам", "инженер", "руководитель отдела продаж"),
    "en_US": ("Managing director", "Accountant", "Head of procurement", "Engineer", "Sales manager"),
}
ABOUT = {
    "ru_RU": ("Познакомились на выставке.", "Просят счёт до двадцатого числа.", "Звонить после обеда.", ""),
    "en_US": ("We met at the trade fair.", "Wants invoices before the twentieth.", "Call in the afternoon.", ""),
}
# What is sold, and for how much in whole units.
GOODS = {
    "ru_RU": (("Насос циркуляционный", 23_750), ("Монтаж", 18_000), ("Консультация, час", 4_500), ("Доставка", 2_900)),
    "en_US": (("Circulation pump", 310), ("Installation", 240), ("Consulting, hour", 95), ("Delivery", 40)),
}
# What customers are gathered for, and where.
GATHERINGS = (
    ("Семинар «Насосы зимой»", "Москва, Ленинский проспект, 1"),
    ("Выставка «Вода и тепло»", "Крокус Экспо, павильон 2"),
    ("Autumn reception", "London, 10 Fleet Street"),
    ("День открытых дверей", "Наш склад, Подольск"),
    ("Product presentation", "https://meet.example.com/pumps"),
    ("Завтрак с партнёрами", "Кафе «Пушкинъ»"),
)
NOTES = (
    "<p>Договорились о <strong>скидке 5 %</strong> при заказе до конца месяца.</p>",
    "<p>Called: the offer is with their management, answer by Friday.</p>",
    "<p>Просят прислать:</p><ul><li>каталог</li><li>сертификаты</li></ul>",
    "<p>Met at the fair; wants to see the new pumps.</p>",
)
# After how many contacts one hears of it.
STEP = 50
QUANTITIES = ("1", "1", "2", "2.5", "4", "12")
LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziyklmnoprstufhye", strict=True))
    | {"ё": "e", "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ь": "", "ю": "yu", "я": "ya"}
)


def fill(folder, contacts, email="", password=""):
    """Fills what runs with the data of `folder` with about so many contacts; yields what to tell meanwhile."""
    api = Api(folder.remembered().get("url", ""))
    kept = _kept_password(folder)
    api.sign_in(email or OWNER, password or kept)
    if not email:
        yield f"sign in at {api.url} as {OWNER}, password {kept}"
    if api.get("contacts?filter=" + quote(f'company_name = "{OURSELVES}"'))["contacts"]:
        yield "the demo data are there already; nothing was added"
        return
    me = api.get("users/me")
    colleagues = [api.make("users", {**each, "password": kept})["name"] for each in COLLEAGUES]
    yield f"colleagues: {', '.join(each['email'] for each in COLLEAGUES)}, password {kept}"
    # Days count from when the owner was made: a run that goes on tomorrow must say the same again.
    story = Story([me["name"], *colleagues], date.fromisoformat(me["createTime"][:10]))
    made = invoices = 0
    known: list = []
    while made < contacts:
        company = api.make("contacts", story.company())
        persons = [api.make("contacts", person) for person in story.persons(company["name"])]
        bills = [api.make("invoices", invoice) for invoice in story.invoices([company, *persons])]
        known += persons
        told, made, invoices = made, made + 1 + len(persons), invoices + len(bills)
        if made // STEP > told // STEP:
            yield f"{made} contacts, {invoices} invoices"
    events = [api.make("events", event) for event in story.events(known)]
    # They are there once the service has heard of the first user.
    categories = api.get("historyCategories").get("historyCategories", [])
    for note in story.notes(known, categories) if categories else ():
        api.make("historyEntries", note)
    api.make("contacts", {"kind": "COMPANY", "companyName": OURSELVES, "sharing": "READ"})
    yield f"done: {made + 1} contacts, {invoices} invoices, {len(events)} events"


def has_owner(folder):
    """Whether somebody else than the story has set up what runs with the data of `folder`."""
    api = Api(folder.remembered().get("url", ""))
    if not api.get("portal").get("setUp"):
        return False
    try:
        api.sign_in(OWNER, _kept_password(folder))
    except LookupError:
        return True
    return False


def _kept_password(folder):
    """Returns the password of everybody in the demo; it stays in the data folder."""
    if not folder.secrets.exists():
        raise NotReadyError(f"{folder.root} is no data folder; has `crm up` run with it?")
    secrets.keep_password(folder.secrets, PASSWORD)
    return folder.secret(PASSWORD)


class Api:
    """The public API of one installation, as its owner."""

    def __init__(self, url):
        self.url = url
        self.token = ""
        self.calls = 0

    def sign_in(self, email, password):
        """Signs in; where nobody has set the portal up, that makes the owner."""
        call, who = "sessions", {"email": email, "password": password}
        if not self.get("portal").get("setUp"):
            call, who = "portal:setUp", {**who, "displayName": "Дмитрий Орлов", "language": "ru", "currency": "RUB"}
        try:
            self.token = self._call("POST", call, who)["accessToken"]
        except LookupError as error:
            advice = "say who the owner is in CRM_OWNER_EMAIL and CRM_OWNER_PASSWORD"
            raise LookupError(f"{email}: {error}; {advice}") from None

    def get(self, path):
        """Returns what is at a path."""
        return self._call("GET", path)

    def make(self, collection, record):
        """Makes a record, once however often it is asked to in the same place of the story."""
        self.calls += 1
        # Nobody is to find dozens of mails about what he was given in a story.
        quietly = "?notify=false" if collection == "contacts" else ""
        return self._call("POST", collection + quietly, record, {"Idempotency-Key": f"demo-{self.calls}"})

    def _call(self, method, path, body=None, headers=None):
        headers = {"Content-Type": "application/json", **(headers or {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/v1/{path}", data, headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            raise LookupError(json.load(refusal)["error"]["message"]) from None
        except (OSError, ValueError) as error:
            raise NotReadyError(f"Rapport does not answer at {self.url or 'any address'}: {error}") from None


class Story:
    """Customers as one could have them, one company after the other; the same ones every time."""

    def __init__(self, team, today):
        self.team = team
        self.today = today
        self.random = Random(SEED)  # noqa: S311 believable, not secret
        self.fakers = {locale: Faker(locale) for locale in COUNTRIES}
        for faker in self.fakers.values():
            faker.seed_instance(SEED)

    def company(self):
        """Returns the next company; the persons and invoices that follow are its own."""
        self.locale = self.random.choice(list(COUNTRIES))
        self.faker = self.fakers[self.locale]
        founder = self.faker.last_name_male()
        russian = f"ООО «{self.random.choice(TRADES)} {founder}»"
        self.domain = f"{_latin(founder)}.example"
        name = russian if self.locale == "ru_RU" else f"{founder} {self.faker.company_suffix()}"
        address = self._address("BILLING")
        return self._shared({"kind": "COMPANY", "companyName": name, "addresses": [address]}, "info")

    def persons(self, company):
        """Returns those who work for it."""
        return [self._person(company) for _ in range(self.random.randint(2, 7))]

    def _person(self, company):
        sex = self.random.choice(("male", "female"))
        first, last = (getattr(self.faker, f"{part}_name_{sex}")() for part in ("first", "last"))
        fields = {
            "kind": "PERSON",
            "firstName": first,
            "lastName": last,
            "jobTitle": self.random.choice(TITLES[self.locale]),
            "company": company,
        }
        if self.random.random() < 0.3:
            fields["addresses"] = [self._address("HOME")]
        return self._shared(fields, f"{_latin(first)}.{_latin(last)}")

    def _shared(self, fields, mailbox):
        """Completes a contact by how it is reached, who looks after it and who may see it."""
        # Numbers that belong to nobody: no Moscow number begins with 0, and 555-01xx is kept for stories.
        phone = self.faker.numerify("+7 495 0##-##-##" if self.locale == "ru_RU" else "+1 212-555-01##")
        return {
            **fields,
            "emails": [{"value": f"{mailbox}@{self.domain}", "category": "WORK"}],
            "phones": [{"value": phone, "category": self.random.choice(("WORK", "MOBILE"))}],
            "description": self.random.choice(ABOUT[self.locale]),
            "managers": self.random.sample(self.team, self.random.choice((1, 1, 2))),
            "sharing": self.random.choice(SHARING),
        }

    def _address(self, category):
        return {
            "street": self.faker.street_address(),
            "city": self.faker.city_name() if self.locale == "ru_RU" else self.faker.city(),
            "postalCode": self.faker.postcode(),
            "country": COUNTRIES[self.locale],
            "category": category,
        }

    def invoices(self, clients):
        """Returns what some of them owe."""
        count = self.random.choice((0, 0, 1, 1, 2, 3))
        return [self._invoice(self.random.choice(clients)["name"]) for _ in range(count)]

    def _invoice(self, client):
        currency = self.random.choice(CURRENCIES[self.locale])
        issued = self.today - timedelta(days=self.random.randint(0, 75))
        goods = self.random.sample(GOODS[self.locale], self.random.randint(1, 3))
        return {
            "client": client,
            "currencyCode": currency,
            "issueDate": issued.isoformat(),
            "dueDate": (issued + timedelta(days=self.random.choice((14, 30)))).isoformat(),
            "lines": [self._line(title, price, currency) for title, price in goods],
        }

    def events(self, persons):
        """Returns the gatherings of these months, of which some are over."""
        return [self._event(title, place, persons) for title, place in GATHERINGS]

    def _event(self, title, place, persons):
        day = self.today + timedelta(days=self.random.randint(-20, 40))
        start = datetime.combine(day, time(self.random.choice((8, 11, 15))), UTC)
        guests = self.random.sample(persons, min(len(persons), self.random.randint(5, 25)))
        return {
            "title": title,
            "place": place,
            "startTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "endTime": f"{start + timedelta(hours=self.random.randint(1, 4)):%Y-%m-%dT%H:%M:%SZ}",
            "participants": [person["name"] for person in guests],
            "capacity": self.random.choice((0, 10, 20)),
        }

    def notes(self, persons, categories):
        """Returns what was written down about some of them."""
        some = self.random.sample(persons, len(persons) // 3)
        return [
            {
                "subject": person["name"],
                "category": self.random.choice(categories)["name"],
                "text": self.random.choice(NOTES),
            }
            for person in some
        ]

    def _line(self, title, price, currency):
        cents = self.random.choice((0, 0, 0, 500_000_000))
        return {
            "description": title,
            "quantity": self.random.choice(QUANTITIES),
            "price": {"currencyCode": currency, "units": str(price), "nanos": cents},
        }


def _latin(name):
    """Returns a name as it stands in addresses."""
    return "".join(filter(str.isalnum, name.casefold().translate(LATIN)))
