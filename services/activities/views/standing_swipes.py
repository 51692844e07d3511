"""With which card a person was swiped at an activity: the swipes that count."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, String, Table, bindparam, select

from lastmile.kernel.store.changes import Changed, Place, Put, Remove
from services.activities.swipe import CardSwiped, SwipeAnnulled
from services.activities.tables import activities_tables

standing_swipes = Table(
    "standing_swipes",
    activities_tables,
    Column("station", String(9), primary_key=True),
    Column("activity_id", String(80), primary_key=True),
    Column("person_id", String(80), primary_key=True),
    Column("card_token", String(80), primary_key=True),
)

_OTHERS = (
    select(standing_swipes.c.card_token)
    .where(
        standing_swipes.c.station == bindparam("station"),
        standing_swipes.c.activity_id == bindparam("activity_id"),
        standing_swipes.c.person_id == bindparam("person_id"),
        standing_swipes.c.card_token != bindparam("card_token"),
    )
    .limit(1)
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case CardSwiped():
            yield Put(standing_swipes, _key(event, place))
        case SwipeAnnulled():
            yield Remove(standing_swipes, _key(event, place))


def _key(event: CardSwiped | SwipeAnnulled, place: Place) -> dict[str, Any]:
    return {
        "station": place.station,
        "activity_id": event.activity_id,
        "person_id": event.person_id,
        "card_token": event.card_token,
    }


def by_another_card(connection: Connection, station: str, activity_id: str, person_id: str, card_token: str) -> bool:
    """Whether the person counts at the activity already, by another card than this one."""
    asked = {"station": station, "activity_id": activity_id, "person_id": person_id, "card_token": card_token}
    return connection.execute(_OTHERS, asked).first() is not None
