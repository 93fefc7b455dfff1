"""REST as the gateway speaks it: what is bound to what, and every refusal."""

import io

import pytest
from crm.contacts.v1 import contacts_pb2 as pb

from chassis import errors
from gateway.app import build
from tests.gateway.conftest import PASSWORD, WRITE, reason
from tests.gateway.services import serve


@pytest.fixture(scope="module")
def contacts():
    """A contacts service that answers what a test tells it to, and remembers what it was asked."""
    with serve(pb.DESCRIPTOR.services_by_name["ContactsService"]) as fake:
        yield fake


@pytest.fixture
def app(identity, contacts):
    """The gateway with that service, and an invoicing service that is down."""
    contacts.forget()
    identity.settings.services = {"contacts": contacts.address, "invoicing": "127.0.0.1:1"}
    return build(identity.settings, identity)


def test_a_path_a_query_and_a_body_make_the_request(owner, contacts):
    owner.get("/v1/contacts/17")
    owner.get("/v1/contacts?pageSize=5&orderBy=create_time%20desc&q=Ada")
    owner.post("/v1/contacts?requestId=r1", json={"kind": "PERSON", "firstName": "Ada"}, headers=WRITE)

    assert contacts.asked == [
        pb.GetContactRequest(name="contacts/17"),
        pb.ListContactsRequest(page_size=5, order_by="create_time desc", q="Ada"),
        pb.CreateContactRequest(contact={"kind": 1, "first_name": "Ada"}, request_id="r1"),
    ]


def test_an_update_changes_what_was_sent(owner, contacts):
    body = {"firstName": "", "name": "contacts/3", "description": None, "etag": '"4"'}

    owner.patch("/v1/contacts/17", json=body, headers=WRITE)

    (asked,) = contacts.asked
    assert asked.contact == pb.Contact(name="contacts/17", etag='"4"')
    assert set(asked.update_mask.paths) == {"first_name", "name", "description", "etag"}


@pytest.mark.parametrize("mask", ["firstName", "first_name"])
def test_a_mask_may_be_said(owner, contacts, mask):
    owner.patch(f"/v1/contacts/17?updateMask={mask}", json={"firstName": "A", "lastName": "B"}, headers=WRITE)

    assert list(contacts.asked[0].update_mask.paths) == ["first_name"]


@pytest.mark.parametrize(
    ("path", "more"),
    [("/v1/contacts/17", {"headers": {"If-Match": '"4"'}}), ('/v1/contacts/17?etag="4"', {})],
)
def test_a_version_may_come_in_header_or_query(owner, contacts, path, more):
    headers = {**WRITE, **more.get("headers", {})}

    owner.delete(path, headers=headers)
    owner.patch(path, json={"firstName": "A"}, headers=headers)

    assert contacts.asked[0].etag == contacts.asked[1].contact.etag == '"4"'


def test_an_idempotency_key_is_the_request_id(owner, contacts):
    owner.post("/v1/contacts", json={"kind": "PERSON"}, headers={**WRITE, "Idempotency-Key": "k1"})

    assert contacts.asked[0].request_id == "k1"


@pytest.mark.parametrize(
    ("method", "path", "more", "status", "why"),
    [
        ("GET", "/v1/contacts?pagesize=5", {}, 400, "UNKNOWN_FIELD"),
        ("GET", "/v1/contacts?pageSize=five", {}, 400, "WRONG_TYPE"),
        ("GET", "/v1/contacts?pageSize=1&pageSize=2", {}, 400, "DUPLICATE_FIELD"),
        ("GET", "/v1/contacts?q=a%00b", {}, 400, "NUL_CHARACTER"),
        ("GET", "/v1/contacts/17", {"json": {}}, 400, "BODY_NOT_ALLOWED"),
        ("DELETE", "/v1/contacts/17", {"json": {}}, 400, "BODY_NOT_ALLOWED"),
        ("DELETE", '/v1/contacts/17?etag="4"', {"headers": {"If-Match": '"5"'}}, 400, "CONTRADICTION"),
        ("DELETE", "/v1/sessions/current", {"headers": {"If-Match": '"5"'}}, 400, "NOT_VERSIONED"),
        ("POST", "/v1/contacts", {"json": {"nam": 1}}, 400, "UNKNOWN_FIELD"),
        ("POST", "/v1/contacts", {"json": {"emails": [{"value": 1}]}}, 400, "WRONG_TYPE"),
        ("POST", "/v1/contacts?contact.firstName=A", {"json": {}}, 400, "UNKNOWN_FIELD"),
        ("POST", "/v1/contacts?requestId=a", {"json": {}, "headers": {"Idempotency-Key": "b"}}, 400, "CONTRADICTION"),
        ("POST", "/v1/contacts", {"data": b"{", "content_type": "application/json"}, 400, "INVALID_JSON"),
        ("POST", "/v1/contacts", {"data": b'{"a":NaN}', "content_type": "application/json"}, 400, "INVALID_JSON"),
        ("POST", "/v1/contacts", {"data": b'"\\ud800"', "content_type": "application/json"}, 400, "INVALID_JSON"),
        ("POST", "/v1/contacts", {"data": b"[" * 9999, "content_type": "application/json"}, 400, "INVALID_JSON"),
        ("POST", "/v1/contacts", {"data": b"\xff", "content_type": "application/json"}, 400, "INVALID_JSON"),
        ("POST", "/v1/contacts", {"json": []}, 400, "WRONG_TYPE"),
        ("POST", "/v1/contacts", {"data": "{}", "content_type": "text/plain"}, 415, "NOT_JSON"),
        ("POST", "/v1/contacts", {"data": {"kind": "PERSON"}}, 415, "NOT_JSON"),
        ("POST", "/v1/contacts", {"json": {"description": "x" * 1_100_000}}, 413, "REQUEST_TOO_LARGE"),
        ("GET", "/v1/contacts/", {}, 404, "ROUTE_NOT_FOUND"),
        ("GET", "/v1//contacts", {}, 404, "ROUTE_NOT_FOUND"),
        ("GET", "/v1/contacts%2F17", {}, 404, "ROUTE_NOT_FOUND"),
        ("GET", "/v1/%63ontacts/17", {}, 404, "ROUTE_NOT_FOUND"),
        ("GET", "/v1/contacts/17%00", {}, 404, "ROUTE_NOT_FOUND"),
        ("GET", "/v1/nothing", {}, 404, "ROUTE_NOT_FOUND"),
        ("GET", "/", {}, 404, "ROUTE_NOT_FOUND"),
        ("HEAD", "/v1/contacts/17", {}, 405, ""),
        ("TRACE", "/v1/contacts/17", {}, 405, "METHOD_NOT_ALLOWED"),
        ("OPTIONS", "/v1/contacts/17", {}, 405, "METHOD_NOT_ALLOWED"),
        ("PUT", "/v1/contacts/17", {}, 405, "METHOD_NOT_ALLOWED"),
        ("POST", "/v1/contacts/17", {"headers": {"X-HTTP-Method-Override": "DELETE"}}, 405, "METHOD_NOT_ALLOWED"),
        ("POST", "/healthz", {}, 405, "METHOD_NOT_ALLOWED"),
    ],
)
def test_what_is_not_understood_is_refused_before_anybody_is_asked(owner, contacts, method, path, more, status, why):
    more = {**more, "headers": {**WRITE, **more.get("headers", {})}}

    response = owner.open(path, method=method, **more)

    assert response.status_code == status, response.data
    assert response.mimetype == "application/json"
    if why:
        assert reason(response) == why
    if status == 405:
        assert "GET" in response.headers["Allow"]
    assert contacts.asked == []


def test_a_key_that_cannot_be_kept_is_not_passed_over(owner):
    headers = {**WRITE, "Idempotency-Key": "k1"}

    response = owner.post("/v1/apiKeys", json={"title": "sync", "password": PASSWORD}, headers=headers)

    assert (response.status_code, reason(response)) == (400, "NOT_REPEATABLE")
    assert response.json["error"]["message"].startswith("Idempotency-Key: ")
    assert owner.get("/v1/apiKeys").json["apiKeys"] == []
    # What has one effect anyway may carry a key.
    assert owner.patch("/v1/users/me", json={"displayName": "Olga"}, headers=headers).status_code == 200


@pytest.mark.parametrize(("size", "status"), [(1024 * 1024, 200), (1024 * 1024 + 1, 413), (3 * 1024 * 1024, 413)])
def test_a_body_that_does_not_say_its_length_is_measured(owner, contacts, size, status):
    body = b'{"firstName": "Ada"}'
    ended_by_server = {"wsgi.input": io.BytesIO(body.ljust(size)), "wsgi.input_terminated": True}
    headers = {**WRITE, "Transfer-Encoding": "chunked", "Content-Type": "application/json"}

    response = owner.open("/v1/contacts", method="POST", headers=headers, environ_overrides=ended_by_server)

    assert response.status_code == status
    assert len(contacts.asked) == (status == 200)


def test_half_a_body_is_none(owner, contacts):
    sent = {"wsgi.input": io.BytesIO(b'{"firstName": "Ada"}'), "wsgi.input_terminated": True, "CONTENT_LENGTH": "30"}

    response = owner.post("/v1/contacts", content_type="application/json", headers=WRITE, environ_overrides=sent)

    assert (response.status_code, reason(response)) == (400, "BAD_REQUEST")
    assert contacts.asked == []


@pytest.mark.parametrize(
    ("path", "body", "english", "russian"),
    [
        ("/v1/contacts", [], "the body must be an object", "тело запроса: ожидается объект"),
        ("/v1/contacts", {"firstName": 1}, "firstName: expected text", "firstName: ожидается текст"),
        ("/v1/contacts", {"emails": [1]}, "emails[0]: expected object", "emails[0]: ожидается объект"),
        (
            "/v1/contacts",
            {"kind": "X"},
            "kind: must be one of PERSON, COMPANY",
            "kind: должно быть одним из: PERSON, COMPANY",
        ),
        (
            "/v1/contacts",
            {"createTime": "yesterday"},
            "createTime: expected an instant such as 2026-11-23T12:00:00Z",
            "createTime: ожидается момент времени, например 2026-11-23T12:00:00Z",
        ),
        ("/v1/users", {"displayName": ""}, None, "displayName: "),
        ("/v1/portal:setUp", {"displayName": "x" * 999}, None, "displayName: "),
    ],
)
def test_refused_fields_are_told_by_their_names_in_json(owner, path, body, english, russian):
    messages = [
        owner.post(path, json=body, headers={**WRITE, "Accept-Language": language}).json["error"]["message"]
        for language in ("en", "ru")
    ]

    assert "display_name" not in "".join(messages)
    assert english in (None, messages[0])
    assert russian in messages[1]


def test_what_is_no_json_is_told_by_its_place(owner):
    headers = {**WRITE, "Accept-Language": "ru", "Content-Type": "application/json"}

    response = owner.post("/v1/contacts", data=b'{"kind":\n oops}', headers=headers)

    assert response.json["error"]["message"] == "тело запроса — не JSON, начиная со строки 2, символа 2"


def test_a_refused_field_is_named_as_in_json(owner, contacts):
    violation = errors.Violation("emails[0].display_name", "required", "value is required")
    contacts.refusal = errors.InvalidArgument("no", "INVALID_FIELDS", violations=[violation])

    response = owner.get("/v1/contacts/17", headers={"Accept-Language": "ru;q=0.9, de"})

    detail = response.json["error"]["details"][1]
    assert detail["@type"] == "type.googleapis.com/google.rpc.BadRequest"
    assert detail["fieldViolations"][0]["field"] == "emails[0].displayName"
    assert detail["fieldViolations"][0]["description"] == "заполните это поле"


def test_a_refusal_keeps_its_reason_metadata_and_resources(owner, contacts):
    contacts.refusal = errors.FailedPrecondition(
        "{count} invoices hold it", "CONTACT_IN_USE", count=3, resources=[("rapport/Invoice", "invoices/3", "INV3")]
    )

    response = owner.delete("/v1/contacts/17", headers=WRITE)

    assert response.status_code == 400
    error = response.json["error"]
    assert (error["code"], error["status"]) == (400, "FAILED_PRECONDITION")
    assert error["details"][0] == {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "CONTACT_IN_USE",
        "domain": "rapport",
        "metadata": {"count": "3"},
    }
    assert error["details"][1]["resourceName"] == "invoices/3"


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (errors.NotFound, 404),
        (errors.AlreadyExists, 409),
        (errors.Aborted, 409),
        (errors.PermissionDenied, 403),
        (errors.ResourceExhausted, 429),
        (errors.Unavailable, 503),
        (errors.DeadlineExceeded, 504),
        (errors.Unauthenticated, 401),
    ],
)
def test_codes_become_the_statuses_that_google_gives_them(owner, contacts, refusal, status):
    contacts.refusal = refusal("no", "NO")

    response = owner.get("/v1/contacts/17")

    assert response.status_code == status
    assert ("Retry-After" in response.headers) == (status in (429, 503))


def test_a_mistake_in_a_service_says_nothing_about_itself(owner, contacts):
    contacts.refusal = ZeroDivisionError("secret of the house")

    response = owner.get("/v1/contacts/17")

    assert response.status_code == 500
    assert response.json["error"]["message"] == "internal error"
    assert b"secret" not in response.data
    assert len(response.headers["X-Request-Id"]) == 32


def test_a_mistake_in_the_gateway_says_nothing_about_itself(owner, app, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("secret of the house")

    monkeypatch.setattr(app.extensions["backends"], "call", fail)

    response = owner.get("/v1/contacts/17")

    assert response.status_code == 500
    assert b"secret" not in response.data


def test_a_service_that_is_down_is_said_to_be_so_at_once(owner):
    response = owner.get("/v1/invoices/3")

    assert (response.status_code, reason(response)) == (503, "SERVICE_UNAVAILABLE")
    assert response.headers["Retry-After"] == "1"


def test_the_service_hears_who_asks_in_which_language_and_trace(owner, contacts):
    trace = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    headers = {"traceparent": trace, "X-Request-Id": "c" * 32, "Accept-Language": "ru"}

    response = owner.get("/v1/contacts/17", headers=headers)

    heard = contacts.metadata[0]
    assert response.headers["X-Request-Id"] == "a" * 32
    assert heard["traceparent"].split("-")[1] == "a" * 32
    assert heard["accept-language"] == "ru"
    assert heard["authorization"].count(".") == 2
    assert 9 < contacts.time_left[0] <= 10


@pytest.mark.parametrize("traceparent", ["00-" + "0" * 32 + "-" + "b" * 16 + "-01", "x", "00-" + "G" * 32 + "-1-01"])
def test_a_trace_that_is_none_is_not_taken_over(browser, traceparent):
    answers = [browser.get("/healthz", headers={"traceparent": traceparent}) for _ in range(2)]

    assert len({answer.headers["X-Request-Id"] for answer in answers}) == 2


def test_a_language_that_was_not_asked_for_is_the_callers(owner, contacts):
    owner.patch("/v1/users/me", json={"language": "ru"}, headers=WRITE)

    owner.get("/v1/contacts/17", headers={"Accept-Language": "de"})

    assert contacts.metadata[0]["accept-language"] == "ru"


def test_refusals_before_signing_in_speak_the_language_of_the_one_who_has(owner):
    owner.patch("/v1/users/me", json={"language": "ru"}, headers=WRITE)

    answers = [
        owner.get("/v1/nothing"),
        owner.get("/nothing"),
        owner.put("/v1/users/me"),
        owner.post("/v1/apiKeys", json={}),
    ]

    assert [answer.json["error"]["message"] for answer in answers] == [
        "по этому адресу ничего нет",
        "по этому адресу ничего нет",
        "по этому адресу такой метод не принимается",
        "этот запрос должен прийти с наших страниц, с заголовком X-CSRF-Protection: 1",
    ]
    english = owner.get("/v1/nothing", headers={"Accept-Language": "en"})
    assert english.json["error"]["message"] == "there is nothing at this address"


def test_the_same_token_serves_many_calls(owner, contacts):
    owner.get("/v1/contacts/17")
    owner.get("/v1/contacts/18")

    assert contacts.metadata[0]["authorization"] == contacts.metadata[1]["authorization"]


@pytest.mark.parametrize("path", ["/v1/contacts", "/v1/contacts/17", "/v1/users", "/v1/apiKeys", "/v1/sessions"])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}, {"Cookie": "rapport_session=nonsense"}])
def test_nobody_is_answered_without_signing_in(browser, contacts, path, headers):
    response = browser.get(path, headers=headers)

    assert (response.status_code, reason(response)) == (401, "UNAUTHENTICATED")
    assert contacts.asked == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-CSRF-Protection": "0"},
        {**WRITE, "Sec-Fetch-Site": "cross-site"},
        {**WRITE, "Sec-Fetch-Site": "same-site"},
        {**WRITE, "Origin": "https://evil.example"},
        {**WRITE, "Origin": "null"},
    ],
)
def test_another_site_cannot_write_with_our_cookie(owner, contacts, headers):
    response = owner.post("/v1/contacts", json={}, headers=headers)

    assert (response.status_code, reason(response)) == (403, "CSRF_REQUIRED")
    assert contacts.asked == []


def test_another_site_cannot_sign_a_browser_in(browser):
    body = {"email": "eve@example.com", "password": "x"}

    response = browser.post("/v1/sessions", json=body, headers={"Sec-Fetch-Site": "cross-site"})

    assert reason(response) == "CSRF_REQUIRED"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}])
def test_our_own_pages_write_with_the_cookie(owner, contacts, headers):
    assert owner.post("/v1/contacts", json={}, headers={**WRITE, **headers}).status_code == 200


def test_programs_write_with_a_bearer_token_alone(app, owner, contacts):
    token = owner.get_cookie("rapport_session").value

    response = app.test_client().post("/v1/contacts", json={}, headers={"Authorization": f"Bearer {token}"})

    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/openapi.json", "/v1/portal", "/v1/contacts", "/nothing", "/readyz"])
def test_every_answer_carries_the_headers_that_protect_it(browser, path):
    headers = browser.get(path, base_url="https://crm.example").headers

    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" in headers
    assert "Access-Control-Allow-Origin" not in headers
    assert len(headers["X-Request-Id"]) == 32


def test_plain_http_is_not_told_to_use_https(browser):
    assert "Strict-Transport-Security" not in browser.get("/healthz").headers


def test_readiness_names_each_dependency(browser):
    response = browser.get("/readyz")

    assert response.status_code == 503
    assert response.json["dependencies"] == {
        "database": "ok",
        "contacts": "ok",
        "invoicing": "UNAVAILABLE",
        "events": "ok",
    }


def test_a_strange_host_is_refused_where_hosts_are_known(identity, contacts):
    settings = identity.settings.model_copy(update={"trusted_hosts": ["crm.example"]})
    client = build(settings, identity).test_client()

    assert client.get("/healthz", base_url="http://crm.example").status_code == 200
    assert client.get("/healthz", base_url="http://evil.example").status_code == 400
