"""A private PostgreSQL on a free port with the durability of a real one, and databases made on any server."""

import os
import pwd
import re
import secrets
import signal
from pathlib import Path
from typing import Self

import psycopg2
from sqlalchemy import URL, make_url

from deploy.native.guard import Guarded, free_ports
from deploy.native.programs import postgres_program

USER = "lastmile"
MAX_CONNECTIONS = 200
DATABASE_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
# PostgreSQL refuses to run as root.
ACCOUNTS_FOR_ROOT = ("postgres", "nobody")


class PrivatePostgres:
    """A server of our own: empty at first, its data kept over pause and kill, gone after stop.

    Nothing is traded for speed: what was committed survives a kill -9 of the server.
    """

    def __init__(self) -> None:
        self._guarded: Guarded | None = None
        self._password = secrets.token_hex(16)
        self._port = 0

    @property
    def url(self) -> str:
        """The server's own database, as its superuser."""
        return f"postgresql+psycopg2://{USER}:{self._password}@127.0.0.1:{self._port}/postgres"

    @property
    def directory(self) -> Path:
        """Where everything of this server lies while it exists."""
        assert self._guarded is not None
        return self._guarded.directory

    def start(self) -> Self:
        """Start, for the first time or after pause or kill; return when it answers."""
        if self._guarded is None:
            guarded = self._guarded = Guarded("postgres", account=_account())
            (self._port,) = free_ports(1)
            self._make_cluster(guarded)
        self._guarded.start(
            "postgres",
            [
                postgres_program("postgres"),
                *("-D", "data", "-p", str(self._port)),
                *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
                *("-c", f"max_connections={MAX_CONNECTIONS}", "-c", "fsync=on"),
            ],
            _environment(),
        )
        self._guarded.wait_until(self._answers, "postgres")
        return self

    def pause(self) -> None:
        """Shut the server down and keep its data; start brings it back on the same port."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End the server as a power cut would, as far as a process can; start brings it back."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the server and remove everything of it."""
        if self._guarded is not None:
            self._guarded.close()
            self._guarded = None

    def create_database(self, name: str) -> str:
        """Make an empty database and return its URL."""
        return create_database(self.url, name)

    def drop_database(self, name: str) -> None:
        """Drop a database with whoever is still connected to it; one that does not exist is no error."""
        drop_database(self.url, name)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def _make_cluster(self, guarded: Guarded) -> None:
        password_file = guarded.directory / "password"
        password_file.write_text(self._password)
        guarded.run(
            [
                postgres_program("initdb"),
                *("-D", "data", "-U", USER, f"--pwfile={password_file}", "--auth=scram-sha-256"),
                # Sorts by bytes, as SQLite does. Syncing a cluster that is only being made guards nothing.
                *("--encoding=UTF8", "--locale=C", "--no-sync"),
            ],
            _environment(),
        )

    def _end(self, asking: signal.Signals) -> None:
        if self._guarded is not None:
            self._guarded.end("postgres", asking)

    def _answers(self) -> bool:
        try:
            psycopg2.connect(_for_driver(make_url(self.url)), connect_timeout=5).close()
        except psycopg2.OperationalError:
            return False
        return True


def create_database(server_url: str, name: str) -> str:
    """Make an empty database on the server of this URL and return its URL."""
    _execute(server_url, f"CREATE DATABASE {_checked(name)}")
    url = make_url(server_url).set(drivername="postgresql+psycopg2", database=name)
    return url.render_as_string(hide_password=False)


def drop_database(server_url: str, name: str) -> None:
    _execute(server_url, f"DROP DATABASE IF EXISTS {_checked(name)} WITH (FORCE)")


def _checked(name: str) -> str:
    if not DATABASE_NAME.fullmatch(name):
        raise ValueError(f"not a database name: {name}")
    return name


def _execute(server_url: str, statement: str) -> None:
    connection = psycopg2.connect(_for_driver(make_url(server_url)))
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def _for_driver(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _environment() -> dict[str, str]:
    # PGOPTIONS and the like of whoever calls us are not meant for this server.
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _account() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ACCOUNTS_FOR_ROOT if name in known)
