"""Reading CSV as Chinese offices write it: GB18030 or UTF-8, separated by comma or tab."""

import csv
import io
import re

from lastmile.kernel.domain.failures import Invalid
from services.membership.files.table import MOST_COLUMNS, MOST_ROWS, Table, too_large, unreadable

_AS_TEXT = re.compile(r'="(.*)"')
"""How people keep Excel from reading a number: ="0012"."""


def read_csv(data: bytes) -> Table:
    """The rows of a CSV. Raises Invalid if it is none, or larger than may be."""
    text = _decoded(data)
    rows: list[list[str]] = []
    empty = 0
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True):
            if not any(cells):
                empty += 1
                continue
            if len(rows) + empty >= MOST_ROWS + 1 or len(cells) > MOST_COLUMNS:
                raise too_large(len(rows) + empty + 1, len(cells))
            rows += [[]] * empty + [[_cell(cell) for cell in cells]]
            empty = 0
    except csv.Error:
        raise unreadable("不是能读的表格。请用模板（.xlsx），或存为 CSV。") from None
    if not rows:
        raise unreadable("文件里没有内容。")
    return Table(rows)


def _decoded(data: bytes) -> str:
    if b"\0" not in data:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise not_a_table()


def not_a_table() -> Invalid:
    return unreadable("只收 Excel 工作簿（.xlsx）和 CSV（GB18030 或 UTF-8）。")


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return "\t" if first.count("\t") > first.count(",") else ","


def _cell(text: str) -> str:
    quoted = _AS_TEXT.fullmatch(text.strip())
    return (quoted[1] if quoted else text).strip().removeprefix("'")
