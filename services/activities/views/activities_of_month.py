"""What the station puts on in a month, and how far each activity is."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, Index, Integer, Row, String, Table, bindparam, select

from lastmile.kernel.store.changes import Add, Change, Changed, Place, Put
from lastmile.kernel.store.service import Asking
from services.activities.activity import (
    ActivityCancelled,
    ActivityClosed,
    ActivityHeld,
    ActivityNow,
    ActivityPlanned,
    ActivityPublished,
)
from services.activities.swipe import CardSwiped, SwipeAnnulled
from services.activities.tables import activities_tables

activities = Table(
    "activities",
    activities_tables,
    Column("station", String(9), primary_key=True),
    Column("activity_id", String(80), primary_key=True),
    Column("title", String(500), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("theme", String(40), nullable=False),
    Column("community", String(80)),
    Column("day", String(10), nullable=False),
    Column("by_card", Integer, nullable=False),
    Column("places", Integer, nullable=False),
    Column("standing", String(10), nullable=False),
    Column("swipes", Integer, nullable=False),
    Column("published_on", String(10)),
)
"""`day` is the planned one until the activity is held."""

Index("activities_by_day", activities.c.station, activities.c.day)

_ONE = select(activities).where(
    activities.c.station == bindparam("station"), activities.c.activity_id == bindparam("activity_id")
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    key = {"station": place.station, "activity_id": getattr(event, "activity_id", "")}
    match event:
        case ActivityPlanned():
            row = {
                "title": event.title,
                "kind": event.kind,
                "theme": event.theme,
                "community": event.community,
                "day": event.planned_on.isoformat(),
                "by_card": int(event.by_card),
                "places": event.places,
            }
            yield Put(activities, key | row | {"standing": "planned", "swipes": 0})
        case ActivityPublished():
            yield Change(activities, key, {"standing": "published", "published_on": event.occurred_on.isoformat()})
        case ActivityHeld():
            yield Change(activities, key, {"standing": "held", "day": event.occurred_on.isoformat()})
        case ActivityClosed():
            yield Change(activities, key, {"standing": "closed"})
        case ActivityCancelled():
            yield Change(activities, key, {"standing": "cancelled"})
        case CardSwiped():
            yield Add(activities, key, {"swipes": 1})
        case SwipeAnnulled():
            yield Add(activities, key, {"swipes": -1})


def activity_now(connection: Connection, station: str, activity_id: str) -> ActivityNow | None:
    row = activity_row(connection, station, activity_id)
    if row is None:
        return None
    published_on = date.fromisoformat(row.published_on) if row.published_on else None
    return ActivityNow(row.standing, row.kind, row.theme, row.places, row.swipes, published_on)


def activity_row(connection: Connection, station: str, activity_id: str) -> Row[Any] | None:
    return connection.execute(_ONE, {"station": station, "activity_id": activity_id}).first()


def as_answer(row: Row[Any]) -> dict[str, Any]:
    return {
        "activity_id": row.activity_id,
        "title": row.title,
        "kind": row.kind,
        "theme": row.theme,
        "community": row.community,
        "day": row.day,
        "standing": row.standing,
        "by_card": bool(row.by_card),
        "places": row.places,
        "swipes": row.swipes,
    }


def activities_of_month(asking: Asking) -> list[dict[str, Any]]:
    """The station's activities of a month (YYYY-MM), by the day each is planned for or was held on."""
    month: str = asking.parameters["month"]
    query = (
        select(activities)
        .where(activities.c.station == asking.station, activities.c.day.between(f"{month}-01", f"{month}-31"))
        .order_by(activities.c.day, activities.c.activity_id)
    )
    return [as_answer(row) for row in asking.connection.execute(query)]
