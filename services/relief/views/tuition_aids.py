"""Who asked for tuition aid for which school year."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, Index, Integer, String, Table, select, text

from lastmile.kernel.store.changes import Change, Changed, Place, Put
from services.relief.tables import relief_tables
from services.relief.tuition import TuitionAidForwarded, TuitionAidRefused

tuition_aids = Table(
    "tuition_aids",
    relief_tables,
    Column("station", String(9), primary_key=True),
    Column("aid_id", String(80), primary_key=True),
    Column("person_id", String(80), nullable=False),
    Column("school_year", String(40), nullable=False),
    Column("refused", Integer, nullable=False),
)
Index(
    "one_tuition_aid_a_school_year",
    tuition_aids.c.person_id,
    tuition_aids.c.school_year,
    unique=True,
    sqlite_where=text("refused = 0"),
    postgresql_where=text("refused = 0"),
)
"""Stations decide under locks of their own; here two of them cannot both forward aid for a person and year."""


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case TuitionAidForwarded():
            row = {"station": place.station, "aid_id": event.aid_id, "person_id": event.person_id}
            yield Put(tuition_aids, row | {"school_year": event.school_year, "refused": 0})
        case TuitionAidRefused():
            yield Change(tuition_aids, {"station": place.station, "aid_id": event.aid_id}, {"refused": 1})


def person(connection: Connection, station: str, aid_id: str) -> str | None:
    """For whom the request is; None if there is no such request."""
    query = select(tuition_aids.c.person_id).where(tuition_aids.c.station == station, tuition_aids.c.aid_id == aid_id)
    return connection.execute(query).scalars().first()


def not_refused(connection: Connection, person_id: str, school_year: str) -> str | None:
    """A request of this person for this school year, at any station of this database, that was not refused."""
    query = select(tuition_aids.c.aid_id).where(
        tuition_aids.c.person_id == person_id,
        tuition_aids.c.school_year == school_year,
        tuition_aids.c.refused == 0,
    )
    return connection.execute(query).scalars().first()
