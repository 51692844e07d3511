"""Commands that succeeded, with their answers: asking twice writes once."""

import hmac
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Column, Connection, LargeBinary, String, Table, select

from lastmile.kernel.domain.canonical import canonical
from lastmile.kernel.domain.failures import Conflict
from lastmile.kernel.store.log import kernel_tables

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


def body_hmac(key: bytes, name: str, body: Any) -> bytes:
    return hmac.new(key, name.encode() + b"\n" + canonical(body), sha256).digest()


def first_answers(
    connection: Connection, station: str, asked: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[bytes, dict[str, Any]]]:
    """(caller, command id) to the keyed hash of the first body and the first answer, for those asked before."""
    found = {}
    query = select(answered_commands).where(
        answered_commands.c.station == station,
        answered_commands.c.caller.in_(sorted({caller for caller, _ in asked})),
        answered_commands.c.command_id.in_([command_id for _, command_id in asked]),
    )
    for row in connection.execute(query):
        found[row.caller, row.command_id] = (bytes(row.body_hmac), orjson.loads(row.answer))
    return found


def same_body(first: bytes, second: bytes, command_id: str) -> None:
    if not hmac.compare_digest(first, second):
        raise Conflict(f"the command id {command_id} was used before with another body", command_id=command_id)
