"""What stands on each consolation list, and whether it is approved."""

from collections.abc import Iterable
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import BigInteger, Column, Connection, Index, Integer, Row, String, Table, func, select

from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.store.changes import Change, Changed, Place, Put
from lastmile.kernel.store.lists import Listed
from lastmile.kernel.store.service import Asking
from services.relief.consolation import ConsolationListApproved, ConsolationListPrepared, year_of
from services.relief.consolation_line import ConsolationLineAdded, ConsolationSignedFor
from services.relief.tables import relief_tables

consolation_lists = Table(
    "consolation_lists",
    relief_tables,
    Column("station", String(9), primary_key=True),
    Column("list_id", String(80), primary_key=True),
    Column("occasion", String(20), nullable=False),
    Column("fund_id", String(80), nullable=False),
    Column("approved_on", String(10)),
    Column("prepared_by", String(80), nullable=False, server_default=""),
    Column("prepared_on", String(10), nullable=False, server_default=""),
    Column("festival_year", Integer, nullable=False, server_default="0"),
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
    Column("recipient", String(40), nullable=False, server_default=""),
    Column("in_goods", Integer, nullable=False, server_default="0"),
    Column("signed_on", String(10)),
)
Index("consolation_lines_of_recipient", consolation_lines.c.station, consolation_lines.c.recipient_id)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    key = {"station": place.station, "list_id": getattr(event, "list_id", "")}
    match event:
        case ConsolationListPrepared():
            on = event.occurred_on
            festival = {"occasion": event.occasion, "festival_year": event.festival_year or year_of(event.occasion, on)}
            begun = {"fund_id": event.fund_id, "prepared_by": event.prepared_by, "prepared_on": on.isoformat()}
            yield Put(consolation_lists, {**key, **festival, **begun})
        case ConsolationListApproved():
            yield Change(consolation_lists, key, {"approved_on": event.occurred_on.isoformat()})
        case ConsolationLineAdded():
            added = {"added_by": event.added_by, "added_on": event.occurred_on.isoformat()}
            line = {"recipient_id": event.recipient_id, "amount_fen": event.amount_fen}
            what = {"recipient": event.recipient, "in_goods": int(event.in_goods)}
            yield Put(consolation_lines, {**key, **line, **added, **what})
        case ConsolationSignedFor():
            line = {**key, "recipient_id": event.recipient_id}
            yield Change(consolation_lines, line, {"signed_on": event.occurred_on.isoformat()})


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


def are_on_it(connection: Connection, station: str, list_id: str, recipient_ids: frozenset[str]) -> bool:
    """Whether any of them is on the list."""
    lines = consolation_lines.c
    query = select(lines.recipient_id).where(
        lines.station == station, lines.list_id == list_id, lines.recipient_id.in_(recipient_ids)
    )
    return connection.execute(query).first() is not None


def added_by(connection: Connection, station: str, list_id: str) -> frozenset[str]:
    """Who put the lines on the list."""
    lines = consolation_lines.c
    query = select(lines.added_by).where(lines.station == station, lines.list_id == list_id).distinct()
    return frozenset(connection.execute(query).scalars())


def other_list(connection: Connection, station: str, list_id: str, recipient_id: str) -> str | None:
    """Another list of the same festival on which the person stands."""
    own = consolation_list(connection, station, list_id)
    if own is None:
        return None
    lists, lines = consolation_lists.c, consolation_lines.c
    query = (
        select(lists.list_id)
        .join(consolation_lines, (lines.station == lists.station) & (lines.list_id == lists.list_id))
        .where(
            lists.station == station,
            lists.list_id != list_id,
            lists.occasion == own.occasion,
            lists.festival_year == own.festival_year,
            lines.recipient_id == recipient_id,
        )
        .order_by(lists.list_id)
    )
    return connection.execute(query).scalars().first()


LISTS = Listed(
    table=consolation_lists,
    key="list_id",
    shown=("list_id", "occasion", "festival_year", "fund_id", "prepared_by", "prepared_on", "approved_on"),
    sorts=("prepared_on", "list_id"),
    filters={
        "occasion": (fields.String(), lambda value: consolation_lists.c.occasion == value),
        "approved": (
            fields.Boolean(),
            lambda yes: (
                consolation_lists.c.approved_on.is_not(None) if yes else consolation_lists.c.approved_on.is_(None)
            ),
        ),
    },
)


def lists(asking: Asking) -> dict[str, Any]:
    """The consolation lists, each with its lines and sum."""
    found = LISTS.rows(asking)
    rows = []
    for row in found["rows"]:
        count, amount_fen, _ = list_sum(asking.connection, asking.station, row["list_id"])
        rows.append({**row, "lines": count, "amount_fen": amount_fen})
    return {**found, "rows": rows}


class OfList(Schema):
    """Which list."""

    list_id = fields.String(required=True, validate=validate.Length(1, 80))


def one_list(asking: Asking) -> dict[str, Any]:
    """A consolation list with its lines; what each may have signed for."""
    list_id = asking.parameters["list_id"]
    version = asking.version("consolation", list_id)
    found = consolation_list(asking.connection, asking.station, list_id)
    if found is None:
        raise NotFound(f"there is no list {list_id}", list_id=list_id)
    count, amount_fen, _ = list_sum(asking.connection, asking.station, list_id)
    columns = consolation_lines.c
    query = select(consolation_lines).where(columns.station == asking.station, columns.list_id == list_id)
    shown = ("recipient_id", "recipient", "amount_fen", "in_goods", "added_by", "added_on", "signed_on")
    rows = asking.connection.execute(query.order_by(columns.recipient_id)).mappings().all()
    lines = [{name: row[name] for name in shown} | {"in_goods": row["in_goods"] == 1} for row in rows]
    head = {name: found._mapping[name] for name in LISTS.shown}
    return {**head, "version": version, "lines": lines, "count": count, "amount_fen": amount_fen}
