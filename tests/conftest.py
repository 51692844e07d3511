"""Real servers for the tests that ask for them, and nothing for those that do not."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from deploy.native import Postgres, Rabbit, postgres_server, rabbit_server

# A slow machine is no failure of a law.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The PostgreSQL of this run, started when the first test asks."""
    server = postgres_server()
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture(scope="session")
def rabbit() -> Iterator[Rabbit]:
    """The RabbitMQ of this run; a test that pauses it starts it again."""
    server = rabbit_server()
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def postgres_database(postgres: Postgres) -> Iterator[str]:
    """The URL of an empty PostgreSQL database that is dropped afterwards."""
    name = f"test_{secrets.token_hex(6)}"
    url = postgres.create_database(name)
    yield url
    postgres.drop_database(name)


@pytest.fixture
def amqp_uri(rabbit: Rabbit) -> Iterator[str]:
    """The URI of an empty virtual host that is deleted afterwards."""
    name = f"test_{secrets.token_hex(6)}"
    yield rabbit.create_vhost(name)
    rabbit.delete_vhost(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database; a test that asks for it runs once on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    url: str = request.getfixturevalue("postgres_database")
    return url
