"""Real servers for the tests that ask for them, and nothing for those that do not."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from hypothesis import settings
from sqlalchemy import make_url

from deploy.native import Postgres, Rabbit, postgres_server, rabbit_server
from tests.held_answers import holding_answers
from tests.prepared import prepared_year

# A slow machine is no failure of a law.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

LONGEST_FIRST = ("gateway/api/journeys", "browser", "system", "relief/test_pay_once.py", "hostile", "cli", "example")
"""What takes minutes begins first, so that no process is left working alone at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorts by file alone: the tests of a file stay together and in their order."""
    places = [Path(__file__).parent / part for part in LONGEST_FIRST]

    def rank(item: pytest.Item) -> int:
        return next((number for number, place in enumerate(places) if item.path.is_relative_to(place)), len(places))

    items.sort(key=rank)


@pytest.fixture(scope="session", autouse=True)
def _answers_are_as_declared() -> Iterator[None]:
    """Whatever is asked of a service in this process, in any test."""
    with holding_answers():
        yield


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


@pytest.fixture(scope="session")
def reused_database(postgres: Postgres) -> Iterator[str]:
    """The URL of a database that is emptied for each test: making and dropping one takes half a second."""
    name = f"test_{secrets.token_hex(6)}"
    yield postgres.create_database(name)
    postgres.drop_database(name)


@pytest.fixture
def postgres_database(reused_database: str) -> str:
    """The URL of an empty PostgreSQL database that nobody is connected to."""
    connection = psycopg2.connect(make_url(reused_database).set(drivername="postgresql").render_as_string(False))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()
    return reused_database


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


@pytest.fixture(scope="session")
def year_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the whole year in it; copied, never opened."""
    return prepared_year(tmp_path_factory)
