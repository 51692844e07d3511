"""Which swipes wait for news of their card."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, String, Table, bindparam, func, select

from lastmile.kernel.store.changes import Changed, Place, Put, Remove
from services.activities.swipe import CardSwiped, SwipeQuestioned, UnknownCardSwiped
from services.activities.tables import activities_tables

waiting_swipes = Table(
    "waiting_swipes",
    activities_tables,
    Column("station", String(9), primary_key=True),
    Column("card_token", String(80), primary_key=True),
    Column("activity_id", String(80), primary_key=True),
    Column("swiped_on", String(10), nullable=False),
)

_WAITING = (
    select(waiting_swipes.c.activity_id, waiting_swipes.c.swiped_on)
    .where(waiting_swipes.c.station == bindparam("station"), waiting_swipes.c.card_token == bindparam("card_token"))
    .order_by(waiting_swipes.c.activity_id)
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case UnknownCardSwiped():
            swiped_on = {"swiped_on": event.occurred_on.isoformat()}
            yield Put(waiting_swipes, _key(event, place) | swiped_on)
        case CardSwiped() | SwipeQuestioned(reason="second_card"):
            yield Remove(waiting_swipes, _key(event, place))


def _key(event: UnknownCardSwiped | CardSwiped | SwipeQuestioned, place: Place) -> dict[str, Any]:
    return {"station": place.station, "card_token": event.card_token, "activity_id": event.activity_id}


def waiting_for(connection: Connection, station: str, card_token: str) -> list[tuple[str, str]]:
    """Activity and day of each swipe of this card that waits."""
    found = connection.execute(_WAITING, {"station": station, "card_token": card_token})
    return [(row.activity_id, row.swiped_on) for row in found]


def waiting_at(connection: Connection, station: str, activity_id: str) -> int:
    query = select(func.count()).where(waiting_swipes.c.station == station, waiting_swipes.c.activity_id == activity_id)
    return connection.execute(query).scalar_one()
