"""Files of contacts come in as they were meant, each row once, and nobody learns what is not his to know."""

import pytest

from chassis.testing import OWNER, Caller, announced, refused
from tests.contacts.importing import change, counts, meant, people, run, spreadsheet, state, upload

RUSSIAN = (
    "Имя;Фамилия;Компания;Должность;Электронная почта;Мобильный телефон;Теги\n"
    "Иван;Щукин;ООО Насосы;директор;ivan@example.com, i@example.com;8 (916) 123-45-67;vip, друг\n"
    "Пётр;Ёлкин;ООО Насосы;;petr@example.com;+7 916 765-43-21;\n"
    ";;ЗАО Трубы;;info@example.com;;партнёр\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r", "cp866"])
def test_a_russian_file_is_read_as_it_was_written(ada, encoding):
    job = upload(ada, RUSSIAN, encoding=encoding)

    assert (state(job), job.row_count, job.delimiter, job.has_header) == ("DRAFT", 3, ";", True)
    assert [column.field for column in job.columns] == [
        *("first_name", "last_name", "company_name", "job_title", "emails.work", "phones.mobile", "tags")
    ]
    assert list(job.columns[1].samples) == ["Щукин", "Ёлкин"]


def test_rows_become_persons_and_companies(ada):
    done = run(ada, upload(ada, RUSSIAN))

    assert (state(done), done.progress_percent) == ("SUCCEEDED", 100)
    # Two persons, the company they work for, and another one.
    assert counts(done) == (4, 0, 0, 0)
    found = people(ada)
    assert {*found} == {"Иван Щукин", "Пётр Ёлкин", "ООО Насосы", "ЗАО Трубы"}
    ivan = found["Иван Щукин"]
    assert (ivan.company, ivan.company_display_name) == (found["ООО Насосы"].name, "ООО Насосы")
    assert [(email.value, email.primary) for email in ivan.emails] == [
        ("ivan@example.com", True),
        ("i@example.com", False),
    ]
    assert list(ivan.tags) == ["vip", "друг"]
    assert (list(ivan.managers), ivan.creator, ivan.origin) == (["users/2"], "users/2", done.name)
    assert type(ivan).Source.Name(ivan.source) == "IMPORT"


def test_every_contact_is_announced_on_the_account_of_whoever_imports(ada, contacts):
    done = run(ada, upload(ada, RUSSIAN))

    created = [
        (message, headers) for _, message, headers in announced(contacts) if "ContactCreated" in headers.values()
    ]
    assert {message.contact.display_name for message, _ in created} == {*people(ada)}
    assert {headers["Crm-Actor"] for _, headers in created} == {"users/2"}
    # Pages are told of the import, not of thousands of contacts.
    assert {headers["Crm-Bulk"] for _, headers in created} == {done.name}


def test_the_same_file_twice_adds_nothing(ada):
    run(ada, upload(ada, RUSSIAN))

    again = run(ada, upload(ada, RUSSIAN))

    assert counts(again) == (0, 0, 3, 0)
    assert len(people(ada)) == 4


def test_a_row_whose_contact_stands_further_up_in_the_file_is_no_other(ada):
    text = "First name,Last name,E-mail\nAda,Lovelace,ada@example.com\nAda,King,ADA@example.com\n"

    assert counts(run(ada, upload(ada, text))) == (1, 0, 1, 0)


def test_rows_of_one_file_complete_each_other(ada):
    rows = "First name,Last name,Company,E-mail,Job title\nAda,L,,a@b.co,\nAda,L,Acme,a@b.co,countess\n"

    done = run(ada, change(ada, upload(ada, rows), duplicates="MERGE"))

    assert counts(done) == (2, 1, 0, 0)
    found = people(ada)["Ada L"]
    assert (found.job_title, found.company_display_name) == ("countess", "Acme")


@pytest.mark.parametrize(
    ("duplicates", "title", "emails", "described"),
    [
        ("OVERWRITE", "countess", ["ada@example.com", "old@example.com"], "new"),
        ("MERGE", "analyst", ["old@example.com", "ada@example.com"], "new"),
    ],
)
def test_a_contact_that_is_there_is_overwritten_or_completed(ada, duplicates, title, emails, described):
    mails = [{"value": "old@example.com"}, {"value": "ada@example.com"}]
    contact = {"kind": "PERSON", "first_name": "Ada", "last_name": "L", "job_title": "analyst", "emails": mails}
    ada.create_contact(contact=contact)
    job = upload(ada, "First name,Last name,Job title,E-mail,Notes\nAda,Lovelace,countess,ada@example.com,new\n")

    done = run(ada, change(ada, job, duplicates=duplicates))

    assert counts(done) == (0, 1, 0, 0)
    [known] = people(ada).values()
    assert (known.job_title, known.etag) == (title, '"2"')
    assert [email.value for email in known.emails] == emails
    assert ada.get_contact(name=known.name).description == described


def test_a_dry_run_counts_and_changes_nothing(ada):
    ada.create_contact(
        contact={"kind": "COMPANY", "company_name": "ЗАО Трубы", "emails": [{"value": "info@example.com"}]}
    )
    job = change(ada, upload(ada, RUSSIAN), duplicates="MERGE")

    tried = run(ada, job, dry_run=True)

    assert (state(tried), tried.dry_run, counts(tried)) == ("SUCCEEDED", True, (3, 1, 0, 0))
    assert {*people(ada)} == {"ЗАО Трубы"}
    assert not ada.list_contact_tags().contact_tags
    assert counts(run(ada, tried)) == (3, 1, 0, 0)


def test_a_row_that_fits_several_contacts_is_a_conflict(ada):
    for name in ("One", "Two"):
        company = {"kind": "COMPANY", "company_name": name, "emails": [{"value": "info@example.com"}]}
        ada.create_contact(contact=company)

    done = run(ada, upload(ada, "Company,E-mail\nThree,info@example.com\n"))

    assert (counts(done), done.conflict_count) == ((0, 0, 0, 1), 1)


def test_contacts_of_others_do_not_show_in_what_becomes_of_a_file(ada, bob):
    private = {"kind": "PERSON", "first_name": "Eve", "last_name": "Secret", "emails": [{"value": "eve@example.com"}]}
    bob.create_contact(contact=private)
    text = "First name,Last name,Company,E-mail\nEve,Other,Acme,eve@example.com\n"
    bob.create_contact(contact={"kind": "COMPANY", "company_name": "Acme"})

    tried = run(ada, upload(ada, text), dry_run=True)
    done = run(ada, tried)

    assert counts(tried) == counts(done) == (2, 0, 0, 0)
    assert {*people(ada)} == {"Eve Other", "Acme"}


def test_imports_are_seen_by_whoever_made_them_and_by_administrators(ada, bob, contacts):
    job = upload(ada, RUSSIAN)

    with refused("NOT_FOUND"):
        bob.preview_contact_import(name=job.name)
    assert not bob.list_contact_imports().contact_imports
    assert Caller(contacts, OWNER).get_contact_import(name=job.name).name == job.name


def test_a_cell_that_cannot_be_is_shown_and_may_be_mended(ada):
    job = upload(ada, "First name,Last name,E-mail\nAda,Lovelace,nonsense\nBob,,bob@example.com\nEve,Adams,e@e.ch\n")

    [first, second, third] = ada.preview_contact_import(name=job.name).rows
    assert [(each.column, each.reason) for each in first.problems] == [(2, "string.email")]
    assert [each.reason for each in second.problems] == ["NAME_REQUIRED"]
    assert not third.problems
    assert [row.row for row in ada.preview_contact_import(name=job.name, only_problems=True).rows] == [1, 2]

    mended = ada.correct_contact_import(name=job.name, row=1, column=2, value="ada@example.com")

    assert (list(mended.corrected), list(mended.problems)) == ([2], [])
    done = run(ada, job)
    assert counts(done) == (2, 0, 0, 1)
    assert people(ada)["Ada Lovelace"].emails[0].value == "ada@example.com"


def test_rejected_rows_are_those_of_the_last_run(ada):
    job = upload(ada, "First name,Last name,E-mail\nAda,Lovelace,nonsense\nEve,Adams,e@e.ch\n")
    for _ in range(2):
        run(ada, job, dry_run=True)
    run(ada, job)

    file = b"".join(ada.download_rejected_rows(name=job.name).parts).decode("utf-8-sig")
    assert [line.partition(",")[0] for line in file.splitlines()] == ["First name", "Ada"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_the_next_page_begins_in_the_file_where_the_one_before_ended(ada, contacts, monkeypatch, encoding):
    rows = "Имя,Фамилия,Заметки\r\n" + "".join(f'Ада{i},,"в две\r\nстроки"\r\n' for i in range(9))
    job = upload(ada, rows + '"не закрыта,\r\nЕва,,\r\n', encoding=encoding)
    began, get = [], contacts.blobs.get
    monkeypatch.setattr(contacts.blobs, "get", lambda name, start=0: began.append(start) or get(name, start))

    shown, token = [], ""
    while token or not shown:
        asked = {"page_size": 4, "only_problems": True, "page_token": token}
        page = ada.preview_contact_import(name=job.name, **asked)
        shown += [(each.row, each.cells[0]) for each in page.rows]
        token = page.next_page_token

    assert shown == [*((i + 1, f"Ада{i}") for i in range(9)), (10, ""), (11, "Ева")]
    assert len(began) == 3
    # Of letters of two bytes nobody knows where their lines end.
    assert (0 < began[1] < began[2]) == (encoding != "utf-16")


def test_rejected_rows_come_back_as_a_file_that_can_be_mended_and_imported(ada):
    text = 'First name,Last name,E-mail\nAda,"=1+1",nonsense\nEve,Adams,e@e.ch\n"broken,x\n'
    done = run(ada, upload(ada, text))

    file = b"".join(ada.download_rejected_rows(name=done.name).parts).decode("utf-8-sig")

    header, row, *others = file.splitlines()
    assert header == "First name,Last name,E-mail,reason"
    assert row.startswith("Ada,'=1+1,nonsense,E-mail: ")
    assert others == [",,,a quote is opened and never closed"]
    again = upload(ada, file.replace("nonsense", "ada@example.com"))
    assert [column.field for column in again.columns] == ["first_name", "last_name", "emails.work", ""]
    assert counts(run(ada, again)) == (1, 0, 0, 1)
    assert "Ada =1+1" in people(ada)


def test_a_row_may_be_imported_without_the_cell_that_cannot_be(ada):
    job = upload(ada, "First name,Last name,E-mail,Phone\nAda,Lovelace,nonsense,+41791234567\n")

    done = run(ada, change(ada, job, bad_cells="DROP_CELL"))

    assert counts(done) == (1, 0, 0, 0)
    [ada_] = people(ada).values()
    assert (list(ada_.emails), ada_.phones[0].value) == ([], "+41791234567")


def test_what_columns_mean_is_remembered(ada, bob):
    text = "A,B,C\nAda,Lovelace,ada@example.com\n"
    job = upload(ada, text)
    assert [column.field for column in job.columns] == ["", "", ""]
    with refused("NAME_COLUMN_MISSING"):
        ada.start_contact_import(name=job.name)
    run(ada, meant(ada, job, {0: "first_name", 1: "last_name", 2: "emails.home"}))

    assert [column.field for column in upload(ada, text).columns] == ["first_name", "last_name", "emails.home"]
    assert [column.field for column in upload(bob, text).columns] == ["", "", ""]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({0: "salary"}, "UNKNOWN_IMPORT_FIELD"),
        ({0: "first_name", 1: "first_name"}, "FIELD_TWICE"),
        ({0: "custom.contactFields/9"}, "UNKNOWN_IMPORT_FIELD"),
    ],
)
def test_a_column_means_a_field_that_there_is(ada, fields, reason):
    job = upload(ada, "A,B\n1,2\n")

    with refused(reason):
        meant(ada, job, fields)


def test_a_wrong_guess_is_corrected_and_the_file_read_anew(ada):
    job = upload(ada, "Name: first;Last\nAda;Lovelace\n")
    assert [column.header for column in job.columns] == ["Name: first", "Last"]

    job = change(ada, job, delimiter=":", has_header=False)

    assert [list(column.samples) for column in job.columns] == [["Name", "Ada;Lovelace"], ["first;Last"]]
    assert job.row_count == 2


def test_types_levels_tags_and_fields_of_ones_own_come_along(ada, contacts):
    owner = Caller(contacts, OWNER)
    field = owner.create_contact_field(contact_field={"label": "Birthday", "kind": "DATE"})
    headers = "Company,Contact type,Temperature level,Birthday,Currency,Язык"
    text = f"{headers}\nAcme,Dealer,Lukewarm,23.11.1990,eur,Русский\n"
    text += "Other,dealer,,31.02.1990,\n"

    done = run(ada, upload(ada, text))

    assert counts(done) == (1, 0, 0, 1)
    [acme] = people(ada).values()
    assert acme.custom[field.name].string_value == "1990-11-23"
    assert (acme.currency, acme.language) == ("EUR", "ru")
    assert owner.list_contact_types(page_size=200).contact_types[-1].title == "Dealer"
    assert acme.temperature == owner.list_temperature_levels(page_size=200).temperature_levels[-1].name


def test_a_box_that_is_not_ticked_has_no_value(ada, contacts):
    owner = Caller(contacts, OWNER)
    field = owner.create_contact_field(contact_field={"label": "Vip", "kind": "CHECKBOX"}).name
    rows = "First name,Last name,Vip,E-mail\nAda,L,no,a@b.co\nBob,B,yes,b@b.co\nEve,E,yes,e@b.co\n"
    run(ada, upload(ada, rows))

    for filtered, found in ((f"custom.{field}:*", {"Bob B", "Eve E"}), (f'custom.{field} = ""', {"Ada L"})):
        assert {*people(ada, filter=filtered)} == found
    # Only who overwrites unticks.
    for duplicates, left in (("MERGE", 2), ("OVERWRITE", 1)):
        run(ada, change(ada, upload(ada, "First name,Last name,Vip,E-mail\nBob,B,no,b@b.co\n"), duplicates=duplicates))
        assert owner.list_contact_fields().contact_fields[0].contact_count == left


def test_a_row_that_would_give_a_contact_too_much_is_refused(ada):
    mails = [{"value": f"a{i}@example.com"} for i in range(50)]
    known = ada.create_contact(contact={"kind": "PERSON", "first_name": "A", "last_name": "L", "emails": mails})
    rows = (
        'First name,Last name,Company,E-mail,Job title\nA,L,Acme,"a1@example.com,z@example.com",x\n'
        "A,L,,a1@example.com,y\n"
    )

    done = run(ada, change(ada, upload(ada, rows), duplicates="MERGE"))

    assert counts(done) == (0, 1, 0, 1)
    found = ada.get_contact(name=known.name)
    assert (len(found.emails), found.company, found.job_title, found.etag) == (50, "", "y", '"2"')
    assert {*people(ada)} == {"A L"}
    ada.update_contact(contact={"name": known.name, "job_title": "z"})


def test_a_spreadsheet_is_read_like_a_file(ada):
    data = spreadsheet(["Имя", "Фамилия", "Телефон"], ["Иван", "Иванов", 79161234567], ["Пётр", None, None])

    job = upload(ada, data, name="people.xlsx")

    assert (type(job).Format.Name(job.format), job.row_count) == ("XLSX", 2)
    assert counts(run(ada, job)) == (1, 0, 0, 1)


def test_address_books_are_read_in_all_versions(ada):
    card = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=D0=B2=D0=B0=D0=BD=D0=BE=D0=\r\n"
        "=B2;=D0=98=D0=B2=D0=B0=D0=BD;;;\r\nTEL;CELL:+79161234567\r\nORG:Насосы\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ada Lovelace\r\nN:Lovelace;Ada;;;\r\nitem1.EMAIL;TYPE=home:ada@example.c\r\n"
        " om\r\nADR;TYPE=work:;;Main\\, 1;Basel;;4000;CH\r\nEND:VCARD\r\n"
    )
    job = upload(ada, card, name="contacts.vcf")

    assert (type(job).Format.Name(job.format), job.row_count) == ("VCARD", 2)
    assert counts(run(ada, job)) == (3, 0, 0, 0)
    found = people(ada)
    assert {*found} == {"Иван Иванов", "Ada Lovelace", "Насосы"}
    assert found["Ada Lovelace"].emails[0].value == "ada@example.com"
    assert ada.get_contact(name=found["Ada Lovelace"].name).addresses[0].city == "Basel"


def test_an_import_that_has_run_stays_as_it_was(ada):
    done = run(ada, upload(ada, RUSSIAN))

    with refused("IMPORT_STARTED"):
        change(ada, done, duplicates="CREATE")
    with refused("IMPORT_STARTED"):
        ada.start_contact_import(name=done.name)
    with refused("IMPORT_NOT_RUNNING"):
        ada.cancel_contact_import(name=done.name)


def test_a_forgotten_import_leaves_its_contacts_and_no_file(ada, contacts):
    done = run(ada, upload(ada, RUSSIAN))

    ada.delete_contact_import(name=done.name)

    assert len(people(ada)) == 4
    with refused("NOT_FOUND"):
        ada.get_contact_import(name=done.name)
