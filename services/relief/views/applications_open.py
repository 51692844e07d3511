"""Which applications are open, at which step, and through whose hands each went."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Index, Row, String, Table, select

from lastmile.kernel.store.changes import Change, Changed, Place, Put, Remove
from lastmile.kernel.store.service import Asking
from services.relief.application import (
    ApplicationApproved,
    ApplicationMade,
    ApplicationRefused,
    ApplicationResubmitted,
    ApplicationReturned,
    ApplicationReviewed,
    HomeVisited,
    NoticeClosed,
    NoticePublished,
    RegistersCompared,
)
from services.relief.payment import (
    GrantPaid,
    GrantSignedFor,
    PaymentEntered,
    PaymentFailed,
    PaymentReleased,
    PaymentReversed,
)
from services.relief.tables import relief_tables

applications = Table(
    "applications",
    relief_tables,
    Column("station", String(9), primary_key=True),
    Column("application_id", String(80), primary_key=True),
    Column("person_id", String(80), nullable=False),
    Column("programme", String(40), nullable=False),
    Column("fund_id", String(80), nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),
    Column("since", String(10), nullable=False),
    Column("approved_on", String(10)),
)
Index("applications_by_state", applications.c.station, applications.c.state)

application_hands = Table(
    "application_hands",
    relief_tables,
    Column("station", String(9), primary_key=True),
    Column("application_id", String(80), primary_key=True),
    Column("person_id", String(80), primary_key=True),
)
"""Who handled, reviewed, put on notice or approved an application: whoever stands here does not pay it."""

STATES = {
    ApplicationReviewed: "reviewed",
    NoticePublished: "on_notice",
    ApplicationReturned: "returned",
    ApplicationRefused: "refused",
    PaymentEntered: "entered",
    PaymentReleased: "released",
    GrantPaid: "paid",
    PaymentFailed: "failed",
    PaymentReversed: "reversed",
    GrantSignedFor: "signed_for",
}
"""The states that events lead to which change nothing else. A closed notice: `unopposed`, or back to `in_hand`."""

CLOSED = ("refused", "signed_for")


def fold(event: Any, place: Place) -> Iterable[Changed]:
    key = {"station": place.station, "application_id": getattr(event, "application_id", "")}
    on = event.occurred_on.isoformat()
    match event:
        case ApplicationMade():
            row = {"person_id": event.person_id, "programme": event.programme, "fund_id": event.fund_id}
            put = {**key, **row, "amount_fen": event.amount_fen, "state": "in_hand", "since": on, "approved_on": None}
            yield Put(applications, put)
        case NoticeClosed():
            state = "in_hand" if event.objections else "unopposed"
            yield Change(applications, key, {"state": state, "since": on})
        case ApplicationResubmitted():
            yield Change(applications, key, {"state": "in_hand", "since": on, "amount_fen": event.amount_fen})
        case ApplicationApproved():
            yield Change(applications, key, {"state": "approved", "since": on, "approved_on": on})
        case _ if type(event) in STATES:
            yield Change(applications, key, {"state": STATES[type(event)], "since": on})
    by = _hand(event)
    if by is not None:
        hand = key | {"person_id": by}
        yield Remove(application_hands, hand)
        yield Put(application_hands, hand)


def _hand(event: Any) -> str | None:
    match event:
        case ApplicationMade() | HomeVisited() | RegistersCompared() | ApplicationResubmitted():
            return event.handled_by
        case ApplicationReviewed():
            return event.reviewed_by
        case ApplicationApproved():
            return event.approved_by
        case NoticePublished():
            return event.published_by
        case NoticeClosed():
            return event.closed_by
        case _:
            return None


def application(connection: Connection, station: str, application_id: str) -> Row[Any] | None:
    query = select(applications).where(
        applications.c.station == station, applications.c.application_id == application_id
    )
    return connection.execute(query).first()


def hands(connection: Connection, station: str, application_id: str) -> frozenset[str]:
    """Who handled, reviewed, put on notice or approved it."""
    query = select(application_hands.c.person_id).where(
        application_hands.c.station == station, application_hands.c.application_id == application_id
    )
    return frozenset(connection.execute(query).scalars())


def applications_open(asking: Asking) -> list[dict[str, Any]]:
    """The applications that were neither refused nor signed for."""
    query = (
        select(applications)
        .where(applications.c.station == asking.station, applications.c.state.not_in(CLOSED))
        .order_by(applications.c.application_id)
    )
    return [
        {
            "application_id": row.application_id,
            "person_id": row.person_id,
            "programme": row.programme,
            "fund_id": row.fund_id,
            "amount_fen": row.amount_fen,
            "state": row.state,
            "since": row.since,
        }
        for row in asking.connection.execute(query)
    ]
