"""Statements that every command asks: written out, and planned by PostgreSQL once for each connection."""

from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

from sqlalchemy import Connection, CursorResult


@dataclass(frozen=True)
class Prepared:
    """A statement with `?` where its values stand.

    As SQLAlchemy compiles it, and as PostgreSQL plans it anew, each would take as long as carrying it out.
    """

    name: str
    statement: str

    def execute(self, connection: Connection, values: tuple[Any, ...]) -> CursorResult[Any]:
        if connection.dialect.name == "sqlite":
            return connection.exec_driver_sql(self.statement, values)
        known: set[str] = connection.info.setdefault("prepared", set())
        if self.name not in known:
            connection.exec_driver_sql(f"PREPARE {self.name} AS {self._numbered}")
            known.add(self.name)  # Stays prepared even if the transaction is undone.
        return connection.exec_driver_sql(f"EXECUTE {self.name}({', '.join(['%s'] * len(values))})", values)

    @cached_property
    def _numbered(self) -> str:
        first, *rest = self.statement.split("?")
        return first + "".join(f"${number}{part}" for number, part in zip(count(1), rest, strict=False))
