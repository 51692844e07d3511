"""Systems sign in by client credentials, in the words of RFC 6749."""

import base64
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.gateway.api.conftest import STATION
from tests.gateway.api.people import PASSWORD

TOKEN = "/api/v1/oauth/token"


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{client_id}:{secret}'.encode()).decode()}"}


def asked(client: FlaskClient, headers: dict[str, str] | None = None, **form: str) -> TestResponse:
    return client.post(TOKEN, data={"grant_type": "client_credentials", **form}, headers=headers or {})


@pytest.mark.parametrize("in_form", [False, True])
def test_a_client_gets_a_token_that_opens_what_its_scopes_say(client: FlaskClient, in_form: bool) -> None:
    if in_form:
        response = asked(client, client_id="city", client_secret=PASSWORD)
    else:
        response = asked(client, basic("city", PASSWORD), scope="logs.read")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    token = response.get_json()
    assert token["token_type"] == "Bearer"
    assert token["scope"] == "logs.read"
    who = {"Authorization": f"Bearer {token['access_token']}"}
    assert client.get(f"/api/v1/logs/{STATION}/relief/entries", headers=who).status_code == 200
    refused = client.get(f"/api/v1/stations/{STATION}/membership/unions", headers=who)
    assert refused.get_json()["code"] == "scope-needed"


def test_two_tokens_are_two_sessions(client: FlaskClient) -> None:
    tokens = {asked(client, basic("city", PASSWORD)).get_json()["access_token"] for _ in range(2)}
    assert len(tokens) == 2


@pytest.mark.parametrize(
    ("headers", "form", "status", "error"),
    [
        (basic("city", "guessed"), {}, 401, "invalid_client"),
        (basic("nobody", PASSWORD), {}, 401, "invalid_client"),
        ({}, {}, 401, "invalid_client"),
        (basic("city", PASSWORD), {"grant_type": "password"}, 400, "unsupported_grant_type"),
        (basic("city", PASSWORD), {"grant_type": ""}, 400, "unsupported_grant_type"),
        (basic("city", PASSWORD), {"scope": "relief.write"}, 400, "invalid_scope"),
    ],
)
def test_what_a_client_does_wrong_is_told_in_the_words_of_the_standard(
    client: FlaskClient, headers: dict[str, str], form: dict[str, str], status: int, error: str
) -> None:
    response = asked(client, headers, **form)
    assert (response.status_code, response.get_json()["error"]) == (status, error)
    if status == 401:
        assert response.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize("sent", [{"json": {}}, {"data": {"client_id": "a"}}, {"data": "grant_type=a&grant_type=b"}])
def test_a_request_that_is_none_is_refused(client: FlaskClient, sent: dict[str, Any]) -> None:
    if isinstance(sent.get("data"), str):
        sent["content_type"] = "application/x-www-form-urlencoded"
    response = client.post(TOKEN, headers=basic("city", PASSWORD), **sent)
    assert (response.status_code, response.get_json()["error"]) == (400, "invalid_request")
