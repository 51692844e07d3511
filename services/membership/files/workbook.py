"""Reading a table that somebody sent as an Excel workbook or as CSV, whatever is really in it."""

import io
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import orjson

from lastmile.kernel.domain.failures import Invalid
from services.membership.files.table import Table, unreadable
from services.membership.files.text_table import read_csv

LARGEST_FILE_BYTES = 8 * 1024 * 1024
LARGEST_UNPACKED_BYTES = 64 * 1024 * 1024
MOST_PARTS = 500
SECONDS_TO_READ = 30

_ROOT = Path(__file__).parents[3]
_EXCEL = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_table(data: bytes) -> Table:
    """The first sheet that has anything in it, or the CSV. Raises Invalid saying what is wrong and what to do."""
    if len(data) > LARGEST_FILE_BYTES:
        raise unreadable(f"文件超过 {LARGEST_FILE_BYTES // 1024 // 1024} MB，请拆分后再导入。")
    if data.startswith(_OLD_EXCEL):
        raise unreadable("这是旧格式（.xls）或加了密码的工作簿，请另存为 .xlsx 且不加密码。")
    if data.startswith(_EXCEL):
        _refuse_bombs(data)
        return _read_apart(data)
    return read_csv(data)


def not_excel() -> Invalid:
    return unreadable("不是能读的 Excel 工作簿（.xlsx），请重新下载模板填写。")


def _refuse_bombs(data: bytes) -> None:
    """Raises Invalid for a workbook that says it would unpack to more than anybody fills in."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError):
        raise not_excel() from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED_BYTES:
        limit = LARGEST_UNPACKED_BYTES // 1024 // 1024
        raise unreadable(f"工作簿解开后超过 {limit} MB，请只保留名单一张表、删去空行后再导入。")


def _read_apart(data: bytes) -> Table:
    """Read in a process of its own, whose memory and time are limited: a directory may lie, and a cell may be far."""
    command = [sys.executable, "-m", "services.membership.files.excel"]
    try:
        run = subprocess.run(command, input=data, capture_output=True, cwd=_ROOT, timeout=SECONDS_TO_READ, check=False)
    except subprocess.TimeoutExpired:
        raise unreadable("工作簿读得太久，请只保留名单一张表、删去空行后再导入。") from None
    if run.returncode != 0:
        raise unreadable("工作簿占用内存过大或已损坏，请只保留名单一张表、删去空行，或重新下载模板填写。")
    said = orjson.loads(run.stdout)
    if "wrong" in said:
        raise unreadable(said["wrong"])
    return Table(said["rows"])
