"""The servers that tests, demo and bench get: those named in the environment, else private ones."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, Self
from urllib.parse import quote, unquote, urlsplit

from deploy.native.door import Door
from deploy.native.management import Management
from deploy.native.postgres import PrivatePostgres, create_database, drop_database
from deploy.native.programs import AMQP_VARIABLE, DATABASE_VARIABLE, ProgramsMissing
from deploy.native.rabbit import PrivateRabbit

# Where the management interface of the named broker is, host:port, if not at the broker's host and this port.
MANAGEMENT_VARIABLE = "LASTMILE_TEST_AMQP_MANAGEMENT"
MANAGEMENT_PORT = 15_672
AMQP_PORT = 5_672
NAME_PREFIX = "lastmile_test_"


class Postgres(Protocol):
    """A PostgreSQL server on which databases can be made."""

    def start(self) -> Self: ...
    def stop(self) -> None: ...
    def create_database(self, name: str) -> str: ...
    def drop_database(self, name: str) -> None: ...


class Rabbit(Protocol):
    """A broker on which virtual hosts can be made and which can be away for a while."""

    def start(self) -> Self: ...
    def pause(self) -> None: ...
    def stop(self) -> None: ...
    def create_vhost(self, name: str) -> str: ...
    def delete_vhost(self, name: str) -> None: ...


class NamedPostgres:
    """The server named in the environment: we make databases with a prefix of ours and drop only these."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._prefix = f"{NAME_PREFIX}{secrets.token_hex(4)}_"
        self._made: set[str] = set()

    def start(self) -> Self:
        return self

    def stop(self) -> None:
        for name in sorted(self._made):
            self.drop_database(name)

    def create_database(self, name: str) -> str:
        url = create_database(self._url, f"{self._prefix}{name}")
        self._made.add(name)
        return url

    def drop_database(self, name: str) -> None:
        drop_database(self._url, f"{self._prefix}{name}")
        self._made.discard(name)


class NamedRabbit:
    """The broker named in the environment: virtual hosts with our prefix, and a door to shut for pause."""

    def __init__(self, uri: str) -> None:
        parts = urlsplit(uri)
        host = parts.hostname or "127.0.0.1"
        self._user, self._password = unquote(parts.username or "guest"), unquote(parts.password or "guest")
        self._door = Door(host, parts.port or AMQP_PORT)
        management_host, _, management_port = os.environ.get(MANAGEMENT_VARIABLE, host).partition(":")
        port = int(management_port or MANAGEMENT_PORT)
        self._management = Management(management_host, port, self._user, self._password)
        self._prefix = f"{NAME_PREFIX}{secrets.token_hex(4)}_"
        self._made: set[str] = set()

    def start(self) -> Self:
        if not self._management.answers():
            raise ProgramsMissing(
                f"the broker in {AMQP_VARIABLE} offers no management interface to make virtual hosts with\n"
                f"enable it: rabbitmq-plugins enable rabbitmq_management\n"
                f"or name it (host:port) in {MANAGEMENT_VARIABLE}, or unset {AMQP_VARIABLE}"
            )
        self._door.open()
        return self

    def pause(self) -> None:
        self._door.shut()

    def stop(self) -> None:
        for name in sorted(self._made):
            self.delete_vhost(name)
        self._door.shut()

    def create_vhost(self, name: str) -> str:
        self._management.create_vhost(f"{self._prefix}{name}")
        self._made.add(name)
        account = f"{quote(self._user, safe='')}:{quote(self._password, safe='')}"
        return f"amqp://{account}@127.0.0.1:{self._door.port}/{self._prefix}{name}"

    def delete_vhost(self, name: str) -> None:
        self._management.delete_vhost(f"{self._prefix}{name}")
        self._made.discard(name)


@dataclass(frozen=True, kw_only=True)
class Servers:
    """The servers asked for, running, each with one empty place to begin with."""

    rabbit: Rabbit | None
    postgres: Postgres | None
    amqp_uri: str
    database_url: str


def postgres_server() -> Postgres:
    """The PostgreSQL to use, not started."""
    named = os.environ.get(DATABASE_VARIABLE)
    return NamedPostgres(named) if named else PrivatePostgres()


def rabbit_server() -> Rabbit:
    """The RabbitMQ to use, not started."""
    named = os.environ.get(AMQP_VARIABLE)
    return NamedRabbit(named) if named else PrivateRabbit()


@contextlib.contextmanager
def servers(*, need_rabbit: bool = True, need_postgres: bool = True) -> Iterator[Servers]:
    """Both servers, started side by side; `amqp_uri` and `database_url` are empty where not asked for."""
    rabbit = rabbit_server() if need_rabbit else None
    postgres = postgres_server() if need_postgres else None
    with contextlib.ExitStack() as stack:
        for server in (rabbit, postgres):
            if server is not None:
                stack.callback(server.stop)
        with ThreadPoolExecutor() as executor:
            starting = [executor.submit(server.start) for server in (rabbit, postgres) if server is not None]
        for started in starting:
            started.result()
        name = f"first_{secrets.token_hex(4)}"
        yield Servers(
            rabbit=rabbit,
            postgres=postgres,
            amqp_uri=rabbit.create_vhost(name) if rabbit else "",
            database_url=postgres.create_database(name) if postgres else "",
        )
