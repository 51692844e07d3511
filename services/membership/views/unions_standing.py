"""Which unions stand at a station, and how many members each has."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, Integer, String, Table, func, select

from lastmile.kernel.store.changes import Change, Changed, Place, Put
from lastmile.kernel.store.service import Asking
from services.membership.tables import membership_tables
from services.membership.union import UnionDissolved, UnionFounded, UnionMerged, UnionRegistered
from services.membership.views.members import members

unions = Table(
    "unions",
    membership_tables,
    Column("station", String(9), primary_key=True),
    Column("union_id", String(80), primary_key=True),
    Column("name", String(500), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("community", String(80), nullable=False),
    Column("ended", Integer, nullable=False),
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case UnionRegistered() | UnionFounded():
            row = {
                "station": place.station,
                "union_id": event.union_id,
                "name": event.name,
                "kind": event.kind,
            }
            yield Put(unions, row | {"community": event.community, "ended": 0})
        case UnionDissolved() | UnionMerged():
            yield Change(unions, {"station": place.station, "union_id": event.union_id}, {"ended": 1})


def stands(connection: Connection, station: str, union_id: str) -> bool:
    query = select(unions.c.union_id).where(
        unions.c.station == station, unions.c.union_id == union_id, unions.c.ended == 0
    )
    return connection.execute(query).first() is not None


def members_of(connection: Connection, station: str, union_id: str) -> int:
    query = select(func.count()).where(
        members.c.station == station, members.c.union_id == union_id, members.c.living == 1
    )
    return connection.execute(query).scalar_one()


def unions_standing(asking: Asking) -> list[dict[str, Any]]:
    query = select(unions).where(unions.c.station == asking.station, unions.c.ended == 0).order_by(unions.c.union_id)
    return [
        {"union_id": row.union_id, "name": row.name, "kind": row.kind, "community": row.community}
        for row in asking.connection.execute(query)
    ]
