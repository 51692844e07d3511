"""A roster: which columns it has, and what each row orders."""

import re
from datetime import date
from typing import Any

from services.membership.files.table import Column, Row

COLUMNS = (
    Column("name", "姓名", ("会员姓名", "职工姓名")),
    Column("identity_number", "身份证号", ("身份证号码", "证件号码", "公民身份号码", "身份证")),
    Column("union", "所属工会", ("工会", "工会名称", "所属工会名称", "基层工会", "所在工会")),
    Column("phone", "手机号", ("手机", "手机号码", "联系电话", "电话"), needed=False),
    Column("employment", "从业状态", ("状态", "就业状态"), needed=False),
    Column("occurred_on", "入会日期", ("入会时间", "日期"), needed=False),
)
EXAMPLE = ("王小明", "11010519491231002X", "广安门内某某公司工会", "13800000000", "在职", "2017-03-01")

EMPLOYMENT = {
    "在职": "in_service",
    "在岗": "in_service",
    "退休": "retired",
    "离退休": "retired",
    "失业": "unemployed",
    "待业": "unemployed",
    "": "in_service",
}

_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")


def body_of(row: Row, union_ids: dict[str, str], import_id: str, occurred_on: date) -> dict[str, Any]:
    """The body of the command that the row orders; what cannot be read stays as it is written, to be refused."""
    said = row.said
    body = {
        "name": _name(said["name"]),
        "identity_number": said["identity_number"].replace(" ", "").upper(),
        "union_id": union_ids.get(said["union"].strip(), _no_union(said["union"])),
        "phone": said.get("phone", "").replace(" ", "").replace("-", ""),
        "employment": EMPLOYMENT.get(said.get("employment", ""), said.get("employment", "")),
        "occurred_on": day_of(said.get("occurred_on", "")) or occurred_on.isoformat(),
        "import_id": import_id,
    }
    return {name: value for name, value in body.items() if value}


def day_of(text: str) -> str:
    """2017-03-01 for 2017/3/1, 2017.3.1, 2017年3月1日 and 20170301; anything else as it is."""
    found = _DATE.fullmatch(text.strip())
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else text.strip()


def _no_union(text: str) -> str:
    """An id that no union has: the words themselves may not be an id."""
    return "no-such-union" if text.strip() else ""


def _name(text: str) -> str:
    """王 小明 is 王小明; Tom Lee keeps its space."""
    parts = text.split()
    return (" " if text.isascii() else "").join(parts)
