"""kill -9 of a service under the REST frame: an order asked again under its key, until it is answered, is done once."""

import random
import threading
from collections import Counter
from typing import Any

import orjson
from flask import Flask

from lastmile.catalogue import catalogue
from lastmile.kernel.domain.identity import Role
from services.gateway.app import make_gateway
from services.gateway.parts import Gateway, Limits
from tests.eventually import eventually
from tests.gateway.api.people import StandInAccess
from tests.system.conftest import MakeDeployment
from tests.system.forking import ForkedDeployment
from tests.system.station import NOT_ACKNOWLEDGED, TODAY, Station

CODE, SEED, KILLS, CLIENTS, ORDERS_BETWEEN_KILLS = "110102017", 20170320, 12, 3, 6
PATH = f"/api/v1/stations/{CODE}/membership/union:register-union"


class Client(threading.Thread):
    """Registers one union after the other, singly and by twos, and asks each again until it is answered."""

    def __init__(self, app: Flask, number: int, who: dict[str, str], stopping: threading.Event) -> None:
        super().__init__(daemon=True)
        self.client, self.number, self.who, self.stopping = app.test_client(), number, who, stopping
        self.answers: dict[str, dict[str, Any]] = {}
        self.unanswered = 0
        self.failed: Exception | None = None

    def run(self) -> None:
        try:
            while not self.stopping.is_set():
                key = f"{self.number}-{len(self.answers)}"
                self.answers[key] = self.insist(key)
        except Exception as error:
            self.failed = error

    def insist(self, key: str) -> dict[str, Any]:
        path, body, headers = asked(key)
        while True:
            response = self.client.post(path, json=body, headers={**headers, **self.who})
            if response.status_code == 200:
                answer: dict[str, Any] = response.get_json()
                return answer
            if response.status_code not in NOT_ACKNOWLEDGED:
                raise AssertionError(f"{key}: {response.status_code} {response.text}")
            assert response.headers["Retry-After"]
            self.unanswered += 1
            self.stopping.wait(0.02)


def asked(key: str) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Every third order is a batch of two rows."""
    if not int(key.partition("-")[2]) % 3:
        rows = [{"command_id": f"{key}/{row}", "body": union(f"{key}-{row}")} for row in (0, 1)]
        return f"{PATH}/batch", {"rows": rows}, {}
    return PATH, union(key), {"Idempotency-Key": key}


def union(name: str) -> dict[str, Any]:
    return {"union_id": f"u{name}", "name": "工会", "kind": "single", "community": "c", "occurred_on": TODAY}


def test_orders_asked_again_after_kills_are_done_once(make_deployment: MakeDeployment) -> None:
    deployment = make_deployment()
    deployment.open_station(CODE)
    access = StandInAccess(deployment.calls, deployment.composition)
    who, app = access.let_in("clerk", Role.CLERK, CODE), make_gateway(over(deployment, access))
    stopping, dice = threading.Event(), random.Random(SEED)
    clients = [Client(app, number, who, stopping) for number in range(CLIENTS)]
    for client in clients:
        client.start()

    def done() -> int:
        assert not [client.failed for client in clients if client.failed]
        return sum(len(client.answers) for client in clients)

    for _ in range(KILLS):
        before = done()
        eventually(lambda before=before: done() >= before + ORDERS_BETWEEN_KILLS, seconds=60)  # type: ignore[misc]
        stopping.wait(dice.uniform(0, 0.1))  # The random moment.
        deployment.kill("membership")
        deployment.start_one("membership")
    stopping.set()
    for client in clients:
        client.join(timeout=60)
        assert not client.is_alive()
    assert done() > KILLS * ORDERS_BETWEEN_KILLS
    assert sum(client.unanswered for client in clients) > 0

    for client in clients:
        assert {key: client.insist(key) for key in client.answers} == client.answers
    data = Station(deployment, CODE).data("membership")
    assert followed(app, access) == b"".join(entry + b"\n" for entry in data)
    written = Counter(orjson.loads(entry)["command_id"] for entry in data)
    assert set(written.values()) == {1}
    keys = {key for client in clients for key in client.answers}
    assert set(written) == {row for key in keys for row in rows_of(key)}


def followed(app: Flask, access: StandInAccess) -> bytes:
    """The whole log as the feed gives it, over HTTP from the service."""
    client, who = app.test_client(), access.let_in("auditor", Role.DISTRICT_AUDITOR, CODE)
    found, address = b"", f"/api/v1/logs/{CODE}/membership/entries?limit=50"
    while address:
        response = client.get(address, headers=who)
        found += response.data
        address = response.headers.get("Link", "").partition(">")[0].removeprefix("<")
    return found


def rows_of(key: str) -> list[str]:
    _, body, _ = asked(key)
    return [row["command_id"] for row in body["rows"]] if "rows" in body else [key]


def over(deployment: ForkedDeployment, access: StandInAccess) -> Gateway:
    return Gateway(
        calls=access,
        token=deployment.composition.gateway_token,
        catalogue=catalogue(),
        secret=bytes(32),
        stations=lambda: [CODE],
        clock=deployment.home.clock,
        limits=Limits(requests_a_minute=1_000_000),
    )
