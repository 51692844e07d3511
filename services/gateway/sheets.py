"""Tables as files, Excel or CSV, in which nothing is taken for a formula."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(headings: Sequence[str], table: Sequence[Sequence[Any]]) -> bytes:
    """CSV that Excel opens in Chinese; what would be read as a formula is quoted."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_harmless(cell) for cell in headings])
    writer.writerows([_harmless(cell) for cell in row] for row in table)
    return text.getvalue().encode("utf-8-sig")


def as_excel(title: str, headings: Sequence[str], table: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of one sheet whose cells are values, never formulas or links."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(title[:31].translate(str.maketrans("[]:*?/\\", "       ")))
        sheet.write_row(0, 0, headings, book.add_format({"bold": True, "bottom": 1}))
        for number, row in enumerate(table, start=1):
            sheet.write_row(number, 0, row)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return file.getvalue()


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_BEGINS) else cell
