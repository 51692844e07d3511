"""What a service is given wrongly, over HTTP and directly: it says what is wrong and changes nothing."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lastmile.kernel.domain.failures import Conflict, Failure, Forbidden, Invalid, NotFound
from lastmile.kernel.domain.identity import Identity, Role, sign_identity
from lastmile.kernel.store.execution import Order
from lastmile.kernel.wire.calls import HttpCalls, Row
from lastmile.kernel.wire.door import LARGEST_BODY_BYTES
from services.membership.permissions import PERMISSIONS
from tests.system.forking import ForkedDeployment
from tests.system.station import TODAY, Station, identity_number

WRONG = {
    "union_id": "not an id!",
    "name": "",
    "identity_number": "99999919600101000X",
    "employment": "idle",
    "occurred_on": "30 February",
    "shoe_size": 42,
}
"""A RegisterMember in which every field is wrong, and one is none."""

RIGHT = {"union_id": "union", "name": "李四", "identity_number": identity_number(100), "occurred_on": TODAY}
UNWRITABLE = "李\x00四"
"""Text that PostgreSQL cannot store."""


def somebody(station: Station) -> dict[str, str]:
    """A RegisterMember that is right, of a person whom no other station has."""
    return RIGHT | {"identity_number": identity_number(int(station.code[-3:]) * 1_000)}


@pytest.fixture
def unchanged(station: Station) -> Any:
    """The station; when the test ends, its log is as it was."""
    before = station.data("membership")
    yield station
    assert station.data("membership") == before


def refusal(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem (RFC 9457) that a response tells, which must be this one."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["code"] == code, problem
    return problem


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


def test_a_command_for_another_station_is_refused(unchanged: Station) -> None:
    elsewhere = unchanged.token(station="110102999")
    refusal(unchanged.post("membership", "RegisterMember", RIGHT, "elsewhere", elsewhere), 403, "forbidden")


def test_a_command_without_its_role_is_refused(unchanged: Station) -> None:
    cashier = unchanged.token(Role.CASHIER)
    refusal(unchanged.post("membership", "RegisterMember", RIGHT, "cashier", cashier), 403, "forbidden")


def test_a_question_for_another_station_or_role_is_refused(unchanged: Station) -> None:
    for token in (unchanged.token(station="110102999"), unchanged.token(Role.CASHIER)):
        response = ask(unchanged, "questions/members", {"text": "李"}, token)
        refusal(response, 403, "forbidden")


@pytest.mark.parametrize("command", ["EraseEverything", "registermember", "RegisterMember ", "💥"])
def test_an_unknown_command_is_not_found(unchanged: Station, command: str) -> None:
    refusal(unchanged.post("membership", command, RIGHT, "unknown"), 404, "not-found")


def test_a_path_that_is_none_is_not_found(unchanged: Station) -> None:
    for path in ("/", "/nowhere", f"/stations/{unchanged.code}/commands", "/logs/../health"):
        response = unchanged.client.get(unchanged.url("membership") + path)
        assert response.status_code in (404, 200 if path.endswith("health") else 404), path


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


def test_a_command_needs_an_id(unchanged: Station) -> None:
    response = ask(unchanged, "commands/RegisterMember", RIGHT, unchanged.token())
    assert set(refusal(response, 422, "invalid")["fields"]) == {"command_id"}
    too_long = unchanged.post("membership", "RegisterMember", RIGHT, "x" * 161)
    assert set(refusal(too_long, 422, "invalid")["fields"]) == {"command_id"}


def test_an_identity_that_is_missing_forged_changed_or_expired_is_refused(unchanged: Station) -> None:
    body, _, signature = unchanged.token().partition(".")
    chair = Identity(
        "clerk", Role.CHAIR, unchanged.code, "2099-01-01T00:00:00Z", confirmed_until="9999-12-31T00:00:00Z"
    )
    tokens = [
        sign_identity(chair, Ed25519PrivateKey.generate()),
        f"{sign_identity(chair, Ed25519PrivateKey.generate()).partition('.')[0]}.{signature}",
        f"{body}.",
        body,
        "nonsense",
        f"{body}.{signature}.{signature}",
        unchanged.token(expires_at="2017-01-01T00:00:00Z"),
        unchanged.token(expires_at="2099-01-01T00:00:00"),
        unchanged.token(expires_at="never"),
    ]
    for token in tokens:
        response = unchanged.post("membership", "RegisterMember", RIGHT, "forged", token)
        refusal(response, 401, "unauthenticated")
    url = f"{unchanged.url('membership')}/stations/{unchanged.code}/commands/RegisterMember"
    for header in ("", "Bearer", f"Basic {unchanged.token()}", f"Service {unchanged.token()}"):
        refusal(unchanged.client.post(url, json=RIGHT, headers={"Authorization": header}), 401, "unauthenticated")


def test_logs_are_shown_to_neighbours_alone(unchanged: Station) -> None:
    for path in (
        "/logs",
        f"/logs/{unchanged.code}/membership/entries",
        f"/logs/{unchanged.code}/membership/checkpoint",
    ):
        for header in ({}, {"Authorization": f"Bearer {unchanged.token()}"}, {"Authorization": "Service secret"}):
            refusal(unchanged.client.get(unchanged.url("membership") + path, headers=header), 401, "unauthenticated")


def test_a_neighbour_that_asks_oddly_gets_an_answer_all_the_same(unchanged: Station) -> None:
    headers = {"Authorization": f"Service {unchanged.deployment.composition.neighbour_secret}"}
    url = f"{unchanged.url('membership')}/logs/{unchanged.code}/membership/entries"
    whole = unchanged.client.get(url, headers=headers).content
    assert whole.count(b"\n") == len(unchanged.data("membership"))
    for odd in ({"after": "-5"}, {"after": "x"}, {"limit": "1000000"}):
        assert unchanged.client.get(url, headers=headers, params=odd).content == whole
    for none in ({"limit": "-1"}, {"limit": "0"}, {"after": str(2**80)}):
        response = unchanged.client.get(url, headers=headers, params=none)
        assert (response.status_code, response.content) == (200, b""), none


def test_the_same_id_with_another_body_is_a_conflict_and_with_the_same_is_one_deed(station: Station) -> None:
    right = somebody(station)
    first = station.post("membership", "RegisterMember", right, "twice")
    written = station.data("membership")
    again = station.post("membership", "RegisterMember", dict(reversed(right.items())), "twice")
    assert (again.status_code, again.json()) == (200, first.json())
    for other in (right | {"name": "李五"}, right | {"phone": "13900000000"}):
        refusal(station.post("membership", "RegisterMember", other, "twice"), 409, "conflict")
    refusal(station.post("membership", "JoinMember", right, "twice"), 409, "conflict")
    assert station.data("membership") == written


def test_a_refusal_is_not_kept_so_the_same_id_may_be_asked_again(station: Station) -> None:
    right = somebody(station)
    refusal(station.post("membership", "JoinMember", right | {"union_id": "none"}, "again"), 409, "no-such-union")
    assert station.post("membership", "JoinMember", right, "again").is_success


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


def test_every_command_of_membership_is_refused_to_whom_it_is_not_for(unchanged: Station) -> None:
    for name, roles in PERMISSIONS.items():
        for role in (Role.CLERK, Role.CASHIER, Role.DISTRICT_AUDITOR, Role.CITY_SYSTEM):
            if role not in roles:
                kind = "commands" if name[0].isupper() else "questions"
                refusal(ask(unchanged, f"{kind}/{name}", {}, unchanged.token(role)), 403, "forbidden")


def ask(station: Station, path: str, body: Any, token: str) -> httpx.Response:
    """Post to membership, without a command id. Bytes go as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    url = f"{station.url('membership')}/stations/{station.code}/{path}"
    return station.client.post(url, content=content, headers={"Authorization": f"Bearer {token}"})
