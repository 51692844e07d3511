"""Keep pay lists, accounts, withdrawals and how often a year; what is new of old rows is read from the log."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_files",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pay_list_id", sa.String(length=80), nullable=False),
        sa.Column("format", sa.String(length=4), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("exported_by", sa.String(length=80), nullable=False),
        sa.Column("exported_on", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("station", "position"),
    )
    with op.batch_alter_table("bank_files", schema=None) as batch_op:
        batch_op.create_index("bank_files_of_pay_list", ["station", "pay_list_id"], unique=False)

    op.create_table(
        "pay_list_lines",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("pay_list_id", sa.String(length=80), nullable=False),
        sa.Column("application_id", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("fund_id", sa.String(length=80), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("voucher", sa.Integer(), nullable=True),
        sa.Column("entered_by", sa.String(length=80), nullable=False),
        sa.Column("entered_on", sa.String(length=10), nullable=False),
        sa.Column("released_by", sa.String(length=80), nullable=True),
        sa.Column("released_on", sa.String(length=10), nullable=True),
        sa.Column("answered_on", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("station", "pay_list_id", "application_id"),
    )
    with op.batch_alter_table("pay_list_lines", schema=None) as batch_op:
        batch_op.create_index("pay_list_lines_of_application", ["station", "application_id"], unique=False)

    op.create_table(
        "payees",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_on", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("station", "person_id"),
    )
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("applied_on", sa.String(length=10), server_default="", nullable=False))
        batch_op.add_column(sa.Column("asked_fen", sa.BigInteger(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("notice_until", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("pay_list_id", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("times_returned", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("times_opposed", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_index("applications_of_person", ["person_id", "programme"], unique=False)

    with op.batch_alter_table("consolation_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recipient", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("in_goods", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("signed_on", sa.String(length=10), nullable=True))
        batch_op.create_index("consolation_lines_of_recipient", ["station", "recipient_id"], unique=False)

    with op.batch_alter_table("consolation_lists", schema=None) as batch_op:
        batch_op.add_column(sa.Column("prepared_by", sa.String(length=80), server_default="", nullable=False))
        batch_op.add_column(sa.Column("prepared_on", sa.String(length=10), server_default="", nullable=False))
        batch_op.add_column(sa.Column("festival_year", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("policies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("times_a_year", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("issuer", sa.String(length=500), server_default="", nullable=False))
        batch_op.add_column(sa.Column("document_number", sa.String(length=500), server_default="", nullable=False))
        batch_op.add_column(sa.Column("confirmed", sa.Integer(), server_default="0", nullable=False))

    _read_from_the_log()


OF_APPLICATION = ("station", "application_id")
OF_LINE = (*OF_APPLICATION, "pay_list_id")
OF_LIST = ("station", "list_id")
OF_RECIPIENT = (*OF_LIST, "recipient_id")


def _read_from_the_log() -> None:
    """What old rows lack, from the events that said it."""
    bind = op.get_bind()
    for log, kind, data in bind.execute(sa.text("SELECT log, type, entry FROM events ORDER BY log, position")).all():
        entry = json.loads(bytes(data))
        said = entry["payload"] | {"station": log.partition("/")[0], "on": entry["occurred_on"]}
        for statement in _changes(kind, said):
            bind.execute(statement)


def _changes(kind: str, said: dict[str, Any]) -> list[Any]:
    match kind:
        case "ApplicationMade":
            asked = {"applied_on": said["on"], "asked_fen": said["amount_fen"]}
            return [_set("applications", OF_APPLICATION, said, asked)]
        case "NoticePublished":
            return [_set("applications", OF_APPLICATION, said, {"notice_until": said["notice_until"]})]
        case "ApplicationReturned":
            return [_count("times_returned", said)]
        case "NoticeClosed":
            return [_count("times_opposed", said)] if said["objections"] else []
        case "ConsolationListPrepared":
            year, month = int(said["on"][:4]), int(said["on"][5:7])
            festival_year = year + (said["occasion"] == "new_year" and month >= 10)
            begun = {"prepared_by": said["prepared_by"], "prepared_on": said["on"], "festival_year": festival_year}
            return [_set("consolation_lists", OF_LIST, said, begun)]
        case "ConsolationLineAdded":
            what = {"recipient": said["recipient"], "in_goods": int(said["in_goods"])}
            return [_set("consolation_lines", OF_RECIPIENT, said, what)]
        case "ConsolationSignedFor":
            return [_set("consolation_lines", OF_RECIPIENT, said, {"signed_on": said["on"]})]
        case "PolicyStated":
            document = {name: said[name] for name in ("issuer", "document_number")}
            return [_set("policies", ("station", "policy_id"), said, document | {"confirmed": int(said["confirmed"])})]
        case _:
            return _payment_changes(kind, said)


def _payment_changes(kind: str, said: dict[str, Any]) -> list[Any]:
    lines = "pay_list_lines"
    match kind:
        case "PaymentEntered":
            names = ("station", "pay_list_id", "application_id", "person_id", "fund_id", "amount_fen", "entered_by")
            line = {name: said[name] for name in names} | {"state": "entered", "entered_on": said["on"]}
            table = sa.table(lines, *map(sa.column, line))
            listed = _set("applications", OF_APPLICATION, said, {"pay_list_id": said["pay_list_id"]})
            return [listed, table.insert().values(line)]
        case "PaymentReleased":
            by = {"state": "released", "released_by": said["released_by"], "released_on": said["on"]}
            return [_set(lines, OF_LINE, said, by)]
        case "PaymentFailed":
            return [
                _set(lines, OF_LINE, said, {"state": "failed", "reason": said.get("reason"), "answered_on": said["on"]})
            ]
        case "GrantPaid":
            paid = {"state": "paid", "voucher": said["voucher"], "answered_on": said["on"]}
            return [_set(lines, (*OF_APPLICATION, "state"), said | {"state": "released"}, paid)]
        case "PaymentReversed":
            voucher = {"voucher": said["reverses_voucher"]}
            return [_set(lines, (*OF_APPLICATION, "voucher"), said | voucher, {"state": "reversed"})]
        case "GrantSignedFor":
            return [_set(lines, (*OF_APPLICATION, "state"), said | {"state": "paid"}, {"state": "signed_for"})]
        case _:
            return []


def _set(table_name: str, key: tuple[str, ...], said: dict[str, Any], row: dict[str, Any]) -> Any:
    table = sa.table(table_name, *map(sa.column, {*key, *row}))
    return table.update().where(*(table.c[name] == said[name] for name in key)).values(row)


def _count(name: str, said: dict[str, Any]) -> Any:
    table = sa.table("applications", *map(sa.column, (*OF_APPLICATION, name)))
    where = (table.c[key] == said[key] for key in OF_APPLICATION)
    return table.update().where(*where).values({name: table.c[name] + 1})
