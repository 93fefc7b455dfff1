"""The OpenAPI document says what the gateway answers."""

import orjson
import pytest
from openapi_spec_validator import validate

from gateway import openapi


@pytest.fixture(scope="module")
def document():
    return orjson.loads(openapi.document())


def test_the_document_is_valid_openapi(document):
    validate(document)

    assert document["openapi"] == "3.1.0"


def test_resources_have_paths_of_their_own(document):
    assert set(document["paths"]["/v1/contacts/{contact}"]) == {"get", "patch", "delete"}


def test_custom_verbs_stand_after_a_colon(document):
    assert "post" in document["paths"]["/v1/portal:setUp"]


def test_every_operation_says_how_it_may_be_refused(document):
    operations = [operation for path in document["paths"].values() for operation in path.values()]

    rpcs = [operation for operation in operations if operation["tags"] != ["gateway"]]

    assert rpcs
    for operation in rpcs:
        assert set(openapi.REFUSALS) < set(operation["responses"])
        assert operation["summary"], operation["operationId"]


def test_only_public_rpcs_need_nobody_to_sign_in(document):
    public = {
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
        if operation.get("security") == []
    }

    joining = {"AcceptInvitation", "CreatePasswordReset", "CompletePasswordReset"}
    forms = {"GetPublicForm", "SubmitPublicForm"}
    mailings = {"GetUnsubscription", "Unsubscribe", "Resubscribe"}
    guests = {"GetEventInvitation", "AcceptEventInvitation", "DeclineEventInvitation"}
    guests.add("DownloadEventInvitationCalendar")
    door = {"GetPortal", "SetUpPortal", "CreateSession", "DownloadPortalLogo"}
    assert public == {"IsAlive", "IsReady", *door, *joining, *forms, *mailings, *guests}


def test_new_things_need_less_than_answers_hold_and_changes_need_nothing(document):
    schemas = document["components"]["schemas"]

    assert schemas["ContactInput"]["required"] == ["kind"]
    assert "displayName" in schemas["Contact"]["required"]
    assert "required" not in schemas["ContactChange"]


def test_constraints_and_behaviors_come_from_the_contract(document):
    contact = document["components"]["schemas"]["ContactInput"]["properties"]
    user = document["components"]["schemas"]["User"]["properties"]

    assert contact["firstName"]["maxLength"] == 255
    assert contact["emails"]["maxItems"] == 50
    assert contact["company"]["pattern"] == "^(contacts/[0-9]{1,18})?$"
    assert contact["displayName"]["readOnly"] is True
    assert user["password"]["writeOnly"] is True
    assert "password" not in document["components"]["schemas"]["User"]["required"]


def test_page_sizes_are_bounded_query_parameters(document):
    parameters = {item["name"]: item for item in document["paths"]["/v1/contacts"]["get"]["parameters"]}

    assert parameters["pageSize"]["schema"]["maximum"] == 200
    assert parameters["pageSize"]["in"] == "query"


def test_changes_take_the_etag_as_a_header(document):
    parameters = {item["name"] for item in document["paths"]["/v1/contacts/{contact}"]["patch"]["parameters"]}

    assert {"If-Match", "updateMask"} <= parameters


def test_a_path_says_which_ids_there_are(document):
    paths = document["paths"]

    assert paths["/v1/contacts/{contact}"]["get"]["parameters"][0]["schema"]["pattern"] == "^[0-9]{1,18}$"
    assert paths["/v1/sessions/{session}"]["delete"]["parameters"][0]["schema"]["pattern"] == "^(current|[0-9]{1,18})$"


def test_input_takes_no_field_that_it_does_not_know(document):
    schemas = document["components"]["schemas"]

    assert schemas["ContactInput"]["additionalProperties"] is False
    assert "additionalProperties" not in schemas["Contact"]
