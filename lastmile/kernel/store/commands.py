"""Commands that succeeded, with their answers: asking twice writes once."""

import hmac
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Column, Connection, LargeBinary, String, Table

from lastmile.kernel.domain.canonical import canonical
from lastmile.kernel.domain.failures import Conflict
from lastmile.kernel.store.log import kernel_tables
from lastmile.kernel.store.many_rows import Row, insert_many
from lastmile.kernel.store.prepared import Prepared

answered_commands = Table(
    "answered_commands",
    kernel_tables,
    Column("station", String(9), primary_key=True),
    Column("caller", String(80), primary_key=True),
    Column("command_id", String(160), primary_key=True),
    Column("body_hmac", LargeBinary(32), nullable=False),
    Column("answer", LargeBinary, nullable=False),
)
"""Scoped by station, service (the database) and caller. The body is kept only as a keyed hash."""


_ANSWERED = {
    "sqlite": Prepared(
        "first_answers",
        "SELECT a.caller, a.command_id, a.body_hmac, a.answer FROM json_each(?) AS asked CROSS JOIN answered_commands "
        "AS a ON a.caller = asked.value ->> 0 AND a.command_id = asked.value ->> 1 WHERE a.station = ?",
    ),
    # Asked one by one, the key is looked up however little PostgreSQL knows yet of a table that grows.
    "postgresql": Prepared(
        "first_answers",
        "SELECT found.* FROM unnest(CAST(? AS text[]), CAST(? AS text[])) AS asked (caller, command_id), LATERAL ("
        "SELECT caller, command_id, body_hmac, answer FROM answered_commands AS a "
        "WHERE a.caller = asked.caller AND a.command_id = asked.command_id AND a.station = ? LIMIT 1) AS found",
    ),
}


def body_hmac(key: bytes, name: str, body: Any) -> bytes:
    return hmac.digest(key, name.encode() + b"\n" + canonical(body), "sha256")


def first_answers(
    connection: Connection, station: str, asked: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[bytes, dict[str, Any]]]:
    """(caller, command id) to the keyed hash of the first body and the first answer, for those asked before."""
    dialect = connection.dialect.name
    listed = (orjson.dumps(asked).decode(),) if dialect == "sqlite" else map(list, zip(*asked, strict=True))
    rows: Any = _ANSWERED[dialect].execute(connection, (*listed, station))
    return {
        (caller, command_id): (bytes(first_hmac), orjson.loads(answer))
        for caller, command_id, first_hmac, answer in rows
    }


def keep_answers(connection: Connection, rows: Sequence[Row]) -> None:
    """Store what was answered: rows in the order of the table's columns."""
    insert_many(connection, answered_commands, rows)


def same_body(first: bytes, second: bytes, command_id: str) -> None:
    if not hmac.compare_digest(first, second):
        raise Conflict(f"the command id {command_id} was used before with another body", command_id=command_id)
