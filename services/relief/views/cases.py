"""Who is on file at a station: why, until when by plan, and whether the membership ended."""

from collections.abc import Iterable
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Column, Connection, Integer, Row, String, Table, select

from lastmile.kernel.store.changes import Change, Changed, Place, Put, Remove
from lastmile.kernel.store.lists import MOST_ROWS_ON_A_PAGE, Listed
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


CASES = Listed(
    table=case_files,
    key="person_id",
    shown=("person_id", "category", "persons", "since", "exit_by", "membership_ended"),
    sorts=("person_id", "since", "category", "persons"),
    filters={
        "category": (fields.String(), lambda value: case_files.c.category == value),
        "person_id": (fields.String(), lambda value: case_files.c.person_id == value),
        "people": (
            fields.List(fields.String(), validate=validate.Length(max=MOST_ROWS_ON_A_PAGE)),
            case_files.c.person_id.in_,
        ),
        "exit_planned": (
            fields.Boolean(),
            lambda yes: case_files.c.exit_by.is_not(None) if yes else case_files.c.exit_by.is_(None),
        ),
        "membership_ended": (
            fields.Boolean(),
            lambda yes: case_files.c.membership_ended.is_not(None) if yes else case_files.c.membership_ended.is_(None),
        ),
    },
)


def cases(asking: Asking) -> dict[str, Any]:
    """The files that are open."""
    return CASES.rows(asking, case_files.c.open == 1)


def cases_exited(asking: Asking) -> dict[str, Any]:
    """The files of households that left the register of hardship."""
    return CASES.rows(asking, case_files.c.open == 0)
