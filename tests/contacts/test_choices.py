"""Types, temperature levels, tags, fields of one's own, and what the settings say."""

import pytest
from crm.identity.v1 import domain_events_pb2 as identity_events

from chassis.testing import announced, hear, refused, statements
from services.contacts import jobs

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}
COMPANY = {"kind": "COMPANY", "company_name": "Насосы"}


def titles(answer):
    """The titles of a list of entries."""
    [entries] = [value for field, value in answer.ListFields() if field.is_repeated]
    return [entry.title for entry in entries]


def meet(contacts, language, event_id="event-1"):
    """The first user is heard of."""
    user = {"name": "users/1", "etag": '"1"', "role": "OWNER", "language": language}
    hear(contacts, identity_events.UserCreated(user=user), event_id=event_id)


def test_lists_begin_in_the_language_of_the_owner_and_once(contacts, ada, owner):
    meet(contacts, "ru")
    owner.delete_contact_type(name="contactTypes/2")
    meet(contacts, "en", "event-2")

    assert titles(ada.list_contact_types()) == ["Клиент", "Партнёр", "Конкурент"]
    assert titles(ada.list_temperature_levels()) == ["Холодный", "Тёплый", "Горячий"]
    assert titles(ada.list_contact_tags()) == ["Клиент", "Персонал", "Поставщик", "Потенциальный клиент"]
    assert ada.get_contact_settings().phone_region == "RU"


def test_only_administrators_change_lists(ada):
    for call, fields in (
        ("create_contact_type", {"contact_type": {"title": "x"}}),
        ("update_contact_type", {"contact_type": {"name": "contactTypes/1", "title": "x"}}),
        ("delete_contact_type", {"name": "contactTypes/1"}),
        ("reorder_contact_types", {"names": ["contactTypes/1"]}),
        ("create_contact_field", {"contact_field": {"label": "x", "kind": "TEXT"}}),
        ("delete_contact_tag", {"name": "contactTags/1"}),
        ("delete_unused_contact_tags", {}),
        ("update_contact_settings", {"contact_settings": {"mail_to_history": True}}),
    ):
        with refused("CRM_ADMIN_REQUIRED", "PERMISSION_DENIED"):
            getattr(ada, call)(**fields)


def test_a_title_is_one_entry_whatever_its_case(owner):
    first = owner.create_contact_type(contact_type={"title": " Client "})

    assert owner.create_contact_type(contact_type={"title": "cLIENT"}) == first
    other = owner.create_contact_type(contact_type={"title": "Partner", "color": "#00ff00"})
    with refused("TITLE_TAKEN"):
        owner.update_contact_type(contact_type={"name": other.name, "title": "CLIENT"})
    with refused("TITLE_REQUIRED"):
        owner.create_contact_type(contact_type={"title": "  "})


def test_what_contacts_have_keeps_its_title_and_stays(ada, owner):
    kind = owner.create_contact_type(contact_type={"title": "Client"})
    owner.create_contact_type(contact_type={"title": "Partner"})
    contact = ada.create_contact(contact={**PERSON, "type": kind.name})

    assert owner.update_contact_type(contact_type={"name": kind.name, "color": "#00ff00"}).contact_count == 1
    with refused("ENTRY_IN_USE") as caught:
        owner.delete_contact_type(name=kind.name)
    assert caught[0].metadata["count"] == 1
    with refused("ENTRY_IN_USE"):
        owner.update_contact_type(contact_type={"name": kind.name, "title": "Customer"})
    ada.update_contact(contact={"name": contact.name}, update_mask={"paths": ["type"]})
    owner.delete_contact_type(name=kind.name)
    with refused("LAST_ENTRY"):
        owner.delete_contact_type(name="contactTypes/2")
    with refused("ENTRY_NOT_FOUND"):
        ada.create_contact(contact={**PERSON, "type": kind.name})


def test_a_count_is_of_what_one_may_see(ada, bob, owner):
    kind = owner.create_contact_type(contact_type={"title": "Client"})
    ada.create_contact(contact={**PERSON, "type": kind.name})

    assert [who.get_contact_type(name=kind.name).contact_count for who in (ada, bob, owner)] == [1, 0, 1]


def test_contacts_are_sorted_by_the_order_of_levels(ada, owner):
    levels = [owner.create_temperature_level(temperature_level={"title": each}) for each in ("Cold", "Hot")]
    names = [ada.create_contact(contact={**PERSON, "temperature": level.name}).name for level in levels]
    bare = ada.create_contact(contact=PERSON).name

    def listed():
        return [contact.name for contact in ada.list_contacts(order_by="temperature").contacts]

    assert listed() == [bare, *names]
    assert titles(owner.reorder_temperature_levels(names=[levels[1].name])) == ["Hot", "Cold"]
    assert listed() == [bare, *reversed(names)]
    with refused("ENTRY_NOT_FOUND"):
        owner.reorder_temperature_levels(names=["temperatureLevels/99"])


def test_tags_are_made_by_writing_them_and_are_one_whatever_their_case(contacts, ada):
    contact = ada.create_contact(contact={**PERSON, "tags": ["VIP", "vip ", "Fair 2026"]})
    other = ada.create_contact(contact={**PERSON, "tags": ["ViP"]})

    assert (list(contact.tags), list(other.tags)) == (["VIP", "Fair 2026"], ["VIP"])
    assert [tag.contact_count for tag in ada.list_contact_tags().contact_tags] == [1, 2]
    assert titles(ada.list_contact_tags(q="fai")) == ["Fair 2026"]
    assert ada.list_contacts(filter="tags:vIP").total_size == 2
    assert ada.list_contacts(filter='NOT tags:"fair 2026"').total_size == 1
    assert ada.create_contact_tag(contact_tag={"title": "vip"}).title == "VIP"
    assert [subject for subject, _, _ in announced(contacts)].count("crm.contacts.contact_tag_created") == 2


def test_a_deleted_tag_goes_from_all_contacts(contacts, monkeypatch, ada, owner):
    monkeypatch.setattr("chassis.kit.clearing.BATCH", 2)
    for _ in range(5):
        ada.create_contact(contact={**PERSON, "tags": ["Ёлка", "vip"]})
    tag = ada.list_contact_tags(q="елка").contact_tags[0]

    owner.delete_contact_tag(name=tag.name)
    jobs.clear_what_was_deleted(contacts.job_context())

    assert [list(contact.tags) for contact in ada.list_contacts().contacts] == [["vip"]] * 5
    _, last, headers = announced(contacts)[-1]
    assert (list(last.changed.paths), headers["Crm-Actor"]) == (["tags"], "users/1")


TITLE = {"paths": ["title"]}


def test_a_renamed_tag_is_renamed_on_all_contacts_and_in_forms(contacts, monkeypatch, ada, owner):
    monkeypatch.setattr("chassis.kit.clearing.BATCH", 2)
    for tags in (["Лид", "vip"], ["лид"], ["Lead", "Лид"], ["vip"]):
        ada.create_contact(contact={**PERSON, "tags": tags})
    form = {"title": "Us", "kind": "PERSON", "fields": [{"field": "full_name"}], "tags": ["Лид"]}
    form = owner.create_contact_form(contact_form=form).name
    tag = owner.list_contact_tags(q="лид").contact_tags[0]

    with refused("TITLE_TAKEN"):
        owner.update_contact_tag(contact_tag={"name": tag.name, "title": "LEAD"}, update_mask=TITLE)
    with refused("CRM_ADMIN_REQUIRED"):
        ada.update_contact_tag(contact_tag={"name": tag.name, "title": "Hot lead"}, update_mask=TITLE)
    owner.update_contact_tag(contact_tag={"name": tag.name, "title": " Hot  lead "}, update_mask=TITLE)
    ada.create_contact(contact={**PERSON, "tags": ["Hot lead"]})
    jobs.clear_what_was_deleted(contacts.job_context())

    kept = sorted(list(contact.tags) for contact in ada.list_contacts().contacts)
    assert kept == [["Hot lead"], ["Hot lead"], ["Hot lead", "vip"], ["Lead", "Hot lead"], ["vip"]]
    assert sorted(titles(owner.list_contact_tags())) == ["Hot lead", "Lead", "vip"]
    assert list(owner.get_contact_form(name=form).tags) == ["Hot lead"]


def test_a_tag_is_spelled_otherwise_whoever_writes_it_meanwhile(contacts, ada, owner):
    ada.create_contact(contact={**PERSON, "tags": ["vip"]})
    owner.update_contact_tag(contact_tag={"name": "contactTags/1", "title": "VIP"}, update_mask=TITLE)
    ada.create_contact(contact={**PERSON, "tags": ["vip"]})

    jobs.clear_what_was_deleted(contacts.job_context())

    assert [list(contact.tags) for contact in ada.list_contacts().contacts] == [["VIP"], ["VIP"]]


def test_a_tag_that_is_made_again_stays(contacts, ada, owner):
    ada.create_contact(contact={**PERSON, "tags": ["vip"]})
    owner.delete_contact_tag(name="contactTags/1")
    ada.create_contact_tag(contact_tag={"title": "VIP"})

    jobs.clear_what_was_deleted(contacts.job_context())

    assert ada.list_contacts(filter="tags:vip").total_size == 1


def test_unused_tags_go_and_the_others_stay(ada, owner):
    ada.create_contact(contact={**PERSON, "tags": ["used"]})
    ada.create_contact_tag(contact_tag={"title": "unused"})

    assert owner.delete_unused_contact_tags().deleted_count == 1
    assert titles(ada.list_contact_tags()) == ["used"]


def field(owner, **fields):
    """A field of one's own."""
    return owner.create_contact_field(contact_field={"label": "Field", **fields})


@pytest.mark.parametrize(
    ("definition", "good", "bad"),
    [
        ({"kind": "TEXT"}, "blue", "two\nlines"),
        ({"kind": "TEXT", "mask": "99-aa"}, "12-яx", "1a-xx"),
        ({"kind": "TEXTAREA"}, "two\nlines", True),
        ({"kind": "SELECT", "options": ["a", "b"]}, "b", "c"),
        ({"kind": "CHECKBOX"}, True, "true"),
        ({"kind": "DATE"}, "2026-11-23", "23.11.2026"),
        ({"kind": "HEADING"}, None, "anything"),
    ],
)
def test_a_field_takes_what_is_of_its_kind(ada, owner, definition, good, bad):
    name = field(owner, **definition).name

    with refused("CUSTOM_VALUE_MASK" if "mask" in definition else "CUSTOM_VALUE_WRONG"):
        ada.create_contact(contact={**PERSON, "custom": {name: value(bad)}})
    contact = ada.create_contact(contact={**PERSON, "custom": {name: value(good)}})

    assert dict(contact.custom) == ({name: contact.custom[name]} if good else {})
    assert ada.get_contact(name=contact.name) == contact


def value(plain):
    """A value as the contract has it."""
    if plain is None:
        return {"null_value": 0}
    return {"bool_value": plain} if isinstance(plain, bool) else {"string_value": plain}


def test_a_field_is_for_its_kind_of_contacts(ada, owner):
    name = field(owner, kind="TEXT", applies_to="COMPANY").name

    with refused("FIELD_OF_OTHER_KIND"):
        ada.create_contact(contact={**PERSON, "custom": {name: value("x")}})
    with refused("UNKNOWN_CUSTOM_FIELD"):
        ada.create_contact(contact={**COMPANY, "custom": {"contactFields/99": value("x")}})
    ada.create_contact(contact={**COMPANY, "custom": {name: value("x")}})


def test_contacts_are_found_by_their_values(ada, owner):
    text, box = field(owner, kind="TEXT").name, field(owner, kind="CHECKBOX").name
    blue = ada.create_contact(contact={**PERSON, "custom": {text: value("Blue"), box: value(True)}}).name
    bare = ada.create_contact(contact=PERSON).name

    def found(wanted):
        return [contact.name for contact in ada.list_contacts(filter=wanted).contacts]

    assert found(f'custom.{text} = "Blue"') == found(f"custom.{text}:blu") == found(f"custom.{box} = true") == [blue]
    assert found(f'custom.{text} = ""') == found(f'custom.{text} != "Blue"') == [bare]


def test_a_field_with_values_changes_only_in_what_spoils_none(contacts, ada, owner):
    with refused("OPTIONS_REQUIRED"):
        field(owner, kind="SELECT")
    name = field(owner, kind="SELECT", options=["a", "b"]).name
    contact = ada.create_contact(contact={**PERSON, "custom": {name: value("a")}})

    changed = owner.update_contact_field(contact_field={"name": name, "label": "New", "options": ["a", "b", "c"]})
    assert (changed.label, list(changed.options), changed.contact_count) == ("New", ["a", "b", "c"], 1)
    for change in ({"kind": "TEXT"}, {"applies_to": "PERSON"}, {"options": ["a"]}):
        with refused("FIELD_IN_USE"):
            owner.update_contact_field(contact_field={"name": name, **change})
    owner.delete_contact_field(name=name)
    jobs.clear_what_was_deleted(contacts.job_context())

    assert not ada.get_contact(name=contact.name).custom


def test_fields_stand_in_the_order_that_was_given(ada, owner):
    names = [field(owner, kind="TEXT").name for _ in range(3)]

    owner.reorder_contact_fields(names=[names[2], names[0]])

    assert [each.name for each in ada.list_contact_fields().contact_fields] == [names[2], names[0], names[1]]


def test_a_change_goes_to_those_who_belong_to_the_contact_as_the_settings_say(ada, bob, owner):
    level = owner.create_temperature_level(temperature_level={"title": "Hot"}).name
    company = ada.create_contact(contact=COMPANY)
    mine = ada.create_contact(contact={**PERSON, "company": company.name, "tags": ["old"]})
    change = {"name": company.name, "temperature": level, "tags": ["vip"]}

    ada.update_contact(contact=change)
    assert ada.get_contact(name=mine.name) == mine

    ada.update_contact(contact={"name": company.name}, update_mask={"paths": ["temperature", "tags"]})
    ada.update_contact(contact=change, apply_to_related=True)
    now = ada.get_contact(name=mine.name)
    assert (now.temperature, list(now.tags)) == (level, ["old", "vip"])

    owner.update_contact_settings(contact_settings={"temperature_to_related": "NEVER", "tags_to_related": "ALWAYS"})
    ada.update_contact(contact={"name": mine.name, "tags": ["old", "vip", "more"]}, update_mask={"paths": ["tags"]})
    ada.update_contact(contact={"name": mine.name}, update_mask={"paths": ["temperature"]}, apply_to_related=True)
    above = ada.get_contact(name=company.name)
    assert (above.temperature, list(above.tags)) == (level, ["vip", "more"])


def test_a_change_goes_to_nobody_whom_one_may_not_change(ada, bob):
    company = ada.create_contact(contact={**COMPANY, "sharing": "READ_WRITE"})
    hidden = bob.create_contact(contact={**PERSON, "company": company.name})
    read = bob.create_contact(contact={**PERSON, "company": company.name, "sharing": "READ"})

    ada.update_contact(contact={"name": company.name, "tags": ["vip"]}, apply_to_related=True)

    assert [list(bob.get_contact(name=each.name).tags) for each in (hidden, read)] == [[], []]


def test_a_company_is_named_by_its_title(ada, bob):
    theirs = bob.create_contact(contact=COMPANY)
    person = ada.create_contact(contact={**PERSON, "sharing": "READ"}, new_company=" насосы ")
    second = ada.create_contact(contact=PERSON, new_company="НАСОСЫ")
    company = ada.get_contact(name=person.company)

    assert person.company == second.company != theirs.name
    assert (company.company_name, company.Sharing.Name(company.sharing), list(company.managers)) == (
        "насосы",
        "READ",
        ["users/2"],
    )
    moved = ada.update_contact(contact={"name": person.name, "etag": person.etag}, new_company="Другая")
    assert moved.company_display_name == "Другая"


def test_phones_are_kept_as_the_world_writes_them_and_shown_as_at_home(contacts, ada):
    meet(contacts, "ru")
    typed = ["8 916 123-45-67", "+41 44 668 18 00 ext. 7", "112"]
    contact = ada.create_contact(contact={**PERSON, "phones": [{"value": each} for each in typed]})

    assert [(phone.value, phone.national) for phone in contact.phones] == [
        ("+79161234567", "8 (916) 123-45-67"),
        ("+41446681800;ext=7", "+41 44 668 18 00 ext. 7"),
        ("112", "112"),
    ]
    assert ada.list_contacts(q="8 (916) 123").total_size == ada.list_contacts(q="+7 916 123").total_size == 1
    again = ada.update_contact(contact={"name": contact.name, "phones": contact.phones, "job_title": "Analyst"})
    assert again.phones == contact.phones


def test_currency_websites_and_networks_are_what_they_say(ada):
    contact = ada.create_contact(
        contact={
            **PERSON,
            "currency": "EUR",
            "language": "ru",
            "websites": [{"value": "example.com"}],
            "socials": [{"value": "@ada", "network": "TELEGRAM"}],
        }
    )

    assert contact.websites[0].value == "https://example.com"
    assert contact.socials[0].primary
    assert ada.list_contacts(filter="currency = EUR AND source = MANUAL AND language = ru").total_size == 1
    with refused("CURRENCY_UNKNOWN"):
        ada.create_contact(contact={**PERSON, "currency": "ABC"})
    for address in ("javascript://x", "javascript:alert(1)", "data:text/html,x"):
        with refused("NO_WEB_ADDRESS"):
            ada.create_contact(contact={**PERSON, "websites": [{"value": address}]})
    kept = ada.create_contact(contact={**PERSON, "websites": [{"value": "example.com:8080/a"}]})
    assert kept.websites[0].value == "https://example.com:8080/a"


def test_signs_that_turn_a_line_round_are_left_out_of_names(ada):
    contact = ada.create_contact(contact={**PERSON, "first_name": "A\u202edA", "last_name": "\u200eLovelace"})

    assert contact.display_name == "AdA Lovelace"


def test_what_contacts_had_before_there_were_keys_gets_them(contacts, ada):
    ada.create_contact(contact={**PERSON, "emails": [{"value": "Ada@Example.com"}]})
    with contacts.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE contact SET keys = NULL")

    jobs.settle_keys(contacts.job_context())

    with contacts.engine.begin() as connection:
        [keys] = connection.exec_driver_sql("SELECT keys FROM contact").scalars()
    assert "e:ada@example.com" in keys


def test_everything_at_once_takes_few_statements(contacts, ada, owner):
    level = owner.create_temperature_level(temperature_level={"title": "Hot"}).name
    kind = owner.create_contact_type(contact_type={"title": "Client"}).name
    name = field(owner, kind="TEXT").name
    ada.create_contact_tag(contact_tag={"title": "vip"})
    full = {**PERSON, "temperature": level, "type": kind, "tags": ["vip"], "custom": {name: value("x")}}

    with statements(contacts) as seen:
        ada.create_contact(contact={**full, "phones": [{"value": "+41446681800"}]})

    assert len(seen) <= 8, seen
