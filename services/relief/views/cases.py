"""Who is on file at a station: why, until when by plan, and whether the membership ended."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, Integer, Row, String, Table, select

from lastmile.kernel.store.changes import Change, Changed, Place, Put, Remove
from lastmile.kernel.store.service import Asking
from services.relief.case import (
    CaseExited,
    CaseMembershipEnded,
    CaseOpened,
    CaseRegistered,
    DeathNoted,
    ExitPlanned,
    ExitPlanWithdrawn,
)
from services.relief.tables import relief_tables

case_files = Table(
    "case_files",
    relief_tables,
    Column("station", String(9), primary_key=True),
    Column("person_id", String(80), primary_key=True),
    Column("category", String(40), nullable=False),
    Column("persons", Integer, nullable=False),
    Column("since", String(10), nullable=False),
    Column("exit_by", String(10)),
    Column("membership_ended", String(10)),
    Column("open", Integer, nullable=False),
)

deaths = Table(
    "deaths",
    relief_tables,
    Column("person_id", String(80), primary_key=True),
    Column("station", String(9), primary_key=True),
)
"""Who died, on file or not."""


def fold(event: Any, place: Place) -> Iterable[Changed]:
    key = {"station": place.station, "person_id": getattr(event, "person_id", "")}
    match event:
        case CaseRegistered() | CaseOpened():
            yield Remove(case_files, key)
            since = event.occurred_on.isoformat()
            row = {"category": event.category, "persons": event.persons, "since": since}
            yield Put(case_files, key | row | {"exit_by": None, "membership_ended": None, "open": 1})
        case ExitPlanned():
            yield Change(case_files, key, {"exit_by": event.exit_by.isoformat()})
        case ExitPlanWithdrawn():
            yield Change(case_files, key, {"exit_by": None})
        case CaseExited():
            yield Change(case_files, key, {"open": 0, "exit_by": None})
        case CaseMembershipEnded():
            yield Change(case_files, key, {"membership_ended": event.reason})
            if event.reason == "died":
                yield Put(deaths, key)
        case DeathNoted():
            yield Put(deaths, key)


def case_file(connection: Connection, station: str, person_id: str) -> Row[Any] | None:
    query = select(case_files).where(case_files.c.station == station, case_files.c.person_id == person_id)
    return connection.execute(query).first()


def died(connection: Connection, person_id: str) -> bool:
    """Whether the person died, as any station of this database heard it: whoever moved may have died elsewhere."""
    query = select(deaths.c.person_id).where(deaths.c.person_id == person_id).limit(1)
    return connection.execute(query).first() is not None


def cases(asking: Asking) -> list[dict[str, Any]]:
    """The files that are open."""
    query = (
        select(case_files)
        .where(case_files.c.station == asking.station, case_files.c.open == 1)
        .order_by(case_files.c.person_id)
    )
    return [
        {
            "person_id": row.person_id,
            "category": row.category,
            "persons": row.persons,
            "since": row.since,
            "exit_by": row.exit_by,
            "membership_ended": row.membership_ended,
        }
        for row in asking.connection.execute(query)
    ]
