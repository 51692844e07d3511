"""The REST frame over a home of its own, in this process."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from lastmile.catalogue import catalogue
from lastmile.embedded import Embedded
from lastmile.kernel.domain.identity import Role
from lastmile.settings import read_settings
from services.access import passwords
from services.gateway.app import make_gateway
from services.gateway.parts import Gateway, Limits
from tests.gateway.api.people import StandInAccess, told

STATION, ELSEWHERE = "110102017", "110102018"


@pytest.fixture(scope="package", autouse=True)
def _passwords_cost_little() -> Iterator[None]:
    """Hashing takes long on purpose; here it is not what is tried."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hasher", lambda: quick)
        patch.setattr(passwords, "NOBODYS", quick.hash("nobody"))
        yield


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    opened = Embedded(read_settings({}, home=tmp_path_factory.mktemp("home")))
    for station in (STATION, ELSEWHERE):
        opened.open_station(station)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def access(home: Embedded) -> StandInAccess:
    access = StandInAccess(home.calls, home.composition)
    access.accounts["wang"] = told("wang", Role.CLERK, STATION)
    access.accounts["city"] = told("city", Role.CITY_SYSTEM, STATION, scopes=["logs.read"])
    return access


@pytest.fixture(scope="module")
def app(home: Embedded, access: StandInAccess) -> Flask:
    return make_gateway(gateway_over(home, access))


@pytest.fixture(scope="module")
def operations(app: Flask) -> dict[str, list[Any]]:
    """What the document describes, by its heading."""
    found: dict[str, list[Any]] = {}
    for made in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).get_all_operations():
        operation = made.ok()
        found.setdefault(operation.definition.raw["tags"][0], []).append(operation)
    return found


def gateway_over(home: Embedded, access: StandInAccess, limits: Limits | None = None) -> Gateway:
    return Gateway(
        calls=access,
        token=home.composition.gateway_token,
        catalogue=catalogue(),
        secret=bytes(32),
        stations=home.stations,
        clock=home.home.clock,
        limits=limits or Limits(requests_a_minute=1_000_000, sign_ins_a_minute=1_000_000, position_seconds=30),
    )


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def clerk(access: StandInAccess) -> dict[str, str]:
    return access.let_in("clerk's secret", Role.CLERK, STATION)
