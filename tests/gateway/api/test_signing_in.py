"""Signing in over REST at the real access: people by password and second factor, systems by their secret."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyotp import TOTP

from lastmile.embedded import Embedded
from lastmile.kernel.domain.failures import Forbidden
from lastmile.settings import read_settings
from services.gateway.app import make_gateway
from services.gateway.session import hashed
from tests.gateway.api.conftest import ELSEWHERE, STATION, gateway_over
from tests.gateway.api.people import StandInAccess
from tests.gateway.api.test_frame import Headers, problem_of

FIRST, OWN, SECRET, SINCE = "first words given", "own words chosen", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "2017-01-01"
KEYS = count(1)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """A home with one clerk and one system."""
    opened = Embedded(read_settings({}, home=tmp_path_factory.mktemp("real")))
    opened.open_station(STATION)
    tell(opened, "RegisterPerson", person_id="wang", name="王某", occurred_on=SINCE)
    tell(opened, "GrantRole", person_id="wang", role="clerk", occurred_on=SINCE)
    tell(opened, "OpenAccount", person_id="wang", account_name="wang", first_password=FIRST)
    scopes = "membership.read logs.read"
    tell(opened, "RegisterSystem", client_id="city-12351", name="市平台", secret_hash=hashed(SECRET), scopes=scopes)
    yield opened
    opened.close()


def tell(home: Embedded, command: str, /, **body: Any) -> None:
    token = home.operator_token(STATION)
    (outcome,) = home.calls.tell("access", STATION, command, [(f"made-{next(KEYS)}", body)], token)
    assert outcome["status"] == "done", outcome


@pytest.fixture
def client(real: Embedded) -> FlaskClient:
    parts = gateway_over(real, StandInAccess(real.calls, real.composition))
    return make_gateway(replace(parts, calls=real.calls)).test_client()


def keyed(who: Headers | None = None) -> Headers:
    return {**(who or {}), "Idempotency-Key": f"key-{next(KEYS)}"}


def sign_in(client: FlaskClient, password: str) -> Any:
    body = {"station": STATION, "account_name": "wang", "password": password}
    return client.post("/api/v1/sessions", json=body, headers=keyed())


def test_a_person_changes_the_first_password_and_then_works_confirmed(client: FlaskClient, real: Embedded) -> None:
    opened = sign_in(client, FIRST)
    assert opened.status_code == 201, opened.text
    assert opened.get_json()["must_change_password"]
    who = {"Authorization": f"Bearer {opened.get_json()['token']}"}
    unions = f"/api/v1/stations/{STATION}/membership/unions"
    problem_of(client.get(unions, headers=who), 403, "password-change-needed")
    assert every_service_refuses(real, opened.get_json()["token"])

    here = f"/api/v1/stations/{STATION}/access"
    change = {"old": FIRST, "new": OWN}
    changed = client.post(f"{here}/account:change-password", json=change, headers=keyed(who))
    assert changed.status_code == 200, changed.text
    problem_of(client.get("/api/v1/sessions/current", headers=who), 401, "unauthenticated")

    who = {"Authorization": f"Bearer {sign_in(client, OWN).get_json()['token']}"}
    assert client.get(unions, headers=who).status_code == 200
    now = TOTP(SECRET).at(int(real.home.clock().timestamp()))
    enrol = {"person_id": "wang", "secret": SECRET, "code": now}
    enrolled = client.post(f"{here}/second-factor:enrol-second-factor", json=enrol, headers=keyed(who))
    assert enrolled.status_code == 200, enrolled.text
    wrong = client.post("/api/v1/sessions/current:confirm", json={"code": "000000"}, headers=keyed(who))
    problem_of(wrong, 403, "second-factor-refused")
    later = TOTP(SECRET).at(int(real.home.clock().timestamp()) + 30)
    confirmed = client.post("/api/v1/sessions/current:confirm", json={"code": later}, headers=keyed(who))
    assert confirmed.get_json()["confirmed_until"], confirmed.text
    assert client.delete("/api/v1/sessions/current", headers=who).status_code == 204
    problem_of(client.get(unions, headers=who), 401, "unauthenticated")


def every_service_refuses(real: Embedded, secret: str) -> bool:
    """Whether the identity behind a session, taken past the gateway, opens none of the questions and commands."""
    session = {"token_hash": hashed(secret)}
    identity = real.calls.ask("access", STATION, "session", session, real.composition.gateway_token)["identity"]
    (outcome,) = real.calls.tell("membership", STATION, "RegisterUnion", [("a", {})], identity)
    with pytest.raises(Forbidden):
        real.calls.ask("access", STATION, "names", {"person_ids": ["wang"]}, identity)
    with pytest.raises(Forbidden):
        real.calls.ask("membership", STATION, "unions", {}, identity)
    return outcome["status"] == "failed" and outcome["problem"]["code"] == Forbidden.code


def test_a_role_that_is_not_held_is_refused(client: FlaskClient) -> None:
    who = {"Authorization": f"Bearer {sign_in(client, OWN).get_json()['token']}"}
    path = "/api/v1/sessions/current"
    assert client.get(path, headers={**who, "Lastmile-Role": f"{STATION}:clerk"}).get_json()["role"] == "clerk"
    for chosen in (f"{STATION}:chair", f"{ELSEWHERE}:clerk", "nonsense", f"{STATION}:nonsense"):
        response = client.get(path, headers={**who, "Lastmile-Role": chosen})
        assert response.status_code in (403, 422), (chosen, response.text)


def test_guessing_is_slowed_and_told_when_to_try_again(client: FlaskClient) -> None:
    answers = [sign_in(client, f"guess number {number}") for number in range(12)]
    assert {answer.status_code for answer in answers} == {401, 429}
    slowed = problem_of(answers[-1], 429, "slow-down")
    assert int(answers[-1].headers["Retry-After"]) == slowed["where"]["wait_seconds"] > 0


def test_a_system_reads_what_its_scopes_say(client: FlaskClient) -> None:
    form = {"grant_type": "client_credentials", "client_id": "city-12351", "client_secret": SECRET}
    token = client.post("/api/v1/oauth/token", data=form).get_json()
    assert "scope" in token, token
    assert set(token["scope"].split()) == {"membership.read", "logs.read"}
    who = {"Authorization": f"Bearer {token['access_token']}"}
    assert client.get(f"/api/v1/logs/{STATION}/membership/entries", headers=who).status_code == 200
    problem_of(client.get(f"/api/v1/stations/{STATION}/relief/cases", headers=who), 403, "scope-needed")
    wrong = client.post("/api/v1/oauth/token", data={**form, "client_secret": "guessed"})
    assert (wrong.status_code, wrong.get_json()["error"]) == (401, "invalid_client")
    nobody = client.post("/api/v1/oauth/token", data={**form, "client_id": "nobody"})
    assert (nobody.status_code, nobody.get_json()["error"]) == (401, "invalid_client")
