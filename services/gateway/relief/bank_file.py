"""The file that goes to the bank, one line a payment, account numbers as text so that no digit is lost."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.sheets import CSV, EXCEL, as_csv, as_excel

HEADINGS = ("序号", "户名", "账号", "开户行", "金额（元）", "业务编号", "结果", "失败原因")
"""The last two are for the bank to fill in and send back."""


def file_of(kind: str, pay_list_id: str, rows: Sequence[Mapping[str, Any]]) -> tuple[bytes, str, str]:
    """The bytes, the name and the media type of a bank file, `xlsx` or `csv`."""
    table = [
        [
            number,
            row["holder"] or "",
            row["account_number"] or "",
            row["bank"] or "",
            f"{row['amount_fen'] // 100}.{row['amount_fen'] % 100:02d}",
            row["reference"],
            "",
            "",
        ]
        for number, row in enumerate(rows, start=1)
    ]
    if kind == "csv":
        return as_csv(HEADINGS, table), f"{pay_list_id}.csv", CSV
    return as_excel(pay_list_id, HEADINGS, table), f"{pay_list_id}.xlsx", EXCEL
