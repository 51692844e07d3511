"""What stands on each consolation list, and whether it is approved."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Row, String, Table, func, select

from lastmile.kernel.store.changes import Change, Changed, Place, Put
from services.relief.consolation import ConsolationListApproved, ConsolationListPrepared
from services.relief.consolation_line import ConsolationLineAdded
from services.relief.tables import relief_tables

consolation_lists = Table(
    "consolation_lists",
    relief_tables,
    Column("station", String(9), primary_key=True),
    Column("list_id", String(80), primary_key=True),
    Column("occasion", String(20), nullable=False),
    Column("fund_id", String(80), nullable=False),
    Column("approved_on", String(10)),
)

consolation_lines = Table(
    "consolation_lines",
    relief_tables,
    Column("station", String(9), primary_key=True),
    Column("list_id", String(80), primary_key=True),
    Column("recipient_id", String(80), primary_key=True),
    Column("amount_fen", BigInteger, nullable=False),
    Column("added_by", String(80), nullable=False),
    Column("added_on", String(10), nullable=False),
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    key = {"station": place.station, "list_id": getattr(event, "list_id", "")}
    match event:
        case ConsolationListPrepared():
            yield Put(
                consolation_lists, {**key, "occasion": event.occasion, "fund_id": event.fund_id, "approved_on": None}
            )
        case ConsolationListApproved():
            yield Change(consolation_lists, key, {"approved_on": event.occurred_on.isoformat()})
        case ConsolationLineAdded():
            added = {"added_by": event.added_by, "added_on": event.occurred_on.isoformat()}
            line = {"recipient_id": event.recipient_id, "amount_fen": event.amount_fen}
            yield Put(consolation_lines, {**key, **line, **added})


def consolation_list(connection: Connection, station: str, list_id: str) -> Row[Any] | None:
    query = select(consolation_lists).where(
        consolation_lists.c.station == station, consolation_lists.c.list_id == list_id
    )
    return connection.execute(query).first()


def list_sum(connection: Connection, station: str, list_id: str) -> tuple[int, int, str | None]:
    """How many lines, for how many fen, and the date of the latest."""
    lines = consolation_lines.c
    query = select(func.count(), func.coalesce(func.sum(lines.amount_fen), 0), func.max(lines.added_on)).where(
        lines.station == station, lines.list_id == list_id
    )
    count, amount_fen, last_on = connection.execute(query).one()
    return count, int(amount_fen), last_on


def is_on_it(connection: Connection, station: str, list_id: str, recipient_id: str) -> bool:
    """Whether the person is on the list."""
    lines = consolation_lines.c
    query = select(lines.recipient_id).where(
        lines.station == station, lines.list_id == list_id, lines.recipient_id == recipient_id
    )
    return connection.execute(query).first() is not None


def added_by(connection: Connection, station: str, list_id: str) -> frozenset[str]:
    """Who put the lines on the list."""
    lines = consolation_lines.c
    query = select(lines.added_by).where(lines.station == station, lines.list_id == list_id).distinct()
    return frozenset(connection.execute(query).scalars())
