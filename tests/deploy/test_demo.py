"""`crm demo` over the real gateway, services and databases; the broker is not needed to write."""

import threading
from itertools import pairwise

import pytest
from werkzeug.serving import make_server

from chassis import server, testing
from chassis.peers import Peers
from deploy import demo
from deploy.local.folder import Folder, NotReadyError
from gateway.app import build
from tests.conftest import opened

FEW = 30


@pytest.fixture(scope="module")
def identity_process(databases, worker, key_folder):
    from gateway.identity.service import service

    yield opened(service, "gateway.identity", databases, worker, key_folder, "gateway")
    service.close()


@pytest.fixture
def folder(tmp_path, identity_process, contacts, invoicing, events):
    """The data folder of an installation that runs and that nobody has set up."""
    testing.clean(identity_process)
    serving = {each.name: server.serve(each, "127.0.0.1:0") for each in (contacts, invoicing, events)}
    addresses = {name: f"127.0.0.1:{port}" for name, (_, port, _) in serving.items()}
    for each in (invoicing, events):
        each.peers = Peers(addresses, each.signer)
    identity_process.settings.services = addresses
    gateway = make_server("127.0.0.1", 0, build(identity_process.settings, identity_process), threaded=True)
    threading.Thread(target=gateway.serve_forever, daemon=True).start()
    made = Folder(tmp_path)
    made.prepare()
    made.remember(url=f"http://127.0.0.1:{gateway.port}")
    yield made
    gateway.shutdown()
    for grpc_server, *_ in serving.values():
        grpc_server.stop(None).wait()


def owner(folder):
    """The API as the owner of the demo."""
    api = demo.Api(folder.remembered()["url"])
    api.sign_in(demo.OWNER, folder.secret(demo.PASSWORD))
    return api


def counts(folder):
    api = owner(folder)
    return {name: api.get(name)["totalSize"] for name in ("users", "contacts", "invoices", "events")}


def test_a_new_installation_gets_an_owner_colleagues_customers_and_invoices(folder):
    list(demo.fill(folder, FEW))

    made = counts(folder)
    assert made["users"] == 3
    assert made["contacts"] > FEW
    assert made["invoices"] > 0
    assert made["events"] == len(demo.GATHERINGS)
    assert owner(folder).get("users/me")["role"] == "OWNER"


def test_persons_work_for_companies_and_are_shared_and_managed_in_several_ways(folder):
    list(demo.fill(folder, FEW))

    people = owner(folder).get("contacts?filter=kind=PERSON&pageSize=100")["contacts"]
    assert all(person["companyDisplayName"] for person in people)
    assert {person["sharing"] for person in people} == {"PRIVATE", "READ", "READ_WRITE"}
    assert {len(person["managers"]) for person in people} == {1, 2}


def test_customers_take_part_in_events(folder):
    list(demo.fill(folder, FEW))

    gatherings = owner(folder).get("events")["events"]
    assert all(event["participantCount"] >= 5 and event["startTime"] < event["endTime"] for event in gatherings)


def test_a_second_run_adds_nothing_and_says_so(folder):
    list(demo.fill(folder, FEW))
    before = counts(folder)

    told = list(demo.fill(folder, FEW))

    assert "nothing was added" in told[-1]
    assert counts(folder) == before


def test_an_interrupted_run_goes_on_where_it_stopped(folder):
    first = demo.fill(folder, FEW)
    assert any("colleagues" in line for line in first)
    first.close()

    list(demo.fill(folder, FEW))

    assert counts(folder)["users"] == 3


def test_what_somebody_else_set_up_is_left_alone_unless_he_says_who_he_is(folder):
    demo.Api(folder.remembered()["url"]).sign_in("ada@example.com", "correct horse battery")

    with pytest.raises(LookupError, match="CRM_OWNER_EMAIL"):
        list(demo.fill(folder, FEW))

    assert list(demo.fill(folder, FEW, "ada@example.com", "correct horse battery"))[-1].startswith("done")


def test_the_story_is_the_same_every_time_and_its_companies_differ():
    def companies():
        story = demo.Story(["users/1", "users/2"], today=None)
        return [story.company()["companyName"] for _ in range(20)]

    told = companies()

    assert told == companies()
    assert all(one != next_one for one, next_one in pairwise(told))


def test_without_an_installation_it_says_what_to_do(tmp_path):
    with pytest.raises(NotReadyError, match="crm up"):
        list(demo.fill(Folder(tmp_path), FEW))
