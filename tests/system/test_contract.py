"""What /openapi.json says and what the running system does are one: every operation is tried with what it allows
and with what it does not."""

import shutil
import tempfile
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.installation import Installation

pytestmark = [pytest.mark.system, pytest.mark.timeout(400)]
# These would end the caller's own session, make the portal's owner, or keep the connection open.
LEFT_OUT = ("DeleteSession", "SetUpPortal", "CreateSession", "WatchChanges", "watchChanges")
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@pytest.fixture(scope="module")
def installation():
    """A fresh installation with an owner, a contact and an invoice."""
    folder = Path(tempfile.mkdtemp(prefix="rapport-"))
    folder.chmod(0o711)
    made = Installation(folder / "data")
    made.start()
    made.token = made.sign_in()
    _, contact = made.call("POST", "/v1/contacts", {"kind": "COMPANY", "companyName": "Acme"}, made.token)
    line = {"description": "Work", "price": {"units": "1"}}
    made.call("POST", "/v1/invoices", {"client": contact["name"], "currencyCode": "EUR", "lines": [line]}, made.token)
    yield made
    made.stop()
    shutil.rmtree(folder)


@pytest.fixture
def api(installation):
    """The API as it describes itself."""
    schema = schemathesis.openapi.from_url(f"{installation.address}/openapi.json")
    return schema.exclude(operation_id=list(LEFT_OUT))


schema = schemathesis.pytest.from_fixture("api")


@schema.parametrize()
@settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_the_system_does_what_its_description_says(case, installation):
    response = case.call(headers={"Authorization": f"Bearer {installation.token}"})

    case.validate_response(response, checks=list(CHECKS))
