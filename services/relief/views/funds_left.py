"""What each fund has left: its budget less what was approved; and what of that was paid."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Connection, Row, String, Table, select

from lastmile.kernel.store.changes import Add, Changed, Place, Put
from lastmile.kernel.store.lists import Listed
from lastmile.kernel.store.service import Asking
from services.relief.application_events import ApplicationApproved, ApplicationWithdrawn
from services.relief.consolation import ConsolationListApproved
from services.relief.consolation_line import ConsolationSignedFor
from services.relief.fund import BudgetRaised, FundOpened
from services.relief.payment import GrantPaid, PaymentReversed
from services.relief.tables import relief_tables

funds = Table(
    "funds",
    relief_tables,
    Column("station", String(9), primary_key=True),
    Column("fund_id", String(80), primary_key=True),
    Column("programme", String(40), nullable=False),
    Column("source", String(10), nullable=False),
    Column("budget_fen", BigInteger, nullable=False),
    Column("approved_fen", BigInteger, nullable=False),
    Column("paid_fen", BigInteger, nullable=False),
    Column("opened_by", String(80), nullable=False),
    CheckConstraint("approved_fen <= budget_fen", name="no_fund_is_overspent"),
    CheckConstraint("paid_fen <= approved_fen", name="only_what_is_approved_is_paid"),
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    key = {"station": place.station, "fund_id": getattr(event, "fund_id", "")}
    match event:
        case FundOpened():
            row = {"programme": event.programme, "source": event.source, "budget_fen": event.budget_fen}
            yield Put(funds, key | row | {"approved_fen": 0, "paid_fen": 0, "opened_by": place.actor})
        case BudgetRaised():
            yield Add(funds, key, {"budget_fen": event.amount_fen})
        case ApplicationApproved() | ConsolationListApproved():
            yield Add(funds, key, {"approved_fen": event.amount_fen})
        case ApplicationWithdrawn(released_fen=released_fen) if released_fen:
            yield Add(funds, key, {"approved_fen": -released_fen})
        case GrantPaid() | ConsolationSignedFor():
            yield Add(funds, key, {"paid_fen": event.amount_fen})
        case PaymentReversed():
            yield Add(funds, key, {"paid_fen": -event.amount_fen})


def fund(connection: Connection, station: str, fund_id: str) -> Row[Any] | None:
    query = select(funds).where(funds.c.station == station, funds.c.fund_id == fund_id)
    return connection.execute(query).first()


def left_fen(connection: Connection, station: str, fund_id: str) -> int | None:
    """What may still be approved; None if there is no such fund."""
    found = fund(connection, station, fund_id)
    return found.budget_fen - found.approved_fen if found else None


FUNDS_LEFT = Listed(
    table=funds,
    key="fund_id",
    shown=("fund_id", "programme", "source", "budget_fen", "approved_fen", "paid_fen", "opened_by"),
    sorts=("fund_id", "budget_fen"),
)


def funds_left(asking: Asking) -> dict[str, Any]:
    """The funds, each with what it has left."""
    found = FUNDS_LEFT.rows(asking)
    rows = [{**row, "left_fen": row["budget_fen"] - row["approved_fen"]} for row in found["rows"]]
    return {**found, "rows": rows}
