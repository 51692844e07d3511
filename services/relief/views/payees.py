"""Who has an account on record: where in the log it stands, sealed, since when and by whom it was entered."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Row, String, Table, select

from lastmile.kernel.store.changes import Changed, Place, Put, Remove
from services.relief.payee import PayeeRecorded
from services.relief.tables import relief_tables

payees = Table(
    "payees",
    relief_tables,
    Column("station", String(9), primary_key=True),
    Column("person_id", String(80), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("recorded_by", String(80), nullable=False),
    Column("recorded_on", String(10), nullable=False),
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case PayeeRecorded():
            key = {"station": place.station, "person_id": event.person_id}
            recorded = {"recorded_by": event.recorded_by, "recorded_on": event.occurred_on.isoformat()}
            yield Remove(payees, key)
            yield Put(payees, key | {"position": place.position} | recorded)


def payee(connection: Connection, station: str, person_id: str) -> Row[Any] | None:
    query = select(payees).where(payees.c.station == station, payees.c.person_id == person_id)
    return connection.execute(query).first()
