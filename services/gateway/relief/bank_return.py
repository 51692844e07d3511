"""What the bank sends back, a line each: read from Excel or CSV, held against the pay list, nothing believed unseen."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

LARGEST_FILE_BYTES = 2 * 1024 * 1024
LARGEST_UNPACKED_BYTES = 64 * 1024 * 1024
MOST_LINES = 5_000
HEADINGS = {
    "reference": ("业务编号", "reference"),
    "amount": ("金额（元）", "amount"),
    "result": ("结果", "result"),
    "reason": ("失败原因", "reason"),
}
"""The columns that are read, by either name; the bank may send others beside them."""
PAID, FAILED = frozenset({"成功", "已付", "paid"}), frozenset({"失败", "退回", "failed"})
REASONS = {
    "账号不存在": "no_such_account",
    "户名不符": "holder_differs",
    "账户已销户": "account_closed",
    "账户冻结": "account_frozen",
}
OTHER_REASON = "other"


class NotReadable(Exception):
    """The file is none of ours; `text` is the key of what to say, `values` stand in it."""

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text)
        self.text, self.values = text, values


@dataclass(frozen=True)
class Line:
    """A line of the return: what it says, and what is wrong with it (`return.<word>`), empty if nothing is."""

    number: int
    reference: str
    paid: bool
    reason: str
    wrong: str = ""
    known: Mapping[str, Any] | None = None


def lines_of(data: bytes, standing: Sequence[Mapping[str, Any]]) -> list[Line]:
    """The lines of a file, each held against what stands on the list. Raises NotReadable."""
    if len(data) > LARGEST_FILE_BYTES:
        raise NotReadable("return.too_large")
    table = _excel(data) if data[:2] == b"PK" else _csv(data)
    if not table:
        raise NotReadable("return.empty")
    places = _places(table[0])
    rows = [row for row in table[1:] if any(cell.strip() for cell in row)]
    if len(rows) > MOST_LINES:
        raise NotReadable("return.too_many", most=MOST_LINES)
    by_reference = {str(row["application_id"]): row for row in standing}
    seen: set[str] = set()
    lines = []
    for number, row in enumerate(rows, start=2):
        said = {field: row[place].strip() if place < len(row) else "" for field, place in places.items()}
        lines.append(_line(number, said, by_reference, seen))
        seen.add(said["reference"])
    return lines


def booking(pay_list_id: str, reference: str, reason: str, on: str) -> tuple[str, dict[str, Any]]:
    """The order that books a line, and its id: made of what the bank says alone, so that its file counts once."""
    said = {"application_id": reference, "pay_list_id": pay_list_id, "paid": not reason, "occurred_on": on}
    body = {**said, "reason": reason} if reason else said
    return f"return/{pay_list_id}/{reference}/{reason or 'paid'}/{on}", body


def _line(number: int, said: Mapping[str, str], by_reference: Mapping[str, Mapping[str, Any]], seen: set[str]) -> Line:
    known = by_reference.get(said["reference"])
    paid, failed = said["result"] in PAID, said["result"] in FAILED
    wrong = ""
    if known is None:
        wrong = "not_on_this_list"
    elif said["reference"] in seen:
        wrong = "twice"
    elif not (paid or failed):
        wrong = "no_result"
    elif _fen(said.get("amount", "")) not in (None, known["amount_fen"]):
        wrong = "another_amount"
    elif known["state"] == "entered":
        wrong = "not_released"
    elif known["state"] == ("failed" if paid else "paid"):
        wrong = "answered_otherwise"
    reason = "" if paid else REASONS.get(said.get("reason", ""), OTHER_REASON)
    return Line(number, said["reference"], paid, reason, wrong, known)


def _fen(text: str) -> int | None:
    """The amount in fen; None where the bank sent none, -1 where it is no amount."""
    plain = text.replace(",", "").replace("¥", "").strip()
    if not plain:
        return None
    whole, _, part = plain.partition(".")
    if not (
        whole.isascii() and whole.isdigit() and len(whole) <= 11 and (part.strip("0").isdigit() or not part.strip("0"))
    ):
        return -1
    if len(part.rstrip("0")) > 2:
        return -1
    return int(whole) * 100 + int(part[:2].ljust(2, "0"))


def _places(headings: Sequence[str]) -> dict[str, int]:
    plain = [heading.strip().lower() for heading in headings]
    places = {
        field: plain.index(name.lower()) for field, names in HEADINGS.items() for name in names if name.lower() in plain
    }
    missing = [HEADINGS[field][0] for field in ("reference", "result") if field not in places]
    if missing:
        raise NotReadable("return.columns_missing", columns="、".join(missing))
    return places


def _excel(data: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED_BYTES:
                raise NotReadable("return.too_large")
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python(nrows=MOST_LINES + 2)
    except (zipfile.BadZipFile, CalamineError, IndexError):
        raise NotReadable("return.not_a_table") from None
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _csv(data: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))
        except UnicodeDecodeError:
            continue
        except csv.Error:
            break
    raise NotReadable("return.not_a_table")
