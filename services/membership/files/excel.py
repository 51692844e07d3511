"""Read one Excel workbook from standard input to JSON, in a process that may not grow: what is sent is a stranger's."""

import io
import re
import resource
import sys
import zipfile
from datetime import date, datetime
from typing import Any

import orjson
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from lastmile.kernel.domain.failures import Invalid
from services.membership.files.table import MOST_COLUMNS, MOST_ROWS, too_large, unreadable

LARGEST_MEMORY_BYTES = 196 * 1024 * 1024
"""Of addresses: what is really used stays below 200 MB whatever is sent, and the largest table allowed needs 180."""
SECONDS_TO_COMPUTE = 20
MOST_SHEETS = 20
CHUNK_BYTES = 256 * 1024
CELL_BYTES = 400
"""Longer than the opening tag of a cell."""

_FILLED_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"'][^>]*?(?<!/)>")


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY_BYTES, LARGEST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_TO_COMPUTE, SECONDS_TO_COMPUTE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(orjson.dumps(said_by(sys.stdin.buffer.read())))


def said_by(data: bytes) -> dict[str, Any]:
    """`{"rows": [[text, …], …]}`, or `{"wrong": why}`."""
    try:
        _refuse_far_cells(data)
        return {"rows": _rows(data)}
    except Invalid as invalid:
        return {"wrong": invalid.fields["file"][0]}
    except (CalamineError, zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, KeyError, OSError, RuntimeError):
        return {"wrong": "不是能读的 Excel 工作簿（.xlsx），请重新下载模板填写。"}


def _rows(data: bytes) -> list[list[str]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in workbook.sheet_names[:MOST_SHEETS]:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.total_height > MOST_ROWS + 1 or sheet.total_width > MOST_COLUMNS:
            raise too_large(sheet.total_height, sheet.total_width)
        rows = [[plain(cell) for cell in row] for row in _filled_down(sheet)]
        if any(any(row) for row in rows):
            return rows
    raise unreadable("工作簿里没有内容。")


def _refuse_far_cells(data: bytes) -> None:
    """A single cell filled far away makes a table of millions of cells: said by name, before memory ends."""
    rows = columns = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            if "worksheets/" in part.filename:
                row, column = _extent(archive, part)
                rows, columns = max(rows, row), max(columns, column)
    if rows > MOST_ROWS + 1 or columns > MOST_COLUMNS:
        raise too_large(rows, columns)


def _extent(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[int, int]:
    rows, columns, carried = 0, 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            seen = carried + chunk
            for column, row in _FILLED_CELL.findall(seen):
                rows, columns = max(rows, int(row)), max(columns, _column_number(column.upper()))
            carried = seen[-CELL_BYTES:]
    return rows, columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _filled_down(sheet: CalamineSheet) -> list[list[Any]]:
    """Cells merged downwards in one column all say what the first one says: one union written beside its people."""
    filled = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right:
            for row in filled[top + 1 : bottom + 1]:
                if left < len(row):
                    row[left] = filled[top][left]
    return filled


def plain(cell: Any) -> str:
    """A cell as the text that its reader means. A number too long for a spreadsheet stays visibly a number."""
    match cell:
        case bool():
            return "是" if cell else "否"
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case int() | float():
            whole = float(cell).is_integer() and abs(cell) < 1e15
            return str(int(cell)) if whole else repr(float(cell))
        case _:
            return str(cell).strip()


if __name__ == "__main__":
    main()
