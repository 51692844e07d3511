"""The frame around every path: keys, versions, problems, limits, who is let in."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lastmile.embedded import Embedded
from lastmile.kernel.domain.identity import Role
from services.gateway.app import make_gateway
from services.gateway.parts import LARGEST_BODY_BYTES, Limits
from tests.gateway.api.conftest import ELSEWHERE, STATION, gateway_over
from tests.gateway.api.people import CODE, PASSWORD, StandInAccess

UNION = f"/api/v1/stations/{STATION}/membership/union:register-union"
Headers = dict[str, str]


def union(name: str) -> dict[str, Any]:
    return {"union_id": name, "name": "工会", "kind": "joint", "community": "c", "occurred_on": "2017-01-01"}


def covered(employer: str) -> dict[str, Any]:
    return {"union_id": "stale", "employer_id": employer, "employer_name": "公司", "occurred_on": "2017-01-02"}


def register(client: FlaskClient, who: Headers, key: str, name: str, **headers: str) -> TestResponse:
    more = {header.replace("_", "-"): value for header, value in headers.items()}
    return client.post(UNION, json=union(name), headers={**who, "Idempotency-Key": key, **more})


def problem_of(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    members: dict[str, Any] = response.get_json(force=True)
    assert members["code"] == code
    assert members["status"] == status
    assert {"type", "title", "detail"} <= set(members)
    return members


def test_an_order_answers_where_it_stands_and_its_version_as_the_etag(client: FlaskClient, clerk: Headers) -> None:
    response = register(client, clerk, "first", "first")
    assert response.status_code == 200
    answer = response.get_json()
    assert answer["event_types"] == ["UnionRegistered"]
    assert response.headers["ETag"] == f'"{answer["version"]}"'


def test_the_same_key_does_it_once(client: FlaskClient, clerk: Headers, home: Embedded) -> None:
    first, second = (register(client, clerk, "once", "once") for _ in range(2))
    assert first.data == second.data
    entries = home.services["membership"].entries(f"{STATION}/membership", 0, 1_000)
    assert len([entry for entry in entries if json.loads(entry)["command_id"] == "once"]) == 1


def test_the_same_key_with_another_body_is_a_conflict(client: FlaskClient, clerk: Headers) -> None:
    register(client, clerk, "twice", "twice")
    problem_of(register(client, clerk, "twice", "another"), 409, "conflict")


def test_an_order_without_a_key_is_refused(client: FlaskClient, clerk: Headers) -> None:
    problem_of(client.post(UNION, json=union("no-key"), headers=clerk), 400, "idempotency-key-needed")


def test_an_order_for_a_version_that_is_gone_is_refused(client: FlaskClient, clerk: Headers) -> None:
    read = register(client, clerk, "stale-0", "stale").headers["ETag"]
    path = f"/api/v1/stations/{STATION}/membership/union:cover-employer"
    answers = [
        client.post(path, json=employer, headers={**clerk, "Idempotency-Key": f"stale-{number}", "If-Match": read})
        for number, employer in enumerate((covered("one"), covered("two")), 1)
    ]
    assert answers[0].status_code == 200, answers[0].text
    assert answers[0].headers["ETag"] != read
    problem_of(answers[1], 412, "stale-version")


def test_if_match_must_be_an_etag(client: FlaskClient, clerk: Headers) -> None:
    problem_of(register(client, clerk, "match", "match", If_Match="seven"), 400, "bad-request")


def test_wrong_fields_are_named(client: FlaskClient, clerk: Headers) -> None:
    response = client.post(UNION, json={"union_id": "no id!", "more": 1}, headers={**clerk, "Idempotency-Key": "wrong"})
    fields = problem_of(response, 422, "invalid")["fields"]
    assert {"union_id", "name", "more"} <= set(fields)


def test_many_rows_have_an_outcome_each(client: FlaskClient, clerk: Headers) -> None:
    rows = [{"command_id": f"row-{n}", "body": union(f"row-{n}")} for n in range(3)]
    rows[1]["body"] = {}
    outcomes = client.post(f"{UNION}/batch", json={"rows": rows}, headers=clerk).get_json()["outcomes"]
    assert [outcome["status"] for outcome in outcomes] == ["done", "failed", "done"]
    assert [outcome["command_id"] for outcome in outcomes] == ["row-0", "row-1", "row-2"]
    assert outcomes[1]["problem"]["code"] == "invalid"
    again = client.post(f"{UNION}/batch", json={"rows": rows}, headers=clerk).get_json()["outcomes"]
    assert again == outcomes


def test_more_than_two_thousand_rows_are_refused(client: FlaskClient, clerk: Headers) -> None:
    rows = [{"command_id": str(n), "body": {}} for n in range(2_001)]
    assert (
        "rows"
        in problem_of(client.post(f"{UNION}/batch", json={"rows": rows}, headers=clerk), 422, "invalid")["fields"]
    )


@pytest.mark.parametrize(
    ("method", "path", "more", "status", "code"),
    [
        ("GET", "/api/v1/nowhere", {}, 404, "no-such-path"),
        ("GET", "/api/v1/stations/1/membership/unions", {}, 404, "no-such-path"),
        ("GET", UNION, {}, 405, "no-such-method"),
        ("POST", UNION, {"data": "{", "content_type": "application/json"}, 400, "bad-request"),
        ("POST", UNION, {"data": "[" * 2_000, "content_type": "application/json"}, 400, "bad-request"),
        ("POST", UNION, {"json": [[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]}, 422, "invalid"),
        ("POST", UNION, {"json": {"name": "\x00"}}, 422, "invalid"),
        ("POST", UNION, {"data": "a=1", "content_type": "text/plain"}, 415, "wrong-media-type"),
        (
            "POST",
            UNION,
            {"data": b" " * (LARGEST_BODY_BYTES + 1), "content_type": "application/json"},
            413,
            "too-large",
        ),
    ],
)
def test_what_cannot_be_read_is_a_problem(
    client: FlaskClient, clerk: Headers, method: str, path: str, more: dict[str, Any], status: int, code: str
) -> None:
    headers = {**clerk, "Idempotency-Key": "unreadable"}
    problem_of(client.open(path, method=method, headers=headers, **more), status, code)


def test_a_mistake_of_ours_tells_nothing_of_what_was_sent(
    app: Flask,
    clerk: Headers,
    access: StandInAccess,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("王小明")

    monkeypatch.setattr(access, "tell", broken)
    response = register(app.test_client(), clerk, "broken", "broken")
    problem_of(response, 500, "broken")
    assert "王小明" not in response.text + capsys.readouterr().out


def test_whoever_asks_too_often_is_told_when_to_ask_again(
    home: Embedded, access: StandInAccess, clerk: Headers
) -> None:
    limits = Limits(requests_a_minute=3, sign_ins_a_minute=1)
    client = make_gateway(gateway_over(home, access, limits)).test_client()
    answers = [client.get("/api/v1/sessions/current", headers=clerk) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    problem_of(answers[3], 429, "too-many-requests")
    assert int(answers[3].headers["Retry-After"]) > 0
    other = access.let_in("another", Role.CLERK, STATION)
    assert client.get("/api/v1/sessions/current", headers=other).status_code == 200


def test_nobody_is_let_in_without_a_session(client: FlaskClient) -> None:
    response = client.get(f"/api/v1/stations/{STATION}/membership/unions")
    problem_of(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"
    forged = {"Authorization": "Bearer forged"}
    problem_of(client.get(f"/api/v1/stations/{STATION}/membership/unions", headers=forged), 401, "unauthenticated")


def test_a_cookie_opens_nothing_here(app: Flask, access: StandInAccess) -> None:
    access.let_in("cookie", Role.CLERK, STATION)
    client = app.test_client()
    client.set_cookie("lastmile", "cookie")
    problem_of(client.get("/api/v1/sessions/current"), 401, "unauthenticated")


def test_people_of_another_station_are_refused(client: FlaskClient, access: StandInAccess) -> None:
    stranger = access.let_in("stranger", Role.CLERK, ELSEWHERE)
    problem_of(register(client, stranger, "stranger", "stranger"), 403, "forbidden")


def test_every_answer_is_kept_from_caches_and_frames(client: FlaskClient) -> None:
    for path in ("/api/v1/nowhere", "/api/v1/openapi.json", "/elsewhere"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_password_opens_a_session_and_signing_out_ends_it(client: FlaskClient) -> None:
    body = {"station": STATION, "account_name": "wang", "password": PASSWORD}
    opened = client.post("/api/v1/sessions", json=body, headers={"Idempotency-Key": "in"})
    assert opened.status_code == 201
    assert opened.get_json() == client.post("/api/v1/sessions", json=body, headers={"Idempotency-Key": "in"}).get_json()
    who = {"Authorization": f"Bearer {opened.get_json()['token']}"}
    assert client.get("/api/v1/sessions/current", headers=who).get_json()["person_id"] == "wang"
    assert client.delete("/api/v1/sessions/current", headers=who).status_code == 204
    problem_of(client.get("/api/v1/sessions/current", headers=who), 401, "unauthenticated")


def test_two_sign_ins_are_two_sessions(client: FlaskClient) -> None:
    body = {"station": STATION, "account_name": "wang", "password": PASSWORD}
    tokens = {
        client.post("/api/v1/sessions", json=body, headers={"Idempotency-Key": key}).get_json()["token"]
        for key in ("one", "two")
    }
    assert len(tokens) == 2


def test_a_wrong_password_opens_nothing(client: FlaskClient) -> None:
    body = {"station": STATION, "account_name": "wang", "password": "guessed"}
    problem_of(client.post("/api/v1/sessions", json=body, headers={"Idempotency-Key": "no"}), 401, "sign-in-refused")


def test_a_second_factor_confirms_the_session(client: FlaskClient, access: StandInAccess) -> None:
    who = access.let_in("to confirm", Role.CHAIR, STATION, "confirming")
    path = "/api/v1/sessions/current:confirm"
    wrong = client.post(path, json={"code": "000000"}, headers={**who, "Idempotency-Key": "1"})
    problem_of(wrong, 403, "second-factor-refused")
    right = client.post(path, json={"code": CODE}, headers={**who, "Idempotency-Key": "2"})
    assert right.get_json()["confirmed_until"]
