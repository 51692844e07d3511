"""Questions: parameters in the address, cursors, and waiting for what one has just written."""

import threading

import pytest
from flask.testing import FlaskClient

from lastmile.embedded import Embedded
from lastmile.kernel.domain.identity import Role
from services.gateway.app import make_gateway
from services.gateway.parts import Limits
from tests.gateway.api.conftest import STATION, gateway_over
from tests.gateway.api.people import StandInAccess
from tests.gateway.api.test_frame import Headers, problem_of, register

HERE = f"/api/v1/stations/{STATION}"
REPORT = f"{HERE}/reporting/report"


def test_a_question_takes_its_parameters_from_the_address(client: FlaskClient, clerk: Headers) -> None:
    assert client.get(f"{REPORT}?year=2017&as_of=2017-10-31", headers=clerk).get_json()["year"] == 2017
    fields = problem_of(client.get(f"{REPORT}?year=two&as_of=31.10.2017&more=1", headers=clerk), 422, "invalid")[
        "fields"
    ]
    assert set(fields) == {"year", "as_of", "more"}


def test_a_question_about_an_area_is_for_those_who_see_every_station(
    client: FlaskClient, clerk: Headers, access: StandInAccess
) -> None:
    office = access.let_in("office", Role.DISTRICT_OFFICE, STATION)
    path = "/api/v1/stations/110102/reporting/report?year=2017"
    assert client.get(path, headers=office).status_code == 200
    problem_of(client.get(path, headers=clerk), 403, "forbidden")


def test_a_question_waits_for_ones_own_write(client: FlaskClient, clerk: Headers, home: Embedded) -> None:
    position = register(client, clerk, "waited", "waited-for").get_json()["position"]
    settling = threading.Thread(target=home.settle)
    settling.start()
    shown = client.get(f"{REPORT}?year=2017&min_position=membership:{position}", headers=clerk).get_json()
    settling.join()
    assert {log["log"]: log["position"] for log in shown["logs"]}[f"{STATION}/membership"] >= position


def test_a_service_shows_its_own_writes_at_once(client: FlaskClient, clerk: Headers) -> None:
    position = register(client, clerk, "at-once", "at-once").get_json()["position"]
    path = f"{HERE}/membership/unions?min_position=membership:{position}"
    assert "at-once" in client.get(path, headers=clerk).text


def test_what_is_not_shown_in_time_may_be_asked_again(home: Embedded, access: StandInAccess, clerk: Headers) -> None:
    client = make_gateway(gateway_over(home, access, Limits(position_seconds=0.1))).test_client()
    response = client.get(f"{REPORT}?year=2017&min_position=relief:1000", headers=clerk)
    problem_of(response, 503, "not-shown-yet")
    assert int(response.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    "wanted", ["relief", "relief:x", "nowhere:1", "activities:1", "&min_position=membership:1" * 9]
)
def test_a_position_that_is_none_is_refused(client: FlaskClient, clerk: Headers, wanted: str) -> None:
    path = f"{HERE}/membership/unions?min_position={wanted}"
    assert set(problem_of(client.get(path, headers=clerk), 422, "invalid")["fields"]) == {"min_position"}


def test_a_file_is_asked_about_by_a_body(client: FlaskClient, clerk: Headers) -> None:
    path = f"{HERE}/membership/roster-check:ask"
    fields = problem_of(client.post(path, json={"kind": "joined"}, headers=clerk), 422, "invalid")["fields"]
    assert {"file", "occurred_on"} <= set(fields)
    problem_of(client.post(path, json=[], headers=clerk), 422, "invalid")
    problem_of(client.post(path, data="file", headers=clerk), 415, "wrong-media-type")
    problem_of(client.get(path, headers=clerk), 405, "no-such-method")
