"""Which roles a person holds on a day: granted ones, and those stood in for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, String, Table, select

from lastmile.kernel.domain.identity import STATION_ROLES
from lastmile.kernel.store.changes import Changed, Place, Put, Remove
from services.access.role import HANDLES_MONEY, RoleGranted, RoleRevoked
from services.access.stand_in import StandInEnded, StandInNamed
from services.access.tables import access_tables

roles_held = Table(
    "roles_held",
    access_tables,
    Column("person_id", String(80), primary_key=True),
    Column("station", String(9), primary_key=True),
    Column("role", String(40), primary_key=True),
    Column("community", String(80), nullable=False, server_default=""),
)

stand_ins = Table(
    "stand_ins",
    access_tables,
    Column("person_id", String(80), primary_key=True),
    Column("station", String(9), primary_key=True),
    Column("role", String(40), primary_key=True),
    Column("valid_from", String(10), nullable=False),
    Column("valid_to", String(10), nullable=False),
    Column("named_by", String(80), nullable=False),
)


@dataclass(frozen=True)
class Held:
    """A role at a station; `until` is the last day of standing in, empty for a granted role."""

    station: str
    role: str
    community: str = ""
    until: str = ""


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case RoleGranted():
            yield Put(roles_held, _key(event, place) | {"community": event.community or ""})
        case RoleRevoked():
            yield Remove(roles_held, _key(event, place))
        case StandInNamed():
            yield Remove(stand_ins, _key(event, place))
            term = {"valid_from": event.valid_from.isoformat(), "valid_to": event.valid_to.isoformat()}
            yield Put(stand_ins, _key(event, place) | term | {"named_by": event.named_by})
        case StandInEnded():
            yield Remove(stand_ins, _key(event, place))


def _key(event: RoleGranted | RoleRevoked | StandInNamed | StandInEnded, place: Place) -> dict[str, str]:
    return {"person_id": event.person_id, "station": place.station, "role": event.role}


LEADING = frozenset({"chair", "vice_chair"})


def held_on(connection: Connection, person_id: str, day: date) -> list[Held]:
    """The roles of that day, granted ones first, the leading before others.

    Who administers anywhere handles no money, whatever was granted.
    """
    granted = connection.execute(select(roles_held).where(roles_held.c.person_id == person_id))
    found = [Held(row.station, row.role, row.community) for row in granted]
    terms = connection.execute(
        select(stand_ins).where(
            stand_ins.c.person_id == person_id,
            stand_ins.c.valid_from <= day.isoformat(),
            stand_ins.c.valid_to >= day.isoformat(),
        )
    )
    own = {(held.station, held.role) for held in found}
    found += [Held(r.station, r.role, until=r.valid_to) for r in terms if (r.station, r.role) not in own]
    if any(held.role == "administrator" for held in found):
        found = [held for held in found if held.role not in HANDLES_MONEY]
    places = {str(role): place for place, role in enumerate(STATION_ROLES)}
    return sorted(found, key=lambda held: (held.until, held.station, held.role not in LEADING, places[held.role]))


def held_or_named(connection: Connection, person_id: str, today: date) -> list[Held]:
    """All that the person holds at any station, or is named to stand in for from today on."""
    granted = connection.execute(select(roles_held).where(roles_held.c.person_id == person_id))
    named = connection.execute(
        select(stand_ins).where(stand_ins.c.person_id == person_id, stand_ins.c.valid_to >= today.isoformat())
    )
    return [Held(r.station, r.role, r.community) for r in granted] + [
        Held(r.station, r.role, until=r.valid_to) for r in named
    ]


def stand_ins_named(connection: Connection, station: str, today: date) -> list[dict[str, str]]:
    """Who stands in for which role, or will, and who named them."""
    query = (
        select(stand_ins)
        .where(stand_ins.c.station == station, stand_ins.c.valid_to >= today.isoformat())
        .order_by(stand_ins.c.valid_from, stand_ins.c.person_id, stand_ins.c.role)
    )
    shown = ("person_id", "role", "valid_from", "valid_to", "named_by")
    return [{name: row[name] for name in shown} for row in connection.execute(query).mappings()]
