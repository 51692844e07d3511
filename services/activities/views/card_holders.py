"""Whose card it is and when it was live: our own copy of what membership tells."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, String, Table, bindparam, select

from lastmile.kernel.store.changes import Change, Changed, Place, Put
from services.activities.heard import CardIssued, CardLost, CardReplaced, CardUnbound
from services.activities.swiping import Holder
from services.activities.tables import activities_tables

STILL_LIVE = "9999-12-31"

card_holders = Table(
    "card_holders",
    activities_tables,
    Column("station", String(9), primary_key=True),
    Column("card_token", String(80), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("person_id", String(80), nullable=False),
    Column("live_from", String(10), nullable=False),
    Column("live_until", String(10), nullable=False),
)
"""A row each time a card was given out, at this position of the station's membership log."""

_GIVEN_OUT = (
    select(card_holders.c.person_id, card_holders.c.live_from, card_holders.c.live_until)
    .where(card_holders.c.station == bindparam("station"), card_holders.c.card_token == bindparam("card_token"))
    .order_by(card_holders.c.position.desc())
)


def copy_fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case CardIssued() | CardReplaced():
            row = {
                "station": place.station,
                "position": place.position,
                "card_token": event.card_token,
                "person_id": event.person_id,
                "live_from": event.occurred_on.isoformat(),
                "live_until": STILL_LIVE,
            }
            yield Put(card_holders, row)
        case CardLost() | CardUnbound():
            live = {"station": place.station, "card_token": event.card_token, "live_until": STILL_LIVE}
            yield Change(card_holders, live, {"live_until": event.occurred_on.isoformat()})


def holder_on(connection: Connection, station: str, card_token: str, day: date) -> Holder | None:
    """Who held the card on that day (the day it ended included); if nobody did, who held it last, as not live."""
    given_out = connection.execute(_GIVEN_OUT, {"station": station, "card_token": card_token}).all()
    for person_id, live_from, live_until in given_out:
        if live_from <= day.isoformat() <= live_until:
            return Holder(person_id, live=True)
    return Holder(given_out[0].person_id, live=False) if given_out else None
