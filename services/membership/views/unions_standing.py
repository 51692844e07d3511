"""Which unions stand at a station, where, and how many members and employers each has."""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import Column, Connection, Index, Integer, String, Table, func, select

from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.store.changes import Add, Change, Changed, Place, Put
from lastmile.kernel.store.lists import Listed
from lastmile.kernel.store.service import Asking
from services.membership.member_events import (
    AdmissionUndone,
    MemberDied,
    MemberExpelled,
    MemberJoined,
    MemberLeft,
    MemberMovedIn,
    MemberMovedOut,
    MemberRegistered,
    MemberRejoined,
    MemberTransferred,
)
from services.membership.tables import membership_tables
from services.membership.union import EmployerCovered, UnionDissolved, UnionFounded, UnionMerged, UnionRegistered
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
    Column("since", String(10), nullable=False),
    Column("members", Integer, nullable=False),
    Column("employers", Integer, nullable=False),
)
Index("unions_by_community", unions.c.station, unions.c.community)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case UnionRegistered() | UnionFounded():
            named = {name: getattr(event, name) for name in ("union_id", "name", "kind", "community")}
            begun = {"ended": 0, "since": event.occurred_on.isoformat(), "members": 0, "employers": 0}
            yield Put(unions, {"station": place.station, **named, **begun})
        case UnionDissolved() | UnionMerged():
            yield Change(unions, _key(place, event.union_id), {"ended": 1})
        case EmployerCovered():
            yield Add(unions, _key(place, event.union_id), {"employers": 1})
        case MemberRegistered() | MemberJoined() | MemberRejoined() | MemberMovedIn():
            yield Add(unions, _key(place, event.union_id), {"members": 1})
        case MemberLeft() | MemberExpelled() | MemberDied() | MemberMovedOut() | AdmissionUndone():
            yield Add(unions, _key(place, event.union_id), {"members": -1})
        case MemberTransferred():
            yield Add(unions, _key(place, event.from_union_id), {"members": -1})
            yield Add(unions, _key(place, event.to_union_id), {"members": 1})


def _key(place: Place, union_id: str) -> dict[str, str]:
    return {"station": place.station, "union_id": union_id}


def stands(connection: Connection, station: str, union_id: str) -> bool:
    query = select(unions.c.union_id).where(
        unions.c.station == station, unions.c.union_id == union_id, unions.c.ended == 0
    )
    return connection.execute(query).first() is not None


def community_of(connection: Connection, station: str, union_id: str) -> str | None:
    """The community in which the union is, None if there is no such union."""
    query = select(unions.c.community).where(unions.c.station == station, unions.c.union_id == union_id)
    return connection.execute(query).scalar_one_or_none()


def members_of(connection: Connection, station: str, union_id: str) -> int:
    query = select(func.count()).where(
        members.c.station == station, members.c.union_id == union_id, members.c.living == 1
    )
    return connection.execute(query).scalar_one()


def standing_by_name(connection: Connection, station: str) -> dict[str, str]:
    """Id and name of each union that stands to its id: a roster may give either."""
    query = select(unions.c.union_id, unions.c.name).where(unions.c.station == station, unions.c.ended == 0)
    rows = connection.execute(query.order_by(unions.c.union_id.desc())).all()
    return {row.name: row.union_id for row in rows} | {row.union_id: row.union_id for row in rows}


def names(connection: Connection, station: str, union_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Union id to name and community."""
    query = select(unions.c.union_id, unions.c.name, unions.c.community).where(
        unions.c.station == station, unions.c.union_id.in_(list(union_ids))
    )
    return {row.union_id: (row.name, row.community) for row in connection.execute(query)}


listed = Listed(
    unions,
    key="union_id",
    shown=("union_id", "name", "kind", "community", "ended", "since", "members", "employers"),
    sorts=("union_id", "name", "members", "since"),
    filters={
        "text": (
            fields.String(validate=validate.Length(1, 100)),
            lambda text: unions.c.name.contains(text, autoescape=True) | (unions.c.union_id == text),
        ),
        "kind": (fields.String(validate=validate.OneOf(("single", "joint"))), lambda kind: unions.c.kind == kind),
        "community": (fields.String(validate=validate.Length(1, 80)), lambda name: unions.c.community == name),
        "standing": (fields.Boolean(), lambda stands: unions.c.ended == (0 if stands else 1)),
    },
)


def union_list(asking: Asking) -> dict[str, Any]:
    """The unions, each with its members and covered employers."""
    mine = (unions.c.community == asking.community,) if asking.community else ()
    found = listed.rows(asking, *mine)
    return found | {"rows": [_told(row) for row in found["rows"]]}


class OfUnion(Schema):
    """Which union."""

    union_id = fields.String(required=True, validate=validate.Length(1, 80))


def union_record(asking: Asking) -> dict[str, Any]:
    """One union: its row of the list."""
    union_id = asking.parameters["union_id"]
    version = asking.version("union", union_id)
    query = select(unions).where(unions.c.station == asking.station, unions.c.union_id == union_id)
    row = asking.connection.execute(query).mappings().first()
    if row is None or asking.community not in (None, row["community"]):
        raise NotFound(f"there is no union {union_id}", union_id=union_id)
    return _told(row) | {"version": version}


def _told(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in listed.shown} | {"ended": bool(row["ended"])}
