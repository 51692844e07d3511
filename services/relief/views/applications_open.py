"""Which applications there are, at which step, and through whose hands each went."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, Row, String, Table, func, select

from lastmile.kernel.store.changes import Add, Change, Changed, Place, Put, Remove
from lastmile.kernel.store.service import Asking
from services.relief.application_events import (
    ApplicationApproved,
    ApplicationMade,
    ApplicationRefused,
    ApplicationResubmitted,
    ApplicationReturned,
    ApplicationReviewed,
    ApplicationWithdrawn,
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
    TakenOffPayList,
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
    Column("applied_on", String(10), nullable=False, server_default=""),
    Column("asked_fen", BigInteger, nullable=False, server_default="0"),
    Column("notice_until", String(10)),
    Column("pay_list_id", String(80)),
    Column("times_returned", Integer, nullable=False, server_default="0"),
    Column("times_opposed", Integer, nullable=False, server_default="0"),
)
Index("applications_of_person", applications.c.person_id, applications.c.programme)
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
    ApplicationReturned: "returned",
    ApplicationRefused: "refused",
    PaymentReleased: "released",
    GrantPaid: "paid",
    PaymentFailed: "failed",
    PaymentReversed: "reversed",
    GrantSignedFor: "signed_for",
    TakenOffPayList: "approved",
}
"""The states that events lead to which change nothing else. A closed notice: `unopposed`, or back to `in_hand`."""

CLOSED = ("refused", "withdrawn", "signed_for")
GIVEN_UP = ("refused", "withdrawn")
NOT_WITH_BANK = (
    "in_hand",
    "reviewed",
    "on_notice",
    "unopposed",
    "returned",
    "approved",
    "entered",
    "failed",
    "reversed",
)
"""What may still be withdrawn: `entered` once it is off its pay list."""
ON_A_PAY_LIST = ("entered", "released", "paid", "signed_for")


def fold(event: Any, place: Place) -> Iterable[Changed]:
    key = {"station": place.station, "application_id": getattr(event, "application_id", "")}
    since = {"since": event.occurred_on.isoformat()}
    match event:
        case ApplicationMade():
            row = {"person_id": event.person_id, "programme": event.programme, "fund_id": event.fund_id}
            asked = {"amount_fen": event.amount_fen, "asked_fen": event.amount_fen, "applied_on": since["since"]}
            yield Put(applications, {**key, **row, **asked, **since, "state": "in_hand"})
        case _:
            row = _becomes(event)
            if row:
                yield Change(applications, key, row | since)
            counted = _counts(event)
            if counted:
                yield Add(applications, key, counted)
    by = _hand(event)
    if by is not None:
        hand = key | {"person_id": by}
        yield Remove(application_hands, hand)
        yield Put(application_hands, hand)


def _becomes(event: Any) -> dict[str, Any]:
    """The columns that an event sets beside the date."""
    match event:
        case NoticePublished():
            return {"state": "on_notice", "notice_until": event.notice_until.isoformat()}
        case NoticeClosed():
            return {"state": "in_hand" if event.objections else "unopposed"}
        case ApplicationResubmitted():
            return {"state": "in_hand", "amount_fen": event.amount_fen}
        case ApplicationApproved():
            return {"state": "approved", "approved_on": event.occurred_on.isoformat()}
        case ApplicationWithdrawn():
            return {"state": "withdrawn", "approved_on": None}
        case PaymentEntered():
            return {"state": "entered", "pay_list_id": event.pay_list_id}
        case _ if type(event) in STATES:
            return {"state": STATES[type(event)]}
        case _:
            return {}


def _counts(event: Any) -> dict[str, int]:
    match event:
        case ApplicationReturned():
            return {"times_returned": 1}
        case NoticeClosed(objections=objections) if objections:
            return {"times_opposed": 1}
        case _:
            return {}


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


def of_hand(connection: Connection, station: str, person_id: str) -> frozenset[str]:
    """The applications in which the person had a hand."""
    query = select(application_hands.c.application_id).where(
        application_hands.c.station == station, application_hands.c.person_id == person_id
    )
    return frozenset(connection.execute(query).scalars())


def others(connection: Connection, application_id: str, person_id: str, programme: str, year: int) -> tuple[int, int]:
    """How many other applications of the person for the programme stand in a year, and how many are approved.

    Those of every station in this database count: who moves is not aided twice.
    """
    columns = applications.c
    query = select(func.count(), func.count(columns.approved_on)).where(
        columns.person_id == person_id,
        columns.programme == programme,
        columns.application_id != application_id,
        columns.state.not_in(GIVEN_UP),
        columns.applied_on.between(f"{year}-01-01", f"{year}-12-31"),
    )
    standing, approved = connection.execute(query).one()
    return standing, approved


def of_person(connection: Connection, station: str, person_id: str, states: tuple[str, ...]) -> list[str]:
    """The person's applications at a station that are in one of these states."""
    columns = applications.c
    query = select(columns.application_id).where(
        columns.station == station, columns.person_id == person_id, columns.state.in_(states)
    )
    return list(connection.execute(query.order_by(columns.application_id)).scalars())


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
