"""Pages: in order, each row once, whatever is added meanwhile."""

import pytest

from chassis import standard
from chassis.testing import ADA, BOB, Caller, refused


@pytest.fixture
def ada(contacts):
    """Ada with seven companies, of which two bear the same name."""
    caller = Caller(contacts, ADA)
    for name in ("Beta", "alpha", "Ёж", "Ель", "Beta", "Жук", "zeta"):
        caller.create_contact(contact={"kind": "COMPANY", "company_name": name})
    return caller


def pages(caller, **asked):
    """All rows of a list, page after page."""
    names, token = [], ""
    while True:
        page = caller.list_contacts(page_token=token, **asked)
        names += [contact.name for contact in page.contacts]
        token = page.next_page_token
        if not token:
            return names


def test_lists_are_ordered_without_regard_to_case_and_yo(ada):
    listed = [contact.display_name for contact in ada.list_contacts().contacts]

    assert listed == ["alpha", "Beta", "Beta", "zeta", "Ёж", "Ель", "Жук"]


@pytest.mark.parametrize(
    "order", ["", "display_name desc", "create_time", "kind, create_time desc", "kind desc, create_time"]
)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_pages_hold_every_row_once_in_order(ada, order, size):
    whole = [contact.name for contact in ada.list_contacts(order_by=order, page_size=100).contacts]

    assert pages(ada, order_by=order, page_size=size) == whole
    assert len(set(whole)) == 7


def test_a_row_added_before_the_place_is_not_shown_and_none_is_shown_twice(ada):
    first = ada.list_contacts(page_size=3)
    ada.create_contact(contact={"kind": "COMPANY", "company_name": "aaa"})

    second = ada.list_contacts(page_size=3, page_token=first.next_page_token)

    assert not {each.name for each in first.contacts} & {each.name for each in second.contacts}


def test_a_token_belongs_to_its_list(ada):
    token = ada.list_contacts(page_size=2).next_page_token

    for other in ({"order_by": "create_time"}, {"filter": "kind = COMPANY"}, {"q": "beta"}):
        with refused("INVALID_PAGE_TOKEN"):
            ada.list_contacts(page_size=2, page_token=token, **other)


@pytest.mark.parametrize("token", ["x", "AAAA", "....", "ё", "A" * 400])
def test_a_token_that_is_not_ours_is_refused(ada, token):
    with refused("INVALID_PAGE_TOKEN"):
        ada.list_contacts(page_token=token)


def test_a_token_shows_its_finder_nothing_more(ada, contacts):
    token = ada.list_contacts(page_size=2).next_page_token

    assert not Caller(contacts, BOB).list_contacts(page_size=2, page_token=token).contacts


@pytest.mark.parametrize("order", ["search_text", "version", "display_name up", "name", "company", "a,b,c,d", ","])
def test_an_order_that_makes_no_sense_is_refused(ada, order):
    with refused("INVALID_ORDER"):
        ada.list_contacts(order_by=order)


def test_the_total_counts_what_matches_not_what_is_on_the_page(ada):
    page = ada.list_contacts(page_size=2, q="e")

    assert (len(page.contacts), page.total_size, page.total_size_estimated) == (2, 3, False)


@pytest.mark.parametrize("size", [-1, 201])
def test_a_page_has_at_most_200_rows(ada, size):
    with refused("INVALID_FIELDS"):
        ada.list_contacts(page_size=size)


def test_above_what_is_counted_the_total_is_the_planners_guess_whatever_is_asked(ada, monkeypatch):
    monkeypatch.setattr(standard, "EXACT_COUNT", 3)

    for asked in ({}, {"q": "e"}, {"filter": 'company = ""'}):
        page = ada.list_contacts(page_size=1, **asked)

        assert page.total_size >= (page.total_size_estimated and 4)
    assert ada.list_contacts(page_size=1).total_size_estimated
