"""Sixty-four clients approve and pay the same two hundred applications at once: each is paid once."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier
from typing import Any

from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.domain.failures import Failure, Refused, Unavailable
from lastmile.kernel.domain.fields import annotations
from lastmile.kernel.domain.identity import Identity, Role
from lastmile.kernel.store.execution import Order
from tests.relief.station import CHAIN, CODE, PEOPLE, Station

CLIENTS, APPLICATIONS, APPLICATIONS_A_CLIENT, AMOUNT_FEN = 64, 200, 15, 5_000
NAMES = [f"a{number:03}" for number in range(APPLICATIONS)]
FOREVER = "9999-12-31T00:00:00Z"
PAYING: tuple[tuple[str, Role, dict[str, Any]], ...] = (
    ("ApproveApplication", Role.CHAIR, {"occurred_on": "2017-01-18"}),
    ("EnterPayment", Role.ACCOUNTANT, {"occurred_on": "2017-01-19"}),
    ("ReleasePayment", Role.CASHIER, {"occurred_on": "2017-01-19"}),
    ("BookBankReturn", Role.CASHIER, {"paid": True, "occurred_on": "2017-01-20"}),
)


def told(station: Station, client: str, name: str, role: Role, bodies: list[dict[str, Any]]) -> list[Any]:
    """One call of a client's, with many rows."""
    person = Identity(client, role, CODE, FOREVER, confirmed_until=FOREVER)
    fields = annotations(station.service.executor.handlers.by_name[name].command)
    return station.service.commands(
        [
            Order(
                command_id=f"{client} {name} {number} {body['application_id']}",
                station=CODE,
                name=name,
                body={field: value for field, value in body.items() if field in fields},
                identity=person,
            )
            for number, body in enumerate(bodies)
        ]
    )


def insisted(station: Station, client: str, name: str, role: Role, bodies: list[dict[str, Any]]) -> list[Any]:
    """As `told`; whoever was not answered for want of a free connection asks the same again, under the same ids."""
    while True:
        try:
            return told(station, client, name, role, bodies)
        except Unavailable:
            continue


def ready(station: Station) -> None:
    """Two hundred households, each with an application that nobody opposed; money for them and no more."""
    terms = {"programme": "warmth", "issuer": "区总工会", "document_number": "1", "area": "110102"}
    days: dict[str, Any] = {"valid_from": "2017-01-01", "ceiling_fen": AMOUNT_FEN, "notice_days": 7, "confirmed": True}
    station.tell("StatePolicy", policy_id="2017", **terms, **days)
    budget_fen = APPLICATIONS * AMOUNT_FEN
    station.tell("OpenFund", fund_id="own", programme="warmth", source="own", budget_fen=budget_fen)
    case: tuple[str, dict[str, Any]] = ("OpenCase", {"category": "deep", "persons": 1})
    for name, said in (case, *CHAIN[:6]):
        role = next(role for role in PEOPLE if role in station.service.definition.permissions[name])
        body = {"occurred_on": "2017-01-05", **said, "amount_fen": AMOUNT_FEN}
        bodies = [{**body, "application_id": key, "person_id": f"household-{key}"} for key in NAMES]
        outcomes = told(station, PEOPLE[role], name, role, bodies)
        assert not [outcome for outcome in outcomes if isinstance(outcome, Failure)]


def pay(station: Station, client: str, random: Random, together: Barrier) -> list[Failure]:
    """One client's work: some of the applications, every step of each, some steps too early, many too late."""
    unexpected: list[Failure] = []
    together.wait()
    for turn in range(2):
        for name, role, body in PAYING:
            some = random.sample(NAMES, APPLICATIONS_A_CLIENT)
            bodies = [{**body, "application_id": key, "pay_list_id": f"{client}-{turn}"} for key in some]
            if name == "BookBankReturn":  # The bank's answer is the same whoever reads it.
                bodies = [{**body, "application_id": key} for key in some]
            outcomes = insisted(station, f"{role}-{client}-{turn}", name, role, bodies)
            unexpected += [o for o in outcomes if isinstance(o, Failure) and not isinstance(o, Refused)]
    return unexpected


def entries(station: Station) -> Iterator[Entry]:
    position = 0
    while data := station.service.entries(f"{CODE}/relief", position, 1_000):
        yield from map(Entry.from_bytes, data)
        position += len(data)


def test_sixty_four_clients_pay_each_grant_once(empty_station: Station) -> None:
    station, together = empty_station, Barrier(CLIENTS)
    ready(station)
    with ThreadPoolExecutor(CLIENTS) as pool:
        work = [pool.submit(pay, station, f"c{number}", Random(number), together) for number in range(CLIENTS)]
        assert not [failure for done in work for failure in done.result()]
    for name, role, body in PAYING:  # What was drawn by nobody in the right order.
        more = {"pay_list_id": "last"} if name == "EnterPayment" else {}
        told(station, f"last-{role}", name, role, [{**body, **more, "application_id": key} for key in NAMES])
    written = list(entries(station))
    for kind in ("ApplicationApproved", "PaymentEntered", "PaymentReleased", "GrantPaid"):
        assert Counter(e.payload["application_id"] for e in written if e.type == kind) == Counter(NAMES)
    vouchers = [e.payload["voucher"] for e in written if e.type == "GrantPaid"]
    assert vouchers == list(range(1, APPLICATIONS + 1))
    (fund,) = station.ask("funds_left")
    assert (fund["left_fen"], fund["paid_fen"]) == (0, APPLICATIONS * AMOUNT_FEN)
