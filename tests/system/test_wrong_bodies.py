"""Bodies that a service is given wrongly, over HTTP and directly: it says what is wrong and changes nothing."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from lastmile.kernel.domain.failures import Conflict, Failure, Forbidden, Invalid, NotFound
from lastmile.kernel.domain.identity import Identity, Role
from lastmile.kernel.store.execution import Order
from lastmile.kernel.wire.calls import HttpCalls, Row
from lastmile.kernel.wire.door import LARGEST_BODY_BYTES
from tests.system.forking import ForkedDeployment
from tests.system.station import TODAY, Station, identity_number
from tests.system.wrongly import RIGHT, UNWRITABLE, WRONG, ask, refusal, somebody


def test_a_malformed_command_names_each_wrong_field(unchanged: Station) -> None:
    problem = refusal(unchanged.post("membership", "RegisterMember", WRONG, "wrong"), 422, "invalid")
    assert set(problem["fields"]) == set(WRONG)


def test_a_command_with_nothing_in_it_names_each_field_that_is_missing(unchanged: Station) -> None:
    problem = refusal(unchanged.post("membership", "RegisterMember", {}, "empty"), 422, "invalid")
    assert set(problem["fields"]) == {"union_id", "name", "identity_number", "occurred_on"}


@pytest.mark.parametrize("body", [[], None, "text", 7, [1]])
def test_a_body_that_is_no_object_is_refused(unchanged: Station, body: Any) -> None:
    refusal(unchanged.post("membership", "RegisterMember", body, "no-object"), 422, "invalid")


@pytest.mark.parametrize("body", [{"union_id": 1.5}, {"union_id": 2**60}, {"书": "x"}, {"union_id": {"a": [1e300]}}])
def test_what_has_no_canonical_form_is_refused(unchanged: Station, body: Any) -> None:
    problem = refusal(unchanged.post("membership", "RegisterMember", RIGHT | body, "not-canonical"), 422, "invalid")
    assert problem["fields"]


def test_text_that_a_database_cannot_store_is_refused_by_its_field(unchanged: Station) -> None:
    body = RIGHT | {"name": UNWRITABLE}
    problem = refusal(unchanged.post("membership", "RegisterMember", body, "unwritable"), 422, "invalid")
    assert set(problem["fields"]) == {"name"}


def test_a_command_id_that_a_database_cannot_store_is_refused(unchanged: Station) -> None:
    rows = {"rows": [{"command_id": UNWRITABLE, "body": RIGHT}]}
    response = ask(unchanged, "commands/RegisterMember/rows", rows, unchanged.token())
    assert response.status_code == 200, response.text
    (outcome,) = response.json()["outcomes"]
    assert outcome["problem"]["fields"].keys() == {"command_id"}


def test_a_question_that_a_database_cannot_store_is_refused(unchanged: Station) -> None:
    response = ask(unchanged, "questions/members", {"text": UNWRITABLE}, unchanged.token())
    assert set(refusal(response, 422, "invalid")["fields"]) == {"text"}


def test_one_wrong_row_spoils_no_other(station: Station) -> None:
    rows: list[Row] = [
        ("one", somebody(station)),
        ("two", WRONG),
        ("three", somebody(station) | {"identity_number": identity_number(101)}),
    ]
    urls = {"membership": station.url("membership")}
    outcomes = HttpCalls(urls).tell("membership", station.code, "RegisterMember", rows, station.token())
    assert [outcome["status"] for outcome in outcomes] == ["done", "failed", "done"]
    assert set(outcomes[1]["problem"]["fields"]) == set(WRONG)
    assert [entry.command_id for entry in station.entries("membership")][-2:] == ["one", "three"]


@pytest.mark.parametrize("rows", [None, {}, "rows", [1], [{"body": {}}], [{"command_id": 7}], [{}] * 2_001])
def test_rows_that_are_none_are_refused(unchanged: Station, rows: Any) -> None:
    response = ask(unchanged, "commands/RegisterMember/rows", {"rows": rows}, unchanged.token())
    refusal(response, 422, "invalid")


def test_what_is_not_json_is_refused(unchanged: Station) -> None:
    for content in (b"", b"{", b"\xff\xfe", b'{"name": NaN}', b"[" * 5_000, b'{"name": "\\ud800"}'):
        response = ask(unchanged, "commands/RegisterMember", content, unchanged.token())
        assert "body" in refusal(response, 422, "invalid")["fields"], content[:20]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(unchanged: Station) -> None:
    address = urlsplit(unchanged.url("membership"))
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    connection.putrequest("POST", f"/stations/{unchanged.code}/commands/RegisterMember")
    connection.putheader("Authorization", f"Bearer {unchanged.token()}")
    connection.putheader("Content-Length", str(LARGEST_BODY_BYTES + 1))
    connection.endheaders()
    response = connection.getresponse()
    assert response.status == 422
    assert "body" in json.loads(response.read())["fields"]
    connection.close()


def test_a_body_without_a_length_that_is_too_large_is_refused(unchanged: Station) -> None:
    def endless() -> Any:
        for _ in range(LARGEST_BODY_BYTES // 65_536 + 1):
            yield b" " * 65_536
        yield json.dumps(RIGHT).encode()

    headers = {"Authorization": f"Bearer {unchanged.token()}", "Idempotency-Key": "endless"}
    url = f"{unchanged.url('membership')}/stations/{unchanged.code}/commands/RegisterMember"
    response = unchanged.client.post(url, content=endless(), headers=headers)
    refusal(response, 422, "invalid")


def test_the_services_go_on_after_all_this(deployment: ForkedDeployment, station: Station) -> None:
    station.post("membership", "RegisterMember", RIGHT | {"name": UNWRITABLE}, "unwritable")
    station.enrol(150)
    assert deployment.ready("membership")["ready"] is True


def test_asked_directly_the_same_is_refused(station: Station) -> None:
    service = station.deployment.composition.service("membership")
    before = station.data("membership")
    clerk = Identity("clerk", Role.CLERK, station.code, "2099-01-01T00:00:00Z")
    elsewhere = Identity("clerk", Role.CLERK, "110102999", "2099-01-01T00:00:00Z")
    cashier = Identity(
        "cashier", Role.CASHIER, station.code, "2099-01-01T00:00:00Z", confirmed_until="9999-12-31T00:00:00Z"
    )

    def failure(name: str, body: Any, identity: Identity = clerk, command_id: str = "direct") -> Failure:
        order = Order(command_id=command_id, station=station.code, name=name, body=body, identity=identity)
        (outcome,) = service.commands([order])
        assert isinstance(outcome, Failure)
        return outcome

    malformed = failure("RegisterMember", WRONG)
    assert isinstance(malformed, Invalid)
    assert set(malformed.fields) == set(WRONG)
    assert isinstance(failure("RegisterMember", RIGHT, elsewhere), Forbidden)
    assert isinstance(failure("RegisterMember", RIGHT, cashier), Forbidden)
    assert isinstance(failure("Nothing", RIGHT), NotFound)
    assert isinstance(failure("RegisterMember", RIGHT, command_id=""), Invalid)
    assert isinstance(failure("RegisterUnion", {"occurred_on": TODAY}, command_id="command-1"), Invalid)
    taken = {"union_id": "u", "name": "x", "kind": "single", "community": "c", "occurred_on": TODAY}
    assert isinstance(failure("RegisterUnion", taken, command_id="command-1"), Conflict)
    assert station.data("membership") == before
    service.database.close()
