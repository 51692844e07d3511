"""Where a run takes place: a directory that goes away, and the servers, each started when first asked for."""

import secrets
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import make_url

from deploy.native import Postgres, Rabbit, Servers, postgres_server, rabbit_server


class Place:
    """The directory and servers of one run, and how large and how often things are measured."""

    def __init__(self, *, quick: bool, repetitions: int) -> None:
        self.quick, self.repetitions = quick, repetitions
        self._stack = ExitStack()
        self._postgres: Postgres | None = None
        self._rabbit: Rabbit | None = None

    def __enter__(self) -> Self:
        self._directory = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="lastmile-bench-")))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def of(self, whole: int, quick: int) -> int:
        """A size: the whole one, or that of a quick run."""
        return quick if self.quick else whole

    def directory(self, name: str) -> Path:
        """A new directory."""
        path = self._directory / f"{name}-{secrets.token_hex(4)}"
        path.mkdir()
        return path

    def sqlite(self, name: str) -> str:
        """The URL of a new SQLite file."""
        return f"sqlite:///{self.directory(name) / 'bench.db'}"

    @property
    def postgres(self) -> Postgres:
        if self._postgres is None:
            self._postgres = postgres_server()
            self._stack.callback(self._postgres.stop)
            self._postgres.start()
        return self._postgres

    @property
    def rabbit(self) -> Rabbit:
        if self._rabbit is None:
            self._rabbit = rabbit_server()
            self._stack.callback(self._rabbit.stop)
            self._rabbit.start()
        return self._rabbit

    def postgresql(self, name: str) -> str:
        """The URL of a new PostgreSQL database."""
        return self.postgres.create_database(f"bench_{name}_{secrets.token_hex(4)}")

    def amqp(self, name: str) -> str:
        """The URI of a new virtual host."""
        return self.rabbit.create_vhost(f"bench_{name}_{secrets.token_hex(4)}")

    def database(self, backend: str, name: str) -> str:
        """The URL of a new database of this kind: `sqlite` or `postgresql`."""
        return self.sqlite(name) if backend == "sqlite" else self.postgresql(name)

    def servers(self) -> Servers:
        """Both servers, as a deployment takes them."""
        return Servers(
            rabbit=self.rabbit,
            postgres=self.postgres,
            amqp_uri=self.amqp("deployment"),
            database_url=self.postgresql("deployment"),
        )


def driver_url(url: str) -> str:
    """The URL as psycopg2 itself takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
