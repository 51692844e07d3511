"""Who has a place in an activity, who waits for one, and who did not come."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, String, Table, and_, func, or_, select

from lastmile.kernel.store.changes import Change, Changed, Place, Put, Remove
from services.activities.enrolment import EnrolmentWithdrawn, MemberEnrolled, MemberWaitListed, NoShowMarked
from services.activities.tables import activities_tables

enrolments = Table(
    "enrolments",
    activities_tables,
    Column("station", String(9), primary_key=True),
    Column("activity_id", String(80), primary_key=True),
    Column("person_id", String(80), primary_key=True),
    Column("standing", String(10), nullable=False),
    Column("position", BigInteger, nullable=False),
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case MemberEnrolled() | MemberWaitListed():
            standing = "enrolled" if isinstance(event, MemberEnrolled) else "waiting"
            yield Remove(enrolments, _key(event, place))
            yield Put(enrolments, _key(event, place) | {"standing": standing, "position": place.position})
        case EnrolmentWithdrawn():
            yield Remove(enrolments, _key(event, place))
        case NoShowMarked():
            yield Change(enrolments, _key(event, place), {"standing": "absent"})


def _key(event: Any, place: Place) -> dict[str, Any]:
    return {"station": place.station, "activity_id": event.activity_id, "person_id": event.person_id}


def ahead_of(connection: Connection, station: str, activity_id: str, person_id: str) -> int:
    """How many have a place or wait for one longer than this person, who may not wait at all yet."""
    here = and_(enrolments.c.station == station, enrolments.c.activity_id == activity_id)
    own = select(enrolments.c.position).where(here, enrolments.c.person_id == person_id).scalar_subquery()
    before = or_(own.is_(None), enrolments.c.position < own)
    query = select(func.count()).where(
        here, or_(enrolments.c.standing == "enrolled", and_(enrolments.c.standing == "waiting", before))
    )
    return connection.execute(query).scalar_one()


def by_standing(connection: Connection, station: str, activity_id: str) -> dict[str, int]:
    query = (
        select(enrolments.c.standing, func.count().label("persons"))
        .where(enrolments.c.station == station, enrolments.c.activity_id == activity_id)
        .group_by(enrolments.c.standing)
    )
    return {row.standing: row.persons for row in connection.execute(query)}
