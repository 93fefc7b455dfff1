"""What callers see when the database of the gateway is away, or was."""

from tests.gateway.conftest import PASSWORD, WRITE, cut_connections, reason, without_database


def test_connections_that_were_cut_are_nobodys_trouble(owner, identity):
    for _ in range(2):
        cut_connections(identity)

        assert owner.get("/v1/users/me").status_code == 200
        assert owner.patch("/v1/portalSettings", json={"title": "A"}, headers=WRITE).status_code == 200


def test_a_database_that_is_away_is_said_to_be_so(owner, identity):
    with without_database(identity):
        answers = [
            owner.get("/v1/users/me"),
            owner.get("/v1/contacts"),
            owner.post("/v1/apiKeys", json={"title": "sync", "password": PASSWORD}, headers=WRITE),
            owner.post("/v1/sessions", json={"email": "a@example.com", "password": "x"}),
        ]

    assert {(answer.status_code, reason(answer)) for answer in answers} == {(503, "DATABASE_UNAVAILABLE")}
    assert answers[0].headers["Retry-After"] == "2"
    assert owner.get("/v1/users/me").status_code == 200


def test_what_needs_no_database_is_refused_without_it(owner, identity):
    with without_database(identity):
        answer = owner.get("/v1/nothing")

    assert (answer.status_code, reason(answer)) == (404, "ROUTE_NOT_FOUND")
