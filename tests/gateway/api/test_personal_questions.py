"""What is asked with personal data goes in a body: addresses are kept by proxies and logs."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lastmile.catalogue import catalogue
from lastmile.kernel.domain.identity import Role
from services.gateway.api.questions import ways_of
from services.gateway.catalogue import QuestionOffered
from tests.gateway.api.conftest import STATION
from tests.gateway.api.people import StandInAccess
from tests.gateway.api.test_frame import Headers, problem_of, register
from tests.membership.station import identity_number

LIST = f"/api/v1/stations/{STATION}/membership/members"
BY_BODY = f"{LIST}:ask"
NUMBERS = {f"慕容{name}": identity_number(700 + place) for place, name in enumerate("甲乙丙丁戊")}


@pytest.fixture(scope="module", autouse=True)
def _members(app: Flask, access: StandInAccess) -> None:
    client, who = app.test_client(), access.let_in("who joins them", Role.CLERK, STATION)
    register(client, who, "personal-union", "personal-union")
    for name, number in NUMBERS.items():
        body = {"name": name, "identity_number": number, "union_id": "personal-union", "occurred_on": "2017-03-01"}
        path = f"/api/v1/stations/{STATION}/membership/member:join-member"
        answer = client.post(path, json=body, headers={**who, "Idempotency-Key": f"join-{number}"})
        assert answer.status_code == 200, answer.text


def personal() -> Iterator[QuestionOffered]:
    yield from (offered for offered in catalogue().questions() if offered.personal)


def test_a_member_is_found_by_what_a_body_says(client: FlaskClient, clerk: Headers) -> None:
    for text in ("慕容甲", "mrj", NUMBERS["慕容甲"], NUMBERS["慕容甲"][-4:]):
        answer = client.post(BY_BODY, json={"text": text, "living": True}, headers=clerk)
        assert answer.status_code == 200, answer.text
        assert "慕容甲" in {row["name"] for row in answer.get_json()["rows"]}, text


def test_in_an_address_it_is_refused_with_the_way_to_ask_it(client: FlaskClient, clerk: Headers) -> None:
    for asked in ({"text": "慕容甲"}, {"text": ["慕容甲", "慕容乙"], "size": "1"}, {"text": ""}):
        fields = problem_of(client.get(LIST, query_string=asked, headers=clerk), 422, "invalid")["fields"]
        assert fields.keys() == {"text"}
        assert f"POST {BY_BODY}" in fields["text"][0]
        assert "慕容" not in str(fields)


def test_everything_else_may_stand_in_the_address(client: FlaskClient, clerk: Headers) -> None:
    answer = client.get(f"{LIST}?union_id=personal-union&living=true&size=2", headers=clerk)
    assert answer.get_json()["count"] == len(NUMBERS)
    assert 'rel="next"' in answer.headers["Link"]


def test_a_cursor_in_the_body_leads_to_the_next_page(client: FlaskClient, clerk: Headers) -> None:
    found: list[str] = []
    asked = {"text": "慕容", "size": 2}
    while "after" not in asked or asked["after"]:
        answer = client.post(BY_BODY, json=asked, headers=clerk)
        assert answer.status_code == 200, answer.text
        assert "Link" not in answer.headers, "there is no address that leads on"
        told = answer.get_json()
        assert told["count"] == len(NUMBERS)
        found += [row["name"] for row in told["rows"]]
        asked["after"] = told["next"]
    assert sorted(found) == sorted(NUMBERS)


def test_what_a_body_says_wrongly_is_named(client: FlaskClient, clerk: Headers) -> None:
    wrong = {"text": "", "size": "two", "more": 1}
    assert problem_of(client.post(BY_BODY, json=wrong, headers=clerk), 422, "invalid")["fields"].keys() == wrong.keys()
    problem_of(client.post(BY_BODY, json=["慕容"], headers=clerk), 422, "invalid")
    problem_of(client.post(BY_BODY, data="text=慕容", headers=clerk), 415, "wrong-media-type")


def test_the_address_of_a_body_says_nothing_either(client: FlaskClient, clerk: Headers) -> None:
    answer = client.post(f"{BY_BODY}?text=慕容甲", json={}, headers=clerk)
    assert problem_of(answer, 422, "invalid")["fields"].keys() == {"text"}


def test_what_is_personal_is_described_for_the_body_and_for_no_address(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    found = list(personal())
    assert {f"{offered.service}.{offered.name}" for offered in found} >= {"membership.members"}
    for offered in found:
        for method, path in ways_of(offered):
            described = document["paths"]["/api/v1" + path.replace("<area:station>", "{station}")][method.lower()]
            if method == "GET":
                names = {each.get("name") for each in described["parameters"]}
                assert names.isdisjoint(offered.personal)
                assert set(offered.schema.fields) - offered.personal <= names
            else:
                schema = described["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
                assert offered.schema.fields.keys() == document["components"]["schemas"][schema]["properties"].keys()
                assert "Link" not in described["responses"]["200"].get("headers", {})


def test_every_operation_has_an_id_of_its_own(app: Flask) -> None:
    paths = app.test_client().get("/api/v1/openapi.json").get_json()["paths"]
    ids = [way["operationId"] for path in paths.values() for way in path.values() if isinstance(way, dict)]
    assert len(ids) == len(set(ids))
    assert {"membership.members", "membership.members.ask"} <= set(ids)


def test_it_is_the_mark_that_makes_the_second_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    (offered,) = (each for each in personal() if each.name == "members")
    assert [method for method, _ in ways_of(offered)] == ["GET", "POST"]
    monkeypatch.setattr(offered.schema.fields["text"], "metadata", {})
    assert [method for method, _ in ways_of(offered)] == ["GET"]
