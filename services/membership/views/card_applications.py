"""Who has a card, who waits for one, under which number."""

from collections.abc import Iterable
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Column, Connection, Index, Integer, String, Table, func, select

from lastmile.kernel.store.changes import Change, Changed, Place, Put, Remove
from lastmile.kernel.store.lists import Listed
from lastmile.kernel.store.service import Asking
from services.membership.card import (
    CardApplicationEnded,
    CardApplied,
    CardIssued,
    CardLost,
    CardReplaced,
    CardUnbound,
)
from services.membership.tables import membership_tables
from services.membership.views.shown_names import with_names

cards = Table(
    "cards",
    membership_tables,
    Column("station", String(9), primary_key=True),
    Column("person_id", String(80), primary_key=True),
    Column("status", String(10), nullable=False),
    Column("since", String(10), nullable=False),
)
"""Whose card is live, or was reported lost."""
Index("cards_by_status", cards.c.station, cards.c.status, cards.c.since)

card_applications = Table(
    "card_applications",
    membership_tables,
    Column("station", String(9), primary_key=True),
    Column("application_number", Integer, primary_key=True),
    Column("person_id", String(80), nullable=False),
    Column("for_lost", Integer, nullable=False),
    Column("applied_on", String(10), nullable=False),
    Column("status", String(10), nullable=False),
    Column("done_on", String(10)),
)
Index("card_applications_by_person", card_applications.c.station, card_applications.c.person_id)
Index("card_applications_by_status", card_applications.c.station, card_applications.c.status)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    person = {"station": place.station, "person_id": getattr(event, "person_id", "")}
    waits = person | {"status": "waiting"}
    match event:
        case CardIssued() | CardReplaced():
            yield Remove(cards, person)
            yield Put(cards, person | {"status": "live", "since": event.occurred_on.isoformat()})
            yield Change(card_applications, waits, {"status": "issued", "done_on": event.occurred_on.isoformat()})
        case CardLost():
            yield Change(cards, person, {"status": "lost", "since": event.occurred_on.isoformat()})
        case CardUnbound():
            yield Remove(cards, person)
        case CardApplied():
            row = {"application_number": event.application_number, "for_lost": int(event.for_lost)}
            yield Put(card_applications, waits | row | {"applied_on": event.occurred_on.isoformat()})
        case CardApplicationEnded():
            yield Change(card_applications, waits, {"status": "ended", "done_on": event.occurred_on.isoformat()})


def next_number(connection: Connection, station: str) -> int:
    query = select(func.max(card_applications.c.application_number)).where(card_applications.c.station == station)
    return int(connection.execute(query).scalar() or 0) + 1


def waiting(connection: Connection, station: str) -> list[Any]:
    """The applications that wait, by number."""
    query = select(card_applications).where(
        card_applications.c.station == station, card_applications.c.status == "waiting"
    )
    return list(connection.execute(query.order_by(card_applications.c.application_number)))


def numbered(connection: Connection, station: str) -> dict[int, str]:
    """Application number to person, for the applications that wait."""
    return {row.application_number: row.person_id for row in waiting(connection, station)}


listed_cards = Listed(
    cards,
    key="person_id",
    shown=("person_id", "status", "since"),
    sorts=("since",),
    filters={
        "status": (fields.String(validate=validate.OneOf(("live", "lost"))), lambda status: cards.c.status == status)
    },
)
listed_applications = Listed(
    card_applications,
    key="application_number",
    shown=("application_number", "person_id", "for_lost", "applied_on", "status", "done_on"),
    sorts=("application_number", "applied_on"),
    filters={
        "status": (
            fields.String(validate=validate.OneOf(("waiting", "issued", "ended"))),
            lambda status: card_applications.c.status == status,
        ),
        "since": (fields.Date(), lambda day: card_applications.c.applied_on >= day.isoformat()),
    },
)


def card_list(asking: Asking) -> dict[str, Any]:
    """The cards that are live or lost, with whose they are."""
    return with_names(asking, listed_cards.rows(asking))


def application_list(asking: Asking) -> dict[str, Any]:
    """The applications for cards, and what became of each."""
    found = with_names(asking, listed_applications.rows(asking))
    return found | {"rows": [row | {"for_lost": bool(row["for_lost"])} for row in found["rows"]]}


def of_person(asking: Asking, person_id: str) -> dict[str, Any]:
    """The person's card, see `CardOfMember`."""
    card = asking.connection.execute(
        select(cards).where(cards.c.station == asking.station, cards.c.person_id == person_id)
    ).first()
    waits = asking.connection.execute(
        select(card_applications).where(
            card_applications.c.station == asking.station,
            card_applications.c.person_id == person_id,
            card_applications.c.status == "waiting",
        )
    ).first()
    if waits:
        return {
            "status": "waiting",
            "since": waits.applied_on,
            "application_number": waits.application_number,
            "lost": bool(waits.for_lost),
        }
    return {"status": card.status, "since": card.since} if card else {"status": "none"}
