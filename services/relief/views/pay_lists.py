"""What stands on each pay list, what became of it, and when its bank file was made."""

from collections.abc import Iterable
from typing import Any, cast

from marshmallow import Schema, fields, validate
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    case,
    func,
    select,
    type_coerce,
)
from sqlalchemy import cast as cast_to

from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.store.changes import Change, Changed, Place, Put, Remove
from lastmile.kernel.store.lists import Listed
from lastmile.kernel.store.service import Asking
from services.relief.pay_list import BankFileExported
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
from services.relief.views.payees import payees

pay_list_lines = Table(
    "pay_list_lines",
    relief_tables,
    Column("station", String(9), primary_key=True),
    Column("pay_list_id", String(80), primary_key=True),
    Column("application_id", String(80), primary_key=True),
    Column("person_id", String(80), nullable=False),
    Column("fund_id", String(80), nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", String(40)),
    Column("voucher", Integer),
    Column("entered_by", String(80), nullable=False),
    Column("entered_on", String(10), nullable=False),
    Column("released_by", String(80)),
    Column("released_on", String(10)),
    Column("answered_on", String(10)),
)
Index("pay_list_lines_of_application", pay_list_lines.c.station, pay_list_lines.c.application_id)

bank_files = Table(
    "bank_files",
    relief_tables,
    Column("station", String(9), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("pay_list_id", String(80), nullable=False),
    Column("format", String(4), nullable=False),
    Column("lines", Integer, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("exported_by", String(80), nullable=False),
    Column("exported_on", String(10), nullable=False),
)
Index("bank_files_of_pay_list", bank_files.c.station, bank_files.c.pay_list_id)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    key = {"station": place.station, "application_id": getattr(event, "application_id", "")}
    on = event.occurred_on.isoformat()
    match event:
        case PaymentEntered():
            line = key | {"pay_list_id": event.pay_list_id}
            what = {"person_id": event.person_id, "fund_id": event.fund_id, "amount_fen": event.amount_fen}
            yield Remove(pay_list_lines, line)
            yield Put(
                pay_list_lines, line | what | {"state": "entered", "entered_by": event.entered_by, "entered_on": on}
            )
        case TakenOffPayList():
            yield Remove(pay_list_lines, key | {"pay_list_id": event.pay_list_id})
        case PaymentReleased():
            line = key | {"pay_list_id": event.pay_list_id}
            by = {"released_by": event.released_by, "released_on": on}
            yield Change(pay_list_lines, line, {"state": "released", **by})
        case PaymentFailed():
            line = key | {"pay_list_id": event.pay_list_id}
            yield Change(pay_list_lines, line, {"state": "failed", "reason": event.reason, "answered_on": on})
        case GrantPaid():
            paid = {"state": "paid", "answered_on": on, "voucher": event.voucher}
            yield Change(pay_list_lines, key | {"state": "released"}, paid)
        case PaymentReversed():
            yield Change(pay_list_lines, key | {"voucher": event.reverses_voucher}, {"state": "reversed"})
        case GrantSignedFor():
            yield Change(pay_list_lines, key | {"state": "paid"}, {"state": "signed_for"})
        case BankFileExported():
            file = {"pay_list_id": event.pay_list_id, "format": event.format, "exported_by": event.exported_by}
            sums = {"lines": event.lines, "amount_fen": event.amount_fen, "exported_on": on}
            yield Put(bank_files, {"station": place.station, "position": place.position, **file, **sums})


def list_sum(connection: Connection, station: str, pay_list_id: str) -> tuple[int, int]:
    """How many lines, for how many fen."""
    lines = pay_list_lines.c
    query = select(func.count(), func.coalesce(func.sum(lines.amount_fen), 0)).where(
        lines.station == station, lines.pay_list_id == pay_list_id
    )
    count, amount_fen = connection.execute(query).one()
    return count, int(amount_fen)


def closed(connection: Connection, station: str, pay_list_id: str) -> bool:
    """Whether the list takes no more: its bank file was made, or something on it was released."""
    files, lines = bank_files.c, pay_list_lines.c
    exported = select(files.position).where(files.station == station, files.pay_list_id == pay_list_id).limit(1)
    released = select(lines.application_id).where(
        lines.station == station, lines.pay_list_id == pay_list_id, lines.state != "entered"
    )
    return connection.execute(exported).first() is not None or connection.execute(released.limit(1)).first() is not None


def _counted(*states: str) -> ColumnElement[int]:
    return cast_to(func.sum(case((pay_list_lines.c.state.in_(states), 1), else_=0)), Integer)


def _summed(*states: str) -> ColumnElement[int]:
    amount = pay_list_lines.c.amount_fen
    return cast_to(func.sum(case((pay_list_lines.c.state.in_(states), amount), else_=0)), BigInteger)


_lines = pay_list_lines.c
PAY_LISTS = cast(
    Table,
    select(
        _lines.station,
        _lines.pay_list_id,
        func.min(_lines.entered_on).label("entered_on"),
        func.count().label("lines"),
        cast_to(func.sum(_lines.amount_fen), BigInteger).label("amount_fen"),
        _counted("entered").label("entered"),
        _counted("released").label("released"),
        _counted("paid", "signed_for").label("paid"),
        _counted("failed").label("failed"),
        _counted("reversed").label("reversed"),
        _summed("paid", "signed_for").label("paid_fen"),
    )
    .group_by(_lines.station, _lines.pay_list_id)
    .subquery("pay_lists"),
)
"""One row a list, counted from its lines."""


def _in_state(state: str) -> ColumnElement[bool]:
    columns = PAY_LISTS.c
    if state == "open":
        return columns.entered > 0
    if state == "with_bank":
        return (columns.entered == 0) & (columns.released > 0)
    return (columns.entered == 0) & (columns.released == 0)


def state_of(row: dict[str, Any]) -> str:
    """`open` until all is released, then `with_bank` until all is answered, then `answered`."""
    if row["entered"]:
        return "open"
    return "with_bank" if row["released"] else "answered"


LISTED = Listed(
    table=PAY_LISTS,
    key="pay_list_id",
    shown=(
        "pay_list_id",
        "entered_on",
        "lines",
        "amount_fen",
        "entered",
        "released",
        "paid",
        "failed",
        "reversed",
        "paid_fen",
    ),
    sorts=("entered_on", "pay_list_id", "amount_fen"),
    filters={
        "state": (fields.String(validate=validate.OneOf(("open", "with_bank", "answered"))), _in_state),
        "month": (
            fields.String(validate=validate.Regexp(r"^\d{4}-\d{2}\Z")),
            lambda month: type_coerce(PAY_LISTS.c.entered_on, String).startswith(month),
        ),
        "failed": (fields.Boolean(), lambda yes: PAY_LISTS.c.failed > 0 if yes else PAY_LISTS.c.failed == 0),
    },
)


def pay_lists(asking: Asking) -> dict[str, Any]:
    """The pay lists, each with its sums and state."""
    found = LISTED.rows(asking)
    return {**found, "rows": [{**row, "state": state_of(row)} for row in found["rows"]]}


class OfPayList(Schema):
    """Which pay list."""

    pay_list_id = fields.String(required=True, validate=validate.Length(1, 80))


def lines_of(connection: Connection, station: str, pay_list_id: str) -> list[dict[str, Any]]:
    """The lines of a list, each with when its account was recorded, None if none was."""
    query = (
        select(pay_list_lines, payees.c.recorded_on.label("account_recorded_on"))
        .outerjoin(
            payees, (payees.c.station == pay_list_lines.c.station) & (payees.c.person_id == pay_list_lines.c.person_id)
        )
        .where(pay_list_lines.c.station == station, pay_list_lines.c.pay_list_id == pay_list_id)
        .order_by(pay_list_lines.c.application_id)
    )
    rows = connection.execute(query).mappings().all()
    return [_of_the_list(row) for row in rows]


def _of_the_list(row: RowMapping) -> dict[str, Any]:
    """A row without the list's own key. SQLAlchemy's names are a kind of str that JSON takes for no key."""
    return {str(name): value for name, value in row.items() if name not in ("station", "pay_list_id")}


def pay_list(asking: Asking) -> dict[str, Any]:
    """One pay list: its sums, its lines, and each bank file that was made of it.

    `file_is_stale`: what stands on the list is no longer what the last bank file said.
    """
    pay_list_id = asking.parameters["pay_list_id"]
    columns = PAY_LISTS.c
    query = select(PAY_LISTS).where(columns.station == asking.station, columns.pay_list_id == pay_list_id)
    row = asking.connection.execute(query).mappings().first()
    if row is None:
        raise NotFound(f"there is no pay list {pay_list_id}", pay_list_id=pay_list_id)
    shown: dict[str, Any] = {name: row[name] for name in LISTED.shown}
    made = select(bank_files).where(bank_files.c.station == asking.station, bank_files.c.pay_list_id == pay_list_id)
    found = asking.connection.execute(made.order_by(bank_files.c.position)).mappings().all()
    files = [_of_the_list(file) for file in found]
    stale = bool(files) and (files[-1]["lines"], files[-1]["amount_fen"]) != (shown["lines"], shown["amount_fen"])
    lines = lines_of(asking.connection, asking.station, pay_list_id)
    return {**shown, "state": state_of(shown), "rows": lines, "bank_files": files, "file_is_stale": stale}
