"""The gateway over a home with records in two communities of each of two stations."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from lastmile.embedded import Embedded
from lastmile.home import Home
from lastmile.settings import read_settings
from services.gateway.app import make_gateway
from tests.gateway.api.conftest import _passwords_cost_little, gateway_over  # noqa: F401 - a fixture.
from tests.gateway.api.people import StandInAccess
from tests.gateway.matrix.places import Place, furnished

DECEMBER = datetime(2017, 12, 1, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    path = tmp_path_factory.mktemp("matrix")
    marked = Home(path)
    marked.mark_as_demo()
    marked.set_clock(DECEMBER)
    opened = Embedded(read_settings({}, home=path))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def places(home: Embedded) -> list[Place]:
    return furnished(home)


@pytest.fixture(scope="module")
def access(home: Embedded) -> StandInAccess:
    return StandInAccess(home.calls, home.composition)


@pytest.fixture(scope="module")
def app(home: Embedded, access: StandInAccess) -> Flask:
    return make_gateway(gateway_over(home, access))
