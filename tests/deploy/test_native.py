"""The servers that the tests stand on: they answer, keep what they were given, and leave nothing behind."""

import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from amqp.exceptions import NotAllowed
from kombu import Connection
from sqlalchemy import make_url

from deploy.native import (
    AMQP_VARIABLE,
    CHROMIUM_VARIABLE,
    DATABASE_VARIABLE,
    Postgres,
    PrivatePostgres,
    PrivateRabbit,
    ProgramsMissing,
    Rabbit,
    chromium_program,
    postgres_server,
    rabbit_server,
)
from deploy.native import debian as debian_packages
from deploy.native.programs import postgres_program, rabbit_program
from tests.eventually import eventually

ROOT = Path(__file__).parents[2]


def ask(database_url: str, statement: str) -> list[tuple[object, ...]]:
    url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def give(amqp_uri: str, body: str) -> None:
    with Connection(amqp_uri, transport_options={"confirm_publish": True}) as connection:
        connection.SimpleQueue("parcels").put(body)


def take(amqp_uri: str) -> str:
    with Connection(amqp_uri) as connection:
        message = connection.SimpleQueue("parcels").get(timeout=10)
        message.ack()
        return str(message.payload)


def reachable(amqp_uri: str) -> bool:
    url = make_url(amqp_uri)
    try:
        socket.create_connection((str(url.host), int(url.port or 0)), timeout=5).close()
    except OSError:
        return False
    return True


def processes_of(directory: Path) -> list[str]:
    """Command lines of the processes that live in this directory or name it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if (entry / "cwd").readlink().is_relative_to(directory) or str(directory) in command:
                found.append(command)
        except OSError:  # It ended while we looked.
            continue
    return found


def nothing_is_left(directory: Path) -> None:
    eventually(lambda: not processes_of(directory), describe=lambda: processes_of(directory))
    eventually(lambda: not directory.exists(), describe=f"{directory} removed")


def environment_naming_no_server() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("LASTMILE_TEST_")}


def ensure(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.native", "--ensure", *words],
        cwd=ROOT,
        env=environment_naming_no_server() | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
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


def test_ensure_says_exactly_what_to_install(tmp_path: Path) -> None:
    done = ensure(LASTMILE_NO_INSTALL="1", LASTMILE_TEST_PROGRAMS=str(tmp_path))
    assert done.returncode == 4
    assert "apt-get install --no-install-recommends rabbitmq-server postgresql" in done.stderr
    assert AMQP_VARIABLE in done.stderr
    assert DATABASE_VARIABLE in done.stderr


def test_ensure_asks_only_for_what_is_not_named(tmp_path: Path) -> None:
    done = ensure(
        LASTMILE_NO_INSTALL="1",
        LASTMILE_TEST_PROGRAMS=str(tmp_path),
        LASTMILE_TEST_AMQP_URI="amqp://guest:guest@broker.example//",
    )
    assert done.returncode == 4
    assert done.stderr.splitlines()[0] == "missing for the tests: postgresql"


def test_ensure_needs_no_programs_when_both_servers_are_named(tmp_path: Path) -> None:
    done = ensure(
        LASTMILE_NO_INSTALL="1",
        LASTMILE_TEST_PROGRAMS=str(tmp_path),
        LASTMILE_TEST_AMQP_URI="amqp://guest:guest@broker.example//",
        LASTMILE_TEST_DATABASE_URL="postgresql://tests@database.example/tests",
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_ensure_names_the_browser_too_and_what_to_do_where_it_is_a_snap(tmp_path: Path) -> None:
    snap = tmp_path / "chromium-browser"
    snap.write_text("#!/bin/sh\nexec /snap/bin/chromium\n")
    snap.chmod(0o755)
    done = ensure("--browser", LASTMILE_NO_INSTALL="1", LASTMILE_TEST_PROGRAMS=str(tmp_path))
    assert done.returncode == 4
    assert "rabbitmq-server postgresql chromium" in done.stderr
    assert "on Ubuntu that package is a snap" in done.stderr
    assert CHROMIUM_VARIABLE in done.stderr
    assert done.stderr.splitlines()[0].endswith(" and curl")


def test_ensure_names_curl_alone_without_a_variable_to_set_instead(tmp_path: Path) -> None:
    done = ensure(
        "--browser",
        LASTMILE_NO_INSTALL="1",
        LASTMILE_TEST_PROGRAMS=str(tmp_path),
        LASTMILE_TEST_AMQP_URI="amqp://guest:guest@broker.example//",
        LASTMILE_TEST_DATABASE_URL="postgresql://tests@database.example/tests",
        LASTMILE_TEST_CHROMIUM="/usr/bin/env",
    )
    assert done.returncode == 4
    assert done.stderr.splitlines() == [
        "missing for the tests: curl",
        "install it (Debian or Ubuntu): apt-get install --no-install-recommends curl",
    ]


def test_a_browser_that_is_named_or_installed_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    monkeypatch.delenv(CHROMIUM_VARIABLE, raising=False)
    monkeypatch.setenv("LASTMILE_TEST_PROGRAMS", str(tmp_path))
    assert chromium_program() == browser
    monkeypatch.setenv(CHROMIUM_VARIABLE, "/usr/bin/env")
    assert chromium_program() == Path("/usr/bin/env")
    monkeypatch.setenv(CHROMIUM_VARIABLE, str(tmp_path / "away"))
    with pytest.raises(ProgramsMissing, match="no program"):
        chromium_program()


def test_installing_holds_servers_back_and_disables_only_what_it_enabled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy, wants = tmp_path / "policy-rc.d", tmp_path / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(parents=True)
    (wants / "postgresql.service").touch()  # Enabled by somebody before us.
    (tmp_path / "apt-get").write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/orders; sh {policy}; echo $? >> {tmp_path}/orders\n'
        f"touch {wants}/rabbitmq-server.service {wants}/epmd.service\n"
    )
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(debian_packages, "POLICY", policy)
    monkeypatch.setattr(debian_packages, "SYSTEM_CONFIGURATION", tmp_path / "etc")
    debian_packages.install(["rabbitmq-server"])
    order, held_back = (tmp_path / "orders").read_text().splitlines()
    assert order.endswith("install -y --no-install-recommends rabbitmq-server")
    assert held_back == "101"
    assert not policy.exists()
    assert [link.name for link in wants.iterdir()] == ["postgresql.service"]
