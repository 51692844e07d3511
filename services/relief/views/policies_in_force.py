"""Which policy is valid for a programme at a station on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from marshmallow import fields
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Row,
    String,
    Table,
    and_,
    func,
    or_,
    select,
)

from lastmile.kernel.store.changes import Changed, Place, Put
from lastmile.kernel.store.lists import Listed
from lastmile.kernel.store.service import Asking
from services.relief.policy import PolicyStated
from services.relief.tables import relief_tables

TIMES_A_YEAR = 1
"""How often a person is aided in a calendar year where no policy says otherwise."""

policies = Table(
    "policies",
    relief_tables,
    Column("station", String(9), primary_key=True),
    Column("policy_id", String(80), primary_key=True),
    Column("programme", String(40), nullable=False),
    Column("area", String(80), nullable=False),
    Column("valid_from", String(10), nullable=False),
    Column("valid_until", String(10)),
    Column("ceiling_fen", BigInteger, nullable=False),
    Column("notice_days", Integer, nullable=False),
    Column("stated_by", String(80), nullable=False),
    Column("times_a_year", Integer, nullable=False, server_default="1"),
    Column("issuer", String(500), nullable=False, server_default=""),
    Column("document_number", String(500), nullable=False, server_default=""),
    Column("confirmed", Integer, nullable=False, server_default="0"),
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case PolicyStated():
            row = {
                "station": place.station,
                "policy_id": event.policy_id,
                "programme": event.programme,
                "area": event.area,
                "valid_from": event.valid_from.isoformat(),
                "valid_until": event.valid_until.isoformat() if event.valid_until else None,
                "stated_by": place.actor,
                "issuer": event.issuer,
                "document_number": event.document_number,
                "confirmed": int(event.confirmed),
            }
            terms = {"ceiling_fen": event.ceiling_fen, "notice_days": event.notice_days}
            yield Put(policies, row | terms | {"times_a_year": event.times_a_year or TIMES_A_YEAR})


def _valid_on(day: date) -> ColumnElement[bool]:
    return and_(
        policies.c.valid_from <= day.isoformat(),
        or_(policies.c.valid_until.is_(None), policies.c.valid_until >= day.isoformat()),
    )


def in_force(connection: Connection, station: str, programme: str, day: date) -> Row[Any] | None:
    """The policy of the nearest area, and among its policies the one that began last."""
    query = (
        select(policies)
        .where(
            policies.c.station == station,
            policies.c.programme == programme,
            _valid_on(day),
        )
        .order_by(func.length(policies.c.area).desc(), policies.c.valid_from.desc())
        .limit(1)
    )
    return connection.execute(query).first()


def competing(connection: Connection, station: str, programme: str, area: str, valid_from: date) -> str | None:
    """The id of a policy of the same programme and area that begins on this day."""
    query = select(policies.c.policy_id).where(
        policies.c.station == station,
        policies.c.programme == programme,
        policies.c.area == area,
        policies.c.valid_from == valid_from.isoformat(),
    )
    return connection.execute(query).scalars().first()


POLICIES = Listed(
    table=policies,
    key="policy_id",
    shown=(
        "policy_id",
        "programme",
        "issuer",
        "document_number",
        "area",
        "valid_from",
        "valid_until",
        "ceiling_fen",
        "notice_days",
        "times_a_year",
        "confirmed",
        "stated_by",
    ),
    sorts=("valid_from", "policy_id"),
    filters={"on": (fields.Date(), _valid_on)},
)


def policies_stated(asking: Asking) -> dict[str, Any]:
    """The policies, old and new."""
    found = POLICIES.rows(asking)
    return {**found, "rows": [{**row, "confirmed": row["confirmed"] == 1} for row in found["rows"]]}
