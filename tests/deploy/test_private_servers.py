"""The servers that the tests stand on: they answer, keep what they were given, and leave nothing behind."""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from amqp.exceptions import NotAllowed
from sqlalchemy import make_url

from deploy.native import (
    AMQP_VARIABLE,
    DATABASE_VARIABLE,
    Postgres,
    PrivatePostgres,
    PrivateRabbit,
    ProgramsMissing,
    Rabbit,
    postgres_server,
    rabbit_server,
)
from deploy.native.programs import postgres_program, rabbit_program
from tests.deploy.servers import (
    ROOT,
    ask,
    environment_naming_no_server,
    give,
    nothing_is_left,
    processes_of,
    reachable,
    take,
)


@pytest.fixture(scope="module")
def programs() -> None:
    """Private servers need the installed programs, which tests against named servers can do without."""
    try:
        for find, name in ((rabbit_program, "rabbitmq-server"), (postgres_program, "initdb")):
            find(name)
    except ProgramsMissing as missing:
        if AMQP_VARIABLE in os.environ or DATABASE_VARIABLE in os.environ:
            pytest.skip(f"the servers are named in the environment, and private ones cannot start: {missing}")
        raise


@pytest.fixture(scope="module")
def broker(programs: None) -> Iterator[PrivateRabbit]:
    """A private broker, after which nothing may be left."""
    with PrivateRabbit() as server:
        directory = server.directory
        yield server
    nothing_is_left(directory)


def test_a_fresh_database_answers_and_is_durable(postgres_database: str) -> None:
    assert ask(postgres_database, "SHOW fsync") == [("on",)]
    assert ask(postgres_database, "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'") == [
        (0,)
    ]


@pytest.mark.usefixtures("programs")
def test_a_private_postgres_keeps_committed_rows_over_a_kill_and_leaves_nothing_behind() -> None:
    server = PrivatePostgres().start()
    directory = server.directory
    try:
        url = server.create_database("parcels")
        ask(url, "CREATE TABLE parcels (number int)")
        ask(url, "INSERT INTO parcels VALUES (7)")
        server.kill()
        server.start()
        assert ask(url, "SELECT number FROM parcels") == [(7,)]
    finally:
        server.stop()
    nothing_is_left(directory)


def test_a_dropped_database_takes_its_connections_along(postgres: Postgres) -> None:
    name = f"test_{secrets.token_hex(6)}"
    url = postgres.create_database(name)
    held = psycopg2.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    postgres.drop_database(name)
    with pytest.raises(psycopg2.OperationalError), held.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_the_broker_keeps_a_message_while_it_is_away(rabbit: Rabbit, amqp_uri: str) -> None:
    give(amqp_uri, "one parcel")
    rabbit.pause()
    assert not reachable(amqp_uri)
    rabbit.start()
    assert take(amqp_uri) == "one parcel"


def test_a_private_broker_keeps_confirmed_messages_over_a_kill(broker: PrivateRabbit) -> None:
    uri = broker.create_vhost("parcels")
    give(uri, "one parcel")
    broker.kill()
    broker.start()
    assert take(uri) == "one parcel"
    broker.delete_vhost("parcels")


def test_a_private_broker_that_runs_is_not_started_beside_itself(broker: PrivateRabbit) -> None:
    broker.start()
    broker.kill()
    assert not reachable(broker.uri)
    broker.start()
    assert reachable(broker.uri)


@pytest.mark.usefixtures("programs")
def test_nothing_is_left_when_the_program_that_started_the_servers_is_killed() -> None:
    program = (
        "import sys; from deploy.native import servers\n"
        "with servers() as s: print(s.rabbit.directory, s.postgres.directory, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment_naming_no_server(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as killed:
        assert killed.stdout is not None
        rabbit_directory, postgres_directory = map(Path, killed.stdout.readline().decode().split())
        assert processes_of(rabbit_directory)
        assert processes_of(postgres_directory)
        killed.send_signal(signal.SIGKILL)
    nothing_is_left(rabbit_directory)
    nothing_is_left(postgres_directory)


@pytest.mark.usefixtures("programs")
def test_named_servers_get_places_of_ours_which_are_all_that_is_removed(
    broker: PrivateRabbit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PrivatePostgres() as owner:
        owner.create_database("theirs")
        monkeypatch.setenv(DATABASE_VARIABLE, owner.url)
        postgres = postgres_server().start()
        ask(postgres.create_database("ours"), "SELECT 1")
        postgres.stop()
        left = ask(owner.url, "SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1")
        assert left == [("postgres",), ("theirs",)]
    monkeypatch.setenv(AMQP_VARIABLE, broker.uri)
    monkeypatch.setenv("LASTMILE_TEST_AMQP_MANAGEMENT", broker.management_address)
    rabbit = rabbit_server().start()
    uri = rabbit.create_vhost("ours")
    give(uri, "one parcel")
    rabbit.pause()
    assert not reachable(uri)
    rabbit.start()
    assert take(uri) == "one parcel"
    rabbit.stop()
    vhost = make_url(uri).database
    with pytest.raises(NotAllowed, match=f"vhost {vhost} not found"):
        give(f"{broker.uri.removesuffix('//')}/{vhost}", "another parcel")
