"""Who is registered at a station, and which roles each holds now."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, String, Table, select

from lastmile.kernel.store.changes import Changed, Place, Put, Remove
from services.access.person import PersonRegistered
from services.access.role import RoleGranted, RoleRevoked
from services.access.tables import access_tables

persons = Table(
    "persons",
    access_tables,
    Column("station", String(9), primary_key=True),
    Column("person_id", String(80), primary_key=True),
)

roles_held = Table(
    "roles_held",
    access_tables,
    Column("person_id", String(80), primary_key=True),
    Column("station", String(9), primary_key=True),
    Column("role", String(40), primary_key=True),
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case PersonRegistered():
            yield Put(persons, {"station": place.station, "person_id": event.person_id})
        case RoleGranted():
            yield Put(roles_held, _row(event, place))
        case RoleRevoked():
            yield Remove(roles_held, _row(event, place))


def _row(event: RoleGranted | RoleRevoked, place: Place) -> dict[str, str]:
    return {"person_id": event.person_id, "station": place.station, "role": event.role}


def registered(connection: Connection, station: str, person_id: str) -> bool:
    query = select(persons.c.person_id).where(persons.c.station == station, persons.c.person_id == person_id)
    return connection.execute(query).first() is not None


def holds(connection: Connection, station: str, person_id: str, role: str) -> bool:
    query = select(roles_held.c.role).where(
        roles_held.c.person_id == person_id, roles_held.c.station == station, roles_held.c.role == role
    )
    return connection.execute(query).first() is not None


def held_elsewhere(connection: Connection, station: str, person_id: str) -> frozenset[str]:
    """The roles that the person holds at other stations of this database."""
    query = select(roles_held.c.role).where(roles_held.c.person_id == person_id, roles_held.c.station != station)
    return frozenset(connection.execute(query).scalars())
