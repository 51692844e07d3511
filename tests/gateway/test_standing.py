"""How the gateway fares is told to those who run it, and to nobody who comes through a proxy."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.gateway.standing import PATHS, mount_standing

ALL_WELL: dict[str, Mapping[str, Any]] = {
    "access": {"ready": True, "lag": {}},
    "relief": {"ready": True, "lag": {"membership": 3}},
}


def client_over(readiness: Mapping[str, Mapping[str, Any]]) -> FlaskClient:
    app = Flask(__name__)
    app.add_url_rule("/work", view_func=lambda: "done")
    mount_standing(app, lambda: readiness)
    return app.test_client()


def test_it_is_ready_and_tells_what_lags_behind_it() -> None:
    answer = client_over(ALL_WELL).get("/ready")
    assert answer.status_code == 200
    assert answer.get_json()["services"]["relief"]["lag"] == {"membership": 3}


def test_it_is_ready_while_a_service_is_away_that_nobody_needs_to_get_in() -> None:
    answer = client_over(ALL_WELL | {"relief": {"ready": False, "away": "ConnectError"}}).get("/ready")
    assert answer.status_code == 200
    assert answer.get_json()["services"]["relief"] == {"ready": False, "away": "ConnectError"}


@pytest.mark.parametrize("access", [{}, {"access": {"ready": False, "away": "ConnectError"}}])
def test_it_is_alive_but_not_ready_while_access_is_away(access: dict[str, Mapping[str, Any]]) -> None:
    client = client_over(access)
    assert client.get("/ready").status_code == 503
    assert client.get("/health").status_code == 200


def test_requests_are_counted_and_timed_by_method_and_status() -> None:
    client = client_over(ALL_WELL)
    client.get("/work")
    client.get("/nowhere")
    told = client.get("/metrics").text
    assert 'lastmile_request_seconds_count{method="GET",status="200"} 1.0' in told
    assert 'lastmile_request_seconds_count{method="GET",status="404"} 1.0' in told
    assert 'lastmile_service_lag_entries{follower="membership",service="relief"} 3.0' in told
    assert "lastmile_gateway_ready 1.0" in told


@pytest.mark.parametrize("path", PATHS)
def test_nothing_of_it_is_told_through_a_proxy(path: str) -> None:
    client = client_over(ALL_WELL)
    assert client.get(path).status_code == 200
    assert client.get(path, headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404
