"""The vouchers of a station: consecutive, without holes."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, func, select

from lastmile.kernel.store.changes import Changed, Place, Put
from services.relief.payment import GrantPaid, PaymentReversed
from services.relief.tables import relief_tables

vouchers = Table(
    "vouchers",
    relief_tables,
    Column("station", String(9), primary_key=True),
    Column("voucher", Integer, primary_key=True, autoincrement=False),
    Column("application_id", String(80), nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
)
"""A reversal is a voucher of its own, with the amount below zero."""


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case GrantPaid() | PaymentReversed():
            posted_fen = event.amount_fen if isinstance(event, GrantPaid) else -event.amount_fen
            row = {"station": place.station, "voucher": event.voucher, "application_id": event.application_id}
            yield Put(vouchers, row | {"amount_fen": posted_fen})


def next_voucher(connection: Connection, station: str) -> int:
    """The number after the last one. Read under the log's lock, so that no number is given twice or left out."""
    query = select(func.max(vouchers.c.voucher)).where(vouchers.c.station == station)
    return (connection.execute(query).scalar() or 0) + 1
