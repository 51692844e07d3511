"""Whatever somebody sends as a file is read rightly or refused with why; nothing is evaluated, nothing fills memory."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
import xlsxwriter

from lastmile.kernel.domain.failures import Invalid
from services.membership.files import workbook as reading
from services.membership.files.roster import COLUMNS, day_of
from services.membership.files.table import MOST_COLUMNS, MOST_ROWS, Table, sheet_of
from services.membership.files.workbook import read_table
from services.membership.files.written import workbook_of
from tests.membership.station import HEADER, Membership, identity_number, workbook

LARGEST_MEMORY_MB = 200
RARE = "𠮷䶮㐂邨"


def refusal(data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read_table(data)
    why: str = refused.value.fields["file"][0]
    return why


def made(fill: Any) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        fill(book, book.add_worksheet())
    return data.getvalue()


def archive(**parts: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made_archive:
        for name, content in parts.items():
            made_archive.writestr(name.replace("__", "/"), content)
    return data.getvalue()


def with_sheet(xml: bytes, strings: bytes | None = None) -> bytes:
    """A right workbook whose sheet says something else."""
    data = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(workbook([("王", "1", "u1")])))
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = xml
            if name == "xl/sharedStrings.xml" and strings is not None:
                content = strings
            changed.writestr(name, content)
    return data.getvalue()


def sheet_xml(rows: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<?xml version="1.0"?><worksheet xmlns="' + space + b'"><sheetData>' + rows + b"</sheetData></worksheet>"


def gigabytes() -> bytes:
    return archive(xl__worksheets__sheet1=b"0" * (200 * 1024 * 1024))


def lying_directory() -> bytes:
    data = bytearray(with_sheet(sheet_xml(b"<row r='1'>" + b" " * (100 * 1024 * 1024) + b"</row>")))
    size = (100 * 1024 * 1024).to_bytes(4, "little")[2:]
    for at in range(len(data) - 4):
        if data[at : at + 4] == b"PK\x01\x02" and data[at + 26 : at + 28] == size:
            data[at + 24 : at + 28] = (1_000).to_bytes(4, "little")
    return bytes(data)


def empty_rows(row: bytes) -> bytes:
    """A heading, and a million rows that say nothing."""
    heading = b'<row r="1"><c r="A1" t="inlineStr"><is><t>\xe5\xa7\x93\xe5\x90\x8d</t></is></c></row>'
    return with_sheet(sheet_xml(heading + b"".join(row.replace(b"N", b"%d" % n) for n in range(3, 1_000_000))))


def far_cell(cell: bytes) -> bytes:
    return with_sheet(sheet_xml(b'<row r="1"><c r="A1"><v>1</v></c></row>' + cell))


def shared_text() -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = b'<sst xmlns="' + space + b'"><si><t>' + b"x" * 1_000_000 + b"</t></si></sst>"
    cells = b"".join(
        b'<row r="%d">' % row
        + b"".join(b'<c r="%c%d" t="s"><v>0</v></c>' % (65 + n, row) for n in range(20))
        + b"</row>"
        for row in range(1, 5_000)
    )
    return with_sheet(sheet_xml(cells), strings)


FAR_CELLS = [
    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    b'<row r="1048570"><c><v>1</v></c></row>',
    b'<x:row xmlns:x="urn:x" r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
]
HOSTILE: dict[str, Callable[[], bytes]] = {
    "gigabytes": gigabytes,
    "lying directory": lying_directory,
    "a million rows": lambda: empty_rows(b'<row r="N" s="1" customFormat="1"/>'),
    "a million empty cells": lambda: empty_rows(b'<row r="N" s="1"><c r="AN" s="1"/></row>'),
    **{f"far cell {number}": partial(far_cell, cell) for number, cell in enumerate(FAR_CELLS)},
    "one long text everywhere": shared_text,
    "a CSV of lines": lambda: b"x\n" * (reading.LARGEST_FILE_BYTES // 2),
    "a CSV of columns": lambda: b"x," * (reading.LARGEST_FILE_BYTES // 2),
    "a CSV of one cell": lambda: b"x" * reading.LARGEST_FILE_BYTES,
    "a CSV in quotes": lambda: b'"' + b'""' * (reading.LARGEST_FILE_BYTES // 2 - 1),
    "a CSV in GB18030": lambda: RARE.encode("gb18030") * (reading.LARGEST_FILE_BYTES // 16),
}


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked() -> None:
    assert "解开后超过 64 MB" in refusal(gigabytes())


def test_a_directory_that_lies_about_sizes_is_found_out() -> None:
    assert "工作簿" in refusal(lying_directory())


def test_a_million_empty_rows_are_no_rows() -> None:
    assert read_table(HOSTILE["a million rows"]()).rows == [["姓名"]]


@pytest.mark.parametrize("cell", FAR_CELLS)
def test_one_cell_far_away_makes_no_table_of_millions(cell: bytes) -> None:
    assert "删去" in refusal(far_cell(cell))


def test_one_long_text_shown_in_every_cell_does_not_fill_the_memory() -> None:
    assert "内存" in refusal(shared_text())


MEASURING = """
import re, resource, sys
from lastmile.kernel.domain.failures import Invalid
from services.membership.files.workbook import read_table
try:
    read_table(sys.stdin.buffer.read())
except Invalid:
    pass
own = int(re.search(r'VmHWM:\\s*([0-9]+)', open('/proc/self/status').read())[1])
print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
"""


def megabytes_to_read(data: bytes) -> int:
    """Measured in a process of its own, as the limit on addresses is only the last guard."""
    ran = subprocess.run([sys.executable, "-c", MEASURING], input=data, capture_output=True, check=True)
    return int(ran.stdout) // 1024


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_read_or_refused_in_less_than_two_hundred_megabytes(name: str) -> None:
    assert megabytes_to_read(HOSTILE[name]()) < LARGEST_MEMORY_MB


def test_the_largest_table_that_is_allowed_is_read_in_as_much() -> None:
    def fill(_book: Any, sheet: Any) -> None:
        for row in range(MOST_ROWS):
            sheet.write_row(row, 0, ["北京市西城区广安门内大街"] * MOST_COLUMNS)

    assert len(read_table(made(fill)).rows) == MOST_ROWS


def test_formulas_are_read_as_the_values_they_had_and_never_evaluated() -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADER)
        sheet.write_formula(1, 0, '=HYPERLINK("http://example.org","x")', None, "王小明")
        sheet.write_formula(1, 1, "=1+1", None, identity_number(1))
        sheet.write_formula(1, 2, "=cmd|' /C calc'!A0", None, "")

    assert read_table(made(fill)).rows[1][:3] == ["王小明", identity_number(1), ""]


def test_what_looks_like_a_formula_goes_out_as_text() -> None:
    data = workbook_of(["姓名"], [["=1+1"], ["@SUM(A1)"], ["+1"], ["-1"]], sheet="名册")
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert read_table(data).rows == [["姓名"], ["=1+1"], ["@SUM(A1)"], ["+1"], ["-1"]]


def test_cells_merged_downwards_say_the_same_for_each_row() -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 5, "二〇一七年会员名册")
        sheet.write_row(1, 0, HEADER)
        sheet.merge_range(2, 2, 3, 2, "u1")
        for row, name in ((2, "王"), (3, "李")):
            sheet.write_row(row, 0, [name, identity_number(row)])

    sheet = sheet_of(read_table(made(fill)), COLUMNS)
    assert [(row.number, row.said["name"], row.said["union"]) for row in sheet.rows] == [
        (3, "王", "u1"),
        (4, "李", "u1"),
    ]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-8"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_csv_is_read_with_rare_characters_whatever_its_encoding(encoding: str, delimiter: str) -> None:
    lines = [delimiter.join(HEADER[:3]), "", delimiter.join([RARE, f'="{identity_number(1)}"', "u1"])]
    sheet = sheet_of(read_table("\r\n".join(lines).encode(encoding)), COLUMNS)
    (row,) = sheet.rows
    assert (row.number, row.said["name"], row.said["identity_number"]) == (3, RARE, identity_number(1))


def test_a_rare_name_of_gb18030_stands_in_the_register_as_it_was_written(membership: Membership) -> None:
    lines = [",".join(HEADER[:3]), f"{RARE},{identity_number(1)},u1"]
    membership.bring_in("\r\n".join(lines).encode("gb18030"))
    assert membership.found(RARE) == [RARE]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "没有内容"),
        (b"\n\n\n", "没有内容"),
        (b"%PDF-1.7\x00\xff", "只收 Excel"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "只收 Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 512, "另存为 .xlsx"),
        (b"PK\x03\x04 and then nothing", "不是能读的"),
        (b"\xff\xff,\xff\xff", "只收 Excel"),
        (b"a" * (reading.LARGEST_FILE_BYTES + 1), "超过 8 MB"),
        (b'"open,\n', "不是能读的"),
        ((b"x\n" * 20_000), "最多 10000 行"),
        ((b"x," * 100), "60 列"),
    ],
)
def test_what_is_no_table_is_refused_with_why(data: bytes, said: str) -> None:
    assert said in refusal(data)


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    assert "不是能读的" in refusal(archive(word__document=b"<w/>"))


def test_missing_columns_are_named() -> None:
    with pytest.raises(Invalid, match="表头缺少：身份证号、所属工会"):
        sheet_of(Table([["姓名", "手机号"], ["王", "1"]]), COLUMNS)
    with pytest.raises(Invalid, match="没有一行"):
        sheet_of(Table([["姓名", "身份证号", "所属工会"]]), COLUMNS)


def test_headers_are_known_as_people_write_them() -> None:
    table = Table([["名单"], ["会员 姓名*", "证件号码（必填）", "工会名称", "备注"], ["王", "1", "u1", "x"]])
    (row,) = sheet_of(table, COLUMNS).rows
    assert row.said == {"name": "王", "identity_number": "1", "union": "u1"}


@pytest.mark.parametrize("text", ["2017-03-01", "2017/3/1", "2017.3.1", "20170301", "2017年3月1日", " 2017-3-1 "])
def test_dates_are_known_as_people_write_them(text: str) -> None:
    assert day_of(text) == "2017-03-01"


def test_dates_of_excel_are_dates() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_datetime(0, 0, date(2017, 3, 1), book.add_format({"num_format": "yyyy/m/d"}))

    assert read_table(made(fill)).rows == [["2017-03-01"]]


def test_long_numbers_stay_visibly_numbers_and_short_ones_are_texts() -> None:
    rows = read_table(workbook([(13800138000, 1.1010519491231e17, 7)])).rows
    assert rows[1][:3] == ["13800138000", "1.1010519491231e+17", "7"]
