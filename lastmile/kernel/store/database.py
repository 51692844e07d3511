"""Opening a database: SQLite as a durable file, or PostgreSQL; and the two ways to use it, reading and writing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, Table, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from lastmile.kernel.domain.failures import Unavailable

OLDEST_SQLITE = (3, 51, 3)
"""Older versions can corrupt a WAL database (the WAL-reset bug, fixed in 3.51.3)."""

BUSY_TIMEOUT_SECONDS = 30


class DatabaseUnfit(Exception):
    """The database, or the library that reads it, cannot be used; the message says the remedy."""


class Database:
    """One database of one service. `write()` holds SQLite's write lock from its start."""

    def __init__(self, url: str, *, pooled: bool = True) -> None:
        self.url = sqlalchemy.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url, pooled)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with _translated(self), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: committed when the block ends, undone when it raises."""
        with _translated(self), self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
                if self.is_sqlite:
                    connection.exec_driver_sql("COMMIT")
                else:
                    connection.commit()
            except BaseException:
                if not connection.invalidated:
                    if self.is_sqlite:
                        connection.exec_driver_sql("ROLLBACK")
                    else:
                        connection.rollback()
                raise

    def check(self) -> None:
        """Raises Unavailable when the database is away, DatabaseUnfit when it may not be used."""
        with self.read() as connection:
            connection.exec_driver_sql("SELECT 1")

    def remove_old_pages(self, *tables: Table) -> None:
        """Make sure that what was deleted from the tables can no longer be read from the database's files."""
        with self.engine.connect() as connection:
            outside = connection.execution_options(isolation_level="AUTOCOMMIT")
            if self.is_sqlite:
                outside.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            for table in () if self.is_sqlite else tables:
                outside.exec_driver_sql(f"VACUUM FULL {table.name}")

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _translated(database: Database) -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable("too many at once: no connection to the database came free in time; ask again") from error
    except DBAPIError as error:
        if error.connection_invalidated or _says_away(error):
            shown = database.url.render_as_string(hide_password=True)
            raise Unavailable(f"database {shown} is away: {_first_line(error)}") from error
        raise


def _says_away(error: DBAPIError) -> bool:
    kind = type(error.orig).__name__
    code = getattr(error.orig, "pgcode", None)
    return kind in ("OperationalError", "InterfaceError") and (
        code in (None, "57P01", "57P02", "57P03", "08006") and "locked" not in str(error.orig)
    )


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__


def _sqlite_engine(url: sqlalchemy.URL) -> Engine:
    module = sqlite_module()
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sqlalchemy.create_engine(
        url,
        module=module,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def sqlite_module() -> Any:
    """The SQLite that is safe to use. Raises DatabaseUnfit with the remedy if there is none."""
    try:
        import pysqlite3 as module
    except ImportError:
        import sqlite3 as module
    if module.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise DatabaseUnfit(
            f"SQLite {module.sqlite_version} can corrupt a database in WAL mode. "
            f"Install pysqlite3 (pip install pysqlite3) or a Python built on SQLite {oldest} or later."
        )
    return module


def _postgresql_engine(url: sqlalchemy.URL, pooled: bool) -> Engine:
    if url.drivername != "postgresql+psycopg2":
        raise DatabaseUnfit(f"database URL {url.drivername}://…: write postgresql+psycopg2:// or sqlite:///")
    options: dict[str, Any] = {"pool_pre_ping": False} if pooled else {"poolclass": NullPool}
    return sqlalchemy.create_engine(
        url,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": 5},
        executemany_mode="values_plus_batch",  # Many changes of one form in one message.
        **options,
    )
