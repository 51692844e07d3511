"""The five services as processes over a real RabbitMQ and PostgreSQL; they end with the last test of this folder."""

import secrets
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from deploy.native import Postgres, Rabbit, Servers
from tests.system.forking import ForkedDeployment, Forkery
from tests.system.station import Station

MakeDeployment = Callable[[], ForkedDeployment]


class DatabasesOfOne:
    """The databases of one deployment on the server of this run: under names of their own."""

    def __init__(self, server: Postgres) -> None:
        self._server, self._prefix, self._made = server, f"d{secrets.token_hex(4)}_", list[str]()

    def start(self) -> "DatabasesOfOne":
        return self

    def create_database(self, name: str) -> str:
        self._made.append(name)
        return self._server.create_database(self._prefix + name)

    def drop_database(self, name: str) -> None:
        self._server.drop_database(self._prefix + name)

    def stop(self) -> None:
        for name in self._made:
            self.drop_database(name)


@pytest.fixture(scope="package")
def forkery() -> Iterator[Forkery]:
    forkery = Forkery()
    yield forkery
    forkery.close()


@pytest.fixture(scope="package")
def make_deployment(
    rabbit: Rabbit, postgres: Postgres, forkery: Forkery, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeDeployment]:
    """Makes deployments with databases and a virtual host of their own, started."""
    made: list[tuple[ForkedDeployment, DatabasesOfOne, str]] = []

    def make() -> ForkedDeployment:
        databases, host = DatabasesOfOne(postgres), f"test_{secrets.token_hex(6)}"
        servers = Servers(rabbit=rabbit, postgres=databases, amqp_uri=rabbit.create_vhost(host), database_url="")
        home: Path = tmp_path_factory.mktemp("deployment")
        deployment = ForkedDeployment(home, servers)
        deployment.forkery = forkery
        made.append((deployment, databases, host))
        deployment.start()
        return deployment

    yield make
    for deployment, databases, host in made:
        deployment.stop()
        databases.stop()
        rabbit.delete_vhost(host)


@pytest.fixture(scope="package")
def deployment(make_deployment: MakeDeployment) -> ForkedDeployment:
    """One deployment for many tests, each at a station of its own."""
    return make_deployment()


@pytest.fixture(scope="package")
def station_numbers() -> Iterator[int]:
    return count(1)


@pytest.fixture
def station(deployment: ForkedDeployment, station_numbers: Iterator[int]) -> Station:
    """A new station with one union, in the deployment that tests share."""
    return Station.opened(deployment, f"110102{next(station_numbers):03}")


@pytest.fixture
def unchanged(station: Station) -> Iterator[Station]:
    """The station; when the test ends, its log of membership is as it was."""
    before = station.data("membership")
    yield station
    assert station.data("membership") == before
