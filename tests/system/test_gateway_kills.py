"""kill -9 of a service under the REST frame: an order asked again under its key, until it is answered, is done once.

Unions are registered, and money is released: a service of people and a service of money are killed in turn.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import count
from typing import Any

import orjson
from flask import Flask
from flask.testing import FlaskClient

from lastmile.catalogue import catalogue
from lastmile.kernel.domain.identity import Role
from services.gateway.app import make_gateway
from services.gateway.parts import Gateway, Limits
from tests.eventually import eventually
from tests.gateway.api.people import FOR_EVER, StandInAccess
from tests.system.conftest import MakeDeployment
from tests.system.forking import ForkedDeployment
from tests.system.station import NOT_ACKNOWLEDGED, TODAY, Station

CODE, SEED, KILLS, ORDERS_BETWEEN_KILLS = "110102017", 20170320, 10, 6
PAYMENTS, SECONDS_BETWEEN_PAYMENTS = 60, 0.2
"""There is no end of unions; of payments there are as many as were entered before, and they must last."""
HERE = f"/api/v1/stations/{CODE}"
Asked = tuple[str, dict[str, Any], dict[str, str]]
"""Path, body and headers of an order."""
Asking = Callable[[str], Asked]


class Client(threading.Thread):
    """Gives one order after the other, and asks each again until it is answered."""

    def __init__(
        self, app: Flask, who: dict[str, str], stopping: threading.Event, keys: Iterator[str], asked: Asking
    ) -> None:
        super().__init__(daemon=True)
        self.client, self.who, self.stopping, self.keys, self.asked = app.test_client(), who, stopping, keys, asked
        self.answers: dict[str, dict[str, Any]] = {}
        self.unanswered = 0
        self.failed: Exception | None = None

    def run(self) -> None:
        try:
            while not self.stopping.is_set() and (key := next(self.keys, None)):
                self.answers[key] = self.insist(key)
        except Exception as error:
            self.failed = error

    def insist(self, key: str) -> dict[str, Any]:
        path, body, headers = self.asked(key)
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


def registering(key: str) -> Asked:
    """A union; every third order is a batch of two."""
    path = f"{HERE}/membership/union:register-union"
    if not int(key.partition("-")[2]) % 3:
        rows = [{"command_id": f"{key}/{row}", "body": union(f"{key}-{row}")} for row in (0, 1)]
        return f"{path}/batch", {"rows": rows}, {}
    return path, union(key), {"Idempotency-Key": key}


def union(name: str) -> dict[str, Any]:
    return {"union_id": f"u{name}", "name": "工会", "kind": "single", "community": "c", "occurred_on": TODAY}


def releasing(key: str) -> Asked:
    """The payment of the grant that is called as the key is."""
    path = f"{HERE}/relief/payment:release-payment"
    return path, {"application_id": key, "occurred_on": TODAY}, {"Idempotency-Key": key}


def enter_payments(station: Station) -> list[str]:
    """Carry grants along the chain until their payments wait for release; how they are called."""
    grants = [f"grant-{number}" for number in range(PAYMENTS)]

    def tell(name: str, role: Role, *bodies: Mapping[str, Any]) -> None:
        rows = [(f"{name}-{number}", {"occurred_on": TODAY, **body}) for number, body in enumerate(bodies)]
        outcomes = station.deployment.calls.tell("relief", CODE, name, rows, station.token(role))
        assert {outcome["status"] for outcome in outcomes} == {"done"}, outcomes

    terms = {"programme": "warmth", "issuer": "区总工会", "document_number": "1", "area": CODE, "confirmed": True}
    limits = {"valid_from": "2017-01-01", "ceiling_fen": 1, "notice_days": 0, "times_a_year": PAYMENTS}
    tell("StatePolicy", Role.VICE_CHAIR, {"policy_id": "p", **terms, **limits})
    fund = {"fund_id": "own", "programme": "warmth", "source": "own", "budget_fen": PAYMENTS}
    tell("OpenFund", Role.VICE_CHAIR, fund)
    tell("OpenCase", Role.CLERK, {"person_id": "zhao", "category": "deep", "persons": 3})
    applied = {"person_id": "zhao", "programme": "warmth", "fund_id": "own", "amount_fen": 1, "ground": "病"}
    chain: tuple[tuple[str, Role, dict[str, Any]], ...] = (
        ("Apply", Role.CLERK, applied),
        ("RecordHomeVisit", Role.CLERK, {"finding": "in_need"}),
        ("RecordComparison", Role.CLERK, {"clear": True}),
        ("ReviewApplication", Role.STATION_HEAD, {}),
        ("PublishNotice", Role.CLERK, {}),
        ("CloseNotice", Role.CLERK, {"objections": 0}),
        ("ApproveApplication", Role.CHAIR, {}),
        ("EnterPayment", Role.ACCOUNTANT, {"pay_list_id": "list"}),
    )
    for name, role, body in chain:
        tell(name, role, *({"application_id": grant, **body} for grant in grants))
    return grants


def test_orders_asked_again_after_kills_are_done_once(make_deployment: MakeDeployment) -> None:
    deployment = make_deployment()
    deployment.open_station(CODE)
    station, access = Station(deployment, CODE), StandInAccess(deployment.calls, deployment.composition)
    grants, app = enter_payments(station), make_gateway(over(deployment, access))
    clerk, stopping = access.let_in("clerk", Role.CLERK, CODE), threading.Event()
    paced = (grant for grant in grants if not stopping.wait(SECONDS_BETWEEN_PAYMENTS))
    cashier = access.let_in("cashier", Role.CASHIER, CODE, confirmed_until=FOR_EVER)
    registrars = [Client(app, clerk, stopping, keys_of(number), registering) for number in range(2)]
    releaser = Client(app, cashier, stopping, paced, releasing)
    kill_by_turns(deployment, [*registrars, releaser], stopping)

    assert done_once(station, "membership", registrars, access) == []
    assert done_once(station, "relief", [releaser], access) == []
    released = [
        entry.payload["application_id"] for entry in station.entries("relief") if entry.type == "PaymentReleased"
    ]
    assert sorted(released) == sorted(releaser.answers)


def keys_of(number: int) -> Iterator[str]:
    return (f"{number}-{order}" for order in count())


def kill_by_turns(deployment: ForkedDeployment, clients: list[Client], stopping: threading.Event) -> None:
    """Let the clients give their orders while now the one, now the other service is killed and started again."""
    dice = random.Random(SEED)
    for client in clients:
        client.start()

    def done() -> list[int]:
        assert not [client.failed for client in clients if client.failed]
        return [len(client.answers) for client in clients]

    def went_on(before: list[int]) -> bool:
        """Whether there was enough to interrupt, and something of each who has anything left to ask."""
        alive = [client.is_alive() for client in clients]
        each = all(now > then for now, then, asks in zip(done(), before, alive, strict=True) if asks)
        return each and sum(done()) >= sum(before) + ORDERS_BETWEEN_KILLS

    for turn in range(KILLS):
        eventually(partial(went_on, done()), seconds=60)
        stopping.wait(dice.uniform(0, 0.1))  # The random moment.
        killed = ("membership", "relief")[turn % 2]
        deployment.kill(killed)
        deployment.start_one(killed)
    stopping.set()
    for client in clients:
        client.join(timeout=60)
        assert not client.is_alive()
    done()


def done_once(station: Station, service: str, clients: list[Client], access: StandInAccess) -> list[str]:
    """The keys that are answered otherwise when they are asked again, or that wrote otherwise than once."""
    assert all(client.answers for client in clients)
    assert sum(client.unanswered for client in clients) > 0, "something was asked while the service was away"
    wrong = [key for client in clients for key, first in client.answers.items() if client.insist(key) != first]
    data = station.data(service)
    assert followed(clients[0].client, service, access) == b"".join(entry + b"\n" for entry in data)
    written = Counter(orjson.loads(entry)["command_id"] for entry in data)
    rows = {row for client in clients for key in client.answers for row in rows_of(client.asked(key))}
    return wrong + [row for row in rows if written[row] != 1]


def followed(client: FlaskClient, service: str, access: StandInAccess) -> bytes:
    """The whole log as the feed gives it, over HTTP from the service."""
    who = access.let_in("auditor", Role.DISTRICT_AUDITOR, CODE)
    found, address = b"", f"/api/v1/logs/{CODE}/{service}/entries?limit=50"
    while address:
        response = client.get(address, headers=who)
        found += response.data
        address = response.headers.get("Link", "").partition(">")[0].removeprefix("<")
    return found


def rows_of(asked: Asked) -> list[str]:
    """The keys of what an order asks for."""
    _, body, headers = asked
    return [row["command_id"] for row in body["rows"]] if "rows" in body else [headers["Idempotency-Key"]]


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
