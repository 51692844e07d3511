"""Whose card is live."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, String, Table, select

from lastmile.kernel.store.changes import Changed, Place, Put, Remove
from services.membership.card import CardIssued, CardLost, CardReplaced, CardUnbound
from services.membership.tables import membership_tables

live_cards = Table(
    "live_cards",
    membership_tables,
    Column("card_token", String(80), primary_key=True),
    Column("station", String(9), nullable=False),
    Column("person_id", String(80), nullable=False),
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case CardIssued() | CardReplaced():
            row = {"card_token": event.card_token, "station": place.station, "person_id": event.person_id}
            yield Put(live_cards, row)
        case CardLost() | CardUnbound():
            yield Remove(live_cards, {"card_token": event.card_token})


def holder(connection: Connection, card_token: str) -> str | None:
    """The person whose live card this is."""
    return connection.execute(
        select(live_cards.c.person_id).where(live_cards.c.card_token == card_token)
    ).scalar_one_or_none()
