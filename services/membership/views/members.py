"""Who is or was a member of a station. The one place where names stand in clear, for search."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, Index, Integer, String, Table, select

from lastmile.kernel.store.changes import Change, Changed, Place, Put, Remove
from lastmile.kernel.store.service import Asking
from services.membership.member import (
    MemberCorrected,
    MemberDied,
    MemberExpelled,
    MemberJoined,
    MemberLeft,
    MemberMovedIn,
    MemberMovedOut,
    MemberRegistered,
    MemberRejoined,
    MemberTransferred,
    PersonErased,
    TransferRequested,
)
from services.membership.tables import membership_tables

members = Table(
    "members",
    membership_tables,
    Column("station", String(9), primary_key=True),
    Column("person_id", String(80), primary_key=True),
    Column("union_id", String(80), nullable=False),
    Column("name", String(500)),
    Column("living", Integer, nullable=False),
    Column("since", String(10), nullable=False),
)
Index("members_by_union", members.c.station, members.c.union_id)
Index("members_by_name", members.c.station, members.c.name)

living_members = Table(
    "living_members",
    membership_tables,
    Column("person_id", String(80), primary_key=True),
    Column("station", String(9), nullable=False),
)
"""Where each living member is: the last guard that nobody is a member twice in this database."""

requested_transfers = Table(
    "requested_transfers",
    membership_tables,
    Column("person_id", String(80), primary_key=True),
    Column("from_station", String(9), primary_key=True),
    Column("to_station", String(9), primary_key=True),
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    key = {"station": place.station, "person_id": getattr(event, "person_id", "")}
    match event:
        case MemberRegistered() | MemberJoined() | MemberRejoined() | MemberMovedIn():
            yield Remove(members, key)
            row = {
                "union_id": event.union_id,
                "name": event.name,
                "living": 1,
                "since": event.occurred_on.isoformat(),
            }
            yield Put(members, key | row)
            if isinstance(event, MemberMovedIn):
                yield Change(living_members, {"person_id": event.person_id}, {"station": place.station})
                yield Remove(requested_transfers, {"person_id": event.person_id, "to_station": place.station})
            else:
                yield Put(living_members, {"person_id": event.person_id, "station": place.station})
        case MemberCorrected() if event.name is not None:
            yield Change(members, key, {"name": event.name})
        case MemberTransferred():
            yield Change(members, key, {"union_id": event.to_union_id})
        case TransferRequested():
            requested = {"person_id": event.person_id, "from_station": place.station}
            yield Remove(requested_transfers, requested)
            yield Put(requested_transfers, requested | {"to_station": event.to_station})
        case MemberLeft() | MemberExpelled() | MemberDied() | MemberMovedOut():
            yield Change(members, key, {"living": 0, "since": event.occurred_on.isoformat()})
            yield Remove(living_members, {"person_id": event.person_id, "station": place.station})
            yield Remove(requested_transfers, {"person_id": event.person_id, "from_station": place.station})
        case PersonErased():
            yield Change(members, {"person_id": event.person_id}, {"name": None})


def is_member(connection: Connection, station: str, person_id: str) -> bool:
    return member_at(connection, person_id) == station


def member_at(connection: Connection, person_id: str) -> str | None:
    """The station at which the person is a member now."""
    return connection.execute(
        select(living_members.c.station).where(living_members.c.person_id == person_id)
    ).scalar_one_or_none()


def transfer_requested(connection: Connection, person_id: str, from_station: str, to_station: str) -> bool:
    query = select(requested_transfers.c.person_id).where(
        requested_transfers.c.person_id == person_id,
        requested_transfers.c.from_station == from_station,
        requested_transfers.c.to_station == to_station,
    )
    return connection.execute(query).first() is not None


def members_named(asking: Asking) -> list[dict[str, Any]]:
    """Members of the station whose name begins with the text asked for."""
    begins: str = asking.parameters["name"]
    query = (
        select(members)
        .where(members.c.station == asking.station, members.c.name.startswith(begins, autoescape=True))
        .order_by(members.c.name, members.c.person_id)
        .limit(asking.parameters["limit"])
    )
    return [
        {
            "person_id": row.person_id,
            "union_id": row.union_id,
            "name": row.name,
            "living": bool(row.living),
            "since": row.since,
        }
        for row in asking.connection.execute(query)
    ]
