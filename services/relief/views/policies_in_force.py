"""Which policy is valid for a programme at a station on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, Row, String, Table, func, or_, select

from lastmile.kernel.store.changes import Changed, Place, Put
from services.relief.policy import PolicyStated
from services.relief.tables import relief_tables

policies = Table(
    "policies",
    relief_tables,
    Column("station", String(9), primary_key=True),
    Column("policy_id", String(80), primary_key=True),
    Column("programme", String(40), nullable=False),
    Column("area", String(80), nullable=False),
    Column("valid_from", String(10), nullable=False),
    Column("valid_until", String(10)),
    Column("ceiling_fen", BigInteger, nullable=False),
    Column("notice_days", Integer, nullable=False),
    Column("stated_by", String(80), nullable=False),
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case PolicyStated():
            row = {
                "station": place.station,
                "policy_id": event.policy_id,
                "programme": event.programme,
                "area": event.area,
                "valid_from": event.valid_from.isoformat(),
                "valid_until": event.valid_until.isoformat() if event.valid_until else None,
                "stated_by": place.actor,
            }
            yield Put(policies, row | {"ceiling_fen": event.ceiling_fen, "notice_days": event.notice_days})


def in_force(connection: Connection, station: str, programme: str, day: date) -> Row[Any] | None:
    """The policy of the nearest area, and among its policies the one that began last."""
    query = (
        select(policies)
        .where(
            policies.c.station == station,
            policies.c.programme == programme,
            policies.c.valid_from <= day.isoformat(),
            or_(policies.c.valid_until.is_(None), policies.c.valid_until >= day.isoformat()),
        )
        .order_by(func.length(policies.c.area).desc(), policies.c.valid_from.desc())
        .limit(1)
    )
    return connection.execute(query).first()


def competing(connection: Connection, station: str, programme: str, area: str, valid_from: date) -> str | None:
    """The id of a policy of the same programme and area that begins on this day."""
    query = select(policies.c.policy_id).where(
        policies.c.station == station,
        policies.c.programme == programme,
        policies.c.area == area,
        policies.c.valid_from == valid_from.isoformat(),
    )
    return connection.execute(query).scalars().first()
