"""Inserting many rows by the driver's quickest statement; as SQLAlchemy compiles it, this took up to thrice as long."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, LargeBinary, Table

from lastmile.kernel.store.prepared import Prepared

Row = tuple[Any, ...]
"""Values in the order of the table's columns."""


def insert_many(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows whose values stand in the order of the table's columns."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_row_by_row(table), list(rows))
    else:
        _prepared(table).execute(connection, arrays(rows))


def arrays(rows: Sequence[Row]) -> tuple[list[Any], ...]:
    """The values of `insert_arrays`: for each column its values in all rows."""
    return tuple(map(list, zip(*rows, strict=True)))


def insert_arrays(table: Table) -> str:
    """PostgreSQL's quickest insert of rows given as arrays, with `?` for each array."""
    unnested = ", ".join(f"CAST(? AS {_array_of(column)}[])" for column in table.c)
    return f"INSERT INTO {table.name} ({_columns(table)}) SELECT * FROM unnest({unnested})"  # noqa: S608


@lru_cache
def _prepared(table: Table) -> Prepared:
    return Prepared(f"insert_{table.name}", insert_arrays(table))


@lru_cache
def _row_by_row(table: Table) -> str:
    return f"INSERT INTO {table.name} ({_columns(table)}) VALUES ({', '.join('?' * len(table.c))})"  # noqa: S608


def _columns(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.c)


def _array_of(column: Column[Any]) -> str:
    """Texts come as text: a cast to varchar(n) would cut what is too long, where the assignment refuses it."""
    match column.type:
        case BigInteger():
            return "bigint"
        case Integer():
            return "integer"
        case LargeBinary():
            return "bytea"
        case _:
            return "text"
