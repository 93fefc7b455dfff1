"""Views of lists: whose they are, and how many one may keep."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from crm.identity.v1 import views_pb2 as pb

from chassis.testing import OWNER, Caller, announced, statements
from gateway.identity import views
from tests.gateway.conftest import WRITE, add_user, reason, sign_in

VIEW = {
    "list": "contacts",
    "title": "Hot leads",
    "query": "kind=PERSON&sort=create_time+desc",
    "hiddenColumns": ["phones", "tags"],
}


def keep(client, **more):
    """Keeps a view; returns the answer."""
    return client.post("/v1/savedViews", json=VIEW | more, headers=WRITE)


def titles(client, query=""):
    """The titles of one's views."""
    return [view["title"] for view in client.get(f"/v1/savedViews{query}").json["savedViews"]]


def test_what_is_kept_is_there_wherever_one_signs_in(app, owner):
    add_user(owner)
    here, there = sign_in(app)[0], sign_in(app)[0]

    made = keep(here).json

    assert {name: there.get(f"/v1/{made['name']}").json[name] for name in VIEW} == VIEW


def test_nobody_sees_or_changes_the_views_of_another_administrators_included(app, owner):
    add_user(owner)
    ada = sign_in(app)[0]
    name = keep(ada).json["name"]

    answers = [
        owner.get(f"/v1/{name}"),
        owner.patch(f"/v1/{name}", json={"title": "Mine"}, headers=WRITE),
        owner.delete(f"/v1/{name}", headers=WRITE),
    ]

    assert [reason(answer) for answer in answers] == ["NOT_FOUND"] * 3
    assert (titles(owner), titles(ada)) == ([], ["Hot leads"])


def test_views_are_found_by_their_list_and_stand_by_their_titles(owner):
    keep(owner)
    keep(owner, title="cold")
    keep(owner, list="events")

    assert titles(owner, '?filter=list = "contacts"') == ["cold", "Hot leads"]


@pytest.mark.parametrize("title", ["hot leads", " HOT  LEADS "])
def test_no_two_views_of_a_list_have_the_same_title(app, owner, title):
    add_user(owner)
    keep(owner)
    other = keep(owner, title="Cold").json

    renamed = owner.patch(f"/v1/{other['name']}", json={"title": title}, headers=WRITE)

    assert [reason(keep(owner, title=title)), reason(renamed)] == ["SAVED_VIEW_TITLE_TAKEN"] * 2
    assert keep(owner, title=title, list="events").status_code == 200
    assert keep(sign_in(app)[0], title=title).status_code == 200


def test_a_view_is_changed_renamed_and_deleted(owner):
    made = keep(owner).json

    changed = owner.patch(f"/v1/{made['name']}", json={"title": "Warm", "hiddenColumns": []}, headers=WRITE).json

    assert (changed["title"], changed["hiddenColumns"], changed["query"]) == ("Warm", [], VIEW["query"])
    assert owner.delete(f"/v1/{made['name']}", headers=WRITE).status_code == 200
    assert titles(owner) == []


def test_a_view_stays_with_its_list(owner):
    made = keep(owner).json

    moved = owner.patch(f"/v1/{made['name']}", json={"list": "events"}, headers=WRITE)

    assert reason(moved) == "READ_ONLY_FIELD"


@pytest.mark.parametrize("wrong", [{"list": ""}, {"list": "con tacts"}, {"title": " "}, {"query": "q" * 4001}])
def test_what_cannot_be_a_view_is_refused(owner, wrong):
    assert keep(owner, **wrong).status_code == 400
    assert titles(owner) == []


def test_however_many_come_at_once_nobody_keeps_more_than_one_may(identity, owner, monkeypatch):
    monkeypatch.setattr(views, "MOST", 5)

    def one_more(number):
        return keep_as(identity, f"View {number}")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one_more, range(12)))

    assert answers.count("kept") == 5
    assert set(answers) == {"kept", "SAVED_VIEWS_FULL"}
    assert len(titles(owner)) == 5


def keep_as(identity, title):
    """Keeps a view as the owner; returns how it went."""
    from chassis.errors import Error

    try:
        Caller(identity, OWNER).create_saved_view(saved_view=pb.SavedView(list="contacts", title=title))
    except Error as error:
        return error.reason
    return "kept"


def test_only_whoever_keeps_a_view_is_told_of_it(app, owner, identity):
    user = add_user(owner)
    made = keep(sign_in(app)[0]).json

    (_, event, headers) = announced(identity)[-1]

    assert (event.DESCRIPTOR.name, headers["Crm-Resource"]) == ("SavedViewCreated", made["name"])
    assert headers["Crm-Readers"] == f'["{user["name"]}"]'


def test_a_view_is_kept_and_listed_in_few_statements(identity, owner):
    caller = Caller(identity, OWNER)
    view = pb.SavedView(list="contacts", title="One")
    caller.create_saved_view(saved_view=view)
    caller.list_saved_views()

    with statements(identity) as keeping:
        caller.create_saved_view(saved_view=pb.SavedView(list="contacts", title="Two"))
    with statements(identity) as listing:
        caller.list_saved_views()

    assert (len(keeping), len(listing)) == (4, 1)
