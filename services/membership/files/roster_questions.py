"""What is asked about a roster file: its template, what would become of its rows, the same file with what is wrong."""

import base64
import binascii
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from marshmallow import Schema, fields, validate

from lastmile.kernel.domain.failures import Invalid
from lastmile.kernel.store.service import Asking
from services.membership.files import checked_roster, roster
from services.membership.files.checked_roster import KINDS, Checked, check_roster
from services.membership.files.draft import LARGEST_DRAFT, opened_draft, sealed_draft
from services.membership.files.table import Table, sheet_of
from services.membership.files.words import Problem
from services.membership.files.workbook import LARGEST_FILE_BYTES, read_table
from services.membership.files.written import workbook_of
from services.membership.views import imports

WRONG_ROWS_SHOWN = 500
FINE_ROWS_SHOWN = 50
COLOURS = {"wrong": "#FDE2E1", "known": "#EEEEEE"}
RESULT = {"new": "可以入会", "again": "可以重新入会", "known": "已是会员，不变"}
NOTES = (
    "1. 带 * 的列必须填写。身份证号、手机号请保持文本格式，不要改成数字。",
    "2. 所属工会写登记册里的工会名称或编号；同一工会可以合并单元格。",
    "3. 从业状态写 在职、退休 或 失业，不写按在职。",
    "4. 入会日期写 2017-03-01 这样的日期，不写按导入时选的日期。",
    "5. 第 2 行是示例，请删去。可以加自己的列，导入时不理会，退回的文件里仍在。",
)


class OfFile(Schema):
    """A file as base64, and how it is meant."""

    file = fields.String(required=True, validate=validate.Length(1, LARGEST_FILE_BYTES * 4 // 3 + 4))
    occurred_on = fields.Date(required=True)


class OfRoster(OfFile):
    """A roster: `joined` for workers who join, `registered` for those who are members already."""

    kind = fields.String(load_default="joined", validate=validate.OneOf(sorted(KINDS)))


class OfDraft(Schema):
    """What a check gave."""

    draft = fields.String(required=True, validate=validate.Length(1, LARGEST_DRAFT))


def roster_template(_asking: Asking) -> dict[str, str]:
    """An empty workbook to fill in."""
    header = [column.header + ("*" if column.needed else "") for column in roster.COLUMNS]
    return file_answer("会员名册模板.xlsx", workbook_of(header, [roster.EXAMPLE], sheet="会员名册", notes=NOTES))


def roster_check(asking: Asking) -> dict[str, Any]:
    """What would become of each row if the roster were confirmed now; nothing is changed.

    With `draft` the roster is confirmed, or given back with what is wrong.
    """
    data, asked = file_of(asking), asking.parameters
    day, kind = asked["occurred_on"], asked["kind"]
    if day > asking.today:
        raise Invalid({"occurred_on": [f"{day} is after today, {asking.today}."]})
    table, digest = read_table(data), sha256(data).hexdigest()
    content = {"rows": table.rows, "kind": kind, "occurred_on": day.isoformat(), "file_sha256": digest}
    import_id, checked = _checked(asking, content)
    earlier = imports.imports_of_file(asking.connection, asking.station, digest)[-1:]
    return {
        "import_id": import_id,
        "file_sha256": digest,
        "rows": len(checked),
        "counts": {"new": 0, "again": 0, "known": 0, "wrong": 0} | Counter(item.status for item in checked),
        "wrong": [_told(item) for item in checked if item.status == "wrong"][:WRONG_ROWS_SHOWN],
        "fine": [_told(item) for item in checked if item.status != "wrong"][:FINE_ROWS_SHOWN],
        "earlier": {name: getattr(earlier[0], name) for name in imports.listed.shown} if earlier else None,
        "draft": sealed_draft(asking, "roster", content),
    }


def roster_marked(asking: Asking) -> dict[str, str]:
    """The same rows, with what would become of each in a last column."""
    content = opened_draft(asking, "roster", asking.parameters["draft"])
    _, checked = _checked(asking, content)
    header = sheet_of(Table(content["rows"]), roster.COLUMNS).header
    return file_answer("会员名册-核对结果.xlsx", marked(header, [(c.row.cells, c.status, c.problems) for c in checked]))


def roster_commands(asking: Asking) -> dict[str, Any]:
    """What to order so that the roster is brought in, for the rows that change something now."""
    content = opened_draft(asking, "roster", asking.parameters["draft"])
    import_id, checked = _checked(asking, content)
    orders = [
        {"row": item.row.number, "command_id": f"{import_id}:{item.row.number}", "body": item.body}
        for item in checked
        if item.status in ("new", "again")
    ]
    return {
        "import_id": import_id,
        "file_sha256": content["file_sha256"],
        "rows": len(checked),
        "command": KINDS[content["kind"]].__name__,
        "orders": orders,
    }


def _checked(asking: Asking, content: dict[str, Any]) -> tuple[str, list[Checked]]:
    sheet = sheet_of(Table(content["rows"]), roster.COLUMNS)
    import_id = _import_id(asking, content["file_sha256"])
    day = fields.Date().deserialize(content["occurred_on"])
    return import_id, check_roster(asking, sheet, content["kind"], import_id, day)


def _import_id(asking: Asking, digest: str) -> str:
    """The same file is the same import, until it was undone: then it is the next one."""
    earlier = imports.imports_of_file(asking.connection, asking.station, digest)
    undone = sum(row.status == "undone" for row in earlier)
    return f"roster-{digest[:24]}-{undone + 1}"


def _told(item: checked_roster.Checked) -> dict[str, Any]:
    return {
        "row": item.row.number,
        "status": item.status,
        "name": item.row.said["name"],
        "union": item.row.said["union"],
        "problems": item.problems,
    }


def marked(header: Sequence[str], rows: Sequence[tuple[tuple[str, ...], str, list[Problem]]]) -> bytes:
    """The rows with a last column that says what would become of each."""
    written = [
        (*cells, "；".join(problem["zh"] for problem in problems) or RESULT.get(status, ""))
        for cells, status, problems in rows
    ]
    colours = {place: COLOURS[status] for place, (_, status, _) in enumerate(rows) if status in COLOURS}
    return workbook_of((*header, "核对结果"), written, sheet="核对结果", marked=colours)


def file_of(asking: Asking) -> bytes:
    try:
        return base64.b64decode(asking.parameters["file"], validate=True)
    except (binascii.Error, ValueError):
        raise Invalid({"file": ["Not base64."]}) from None


def file_answer(name: str, data: bytes) -> dict[str, str]:
    return {"name": name, "file": base64.b64encode(data).decode()}
