"""City systems: registered within scopes, signed in with a secret for an hour, withdrawn."""

from datetime import date

import pytest

from lastmile.kernel.domain.failures import Conflict, Invalid, NotFound, Unauthenticated
from lastmile.kernel.domain.identity import Role, gateway_identity
from services.access.api import HANDLERS
from services.access.slowing import FROM_AN_ADDRESS_PER_HOUR, SlowDown
from services.access.system import (
    ClientIdTaken,
    RegisterSystem,
    ReplaceSystemSecret,
    SystemIsWithdrawn,
    SystemRegistered,
    SystemSecretReplaced,
    SystemWithdrawn,
    WithdrawSystem,
)
from tests.access.door import ADMINISTRATOR, ELSEWHERE, HERE, THERE, Door, hashed
from tests.spec import Spec

DAY = date(2017, 6, 1)
spec = Spec(HANDLERS)
REGISTER = RegisterSystem(
    client_id="city", name="12351", secret_hash="a" * 64, scopes="logs.read reporting.read logs.read", today=DAY
)
REGISTERED = SystemRegistered(
    client_id="city", name="12351", secret_hash="a" * 64, scopes="logs.read reporting.read", occurred_on=DAY
)
WITHDRAWN = SystemWithdrawn(client_id="city", occurred_on=DAY)
REPLACE = ReplaceSystemSecret(client_id="city", secret_hash="b" * 64, today=DAY)


def test_a_system_is_registered_once_under_an_id_of_its_own() -> None:
    spec.knowing(False).when(REGISTER).then(REGISTERED)
    spec.given(REGISTERED).knowing(True).when(REGISTER).then_nothing()
    other = RegisterSystem(client_id="city", name="12351", secret_hash="b" * 64, scopes="logs.read", today=DAY)
    spec.given(REGISTERED).knowing(True).when(other).then_refused(Conflict)
    spec.knowing(True).when(REGISTER).then_refused(ClientIdTaken)


def test_its_secret_is_replaced_once() -> None:
    replaced = SystemSecretReplaced(client_id="city", secret_hash="b" * 64, occurred_on=DAY)
    spec.given(REGISTERED).when(REPLACE).then(replaced)
    spec.given(REGISTERED, replaced).when(REPLACE).then_nothing()
    spec.when(REPLACE).then_refused(NotFound)


def test_what_is_withdrawn_stays_withdrawn() -> None:
    withdraw = WithdrawSystem(client_id="city", today=DAY)
    spec.given(REGISTERED).when(withdraw).then(WITHDRAWN)
    spec.given(REGISTERED, WITHDRAWN).when(withdraw).then_nothing()
    spec.given(REGISTERED, WITHDRAWN).when(REPLACE).then_refused(SystemIsWithdrawn)
    spec.given(REGISTERED, WITHDRAWN).knowing(True).when(REGISTER).then_refused(SystemIsWithdrawn)


def register(door: Door, at: str = HERE) -> None:
    body = {"client_id": "city", "name": "12351", "secret_hash": hashed("secret"), "scopes": "reporting.read logs.read"}
    door.tell("RegisterSystem", at=at, **body)


def knock(door: Door, words: str = "secret", at: str = HERE, client_id: str = "city") -> tuple[str, str]:
    session_id = f"m{next(door.numbers)}"
    token = f"token of {session_id}"
    body = {"client_id": client_id, "secret_hash": hashed(words), "address": ELSEWHERE}
    opening = {"session_id": session_id, "token_hash": hashed(token), **body}
    (outcome,) = door.tell("OpenSystemSession", gateway_identity(), at, **opening)["event_types"]
    return outcome, token


def test_a_system_acts_within_its_scopes_for_an_hour(door: Door) -> None:
    register(door)
    outcome, token = knock(door)
    assert outcome == "SignedIn"
    shown = door.session(token)
    assert (shown["role"], shown["person_id"], shown["name"]) == ("city_system", "city", "12351")
    assert shown["scopes"] == ["logs.read", "reporting.read"]
    assert door.identity(token).role is Role.CITY_SYSTEM
    door.clock.move(minutes=59)
    door.session(token)
    door.clock.move(minutes=1)
    with pytest.raises(Unauthenticated):
        door.session(token)


def test_a_wrong_secret_an_unknown_or_a_withdrawn_system_is_refused(door: Door) -> None:
    register(door)
    assert knock(door, "a wrong one")[0] == "SignInRefused"
    assert knock(door, client_id="nobody")[0] == "UnknownSignInRefused"
    assert knock(door, at=THERE)[0] == "UnknownSignInRefused"
    token = knock(door)[1]
    door.tell("WithdrawSystem", client_id="city")
    with pytest.raises(Unauthenticated):
        door.session(token)
    assert knock(door)[0] == "SignInRefused"


def test_another_secret_ends_what_the_old_one_opened(door: Door) -> None:
    register(door)
    token = knock(door)[1]
    door.tell("ReplaceSystemSecret", client_id="city", secret_hash=hashed("another"))
    with pytest.raises(Unauthenticated):
        door.session(token)
    assert knock(door)[0] == "SignInRefused"
    assert knock(door, "another")[0] == "SignedIn"


def test_a_flood_of_wrong_secrets_does_not_fill_the_log(door: Door) -> None:
    register(door)
    recorded = 0
    for number in range(FROM_AN_ADDRESS_PER_HOUR + 10):
        try:
            knock(door, client_id=f"guess{number}")
            recorded += 1
        except SlowDown:
            pass
    assert recorded == FROM_AN_ADDRESS_PER_HOUR


def test_a_systems_id_is_neither_a_persons_nor_another_stations(door: Door) -> None:
    door.register("city2")
    register(door, at=THERE)
    body = {"name": "12351", "secret_hash": "a" * 64, "scopes": "logs.read"}
    for client_id in ("city", "city2"):
        assert isinstance(door.refusal("RegisterSystem", client_id=client_id, **body), ClientIdTaken)


def test_only_known_scopes_are_given(door: Door) -> None:
    body = {"client_id": "city", "name": "12351", "secret_hash": "a" * 64}
    for scopes in ("everything", "logs.read access.write", " "):
        assert isinstance(door.refusal("RegisterSystem", scopes=scopes, **body), Invalid)


def test_a_systems_station_is_found_and_the_systems_are_listed(door: Door) -> None:
    register(door)
    assert door.ask("station_of", gateway_identity(), THERE, client_id="city") == {"station": HERE}
    with pytest.raises(NotFound):
        door.ask("station_of", gateway_identity(), client_id="nobody")
    (row,) = door.ask("systems_list", ADMINISTRATOR)["rows"]
    assert row == {
        "client_id": "city",
        "name": "12351",
        "scopes": ["logs.read", "reporting.read"],
        "since": "2017-06-01",
        "withdrawn": False,
    }
