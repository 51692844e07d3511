"""The bare peers on a database: a table of bytes, written with the driver alone at equal durability."""

from collections.abc import Sequence
from typing import Any, Protocol

import psycopg2
from psycopg2.extras import execute_values
from sqlalchemy import make_url

from bench.place import driver_url
from lastmile.kernel.store.database import sqlite_module

TABLE = "CREATE TABLE bare (position {key} PRIMARY KEY, entry {bytes} NOT NULL)"


class Bare(Protocol):
    """A table of bytes with a numbered key."""

    def insert(self, data: bytes) -> None:
        """One row, one commit."""

    def insert_all(self, data: Sequence[bytes]) -> None:
        """Many rows, one commit, in the way the driver does it fastest."""

    def close(self) -> None: ...


class BareSqlite:
    """WAL and synchronous=FULL, as the product's own files are."""

    def __init__(self, url: str) -> None:
        self._connection: Any = sqlite_module().connect(make_url(url).database, isolation_level=None)
        self._cursor: Any = self._connection.cursor()
        for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON"):
            self._cursor.execute(statement)
        self._cursor.execute(TABLE.format(key="INTEGER", bytes="BLOB"))

    def insert(self, data: bytes) -> None:
        execute = self._cursor.execute
        execute("BEGIN IMMEDIATE")
        execute("INSERT INTO bare (entry) VALUES (?)", (data,))
        execute("COMMIT")

    def insert_all(self, data: Sequence[bytes]) -> None:
        self._cursor.execute("BEGIN IMMEDIATE")
        self._cursor.executemany("INSERT INTO bare (entry) VALUES (?)", [(item,) for item in data])
        self._cursor.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


class BarePostgres:
    """fsync and synchronous_commit on, as the server has them for us too."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg2.connect(driver_url(url))
        self._cursor = self._connection.cursor()
        self._cursor.execute(TABLE.format(key="BIGSERIAL", bytes="BYTEA"))
        self._connection.commit()

    def insert(self, data: bytes) -> None:
        self._cursor.execute("INSERT INTO bare (entry) VALUES (%s)", (data,))
        self._connection.commit()

    def insert_all(self, data: Sequence[bytes]) -> None:
        execute_values(
            self._cursor, "INSERT INTO bare (entry) VALUES %s", [(item,) for item in data], page_size=len(data)
        )
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()


def bare_on(url: str) -> Bare:
    """The bare table in a database of its own."""
    return BareSqlite(url) if url.startswith("sqlite") else BarePostgres(url)
