"""Which codes of second factors were given: a right one counts once, wrong ones slow the next."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Index, String, Table, select

from lastmile.kernel.store.changes import Changed, Place, Put
from services.access.moments import moved
from services.access.second_factor import SecondFactorEnrolled
from services.access.session import SecondFactorGiven, SecondFactorRefused
from services.access.slowing import CODES_PER_HOUR, HOUR
from services.access.tables import access_tables

codes_given = Table(
    "codes_given",
    access_tables,
    Column("station", String(9), primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("person_id", String(80), nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("wrong_at", String(27), nullable=False),
)
"""`step` is 0 for a wrong code, `wrong_at` empty for a right one."""

Index("codes_of_person", codes_given.c.person_id, codes_given.c.step)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case SecondFactorGiven() | SecondFactorEnrolled():
            yield _row(place, event.person_id, event.step, "")
        case SecondFactorRefused():
            yield _row(place, event.person_id, 0, event.at)


def _row(place: Place, person_id: str, step: int, wrong_at: str) -> Put:
    stands = {"station": place.station, "position": place.position}
    return Put(codes_given, stands | {"person_id": person_id, "step": step, "wrong_at": wrong_at})


def counted(connection: Connection, person_id: str, step: int | None) -> bool:
    query = select(codes_given.c.step).where(codes_given.c.person_id == person_id, codes_given.c.step == step)
    return step is not None and connection.execute(query).first() is not None


def wrong_within_an_hour(connection: Connection, person_id: str, now: str) -> list[str]:
    """When wrong codes were given, newest first."""
    query = (
        select(codes_given.c.wrong_at)
        .where(
            codes_given.c.person_id == person_id, codes_given.c.step == 0, codes_given.c.wrong_at > moved(now, -HOUR)
        )
        .order_by(codes_given.c.wrong_at.desc())
        .limit(CODES_PER_HOUR)
    )
    return list(connection.execute(query).scalars())
