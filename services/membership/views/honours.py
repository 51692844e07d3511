"""Which honours a person holds."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, String, Table, select

from lastmile.kernel.store.changes import Change, Changed, Place, Put, Remove
from lastmile.kernel.store.service import Asking
from services.membership.honour import HonoureeRetired, HonourRecorded, HonourRevoked
from services.membership.tables import membership_tables

honours = Table(
    "honours",
    membership_tables,
    Column("station", String(9), primary_key=True),
    Column("person_id", String(80), primary_key=True),
    Column("title", String(40), primary_key=True),
    Column("service", String(20), nullable=False),
    Column("since", String(10), nullable=False),
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case HonourRecorded():
            yield Put(honours, _key(event, place) | {"service": event.service, "since": event.occurred_on.isoformat()})
        case HonoureeRetired():
            yield Change(honours, _key(event, place), {"service": event.service})
        case HonourRevoked():
            yield Remove(honours, _key(event, place))


def of_person(asking: Asking, person_id: str) -> list[dict[str, Any]]:
    query = select(honours).where(honours.c.station == asking.station, honours.c.person_id == person_id)
    rows = asking.connection.execute(query.order_by(honours.c.title))
    return [{"title": row.title, "service": row.service, "since": row.since} for row in rows]


def _key(event: Any, place: Place) -> dict[str, Any]:
    return {"station": place.station, "person_id": event.person_id, "title": event.title}
