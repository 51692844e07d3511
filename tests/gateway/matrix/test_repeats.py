"""Every order that people give, asked by four at once under one key, writes once and answers all the same."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any

import orjson
import pytest
from flask import Flask

from lastmile.catalogue import catalogue
from lastmile.embedded import Embedded
from lastmile.kernel.domain.entry import log_name
from lastmile.kernel.domain.fields import annotations
from lastmile.kernel.domain.identity import STATION_ROLES
from lastmile.kernel.store import execution
from lastmile.settings import LOG_SERVICES
from services.gateway.api.commands import path_of
from tests.gateway.api.conftest import ELSEWHERE, STATION
from tests.gateway.api.people import FOR_EVER, StandInAccess
from tests.gateway.matrix.orders import Given, orders
from tests.gateway.matrix.places import DAY, Place

AT_ONCE = 4
KEYS = count(1)


@dataclass(frozen=True)
class Answered:
    """What the four were answered under one key."""

    name: str
    key: str
    answers: frozenset[tuple[int, bytes]]

    def written(self) -> list[dict[str, Any]]:
        """The answers that name an event."""
        bodies = [orjson.loads(data) for status, data in self.answers if status == 200]
        rows = [body["outcomes"][0].get("answer", {}) if "outcomes" in body else body for body in bodies]
        return [row for row in rows if row.get("event_ids")]


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(AT_ONCE) as made:
        yield made


@pytest.fixture
def ask(app: Flask, home: Embedded, access: StandInAccess, pool: ThreadPoolExecutor) -> "Ask":
    return Ask(app, home, access, pool)


@dataclass(frozen=True)
class Ask:
    """Gives every order of a service about a place, each by several at once."""

    app: Flask
    home: Embedded
    access: StandInAccess
    pool: ThreadPoolExecutor

    def all(self, service: str, places: list[Place], batch: bool = False) -> Iterator[Answered]:
        place, elsewhere = places
        tour = orders(self.home, service, place, elsewhere)
        order = next(tour)
        while True:
            answered = self.at_once(service, order, place.station, batch)
            yield answered
            assert answered.written(), (order, answered.answers)
            try:
                order = tour.send(answered.written()[0]["stream"])
            except StopIteration:
                return

    def at_once(self, service: str, order: Given, station: str, batch: bool) -> Answered:
        key, found = f"at-once-{next(KEYS)}", catalogue().services[service]
        role = next(role for role in found.permissions[order.name] if role in STATION_ROLES)
        who = self.access.let_in("at once", role, station, person_id=order.giver, confirmed_until=FOR_EVER)
        declared = annotations(self.home.services[service].definition.handlers.by_name[order.name].command)
        body: Any = {**({"occurred_on": DAY} if "occurred_on" in declared else {}), **order.body}
        path = "/api/v1" + path_of(found.commands[order.name]).replace("<station:station>", station)
        if batch:
            path, body = f"{path}/batch", {"rows": [{"command_id": key, "body": body}]}

        def ask(_number: int) -> tuple[int, bytes]:
            headers = {**who, "Idempotency-Key": key}
            response = self.app.test_client().post(path, json=body, headers=headers)
            return response.status_code, response.data

        return Answered(order.name, key, frozenset(self.pool.map(ask, range(AT_ONCE))))


def done_otherwise(home: Embedded, service: str, station: str, answered: list[Answered]) -> list[Answered]:
    """What was not answered the same to all, or did not write what the answer says and no more."""
    by_key: Counter[str] = Counter()
    while more := home.services[service].entries(log_name(station, service), by_key.total(), 1_000):
        by_key.update(orjson.loads(entry)["command_id"] for entry in more)
    return [
        found
        for found in answered
        if len(found.answers) != 1 or by_key[found.key] != len(found.written()[0]["event_ids"])
    ]


@pytest.mark.parametrize("batch", [False, True], ids=["singly", "in batches"])
@pytest.mark.parametrize("service", LOG_SERVICES)
def test_every_order_asked_by_many_at_once_writes_once(
    ask: Ask, places: list[Place], service: str, batch: bool
) -> None:
    """Singly about one community's records, in batches about the other's."""
    answered = list(ask.all(service, places[batch::2], batch))
    assert done_otherwise(ask.home, service, STATION, answered) == []
    assert {one.name for one in answered} == for_people(service)


def test_a_service_that_does_not_look_up_what_it_answered_is_found(
    ask: Ask, places: list[Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution, "first_answers", lambda *_asked: {})
    answered = list(ask.all("relief", places[2::-2]))
    found = done_otherwise(ask.home, "relief", ELSEWHERE, answered)
    assert {one.name for one in found} == for_people("relief")


def for_people(service: str) -> set[str]:
    found = catalogue().services[service]
    return {name for name in found.commands if found.is_for_people(name)}
